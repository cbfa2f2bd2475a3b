//! The events of one message are told in order, whatever fails; other messages go on.

use sms::Outcome;

use super::world::{Does, World};

const URL: &str = "https://one.example/";

fn states(told: &[(u64, String)], number: u32) -> Vec<&str> {
    told.iter().filter(|(of, _)| *of == u64::from(number)).map(|(_, state)| state.as_str()).collect()
}

#[tokio::test]
async fn a_later_event_waits_for_the_earlier() {
    let world = World::new().await;
    let hook = world.target("answerback", URL).await;
    let first = world.accept(2).await;
    world.far.does(URL, Does::Answers(500));
    assert_eq!(world.settle().await, 2);
    assert_eq!(world.counts(hook).await, (2, 0));
    world.far.take(URL);
    // The message goes on its way while its first event is still to be told.
    world.far.does(URL, Does::Answers(200));
    world.step(first, Outcome::Sending).await;
    world.step(first, Outcome::Submitted).await;
    let third = world.accept(1).await;
    assert_eq!(world.settle().await, 1, "only the message that waits for nothing");
    assert_eq!(world.far.told(URL), [(u64::from(third), "queued".to_owned())]);
    assert_eq!(world.counts(hook).await, (4, 0));
    world.pass(10);
    world.step(first, Outcome::Delivered).await;
    world.settle().await;
    let told = world.far.told(URL);
    assert_eq!(states(&told, first), ["queued", "sending", "submitted", "delivered"]);
    assert_eq!(states(&told, first + 1), ["queued"]);
    assert_eq!(world.counts(hook).await, (0, 0));
}

#[tokio::test]
async fn the_death_of_an_event_lets_the_next_go() {
    let world = World::new().await;
    let hook = world.target("brief", URL).await;
    let number = world.accept(1).await;
    world.far.does(URL, Does::IsAway);
    world.settle().await;
    world.step(number, Outcome::Sending).await;
    world.live(600, 600).await;
    assert_eq!(world.far.take(URL).len(), 2, "the second event was not tried");
    world.far.does(URL, Does::Answers(410));
    world.live(600, 600).await;
    // The third attempt of the first event was its last; the second event had its first.
    let told = world.far.told(URL);
    assert_eq!(states(&told, number), ["queued", "sending"]);
    assert_eq!(world.counts(hook).await, (1, 1));
}

#[tokio::test]
async fn many_events_of_many_messages_stay_in_order() {
    let world = World::new().await;
    world.target("answerback", URL).await;
    let first = world.accept(50).await;
    let steps = [Outcome::Sending, Outcome::Submitted, Outcome::Buffered, Outcome::Delivered];
    for (turn, outcome) in steps.into_iter().enumerate() {
        for number in first..first + 50 {
            world.step(number, outcome).await;
        }
        world.far.does(URL, if turn % 2 == 0 { Does::Answers(503) } else { Does::Answers(204) });
        world.settle().await;
    }
    world.far.does(URL, Does::Answers(200));
    world.far.take(URL);
    world.live(3600, 10).await;
    let told = world.far.told(URL);
    let order = ["queued", "sending", "submitted", "buffered", "delivered"];
    for number in first..first + 50 {
        let states = states(&told, number);
        assert!(!states.is_empty() && order.ends_with(&states), "{number}: {states:?}");
    }
}
