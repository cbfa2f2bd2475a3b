//! What is sent later.

use service::people::Slice;
use service::plan::{Policy, Recurrence, SubmitRefusal, SubmitRequest, Text, When};
use service::schedules::{Materialised, RuleError, Schedule, ScheduleOrder, ScheduleQuery};
use service::zones;
use sms::Outcome;

use super::world::{World, money, to};
use crate::support::BEGINNING;

const ADA: &str = "46701740605";
const HOUR: u32 = 3600;

fn at(second: u32) -> SubmitRequest {
    SubmitRequest { when: When::At { second, zone: None }, ..to(&[ADA], "Hi") }
}

fn recurring(rule: &str, start: u32) -> SubmitRequest {
    let recurrence = Recurrence { rule: rule.to_owned(), start, zone: Some("Europe/Paris".to_owned()) };
    SubmitRequest { when: When::Recurring(recurrence), ..to(&[ADA], "Hi") }
}

fn query(query: ScheduleQuery) -> ScheduleQuery {
    ScheduleQuery { slice: Slice { limit: 9, ..query.slice }, ..query }
}

#[tokio::test]
async fn schedules_are_found() {
    let world = World::new().await;
    let later = world.submit(at(BEGINNING + 3 * HOUR)).await.schedule.expect("a schedule");
    let sooner = world.submit(at(BEGINNING + HOUR)).await.schedule.expect("a schedule");
    let rule = SubmitRequest {
        text: Text::Plain("Again".to_owned()),
        ..recurring("FREQ=DAILY;COUNT=2", BEGINNING + 2 * HOUR)
    };
    let again = world.submit(rule).await.schedule.expect("a schedule");
    let numbers = async |wanted: ScheduleQuery| {
        let page = world.service.schedules(world.account, query(wanted)).await.expect("read");
        assert_eq!(page.total, page.items.len() as u64);
        page.items.iter().map(|schedule| schedule.number).collect::<Vec<_>>()
    };
    let by = |order| ScheduleQuery { order, ..ScheduleQuery::default() };
    assert_eq!(numbers(by(ScheduleOrder::Number)).await, [later, sooner, again]);
    assert_eq!(numbers(by(ScheduleOrder::Next)).await, [sooner, again, later]);
    let text = ScheduleQuery { text: Some("AGAIN".to_owned()), ..ScheduleQuery::default() };
    assert_eq!(numbers(text).await, [again]);
    world.pass(HOUR);
    let completed = |completed| ScheduleQuery { completed: Some(completed), ..by(ScheduleOrder::Last) };
    assert_eq!(numbers(completed(true)).await, [sooner]);
    assert_eq!(numbers(completed(false)).await, [later, again]);
    let mut falling = ScheduleQuery { numbers: Some(vec![later, again, 77]), ..by(ScheduleOrder::Next) };
    falling.slice.descending = true;
    assert_eq!(numbers(falling).await, [later, again]);
    let schedule = world.service.schedule(world.account, again).await.expect("read").expect("there");
    assert_eq!((schedule.numbers, schedule.ends), (vec![ADA.to_owned()], Some(BEGINNING + 26 * HOUR)));
}

fn made(made: u32) -> Materialised {
    Materialised { made, ..Materialised::default() }
}

