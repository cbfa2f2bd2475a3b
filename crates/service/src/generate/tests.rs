//! The made-up account is as its plan says, and legal in every row.

use std::collections::{HashMap, HashSet};

use ledger::change::ImportRow;
use ledger::model::{Contact, Entry};
use proptest::prelude::*;
use sms::{Direction, Outcome};

use super::*;

fn until() -> Micros {
    Micros::parse_rfc3339("2026-03-02T10:00:00Z").expect("a date")
}

fn rows(messages: u32, seed: u64) -> Vec<ImportRow> {
    GeneratedRows::new(GeneratePlan::new(messages, seed, until()), &[1, 2, 3]).collect()
}

fn share(rows: &[ImportRow], is: impl Fn(&ImportRow) -> bool) -> f64 {
    rows.iter().filter(|row| is(row)).count() as f64 / rows.len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_is_made_whole_and_in_order(
        messages in 0u32..3000, seed: u64, days in 0u32..800, largest_batch in 0u32..500,
        scheduled in 0u32..300, until in 0u32..u32::MAX / 2, contacts in 0u32..50,
    ) {
        let until = Micros::from_seconds(until);
        let home = places::PLACES[seed as usize % 30].country();
        let plan = GeneratePlan { messages, seed, until, days, home, largest_batch, scheduled, contacts };
        let generated = GeneratedRows::new(plan.clone(), &[5]);
        prop_assert!(generated.contacts().count() <= contacts as usize);
        let rows: Vec<ImportRow> = generated.collect();
        prop_assert_eq!(rows.len(), messages as usize);
        prop_assert!(rows.is_sorted_by_key(|row| row.message.date));
        for ImportRow { message, .. } in &rows {
            prop_assert!(message.created.in_range() && message.history.iter().all(|entry| entry.at.in_range()));
            let outcomes: Vec<Outcome> = message.history.iter().filter_map(Entry::outcome).collect();
            prop_assert_eq!(outcomes.last(), Some(&message.outcome));
            prop_assert!(outcomes.windows(2).all(|pair| pair[0].may_become(pair[1])));
            prop_assert!(message.history.is_sorted_by_key(|entry| entry.at));
            prop_assert_eq!(message.outcome.direction(), message.direction);
        }
        let ids: HashSet<_> = rows.iter().map(|row| row.id).collect();
        prop_assert_eq!(ids.len(), rows.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let text = |seed| format!("{:?}", rows(2000, seed));
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn shares_are_those_of_the_plan() {
    let rows = rows(60_000, 7);
    let mt: Vec<ImportRow> =
        rows.iter().filter(|row| row.message.direction == Direction::Mt).cloned().collect();
    let near = |share: f64, expected: f64, by: f64| {
        assert!((share - expected).abs() < by, "{share} is not near {expected}");
    };
    near(mt.len() as f64 / rows.len() as f64, 0.85, 0.001);
    near(share(&mt, |row| row.message.outcome == Outcome::Delivered), 0.88, 0.015);
    let outcomes: HashSet<Outcome> = mt.iter().map(|row| row.message.outcome).collect();
    assert!(outcomes.len() >= 8, "{outcomes:?}");
    near(share(&rows, |row| row.message.country.as_str() == "US"), 0.55, 0.02);
    let countries: HashSet<_> = rows.iter().map(|row| row.message.country).collect();
    assert_eq!(countries.len(), 30);
    let letters: usize = rows.iter().map(|row| row.message.body.chars().count()).sum();
    near(letters as f64 / rows.len() as f64, 93.0, 5.0);
    let peers: HashSet<_> = rows.iter().map(|row| row.message.peer().to_owned()).collect();
    near(peers.len() as f64 / rows.len() as f64, 0.06, 0.005);
    let programs: HashSet<_> = rows.iter().map(|row| row.message.program).collect();
    assert_eq!(programs.len(), 3);
    assert!(share(&rows, |row| row.message.coding == sms::Coding::Ucs2) > 0.03);
    let stops = rows.iter().filter(|row| row.message.body == texts::STOP).count();
    assert!((5..200).contains(&stops), "{stops}");
    assert!(rows.iter().any(|row| row.message.outcome == Outcome::DeniedOptOut));
    assert_eq!(rows.iter().filter(|row| row.message.outcome == Outcome::Scheduled).count(), 30);
}

#[test]
fn batches_and_answers_hang_together() {
    let rows = rows(40_000, 9);
    let mut batches: HashMap<[u8; 16], Vec<&ImportRow>> = HashMap::new();
    let mut sent: HashMap<[u8; 16], &ImportRow> = HashMap::new();
    let mut answered = 0;
    for row in &rows {
        if let Some(batch) = row.batch {
            batches.entry(batch).or_default().push(row);
            sent.insert(row.id, row);
            assert!(row.answers.is_none());
        }
        if let Some(mt) = row.answers.map(|answered| answered.id) {
            let mt = sent.get(&mt).expect("an MO comes after the MT it answers");
            assert_eq!(row.message.peer(), mt.message.peer());
            assert!(row.message.created >= mt.message.created);
            answered += 1;
        }
    }
    assert!(answered > 4000, "{answered}");
    assert!(batches.len() > 800, "{}", batches.len());
    assert!(batches.values().any(|rows| rows.len() > 500));
    for rows in batches.values() {
        let peers: HashSet<&str> = rows.iter().map(|row| row.message.peer()).collect();
        assert_eq!(peers.len(), rows.len(), "a batch writes to each once");
        assert!(rows.iter().all(|row| row.message.sender == rows[0].message.sender));
    }
}

#[test]
fn contacts_have_names_and_addresses() {
    let generated = GeneratedRows::new(GeneratePlan::new(20_000, 1, until()), &[1]);
    let contacts: Vec<Contact> = generated.contacts().collect();
    assert_eq!(contacts.len(), 100);
    for contact in contacts {
        assert!(contact.first_name.is_some_and(|name| !name.is_empty()));
        let email = contact.email.expect("an address");
        assert!(email.ends_with("@example.com") && email.is_ascii(), "{email}");
    }
}

#[test]
fn groups_do_not_cross_the_last_look() {
    let plan = GeneratePlan::new(5000, 1, until());
    let look = Micros::new(until().get() - UNREAD_MICROS).seconds();
    let (mut generated, mut carried, mut total) = (GeneratedRows::new(plan, &[1]), None, 0);
    loop {
        let group = next_group(&mut generated, &mut carried, look);
        if group.is_empty() {
            break;
        }
        total += group.len();
        assert!(group.len() <= GROUP);
        let before = group.iter().filter(|row| row.message.date < look).count();
        assert!(before == 0 || before == group.len());
    }
    assert_eq!(total, 5000);
}
