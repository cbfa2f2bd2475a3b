//! Contacts: one a phone.

use std::collections::{HashMap, HashSet};

use sms::Number;

use super::Stage;
use super::stage::{not_found, refusal};
use crate::error::Refusal;
use crate::model::Contact;
use crate::people::{Document, LIST};
use crate::query::{ContactOrder, ContactQuery};

fn contact(stage: &Stage, phone: &str, first: &str, last: &str) -> Contact {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Contact {
        number: 0,
        phone: phone.to_owned(),
        first_name: some(first),
        last_name: some(last),
        company: some("Bageri % AB"),
        email: some("a_b@example.com"),
        created: stage.now(),
        ..Contact::default()
    }
}

async fn put(stage: &Stage, contact: Contact) -> Number {
    stage.ledger().put_contact(stage.account, contact).await.expect("put")
}

async fn list(stage: &Stage, query: ContactQuery) -> Vec<Number> {
    let query = ContactQuery { limit: 99, ..query };
    let page = stage.ledger().contacts(stage.account, query).await.expect("page");
    assert_eq!(page.total, page.items.len() as u64);
    page.items.iter().map(|contact| contact.number).collect()
}

/// A phone has one contact; putting it again changes that one.
pub(super) async fn one_contact_a_phone(stage: &mut Stage) {
    assert_eq!(put(stage, contact(stage, "4601", "Åsa", "Berg")).await, 1);
    assert_eq!(put(stage, contact(stage, "4602", "Bo", "")).await, 2);
    let made = stage.now();
    stage.pass(9);
    assert_eq!(put(stage, contact(stage, "4601", "Eva", "")).await, 1);
    stage.reopen();
    let page = ContactQuery { limit: 9, ..ContactQuery::default() };
    let page = stage.ledger().contacts(stage.account, page).await.expect("page");
    assert_eq!(page.items[0], Contact { number: 1, created: made, ..contact(stage, "4601", "Eva", "") });
    assert_eq!((page.total, page.items.len()), (2, 2));
    // By number its phone may change, but not to another's.
    let moved = Contact { number: 1, ..contact(stage, "4603", "Eva", "") };
    assert_eq!(put(stage, moved).await, 1);
    let taken = Contact { number: 1, ..contact(stage, "4602", "Eva", "") };
    let taken = stage.ledger().put_contact(stage.account, taken).await;
    assert_eq!(refusal(taken), Refusal::Taken("the phone"));
    let unknown = Contact { number: 9, ..contact(stage, "4609", "x", "") };
    not_found(stage.ledger().put_contact(stage.account, unknown).await);
}

/// A removed contact is gone; its number is not given again.
pub(super) async fn a_removed_contact_is_gone(stage: &mut Stage) {
    put(stage, contact(stage, "4601", "Åsa", "Berg")).await;
    stage.ledger().remove_contact(stage.account, 1).await.expect("removed");
    not_found(stage.ledger().remove_contact(stage.account, 1).await);
    assert_eq!(list(stage, ContactQuery::default()).await, [0; 0]);
    stage.reopen();
    assert_eq!(put(stage, contact(stage, "4601", "Åsa", "Berg")).await, 2);
}

/// By text in any part, taken literally; by number; pages both ways.
pub(super) async fn filters_and_pages(stage: &mut Stage) {
    for (phone, first, last) in [("4601", "Anna", "Berg"), ("4602", "Bo", "Anka"), ("4703", "", "Lind")] {
        put(stage, contact(stage, phone, first, last)).await;
    }
    let text = |text: &str| ContactQuery { text: Some(text.to_owned()), ..ContactQuery::default() };
    for (wanted, numbers) in [
        ("aN", vec![1, 2]),
        ("anna berg", vec![1]),
        ("460", vec![1, 2]),
        ("bageri %", vec![1, 2, 3]),
        ("b_r", vec![]),
        ("%", vec![1, 2, 3]),
        ("a_b@", vec![1, 2, 3]),
        ("\\", vec![]),
        ("", vec![1, 2, 3]),
    ] {
        assert_eq!(list(stage, text(wanted)).await, numbers, "{wanted}");
    }
    let numbers = ContactQuery { numbers: Some(vec![3, 1, 3, 9]), ..ContactQuery::default() };
    assert_eq!(list(stage, numbers.clone()).await, [1, 3]);
    assert_eq!(list(stage, ContactQuery { descending: true, ..numbers }).await, [3, 1]);
    let part = ContactQuery { descending: true, offset: 1, limit: 1, ..ContactQuery::default() };
    let part = stage.ledger().contacts(stage.account, part).await.expect("page");
    assert_eq!((part.total, part.items.len(), part.items[0].number), (3, 1, 2));
    let far = ContactQuery { offset: u64::MAX, limit: 9, ..ContactQuery::default() };
    assert!(stage.ledger().contacts(stage.account, far).await.expect("page").items.is_empty());
}