#[tokio::test]
async fn once_and_later() {
    let world = World::prepaid("1").await;
    let answer = world.submit(at(BEGINNING + HOUR)).await;
    let number = answer.schedule.expect("a schedule");
    let message = &world.messages(answer.batch).await[0];
    assert_eq!((message.outcome, message.date), (Outcome::Scheduled, BEGINNING + HOUR));
    assert_eq!((world.due().await, answer.summary.due), (0, BEGINNING + HOUR));
    let schedule = world.service.schedule(world.account, number).await.expect("read").expect("there");
    assert_eq!((schedule.batch, schedule.next, schedule.last), (answer.batch, Some(BEGINNING + HOUR), None));
    assert_eq!((schedule.rule.as_deref(), schedule.recipients, schedule.is_completed()), (None, 1, false));
    world.pass(HOUR);
    assert_eq!(world.due().await, 1);
    let schedule =
        world.service.schedule_of_batch(world.account, answer.batch).await.expect("read").expect("there");
    assert_eq!((schedule.next, schedule.last), (None, Some(BEGINNING + HOUR)));
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(0));
    // What is sent at once leaves none.
    assert_eq!(world.submit(at(BEGINNING)).await.schedule, None);
    let page = world.service.schedules(world.account, query(ScheduleQuery::default())).await.expect("read");
    assert_eq!((page.total, page.items.len()), (1, 1));
    let Schedule { numbers, segments, ends, .. } = &page.items[0];
    assert_eq!((numbers.as_slice(), *segments, *ends), (&[ADA.to_owned()][..], 1, Some(BEGINNING + HOUR)));
    world.sound().await;
}

#[tokio::test]
async fn removed_before_it_is_due() {
    let world = World::prepaid("1").await;
    let answer = world.submit(at(BEGINNING + HOUR)).await;
    let number = answer.schedule.expect("a schedule");
    assert_eq!(world.balance().await, money("0.95"));
    assert_eq!(world.service.remove_schedule(world.account, number).await.expect("removed"), 1);
    assert_eq!(world.outcomes(answer.batch).await, [Outcome::Canceled]);
    assert_eq!(world.balance().await, money("1"));
    assert!(world.service.schedule(world.account, number).await.expect("read").is_none());
    assert!(world.service.remove_schedule(world.account, number).await.is_err());
}

#[tokio::test]
async fn again_and_again() {
    let world = World::new().await;
    let answer = world.submit(recurring("FREQ=DAILY;COUNT=3", BEGINNING + HOUR)).await;
    let number = answer.schedule.expect("a schedule");
    assert_eq!(world.outcomes(answer.batch).await, [Outcome::Scheduled]);
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(0));
    world.pass(HOUR);
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(1));
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(0));
    let schedule = world.service.schedule(world.account, number).await.expect("read").expect("there");
    assert_eq!((schedule.batch, schedule.occurrences), (2, 2));
    assert_eq!((schedule.last, schedule.next), (Some(BEGINNING + HOUR), Some(BEGINNING + 25 * HOUR)));
    // A restart knows of it too, and two processes make it once.
    world.pass(24 * HOUR);
    assert_eq!(world.restarted().materialise_due().await.expect("a round"), made(1));
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(0));
    world.pass(24 * HOUR);
    let round = world.service.materialise_due().await.expect("a round");
    assert_eq!(round, Materialised { ended: 1, ..made(0) });
    let schedule = world.service.schedule(world.account, number).await.expect("read").expect("there");
    assert_eq!((schedule.batch, schedule.occurrences, schedule.is_completed()), (3, 3, true));
    assert_eq!(world.due().await, 3);
    world.sound().await;
}

#[tokio::test]
async fn those_with_large_requests_are_found_too() {
    let world = World::new().await;
    // Some of them are more than is read at once.
    for _ in 0..12 {
        let mut request = recurring("FREQ=DAILY", BEGINNING + HOUR);
        request.recipients[0].values.insert("unused".to_owned(), "x".repeat(200_000));
        world.submit(request).await;
    }
    let slice = Slice { limit: 100, ..Slice::default() };
    let all = ScheduleQuery { slice, ..ScheduleQuery::default() };
    let page = world.service.schedules(world.account, all.clone()).await.expect("read");
    let numbers: Vec<_> = page.items.iter().map(|schedule| schedule.number).collect();
    assert_eq!((page.total, numbers), (12, (1..=12).collect()));
    let last = Slice { offset: 1, limit: 11, descending: true };
    let some = ScheduleQuery { slice: last, ..ScheduleQuery::default() };
    let page = world.service.schedules(world.account, some).await.expect("read");
    let numbers: Vec<_> = page.items.iter().map(|schedule| schedule.number).collect();
    assert_eq!((page.total, numbers), (12, (1..=11).rev().collect()));
    let open = ScheduleQuery { completed: Some(false), ..all };
    assert_eq!(world.service.schedules(world.account, open).await.expect("read").items.len(), 12);
    world.service.remove_schedule(world.account, 5).await.expect("removed");
    world.pass(HOUR);
    assert_eq!(world.restarted().materialise_due().await.expect("a round"), made(11));
}

