//! What is leased in the commit that takes it in.

mod support;

use std::sync::{Arc, Mutex};

use ledger::change::{Idempotency, Submission};
use ledger::conformance::{mt, submission};
use ledger::model::Message;
use ledger::outbound::{Attempt, AttemptResult, Lease, Straight};
use ledger::sqlite::{Options, Sqlite};
use ledger::{Changes, Events, Ledger, LedgerError, Reading, Refusal, WayOut};
use sms::{AccountId, Micros, Money, Outcome};

const T: u32 = 1_700_000_000;

fn at(second: u32) -> Micros {
    Micros::from_seconds(T + second)
}

/// What the store told of leases; `None` until it did.
type Told = Arc<Mutex<Option<(u32, Vec<Lease>)>>>;

struct World {
    ledger: Sqlite,
    account: AccountId,
    directory: tempfile::TempDir,
}

impl World {
    async fn new(prepaid: bool) -> Self {
        let (directory, ledger, account) = support::store(prepaid, at(0)).await;
        Self { ledger, account, directory }
    }

    async fn message(&self, number: u32) -> Message {
        self.ledger.message(self.account, number).await.expect("read").expect("there")
    }

    async fn story(&self, number: u32) -> Vec<Outcome> {
        self.message(number).await.history.iter().filter_map(ledger::history::Entry::outcome).collect()
    }

    async fn due(&self) -> Vec<(u32, u8)> {
        let due = self.ledger.due(self.account, T + 100, 100).await.expect("due");
        due.iter().map(|due| (due.message.number, due.part)).collect()
    }

    async fn is_sound(&self) {
        let report = self.ledger.check(Box::new(|_| {})).await.expect("check");
        assert!(report.is_sound(), "{:#?}", report.broken);
    }
}

/// Over this carrier go the messages of these places, out of `count`.
fn over(carrier: &str, places: &[usize], count: usize) -> (Straight, Told) {
    let told = Told::default();
    let teller = Arc::clone(&told);
    let carriers = (0..count).map(|place| places.contains(&place).then(|| Arc::from(carrier))).collect();
    let leased = move |first, leases| {
        let before = teller.lock().expect("a lock").replace((first, leases));
        assert_eq!(before, None, "told once");
    };
    (Straight { carriers, leased: Box::new(leased) }, told)
}

fn told(told: &Told) -> Option<(u32, Vec<Lease>)> {
    told.lock().expect("a lock").take()
}

fn texts(segments: &[u16]) -> Submission {
    let messages = segments.iter().map(|segments| {
        let mut message = mt("46700000001", "Hello", at(0));
        message.segments = *segments;
        message
    });
    submission(messages.collect(), at(0))
}

fn lease(number: u32, part: u8) -> Lease {
    Lease { number, part, due: T, carrier: "north".to_owned() }
}

#[tokio::test]
async fn what_is_named_is_leased_and_the_rest_is_queued() {
    let world = World::new(false).await;
    let (straight, leased) = over("north", &[0, 2], 3);
    world.ledger.accept_straight(world.account, texts(&[1, 1, 2]), straight).await.expect("accepted");
    assert_eq!(told(&leased), Some((1, vec![lease(1, 1), lease(3, 1), lease(3, 2)])));
    assert_eq!(world.due().await, [(2, 1)]);
    assert_eq!(world.story(1).await, [Outcome::Queued, Outcome::Sending]);
    assert_eq!(world.story(2).await, [Outcome::Queued]);
    assert_eq!(world.story(3).await, [Outcome::Queued, Outcome::Sending]);
    assert!(
        world.ledger.lease(world.account, vec![lease(1, 1)], at(1)).await.expect("leased").is_empty(),
        "nothing is leased twice"
    );
    world.is_sound().await;

    // A crash leaves in doubt exactly what was leased.
    drop(world.ledger);
    let ledger = Sqlite::open(world.directory.path(), Options::default()).expect("open");
    let open = ledger.open_leases().await.expect("leases");
    assert_eq!(
        open.iter().map(|open| open.lease.clone()).collect::<Vec<_>>(),
        [lease(1, 1), lease(3, 1), lease(3, 2)]
    );
    assert!(open.iter().all(|open| open.at == at(0)));

    let ended = |lease, result| Attempt { lease, at: at(2), result, code: None, text: None };
    let taken = |id: &str| AttemptResult::Submitted { id: id.to_owned() };
    let attempts = vec![
        ended(lease(1, 1), AttemptResult::Retry { due: T + 9 }),
        ended(lease(3, 1), taken("a")),
        ended(lease(3, 2), taken("b")),
    ];
    ledger.record_attempts(world.account, attempts).await.expect("recorded");
    let world = World { ledger, ..world };
    assert_eq!(world.story(3).await, [Outcome::Queued, Outcome::Sending, Outcome::Submitted]);
    let due = world.ledger.due(world.account, T + 100, 100).await.expect("due");
    assert_eq!(
        due.iter().map(|due| (due.message.number, due.due, due.attempts)).collect::<Vec<_>>(),
        [(2, T, 0), (1, T + 9, 1)]
    );
    world.is_sound().await;
}

