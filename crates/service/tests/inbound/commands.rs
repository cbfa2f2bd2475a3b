//! STOP, START, HELP.

use service::account_settings::AccountSettings;
use service::plan::{Policy, Recipient, SubmitRequest, Text, When};
use service::receive_message::Intake;
use sms::{Direction, Outcome};

use super::world::{ALL, HANDSET, NUMBER, World};

fn speaking() -> AccountSettings {
    AccountSettings {
        stop_reply: Some("You get no more messages.".to_owned()),
        start_reply: Some("Welcome back.".to_owned()),
        help_reply: Some("Bakery, +46 8 123 45 67. STOP to end.".to_owned()),
        ..AccountSettings::default()
    }
}

#[tokio::test]
async fn stop_in_swedish() {
    let world = World::new().await;
    world.settings(speaking()).await;
    world.write("Hej!").await;
    world.write("  Stoppa. ").await;
    assert_eq!(world.opted_out(world.account).await, [(HANDSET.to_owned(), Some(2))]);
    assert_eq!(world.received().await, ["Hej!", "  Stoppa. "]);
    assert_eq!(world.sent().await, ["You get no more messages."]);
    world.pass(61);
    world.write("STOPP").await;
    assert_eq!(world.sent().await.len(), 1, "nothing changed, nothing is said");
    let request = SubmitRequest {
        text: Text::Plain("Fresh bread".to_owned()),
        recipients: vec![Recipient::of(HANDSET)],
        ..SubmitRequest::default()
    };
    let answer = world.service.submit(world.account, request, &Policy::default(), None).await.expect("taken");
    let message = world.service.message(world.account, answer.first).await.expect("read").expect("there");
    assert_eq!(message.outcome, Outcome::DeniedOptOut);
    let world = world.restart();
    assert_eq!(world.opted_out(world.account).await.len(), 1);
    world.sound().await;
}

#[tokio::test]
async fn stop_ends_what_waits() {
    let world = World::new().await;
    world.settings(speaking()).await;
    let mut numbers = Vec::new();
    let later = When::At { second: world.service.now().seconds() + 9000, zone: None };
    for (to, when) in [(HANDSET, When::Now), (HANDSET, later.clone()), ("46701740606", later.clone())] {
        let request = SubmitRequest {
            text: Text::Plain("Fresh bread".to_owned()),
            recipients: vec![Recipient::of(to)],
            when,
            ..SubmitRequest::default()
        };
        let answer = world.service.submit(world.account, request, &Policy::default(), None).await;
        numbers.push(answer.expect("taken").first);
    }
    world.send(world.account).await;
    world.write("STOP").await;
    let outcome = async |number| {
        world.service.message(world.account, number).await.expect("read").expect("there").outcome
    };
    assert_eq!(outcome(numbers[0]).await, Outcome::DeniedOptOut);
    assert_eq!(outcome(numbers[1]).await, Outcome::DeniedOptOut);
    assert_eq!(outcome(numbers[2]).await, Outcome::Scheduled, "of somebody else");
    assert_eq!(outcome(numbers[2] + 1).await, Outcome::Submitted, "a carrier has it");
    let sent = world.messages(world.account, Direction::Mt).await;
    let reply = sent.iter().find(|message| message.body == "You get no more messages.").expect("a reply");
    assert_eq!(reply.outcome, Outcome::Queued);
    world.write("START").await;
    assert_eq!(outcome(numbers[1]).await, Outcome::DeniedOptOut, "what ended stays so");
    world.sound().await;
}

#[tokio::test]
async fn start_lifts() {
    let world = World::new().await;
    world.settings(speaking()).await;
    world.write("START").await;
    assert_eq!(world.sent().await, Vec::<String>::new(), "there was nothing to lift");
    world.write("STOP").await;
    world.write("start!").await;
    assert_eq!(world.opted_out(world.account).await, []);
    assert_eq!(world.sent().await, ["You get no more messages.", "Welcome back."]);
    let proof = world.service.opt_out_of_message(world.account, 2).await.expect("read").expect("kept");
    assert_eq!((proof.phone.as_str(), proof.source.as_str()), (HANDSET, "stop"));
}

