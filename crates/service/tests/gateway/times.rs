//! What is put off, tried again, or too late.

use std::time::Duration;

use carriers::carrier::SubmitError;
use service::account_settings::AccountSettings;
use service::plan::{SubmitRequest, When, Window};
use service::quiet::QuietHours;
use sms::Outcome;

use super::fake::{Reply, fake, taken_as};
use super::world::{World, request, way};

fn busy() -> Reply {
    Reply::Now(Err(SubmitError::Retry { code: Some("0x08".to_owned()), words: "system error".to_owned() }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throttled() {
    let mut world = World::new().await;
    world.pace.most_attempts = 2;
    let (carrier, events) = fake("north");
    carrier.answer(|_, count| match count {
        0..3 => Reply::Now(Err(SubmitError::Throttled { after: Duration::from_millis(10) })),
        count => Reply::Now(taken_as(&format!("id-{count}"))),
    });
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!((carrier.count(), gateway.figures().throttled), (4, 3));
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_come_to_an_end() {
    let mut world = World::new().await;
    world.pace.most_attempts = 3;
    let (carrier, events) = fake("north");
    carrier.answer(|_, _| busy());
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Failed).await;
    assert_eq!(carrier.count(), 3);
    let last = world.message(number).await.history.last().cloned().expect("an entry");
    assert_eq!(last.code.as_deref(), Some("0x08"));
    assert!(last.text.is_some_and(|text| text.contains("3 attempts")));
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_final_and_says_why() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.answer(|_, _| {
        let (code, words) = (Some("0x0b".to_owned()), "bad address".to_owned());
        Reply::Now(Err(SubmitError::Rejected { code, words }))
    });
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::RefusedByCarrier).await;
    let last = world.message(number).await.history.last().cloned().expect("an entry");
    assert_eq!((last.code.as_deref(), last.text.as_deref()), (Some("0x0b"), Some("bad address")));
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn validity_passes_while_waiting() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.set_up(false);
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let short = SubmitRequest { validity: Some(3600), ..request(&["46701740605"], "Hello") };
    let short = world.submit(world.account, short).await;
    let usual = world.send("46701740605", "Hello again").await;
    world.pass(3601);
    world.until(short, Outcome::ExpiredUnsent).await;
    assert_eq!(world.outcome(usual).await, Outcome::Queued);
    world.pass(48 * 3600);
    world.until(usual, Outcome::ExpiredUnsent).await;
    carrier.set_up(true);
    world.rest().await;
    assert_eq!(carrier.count(), 0);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delivery_window_closed_between_attempts() {
    let mut world = World::new().await;
    // The next attempt would be an hour later: the window is over then.
    world.pace.retry_first = Duration::from_secs(3600);
    world.pace.retry_most = Duration::from_secs(3600);
    let (carrier, events) = fake("north");
    carrier.answer(|_, count| if count == 0 { busy() } else { Reply::Now(taken_as("id")) });
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let now = world.now();
    let windows = vec![
        Window { opens: now - 10, closes: now + 600 },
        Window { opens: now + 20_000, closes: now + 30_000 },
    ];
    let number = SubmitRequest { when: When::Windows(windows), ..request(&["46701740605"], "Hello") };
    let number = world.submit(world.account, number).await;
    world.eventually(|| "the first attempt".to_owned(), async || carrier.count() == 1).await;
    world.until(number, Outcome::Queued).await;
    world.pass(10_000);
    world.rest().await;
    assert_eq!((carrier.count(), world.outcome(number).await), (1, Outcome::Queued));
    world.pass(10_000);
    world.until(number, Outcome::Submitted).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_begin_while_it_waits() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.set_up(false);
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    let minute = (world.now() / 60 % 1440) as u16;
    let quiet =
        QuietHours { from: minute, to: (minute + 120) % 1440, days: Vec::new(), promotional_only: false };
    let settings = AccountSettings { quiet: vec![quiet], ..AccountSettings::default() };
    world.service.put_settings(world.account, &settings).await.expect("put");
    carrier.set_up(true);
    world.rest().await;
    assert_eq!(carrier.count(), 0, "nobody is woken up");
    world.pass(121 * 60);
    world.until(number, Outcome::Submitted).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_scheduled_goes_when_it_is_due() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let when = When::At { second: world.now() + 3600, zone: None };
    let later = SubmitRequest { when, ..request(&["46701740605"], "Later") };
    let later = world.submit(world.account, later).await;
    let now = world.send("46701740605", "Now").await;
    world.until(now, Outcome::Submitted).await;
    world.rest().await;
    assert_eq!((carrier.count(), world.outcome(later).await), (1, Outcome::Scheduled));
    world.pass(3601);
    world.until(later, Outcome::Submitted).await;
    world.stop().await;
    world.sound().await;
}
