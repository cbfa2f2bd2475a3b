//! People by the many: unassigned numbers, contacts, opt-outs; and what they write without a carrier.

use service::LedgerError;
use service::Refusal;
use service::manage::KeyRequest;
use service::model::Contact;
use service::opt_outs::OptOutSource;
use service::people::Slice;
use service::plan::{MissingFunds, Policy, RequestKey, SubmitRefusal};
use service::take_in::TakenIn;
use sms::Outcome;

use super::world::{World, money, to};

const ADA: &str = "46701740605";
const BEA: &str = "46701740606";

fn phones(phones: &[&str]) -> Vec<String> {
    phones.iter().map(|phone| (*phone).to_owned()).collect()
}

#[tokio::test]
async fn nothing_is_sent_to_unassigned_numbers() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    world.submit(to(&[ADA], "the account's rules are known now")).await;
    assert_eq!(service.note_unassigned(account, phones(&[ADA, ADA, BEA])).await.expect("noted"), 2);
    assert_eq!(service.note_unassigned(account, phones(&[ADA])).await.expect("noted"), 0);
    let page = service.unassigned(account, Slice { limit: 9, ..Slice::default() }).await.expect("read");
    assert_eq!((page.total, page.items.len()), (2, 2));
    assert!(page.items.iter().all(|known| known.since == service.now()));
    let found = service.unassigned_among(account, phones(&[BEA, "33612345678"])).await.expect("read");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [BEA]);
    let answer = world.submit(to(&[ADA, "33612345678", "12"], "Hi")).await;
    let wanted = [Outcome::DeniedRecipient, Outcome::Queued, Outcome::DeniedRecipient];
    assert_eq!(world.outcomes(answer.batch).await, wanted);
    let counts = answer.summary.counts;
    assert_eq!((counts.sendable, counts.unassigned, counts.invalid), (1, 1, 1));
    let reason = world.messages(answer.batch).await[0].history[0].text.clone();
    assert_eq!(reason.as_deref(), Some("the number is known to be unassigned"));
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_come_by_the_many() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let ada = world.contact(ADA, Some("Ada")).await;
    let contact = |phone: &str, first_name: Option<&str>, company: Option<&str>| Contact {
        phone: phone.to_owned(),
        first_name: first_name.map(str::to_owned),
        company: company.map(str::to_owned),
        ..Contact::default()
    };
    let new = vec![contact(BEA, Some("Bea"), None), contact(ADA, None, Some("ACME"))];
    let numbers = service.put_contacts(account, new.clone()).await.expect("put");
    assert_eq!(numbers, [ada + 1, ada]);
    assert_eq!(service.put_contacts(account, new).await.expect("again"), numbers);
    let known = service.contacts_by_phone(account, phones(&[ADA, BEA])).await.expect("read");
    assert_eq!(
        (known[ADA].first_name.as_deref(), known[ADA].company.as_deref()),
        (Some("Ada"), Some("ACME"))
    );
    assert_eq!(known[BEA].first_name.as_deref(), Some("Bea"));
    let many = (0..1000).map(|index| contact(&format!("467{:08}", index + 1), None, None)).collect();
    let numbers = service.put_contacts(account, many).await.expect("put");
    let query =
        service::query::ContactQuery { numbers: Some(vec![numbers[700]]), limit: 1, ..Default::default() };
    let found = service.contacts(account, query).await.expect("read");
    assert_eq!(found.items[0].phone, "46700000701", "numbers come in the order of the contacts");
    assert!(numbers.is_sorted(), "and rise");
}

#[tokio::test]
async fn opt_outs_come_by_the_many() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let before = service.opt_out(account, ADA, OptOutSource::Message(7)).await.expect("kept");
    let all = phones(&[ADA, BEA, BEA]);
    assert_eq!(service.opt_out_all(account, all.clone(), OptOutSource::Api).await.expect("kept"), 1);
    assert_eq!(service.opt_out_all(account, all.clone(), OptOutSource::Api).await.expect("kept"), 0);
    let found = service.opt_outs_among(account, all).await.expect("read");
    assert_eq!((&found[ADA], found[BEA].source.as_str()), (&before, "api"));
}

#[tokio::test]
async fn keys_have_labels() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let (key, _) = service.create_key(account, KeyRequest::default()).await.expect("a key");
    service.label_key(account, key.id, "shop").await.expect("labelled");
    let labels = service.key_labels(account).await.expect("read");
    assert_eq!(labels.into_iter().collect::<Vec<_>>(), [(key.id, "shop".to_owned())]);
}

#[tokio::test]
async fn an_mo_without_a_carrier() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let text = "ж".repeat(71);
    let mo = TakenIn { from: ADA.to_owned(), to: "36000".to_owned(), text: text.clone(), program: 0 };
    let received = service.take_in_message(account, mo.clone(), None).await.expect("taken in");
    let message = service.message(account, received.number).await.expect("read").expect("there");
    assert_eq!(
        (message.outcome, message.peer(), message.recipient.as_str()),
        (Outcome::Received, ADA, "36000")
    );
    assert_eq!((message.segments, message.forced_by, message.body), (2, Some('ж'), text));
    assert_ne!(message.program, 0, "the account's default");
    let key = |request: &[u8]| RequestKey::new("k", &[request]);
    let first = service.take_in_message(account, mo.clone(), key(b"1")).await.expect("taken in");
    assert_eq!(service.take_in_message(account, mo.clone(), key(b"1")).await.expect("again"), first);
    assert_eq!(first.number, received.number + 1);
    let refused = service.take_in_message(account, mo.clone(), key(b"2")).await;
    assert!(matches!(refused, Err(LedgerError::Refused(Refusal::KeyReused))));
    // The key of an MO is no key of a submission.
    let sent = world.try_submit(to(&[ADA], "Hi"), &Policy::default(), key(b"1")).await;
    assert!(matches!(sent, Err(service::plan::SubmitError::Refused(SubmitRefusal::KeyReused))));
    let elsewhere = service.take_in_message(account, TakenIn { program: 99, ..mo }, None).await;
    assert!(matches!(elsewhere, Err(LedgerError::Refused(Refusal::NoProgram(99)))));
    world.sound().await;
}

#[tokio::test]
async fn a_balance_may_be_a_number_of_credits() {
    let world = World::prepaid("2.5").await;
    let policy = Policy { funds: MissingFunds::Refuse, ..Policy::default() };
    // A table that was written decides.
    let answer = world.try_submit(to(&[ADA], "Hi"), &policy, None).await.expect("accepted");
    assert_eq!(answer.summary.price, money("0.05"));
    world.charge("0").await;
    let answer = world.try_submit(to(&[ADA], &"a".repeat(161)), &policy, None).await.expect("accepted");
    assert_eq!((answer.summary.price, answer.balance), (money("2"), Some(money("0.45"))));
    let refused = world.refusal(to(&[ADA], "Hi"), &policy).await;
    assert_eq!(refused, SubmitRefusal::Funds { balance: money("0.45"), price: money("1") });
    world.sound().await;
}