/// Several phones at once; those without a contact are missing.
pub(super) async fn found_by_phone(stage: &mut Stage) {
    let number = put(stage, contact(stage, "4601", "Anna", "Berg")).await;
    let phones = vec!["4601".to_owned(), "4609".to_owned(), "4601".to_owned()];
    let found = stage.ledger().contacts_by_phone(stage.account, phones).await.expect("read");
    let wanted = Contact { number, ..contact(stage, "4601", "Anna", "Berg") };
    assert_eq!(found, HashMap::from([("4601".to_owned(), wanted)]));
}

/// Favorites and blocked ones are told apart; changing a contact changes its marks.
pub(super) async fn marks(stage: &mut Stage) {
    let anna = put(stage, Contact { favorite: true, ..contact(stage, "4601", "Anna", "Berg") }).await;
    let bo = put(stage, Contact { blocked: true, ..contact(stage, "4602", "Bo", "") }).await;
    let both = Contact { favorite: true, blocked: true, ..contact(stage, "4603", "Eva", "") };
    let eva = put(stage, both).await;
    stage.reopen();
    let favorite = |favorite| ContactQuery { favorite: Some(favorite), ..ContactQuery::default() };
    let blocked = |blocked| ContactQuery { blocked: Some(blocked), ..ContactQuery::default() };
    assert_eq!(list(stage, favorite(true)).await, [anna, eva]);
    assert_eq!(list(stage, favorite(false)).await, [bo]);
    assert_eq!(list(stage, blocked(true)).await, [bo, eva]);
    assert_eq!(list(stage, ContactQuery { blocked: Some(false), ..favorite(true) }).await, [anna]);
    let phones = ["4601", "4602", "4609"].map(str::to_owned).to_vec();
    let found = stage.ledger().blocked(stage.account, phones.clone()).await.expect("read");
    assert_eq!(found, HashSet::from(["4602".to_owned()]));
    put(stage, contact(stage, "4602", "Bo", "")).await;
    stage.ledger().remove_contact(stage.account, eva).await.expect("removed");
    assert!(stage.ledger().blocked(stage.account, phones).await.expect("read").is_empty());
}

/// By either name, equal ones by number, both ways.
pub(super) async fn by_name(stage: &mut Stage) {
    let names = [
        ("4601", "bo", "Berg"),
        ("4602", "Anna", ""),
        ("4603", "", "berg"),
        ("4604", "Bo", "Ask"),
        ("4605", "Åsa", ""),
    ];
    for (phone, first, last) in names {
        put(stage, contact(stage, phone, first, last)).await;
    }
    for (order, numbers) in
        [(ContactOrder::FirstName, [3, 2, 1, 4, 5]), (ContactOrder::LastName, [2, 5, 4, 1, 3])]
    {
        let query = ContactQuery { order, ..ContactQuery::default() };
        assert_eq!(list(stage, query.clone()).await, numbers);
        let mut reversed = numbers;
        reversed.reverse();
        assert_eq!(list(stage, ContactQuery { descending: true, ..query }).await, reversed);
    }
}

/// The contacts of a list, and the lists of contacts; a removed contact stands in none.
pub(super) async fn in_lists(stage: &mut Stage) {
    for (phone, first) in [("4601", "Cia"), ("4602", "Bo"), ("4603", "Anna")] {
        put(stage, contact(stage, phone, first, "")).await;
    }
    for name in ["one", "two", "three"] {
        let document = Document { number: 0, name: None, body: format!("\"{name}\"") };
        stage.ledger().put_document(stage.account, LIST.to_owned(), document).await.expect("put");
    }
    for (number, contacts) in [(1, vec![1, 2, 3]), (2, vec![2, 9])] {
        stage.ledger().set_members(stage.account, number, contacts, true).await.expect("set");
    }
    stage.reopen();
    let ledger = stage.ledger();
    let of = |number| ContactQuery { list: Some(number), ..ContactQuery::default() };
    assert_eq!(list(stage, of(1)).await, [1, 2, 3]);
    assert_eq!(list(stage, of(2)).await, [2]);
    assert_eq!(list(stage, of(3)).await, [0; 0]);
    assert_eq!(list(stage, ContactQuery { order: ContactOrder::FirstName, ..of(1) }).await, [3, 2, 1]);
    let counts = ledger.member_counts(stage.account, vec![1, 2, 3, 9]).await.expect("read");
    assert_eq!(counts, HashMap::from([(1, 3), (2, 1), (3, 0), (9, 0)]));
    let lists = ledger.lists_of(stage.account, vec![1, 2, 9]).await.expect("read");
    assert_eq!(lists, HashMap::from([(1, vec![1]), (2, vec![1, 2])]));
    ledger.remove_contact(stage.account, 2).await.expect("removed");
    assert_eq!(list(stage, of(1)).await, [1, 3]);
    assert!(ledger.lists_of(stage.account, vec![2]).await.expect("read").is_empty());
}
