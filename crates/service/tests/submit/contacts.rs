//! What is kept of contacts: values, fields, notes, marks; and who is behind the account.

use std::collections::BTreeMap;

use service::contact_notes::WhichNotes;
use service::contact_values::Values;
use service::lists::{List, ListOrder, ListQuery};
use service::people::Slice;
use service::plan::{Policy, SubmitRequest, Templating};
use service::profile::Profile;
use service::{LedgerError, Refusal};
use sms::Outcome;

use super::world::{World, to};

const ADA: &str = "46701740605";
const BEA: &str = "46701740606";

fn all() -> Slice {
    Slice { limit: 100, ..Slice::default() }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn values_of_fields_follow_their_names() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let ada = world.contact(ADA, Some("Ada")).await;
    let age = service.put_contact_field(account, 0, " Age ").await.expect("made");
    let city = service.put_contact_field(account, 0, "City").await.expect("made");
    let taken = service.put_contact_field(account, 0, "Age").await;
    assert!(matches!(taken, Err(LedgerError::Refused(Refusal::Taken(_)))));
    assert!(matches!(service.put_contact_field(account, 99, "x").await, Err(LedgerError::NotFound)));
    assert!(service.put_contact_field(account, 0, "  ").await.is_err());
    let given = BTreeMap::from([(age, "36".to_owned()), (city, "London".to_owned()), (99, "x".to_owned())]);
    service.put_field_values(account, ada, &given).await.expect("kept");
    service.put_contact_values(account, ada, &values(&[("Zip", "W1"), ("Age", "?")])).await.expect("kept");
    let of = async || service.contact_values(account, vec![ada]).await.expect("read").remove(&ada);
    assert_eq!(of().await, Some(values(&[("Age", "36"), ("City", "London"), ("Zip", "W1")])));
    assert_eq!(service.put_contact_field(account, age, "Years").await.expect("renamed"), age);
    assert_eq!(of().await, Some(values(&[("Age", "?"), ("City", "London"), ("Years", "36"), ("Zip", "W1")])));
    // A text is filled by the names of now.
    let policy = Policy { templating: Some(Templating::GIVEN), ..Policy::default() };
    let policy = Policy {
        templating: policy.templating.map(|it| Templating { contact_values: true, ..it }),
        ..policy
    };
    let request = SubmitRequest { contacts: vec![ada], ..to(&[], "{Years}, {City}, {Zip}") };
    let sent = world.try_submit(request, &policy, None).await.expect("accepted");
    assert_eq!(world.messages(sent.batch).await[0].body, "36, London, W1");
    service.remove_contact_field(account, city).await.expect("removed");
    assert!(matches!(service.remove_contact_field(account, city).await, Err(LedgerError::NotFound)));
    let taken_away = BTreeMap::from([(age, String::new())]);
    service.put_field_values(account, ada, &taken_away).await.expect("kept");
    assert!(service.field_values(account, vec![ada]).await.expect("read").is_empty());
    assert_eq!(of().await, Some(values(&[("Age", "?"), ("Zip", "W1")])));
    let fields = service.contact_fields(account, all()).await.expect("read");
    assert_eq!((fields.total, fields.items[0].name.as_str()), (1, "Years"));
    service.remove_contact(account, ada).await.expect("removed");
    assert_eq!(of().await, None);
}

#[tokio::test]
async fn changes_of_one_contact_do_not_undo_each_other() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let ada = world.contact(ADA, None).await;
    let mut fields = Vec::new();
    for number in 0..20 {
        fields.push(service.put_contact_field(account, 0, &format!("f{number}")).await.expect("made"));
    }
    let mut changes = tokio::task::JoinSet::new();
    for field in fields {
        let service = service.clone();
        changes.spawn(async move {
            let value = BTreeMap::from([(field, "x".to_owned())]);
            service.put_field_values(account, ada, &value).await.expect("kept");
            service.add_contact_note(account, ada, "n").await.expect("kept");
        });
    }
    while let Some(change) = changes.join_next().await {
        change.expect("no panic");
    }
    assert_eq!(service.field_values(account, vec![ada]).await.expect("read")[&ada].len(), 20);
    assert_eq!(service.contact_notes(account, vec![ada]).await.expect("read")[&ada].len(), 20);
}