#[tokio::test]
async fn only_what_is_queued_and_due_is_leased() {
    let world = World::new(false).await;
    let mut new = texts(&[1, 1, 1, 1]);
    new.messages[0].outcome = Outcome::Held;
    new.messages[1].outcome = Outcome::Scheduled;
    new.messages[1].date = T + 50;
    new.messages[2].outcome = Outcome::DeniedOptOut;
    let (straight, leased) = over("north", &[0, 1, 2, 3], 4);
    world.ledger.accept_straight(world.account, new, straight).await.expect("accepted");
    assert_eq!(told(&leased), Some((1, vec![lease(4, 1)])));
    assert_eq!(world.due().await, [(2, 1)]);

    // What is not to be sent at all is not leased either.
    let (straight, leased) = over("north", &[0], 1);
    let kept = Submission { enqueue: false, ..texts(&[1]) };
    world.ledger.accept_straight(world.account, kept, straight).await.expect("accepted");
    assert_eq!((told(&leased), world.story(5).await), (Some((5, vec![])), vec![Outcome::Queued]));
    world.is_sound().await;
}

#[tokio::test]
async fn a_request_that_comes_again_leases_nothing() {
    let world = World::new(false).await;
    let idempotency = Some(Idempotency { key: [1; 32], request: [2; 32] });
    let new = Submission { idempotency, ..texts(&[1]) };
    let (straight, leased) = over("north", &[0], 1);
    let first = world.ledger.accept_straight(world.account, new.clone(), straight).await.expect("accepted");
    assert_eq!((first.repeated, told(&leased).map(|(_, leases)| leases.len())), (false, Some(1)));
    let (straight, leased) = over("north", &[0], 1);
    let again = world.ledger.accept_straight(world.account, new, straight).await.expect("answered");
    assert_eq!((again.repeated, again.first, told(&leased)), (true, first.first, Some((1, vec![]))));
}

#[tokio::test]
async fn what_is_refused_tells_nobody() {
    let world = World::new(true).await;
    let mut new = texts(&[1]);
    new.messages[0].price = Money::from_millionths(5);
    let funded = ledger::history::Entry {
        at: at(0),
        word: ledger::history::Word::Note(sms::Note::Funded),
        code: None,
        text: None,
    };
    new.messages[0].history = vec![ledger::history::Entry::new(at(0), Outcome::Queued), funded];
    new.charge = Some(Money::from_millionths(5));
    let (straight, leased) = over("north", &[0], 1);
    let refused = world.ledger.accept_straight(world.account, new, straight).await;
    assert!(matches!(refused, Err(LedgerError::Refused(Refusal::Funds { .. }))), "{refused:?}");
    assert_eq!((told(&leased), Arc::strong_count(&leased)), (None, 1), "dropped, not called");
    assert_eq!(world.due().await, []);
}

#[tokio::test]
async fn who_goes_away_is_told_of_nothing_but_the_leases_are() {
    let world = World::new(false).await;
    let (straight, leased) = over("north", &[0], 1);
    {
        let accepting = world.ledger.accept_straight(world.account, texts(&[1]), straight);
        // Polled once: the write is on its way. Then its caller is gone.
        tokio::select! {
            biased;
            accepted = accepting => panic!("{accepted:?} without a commit"),
            () = std::future::ready(()) => {}
        }
    }
    // A write after it is committed after it.
    world.ledger.accept(world.account, texts(&[1])).await.expect("accepted");
    assert_eq!(told(&leased), Some((1, vec![lease(1, 1)])));
}

#[tokio::test]
async fn whoever_wants_events_is_told_the_same() {
    let mut told_of = Vec::new();
    for straight_on in [false, true] {
        let world = World::new(false).await;
        world.ledger.set_wants_events(world.account, true).await.expect("wanted");
        if straight_on {
            let (straight, _) = over("north", &[0], 1);
            world.ledger.accept_straight(world.account, texts(&[1]), straight).await.expect("accepted");
        } else {
            world.ledger.accept(world.account, texts(&[1])).await.expect("accepted");
            world.ledger.lease(world.account, vec![lease(1, 1)], at(0)).await.expect("leased");
        }
        told_of.push(world.ledger.events(world.account, 0, 10).await.expect("events"));
    }
    assert_eq!(told_of[0].len(), 2);
    assert_eq!(told_of[0], told_of[1]);
}
