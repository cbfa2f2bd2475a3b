//! A target that is down for a day is told everything when it is back, and costs little meanwhile.

use super::world::{Does, World};

const URL: &str = "https://one.example/";
/// What the far end says when it is away.
const AWAY: &str = "no connection: refused";

#[tokio::test]
async fn everything_is_told_when_it_is_back() {
    let world = World::new().await;
    let hook = world.target("answerback", URL).await;
    world.far.does(URL, Does::IsAway);
    for _ in 0..24 {
        world.accept(100).await;
        world.live(3600, 60).await;
    }
    let calls = world.far.take(URL).len();
    assert!((100..800).contains(&calls), "{calls} calls to a target that is down");
    let (waiting, dead) = world.counts(hook).await;
    assert!(waiting < 700, "{waiting} events wait each on their own; the rest wait in the log");
    assert_eq!(dead, 0);
    assert_eq!(world.webhooks.figures().backlog, 2400, "what waits on its own is a part of it");
    let report = world.service.webhook_report(world.account, hook).await.expect("read");
    assert_eq!(report.complaint.as_deref(), Some(AWAY));
    world.far.does(URL, Does::Answers(200));
    world.live(86_400, 300).await;
    let mut told = world.far.told(URL);
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 2400, "every one of them");
    assert_eq!(world.counts(hook).await, (0, 0));
    assert_eq!(world.webhooks.figures().backlog, 0);
    let report = world.service.webhook_report(world.account, hook).await.expect("read");
    assert_eq!(report.complaint, None);
}

#[tokio::test]
async fn one_that_only_fails_is_disabled_in_the_end() {
    let world = World::new().await;
    let hook = world.target("brief", URL).await;
    world.far.does(URL, Does::Answers(404));
    for _ in 0..30 {
        world.accept(1).await;
        world.live(3600, 600).await;
    }
    let target = world.service.webhook(world.account, hook).await.expect("read").expect("there");
    let reason = target.disabled.expect("disabled");
    assert!(reason.starts_with("every call has failed since 2023-11-14T22:23:20Z"), "{reason}");
    world.far.take(URL);
    world.accept(1).await;
    assert_eq!(world.settle().await, 0, "it is not called any more");
    // Enabled, it goes on where it was stopped.
    world.far.does(URL, Does::Answers(200));
    world.service.disable_webhook(world.account, hook, None).await.expect("enabled");
    world.live(3600, 600).await;
    let told = world.far.told(URL);
    assert!(told.contains(&(31, "queued".to_owned())), "{told:?}");
    assert_eq!(world.counts(hook).await.0, 0);
}