#[tokio::test]
async fn notes_are_about_one_contact() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let (ada, bea) = (world.contact(ADA, None).await, world.contact(BEA, None).await);
    let first = service.add_contact_note(account, ada, "likes maths").await.expect("kept");
    world.pass(5);
    let second = service.add_contact_note(account, ada, "born 1815").await.expect("kept");
    let other = service.add_contact_note(account, bea, "x").await.expect("kept");
    service.rewrite_contact_note(account, first, "loves maths").await.expect("kept");
    let note = service.contact_note(account, first).await.expect("read").expect("there");
    assert_eq!(
        (note.text.as_str(), note.contact, note.created.seconds()),
        ("loves maths", ada, world.now() - 5)
    );
    let which = WhichNotes::Numbers(vec![first, other]);
    service.remove_contact_notes(account, ada, which).await.expect("removed");
    let left = service.contact_notes(account, vec![ada, bea]).await.expect("read");
    assert_eq!((left[&ada].len(), left[&ada][0].number, left[&bea].len()), (1, second, 1));
    assert_eq!(service.contact_note(account, first).await.expect("read"), None);
    let gone = service.rewrite_contact_note(account, first, "x").await;
    assert!(matches!(gone, Err(LedgerError::NotFound)));
    service.remove_contacts(account, vec![ada, 99]).await.expect("removed");
    assert_eq!(service.contact_note(account, second).await.expect("read"), None);
    assert!(service.contact_note(account, other).await.expect("read").is_some());
}

#[tokio::test]
async fn nothing_is_sent_to_a_blocked_contact() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let contact = service::model::Contact { phone: ADA.to_owned(), blocked: true, ..Default::default() };
    service.put_contact(account, contact).await.expect("kept");
    let sent = world.submit(to(&[ADA, BEA], "Hi")).await;
    assert_eq!(world.outcomes(sent.batch).await, [Outcome::DeniedRecipient, Outcome::Queued]);
    assert_eq!(world.due().await, 1);
}

#[tokio::test]
async fn lists_by_name_and_attribute() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let ada = world.contact(ADA, None).await;
    let mut numbers = Vec::new();
    for (name, favorite) in [("beta", true), ("Alpha", false), ("alpha", true)] {
        let attributes = [("favorite".to_owned(), favorite.into())].into_iter().collect();
        let list = List { name: name.to_owned(), attributes, ..List::default() };
        numbers.push(service.put_list(account, list).await.expect("kept"));
    }
    let found = async |query: ListQuery| {
        let page = service.lists(account, query).await.expect("read");
        page.items.iter().map(|list| list.number).collect::<Vec<_>>()
    };
    let by_name = ListQuery { order: ListOrder::Name, slice: all(), ..ListQuery::default() };
    assert_eq!(found(by_name.clone()).await, [2, 3, 1]);
    let attribute = Some(("favorite".to_owned(), true.into()));
    assert_eq!(found(ListQuery { attribute, ..by_name.clone() }).await, [3, 1]);
    let attribute = Some(("other".to_owned(), false.into()));
    assert_eq!(found(ListQuery { attribute, ..by_name }).await, [2, 3, 1]);
    // Into some, and into those alone.
    service.put_in_lists(account, ada, &[1, 2, 99], false).await.expect("in");
    service.put_in_lists(account, ada, &[2, 3], true).await.expect("in");
    let lists = service.lists_of_contacts(account, vec![ada, 99]).await.expect("read");
    assert_eq!(lists[&ada].iter().map(|list| list.number).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(lists.len(), 1);
    let counts = service.member_counts(account, numbers).await.expect("read");
    assert_eq!(BTreeMap::from_iter(counts), BTreeMap::from([(1, 0), (2, 1), (3, 1)]));
}

#[tokio::test]
async fn a_profile_is_kept() {
    let world = World::new().await;
    assert_eq!(world.service.profile(world.account).await.expect("read"), Profile::default());
    let profile =
        Profile { first_name: "Ada".to_owned(), company: Some("A".to_owned()), ..Profile::default() };
    for _ in 0..2 {
        world.service.put_profile(world.account, &profile).await.expect("kept");
        assert_eq!(world.service.profile(world.account).await.expect("read"), profile);
    }
}
