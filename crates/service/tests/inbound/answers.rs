//! What is answered by itself.

use service::auto_replies::AutoReply;
use service::numbers::NumberClaim;
use service::receive_message::Intake;
use sms::Direction;

use super::world::{HANDSET, NUMBER, World};

async fn rule(world: &World, keyword: Option<&str>, text: &str) -> u32 {
    let rule =
        AutoReply { keyword: keyword.map(str::to_owned), text: text.to_owned(), ..AutoReply::default() };
    world.service.put_auto_reply(world.account, &rule).await.expect("kept")
}

#[tokio::test]
async fn the_rule_that_says_most() {
    let world = World::new().await;
    rule(&world, None, "Thanks").await;
    let prices = rule(&world, Some("Preis"), "5 Euro").await;
    let here = AutoReply {
        to: Some(NUMBER.to_owned()),
        text: "From here".to_owned(),
        sender: Some("Bakery".to_owned()),
        ..AutoReply::default()
    };
    world.service.put_auto_reply(world.account, &here).await.expect("kept");
    world.write("hello").await;
    world.write("PREIS?").await;
    world.write_from(HANDSET, "36000", "hello").await;
    assert_eq!(world.sent().await, ["From here", "5 Euro", "Thanks"]);
    let sent = world.messages(world.account, Direction::Mt).await;
    let senders: Vec<_> = sent.iter().map(ledger::model::Message::shown_sender).collect();
    assert_eq!(senders, ["Bakery", NUMBER, "36000"]);
    world.service.remove_auto_reply(world.account, prices).await.expect("removed");
    world.pass(61);
    world.write("Preis").await;
    assert_eq!(world.sent().await.last().map(String::as_str), Some("From here"));
    assert_eq!(world.service.auto_replies(world.account).await.expect("read").len(), 2);
    world.sound().await;
}

#[tokio::test]
async fn machines_that_answer_each_other_come_to_an_end() {
    let world = World::new().await;
    rule(&world, None, "I am away.").await;
    for round in 0..30 {
        world.write(&format!("I am away, too. {round}")).await;
        world.pass(61);
    }
    assert_eq!(world.sent().await.len(), 10);
    world.pass(86_400);
    world.write("Hello?").await;
    assert_eq!(world.sent().await.len(), 11);
}

#[tokio::test]
async fn our_own_numbers_and_words_are_not_answered() {
    let world = World::new().await;
    rule(&world, None, "I am away.").await;
    let claim = NumberClaim { number: HANDSET.to_owned(), keyword: None, program: 0 };
    world.service.claim_number(world.account, claim).await.expect("claimed");
    world.write("from our own number").await;
    world.write_from("46701740606", NUMBER, "I am away").await;
    world.write_from(NUMBER, NUMBER, "from itself").await;
    assert_eq!(world.sent().await, Vec::<String>::new());
}

#[tokio::test]
async fn those_who_opted_out_are_not_answered() {
    let world = World::new().await;
    rule(&world, None, "Thanks").await;
    world.write("STOP").await;
    world.write("hello").await;
    assert_eq!(world.sent().await, Vec::<String>::new());
    world.write("START").await;
    world.write("hello").await;
    assert_eq!(world.sent().await, ["Thanks"]);
}

#[tokio::test]
async fn a_repetition_is_not_answered_again() {
    let world = World::new().await;
    rule(&world, None, "Thanks").await;
    world.write("hello").await;
    let world = world.restart();
    world.pass(61);
    assert_eq!(world.write("hello").await, Intake::Repeated);
    assert_eq!(world.service.send_owed_replies().await.expect("nothing"), 0);
    assert_eq!(world.sent().await, ["Thanks"]);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_given_up() {
    let world = World::new().await;
    let reply = ledger::inbound::NewReply {
        peer: HANDSET.to_owned(),
        topic: "help".to_owned(),
        body: "{}".to_owned(),
        if_changed: false,
        apart: 0,
        most: 9,
    };
    let mo = ledger::conformance::mo(HANDSET, "help", world.service.now());
    let take = ledger::inbound::TakeIn { reply: Some(reply), ..mo.into() };
    ledger::WayIn::take_in(world.ledger.as_ref(), world.account, take).await.expect("taken in");
    assert_eq!(world.service.send_owed_replies().await.expect("it cannot be read"), 0);
    world.pass(13 * 3600);
    assert_eq!(world.service.send_owed_replies().await.expect("given up"), 1);
    assert_eq!(world.sent().await, Vec::<String>::new());
}