#[tokio::test]
async fn help_answered_once() {
    let world = World::new().await;
    world.settings(speaking()).await;
    for text in ["HELP", "Hjälp", "info?"] {
        world.write(text).await;
    }
    assert_eq!(world.sent().await, ["Bakery, +46 8 123 45 67. STOP to end."]);
    let answer = world.messages(world.account, Direction::Mt).await[0].number;
    world.leaves(world.account, answer).await;
    world.pass(61);
    world.write("STOP").await;
    world.write("help").await;
    assert_eq!(world.sent().await.len(), 3, "help is for those who opted out, too");
    let sent = world.messages(world.account, Direction::Mt).await;
    assert!(sent.iter().all(|message| message.shown_sender() == NUMBER && message.recipient == HANDSET));
    let outcomes: Vec<Outcome> = sent.iter().map(|message| message.outcome).collect();
    assert_eq!(outcomes, [Outcome::Submitted, Outcome::Queued, Outcome::Queued]);
}

#[tokio::test]
async fn stop_inside_a_sentence() {
    let world = World::new().await;
    for text in ["Please stop by tomorrow", "stop it", "Don't STOP", "The end is near", "stop?no"] {
        world.write(text).await;
    }
    assert_eq!(world.opted_out(world.account).await, []);
}

#[tokio::test]
async fn stop_with_a_keyword() {
    let world = World::new().await;
    let second = world.another("second").await;
    world.claim(world.account, Some("bread"), 0).await;
    world.claim(second, Some("milk"), 0).await;
    assert!(
        matches!(world.write("MILK stop all").await, Intake::Received { account, .. } if account == second)
    );
    assert_eq!(world.opted_out(second).await.len(), 1);
    assert!(matches!(world.write("START milk").await, Intake::Received { account, .. } if account == second));
    assert_eq!(world.opted_out(second).await, []);
    world.write("milk stop selling").await;
    world.write("no milk").await;
    assert_eq!(world.opted_out(second).await, []);
    assert_eq!(world.opted_out(world.account).await, []);
}

#[tokio::test]
async fn stop_to_a_shared_number() {
    let world = World::new().await;
    let second = world.another("second").await;
    let third = world.another("third").await;
    world.claim(world.account, None, 0).await;
    world.claim(second, Some("milk"), 0).await;
    world.write("STOP").await;
    assert_eq!(world.opted_out(world.account).await.len(), 1, "whoever has the rest");
    world.send(second).await;
    world.send(third).await;
    world.write("STOP").await;
    assert_eq!(world.opted_out(second).await.len(), 1, "whoever of them wrote last");
    assert_eq!(world.opted_out(third).await, []);
}

#[tokio::test]
async fn own_stop_words() {
    let world = World::new().await;
    world.settings(AccountSettings { own_stop_words: vec!["No more!".to_owned()], ..speaking() }).await;
    world.write("no, more").await;
    assert_eq!(world.opted_out(world.account).await.len(), 1);
    assert_eq!(world.sent().await, ["You get no more messages."]);
}

#[tokio::test]
async fn stop_from_what_is_no_telephone() {
    let world = World::new().await;
    world.settings(speaking()).await;
    for sender in ["71717", "Bakery", ""] {
        assert!(matches!(world.write_from(sender, NUMBER, "STOP").await, Intake::Received { .. }));
        world.write_from(sender, NUMBER, "HELP").await;
    }
    assert_eq!(world.opted_out(world.account).await, []);
    assert_eq!(world.sent().await, Vec::<String>::new());
    assert_eq!(world.service.opt_outs(world.account, ALL).await.expect("read").total, 0);
    world.sound().await;
}