#[tokio::test]
async fn the_hour_of_the_clock_stays() {
    let world = World::new().await;
    let paris = zones::zone("Europe/Paris").expect("a zone");
    let start = zones::second_of("2024-03-30T09:00:00".parse().expect("a time"), &paris).expect("in range");
    let answer = world.submit(recurring("FREQ=DAILY", start)).await;
    world.pass(start - BEGINNING);
    world.service.materialise_due().await.expect("a round");
    let schedule = world.service.schedule(world.account, answer.schedule.expect("one")).await.expect("read");
    // Clocks leap in that night.
    assert_eq!(schedule.expect("there").next, Some(start + 23 * HOUR));
}

#[tokio::test]
async fn missed_occurrences_are_passed_over() {
    let world = World::new().await;
    let answer = world.submit(recurring("FREQ=DAILY", BEGINNING + HOUR)).await;
    world.pass(10 * 24 * HOUR);
    assert_eq!(world.restarted().materialise_due().await.expect("a round"), made(1));
    let schedule = world.service.schedule(world.account, answer.schedule.expect("one")).await.expect("read");
    assert_eq!(schedule.expect("there").next, Some(BEGINNING + HOUR + 10 * 24 * HOUR));
    assert_eq!(world.due().await, 1, "the one that waited is late, not lost");
}

#[tokio::test]
async fn an_occurrence_may_be_refused() {
    let world = World::new().await;
    let contact = world.contact(ADA, None).await;
    let request = SubmitRequest {
        recipients: Vec::new(),
        contacts: vec![contact],
        ..recurring("FREQ=HOURLY", BEGINNING + HOUR)
    };
    let number = world.submit(request).await.schedule.expect("a schedule");
    world.service.remove_contact(world.account, contact).await.expect("removed");
    world.pass(HOUR);
    let round = world.service.materialise_due().await.expect("a round");
    assert_eq!(round, Materialised { refused: 1, ..made(0) });
    let schedule = world.service.schedule(world.account, number).await.expect("read").expect("there");
    assert_eq!(schedule.trouble.as_deref(), Some("there is no contact 1"));
    assert_eq!(schedule.next, Some(BEGINNING + 2 * HOUR));
    // It goes on, and can be removed.
    world.service.remove_schedule(world.account, number).await.expect("removed");
    world.pass(HOUR);
    assert_eq!(world.service.materialise_due().await.expect("a round"), made(0));
}

#[tokio::test]
async fn rules_that_cannot_be_followed() {
    let world = World::new().await;
    let refusal =
        async |rule: &str, start: u32, policy: &Policy| world.refusal(recurring(rule, start), policy).await;
    let policy = Policy::default();
    let often = refusal("FREQ=MINUTELY", BEGINNING, &policy).await;
    assert_eq!(often, SubmitRefusal::Rule(RuleError::TooOften));
    let never = refusal("FREQ=DAILY;UNTIL=20200101", BEGINNING, &policy).await;
    assert!(matches!(never, SubmitRefusal::Rule(_)), "{never:?}");
    let late = Policy { late: Some(300), ..policy };
    assert_eq!(refusal("FREQ=DAILY", BEGINNING - 301, &late).await, SubmitRefusal::Past);
    // Without a limit a start that is past counts, and the next occurrence is to come.
    let answer = world.submit(recurring("FREQ=DAILY", BEGINNING - HOUR)).await;
    assert_eq!(answer.summary.due, BEGINNING + 23 * HOUR);
}
