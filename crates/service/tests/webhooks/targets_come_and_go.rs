//! What a target is told begins with its making and ends with its removal.

use service::LedgerError;
use service::webhooks::{Target, TargetError, Wants};
use sms::Outcome;

use super::world::{ALL, Does, World};

const URL: &str = "https://one.example/";

#[tokio::test]
async fn a_new_one_is_told_of_what_happens_from_now_on() {
    let world = World::new().await;
    world.target("answerback", "https://earlier.example/").await;
    let first = world.accept(1).await;
    let hook = world.target("answerback", URL).await;
    world.step(first, Outcome::Sending).await;
    world.settle().await;
    assert_eq!(world.far.told(URL), [(1, "sending".to_owned())]);
    world.service.remove_webhook(world.account, hook).await.expect("removed");
    world.accept(1).await;
    world.settle().await;
    assert!(world.far.take(URL).is_empty());
    assert!(matches!(world.service.remove_webhook(world.account, hook).await, Err(LedgerError::NotFound)));
}

#[tokio::test]
async fn a_disabled_one_is_told_later() {
    let world = World::new().await;
    let hook = world.target("answerback", URL).await;
    let target = world.service.disable_webhook(world.account, hook, Some("by hand")).await.expect("disabled");
    assert_eq!(target.disabled.as_deref(), Some("by hand"));
    world.accept(2).await;
    assert_eq!(world.settle().await, 0);
    world.service.disable_webhook(world.account, hook, None).await.expect("enabled");
    assert_eq!(world.settle().await, 2);
}

#[tokio::test]
async fn one_whose_address_was_put_right_is_told_at_once() {
    let world = World::new().await;
    let hook = world.target("answerback", "https://wrong.example/").await;
    world.far.does("https://wrong.example/", Does::IsAway);
    world.accept(200).await;
    world.settle().await;
    let known = world.service.webhook(world.account, hook).await.expect("read").expect("there");
    let right = Target { url: URL.to_owned(), ..known };
    world.service.put_webhook(world.account, right).await.expect("kept");
    world.settle().await;
    assert!(!world.far.take(URL).is_empty());
    world.live(60, 10).await;
    assert_eq!(world.counts(hook).await, (0, 0));
}

#[tokio::test]
async fn what_cannot_be_a_target_is_refused() {
    let world = World::new().await;
    let put = |target| world.service.put_webhook(world.account, target);
    let bad = put(Target::new("answerback", "ftp://example.com/", ALL)).await;
    assert!(matches!(bad, Err(TargetError::Url(_))));
    let bad = put(Target::new("answerback", URL, Wants::default())).await;
    assert!(matches!(bad, Err(TargetError::WantsNothing)));
    let unknown = put(Target { number: 9, ..Target::new("answerback", URL, ALL) }).await;
    assert!(matches!(unknown, Err(TargetError::Ledger(LedgerError::NotFound))));
    for _ in 0..100 {
        world.target("answerback", URL).await;
    }
    let bad = put(Target::new("answerback", URL, ALL)).await;
    assert!(matches!(bad, Err(TargetError::TooMany)));
}

#[tokio::test]
async fn a_deleted_message_is_passed_over() {
    let world = World::new().await;
    world.target("answerback", URL).await;
    let first = world.accept(2).await;
    let hide = service::change::Hide::Messages(vec![first]);
    world.service.hide(world.account, hide).await.expect("hidden");
    world.settle().await;
    let told = world.far.told(URL);
    assert!(told.iter().all(|(number, _)| *number == u64::from(first) + 1), "{told:?}");
    assert_eq!(told.len(), 1);
}
