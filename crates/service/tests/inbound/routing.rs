//! Whose an MO is.

use ledger::LedgerError;
use service::change::NewProgram;
use service::numbers::{NumberClaim, NumberError};
use service::receive_message::Intake;
use sms::{AccountId, Direction, Number};

use super::world::{ALL, NUMBER, World};

async fn program(world: &World, account: AccountId, name: &str) -> Number {
    let new = NewProgram { name: name.to_owned(), campaign: String::new(), kind: String::new() };
    world.service.create_program(account, new).await.expect("made").number
}

fn to(account: AccountId, number: Number) -> Intake {
    Intake::Received { account, number }
}

#[tokio::test]
async fn keyword_to_program() {
    let world = World::new().await;
    let second = world.another("second").await;
    let vote = program(&world, second, "Votes").await;
    world.claim(world.account, None, 0).await;
    world.claim(second, Some("Röst"), vote).await;
    let world = world.restart();
    assert_eq!(world.write("RÖST 3").await, to(second, 1));
    assert_eq!(world.write("rost: 4").await, to(second, 2));
    assert_eq!(world.write("my röst").await, to(world.account, 1));
    assert_eq!(world.write("").await, to(world.account, 2));
    let votes = world.messages(second, Direction::Mo).await;
    assert!(votes.iter().all(|message| message.program == vote && message.recipient == NUMBER));
    assert_eq!(votes[0].body, "RÖST 3");
    let rest = world.messages(world.account, Direction::Mo).await;
    let default = world.service.account(world.account).await.expect("there").default_program;
    assert!(rest.iter().all(|message| message.program == default));
}

#[tokio::test]
async fn claims_are_unique_in_the_store() {
    let world = World::new().await;
    let second = world.another("second").await;
    let service = &world.service;
    let claim = |number: &str, keyword: Option<&str>, program| NumberClaim {
        number: number.to_owned(),
        keyword: keyword.map(str::to_owned),
        program,
    };
    let number = service.claim_number(world.account, claim("+46 70 000 00 00", None, 0)).await;
    assert_eq!(number.expect("claimed"), 1);
    let taken = service.claim_number(second, claim(NUMBER, None, 0)).await;
    assert!(matches!(taken, Err(NumberError::Taken(owner)) if owner == world.account));
    service.claim_number(second, claim(NUMBER, Some("Win"), 0)).await.expect("shared");
    let taken = service.claim_number(world.account, claim(NUMBER, Some("wín"), 0)).await;
    assert!(matches!(taken, Err(NumberError::Taken(owner)) if owner == second));
    let foreign = service.claim_number(second, claim(NUMBER, Some("a"), 1)).await;
    assert!(matches!(foreign, Err(NumberError::Program(1))));
    let reserved = service.claim_number(second, claim(NUMBER, Some("STOP"), 0)).await;
    assert!(matches!(reserved, Err(NumberError::Reserved(_))));
    // Again, with another program.
    let own = program(&world, second, "Prizes").await;
    assert_eq!(service.claim_number(second, claim(NUMBER, Some("WIN"), own)).await.expect("changed"), 1);
    assert_eq!(service.claimed_numbers(second).await.expect("read"), [claim(NUMBER, Some("WIN"), own)]);
    let unclaimed = service.release_number(second, NUMBER, None).await;
    assert!(matches!(unclaimed, Err(NumberError::Unclaimed)));
    service.release_number(second, "+46700000000", Some("win")).await.expect("released");
    assert_eq!(service.claimed_numbers(second).await.expect("read"), []);
    service.claim_number(world.account, claim(NUMBER, Some("win"), 0)).await.expect("free again");
    assert_eq!(world.write("win").await, to(world.account, 1));
}

#[tokio::test]
async fn unclaimed_number() {
    let world = World::new().await;
    assert_eq!(world.write("to the only one").await, to(world.account, 1));
    let second = world.another("second").await;
    assert_eq!(world.write("to nobody").await, Intake::Unrouted { number: 1 });
    assert_eq!(world.write_from("Bakery", "12", "to no number").await, Intake::Unrouted { number: 2 });
    world.send(second).await;
    assert_eq!(world.write("an answer").await, to(second, 2));
    world.send(world.account).await;
    assert_eq!(world.write("an answer").await, to(world.account, 3));
    let world = world.restart();
    assert_eq!(world.service.unrouted(ALL).await.expect("read").total, 2);
    world.sound().await;
}

#[tokio::test]
async fn unrouted_becomes_somebodys() {
    let world = World::new().await;
    let second = world.another("second").await;
    for text in ["one", "two", "STOP"] {
        assert!(matches!(world.write(text).await, Intake::Unrouted { .. }));
        world.pass(60);
    }
    world.write_from("46701740606", "36000", "elsewhere").await;
    let prizes = program(&world, second, "Prizes").await;
    world.claim(second, Some("two"), prizes).await;
    let nobody = AccountId::new(99).expect("a number");
    assert!(matches!(world.service.route_unrouted(nobody, None).await, Err(LedgerError::NotFound)));
    assert_eq!(world.service.route_unrouted(second, Some("+46700000000")).await.expect("routed"), 3);
    let messages = world.messages(second, Direction::Mo).await;
    let told: Vec<_> =
        messages.iter().map(|message| (message.body.as_str(), message.created.seconds())).collect();
    let first = crate::support::BEGINNING + 1;
    assert_eq!(told, [("one", first), ("two", first + 60), ("STOP", first + 120)]);
    assert_eq!(messages[1].program, prizes);
    assert_eq!(world.opted_out(second).await.len(), 1);
    assert_eq!(world.service.unrouted(ALL).await.expect("read").total, 1);
    assert_eq!(world.service.route_unrouted(second, None).await.expect("routed"), 1);
    assert_eq!(world.service.route_unrouted(second, None).await.expect("nothing"), 0);
    world.sound().await;
}

#[tokio::test]
async fn an_event_for_those_who_want_it() {
    let world = World::new().await;
    world.ledger_wants_events().await;
    world.write("STOP").await;
    let events = ledger::Events::events(world.ledger.as_ref(), world.account, 0, 9).await.expect("read");
    assert_eq!(
        events.iter().map(|event| (event.number, event.outcome)).collect::<Vec<_>>(),
        [(1, sms::Outcome::Received)]
    );
    let stop = world.service.opt_out_of_message(world.account, events[0].number).await.expect("read");
    assert_eq!(stop.map(|stop| stop.message), Some(Some(1)));
}

impl World {
    async fn ledger_wants_events(&self) {
        ledger::Events::set_wants_events(self.ledger.as_ref(), self.account, true).await.expect("set");
    }
}

#[tokio::test]
async fn an_account_that_cannot_take_more_loses_nothing() {
    let world = World::new().await;
    world.claim(world.account, None, 0).await;
    // The carrier's clock is beyond what a row can hold: the time of arrival counts instead.
    let mut strange = world.pieces("later", 0).remove(0);
    strange.at = sms::Micros::new(i64::MAX);
    strange.place = None;
    assert_eq!(world.bring(strange).await, to(world.account, 1));
    world.sound().await;
}
