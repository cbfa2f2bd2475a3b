//! The queue as the way out needs it: places in it, late answers, whole messages, receipts in groups, upkeep.

mod support;

use ledger::change::{Idempotency, Step};
use ledger::conformance::{mt, submission};
use ledger::model::{BatchExtra, Entry};
use ledger::outbound::{Attempt, AttemptResult, Lease, Place, ReceiptFate, ReceiptRecord, Settlement};
use ledger::people::Slice;
use ledger::{Changes, LedgerError, Reading, WayOut};
use sms::{AccountId, Outcome};
use support::world::{T, World, at, lease_of};

impl World {
    async fn doubt(&self, lease: &Lease) {
        self.ended(lease, AttemptResult::Uncertain { resend: None }).await;
    }

    async fn settled(&self, lease: &Lease, settlement: Settlement) {
        self.ended(lease, AttemptResult::Settled(settlement)).await;
    }

    fn receipt(id: &str, outcome: Outcome) -> ReceiptRecord {
        ReceiptRecord {
            carrier: "north".to_owned(),
            ids: vec![(0, id.to_owned())],
            outcome,
            code: None,
            text: None,
            at: at(5),
            received: at(6),
            raw: format!("id:{id} stat:{outcome}").into_bytes(),
        }
    }
}

fn taken(id: &str) -> Settlement {
    Settlement::Taken { id: id.to_owned() }
}

#[tokio::test]
async fn the_queue_is_read_from_any_place_on() {
    let world = World::new().await;
    world.accept(&[1, 3, 1]).await;
    let all = world.due().await;
    let places: Vec<_> = all.iter().map(|due| (due.message.number, due.part)).collect();
    assert_eq!(places, [(1, 1), (2, 1), (2, 2), (2, 3), (3, 1)]);
    for (index, due) in all.iter().enumerate() {
        let read = async |after: Place| {
            world.ledger.due_after(world.account, Some(after), T + 100, 100).await.expect("due")
        };
        assert_eq!(read(due.place()).await, all[index + 1..]);
        assert_eq!(read(due.place().before()).await, all[index..]);
    }
    let backlog = world.ledger.backlog(T + 10).await.expect("counted");
    assert_eq!((backlog.due, backlog.oldest, backlog.uncertain), (5, Some(T), 0));
    let before = world.ledger.backlog(T - 1).await.expect("counted");
    assert_eq!((before.due, before.oldest), (0, None));
}

#[tokio::test]
async fn a_queue_says_what_its_batches_say() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let mut with =
        submission(vec![mt("46700000001", "Hello", at(0)), mt("46700000002", "Hello", at(0))], at(0));
    with.batch.extra = BatchExtra { validity: Some(60), promotional: true, ..BatchExtra::default() };
    world.ledger.accept(world.account, with.clone()).await.expect("accepted");
    let extras: Vec<_> = world.due().await.into_iter().map(|due| due.extra.as_deref().cloned()).collect();
    assert_eq!(extras, [None, Some(with.batch.extra.clone()), Some(with.batch.extra)]);
}

#[tokio::test]
async fn what_was_not_offered_is_no_attempt() {
    let world = World::new().await;
    world.accept(&[1]).await;
    for (result, attempts) in [
        (AttemptResult::Unsent { due: T }, 0),
        (AttemptResult::Retry { due: T }, 1),
        (AttemptResult::Unsent { due: T }, 1),
    ] {
        let lease = world.lease().await.remove(0);
        world.ended(&lease, result).await;
        assert_eq!(world.due().await[0].attempts, attempts);
        assert_eq!(world.outcome(1).await, Outcome::Queued);
    }
    world.accept(&[1]).await;
    let lease = world.lease().await.remove(1);
    world.ended(&lease, AttemptResult::Unsent { due: T + 20 }).await;
    world.sound().await;
    // Withdrawn, it is dropped when it comes due.
    world.ledger.cancel(world.account, 2, at(3)).await.expect("canceled");
    world.sound().await;
    assert!(world.lease().await.is_empty());
    assert!(world.due().await.is_empty());
}

#[tokio::test]
async fn late_answers_count_while_it_is_uncertain() {
    let world = World::new().await;
    world.accept(&[1, 1, 1, 1]).await;
    let leases = world.lease().await;
    for lease in &leases {
        world.doubt(lease).await;
    }
    assert_eq!(world.ledger.backlog(T).await.expect("counted").uncertain, 4);
    world.settled(&leases[0], taken("a")).await;
    world.settled(&leases[1], Settlement::Refused).await;
    world.settled(&leases[2], Settlement::NotTaken { due: T + 50 }).await;
    let outcomes = [Outcome::Submitted, Outcome::RefusedByCarrier, Outcome::Queued, Outcome::Uncertain];
    for (number, outcome) in (1..).zip(outcomes) {
        assert_eq!(world.outcome(number).await, outcome);
    }
    // Once settled, another word of it changes nothing.
    for lease in &leases[..3] {
        world.settled(lease, Settlement::NotTaken { due: T + 60 }).await;
        world.settled(lease, Settlement::Refused).await;
    }
    for (number, outcome) in (1..).zip(outcomes) {
        assert_eq!(world.outcome(number).await, outcome);
    }
    let due = world.due().await;
    assert_eq!(due.iter().map(|due| (due.message.number, due.due)).collect::<Vec<_>>(), [(3, T + 50)]);
    // An id is always kept.
    world.settled(&leases[1], taken("b")).await;
    let fates = world.ledger.receipts(vec![World::receipt("b", Outcome::Delivered)]).await.expect("stored");
    assert!(matches!(fates[0].fate, ReceiptFate::Matched { number: 2, .. }));
    world.sound().await;
}

#[tokio::test]
async fn a_segment_that_is_being_sent_is_not_leased_again() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let lease = world.lease().await.remove(0);
    world.ended(&lease, AttemptResult::Uncertain { resend: Some(T + 10) }).await;
    // A person lets it go, too: it waits twice.
    let step = Step { number: 1, entry: Entry::new(at(3), Outcome::Queued) };
    world.ledger.advance(world.account, vec![step]).await.expect("legal");
    assert_eq!(world.due().await.len(), 2);
    assert_eq!(world.lease().await.len(), 1);
    assert!(world.due().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn one_receipt_speaks_for_all_segments_of_a_whole_message() {
    for outcome in [Outcome::Delivered, Outcome::Undelivered] {
        let world = World::new().await;
        world.accept(&[3]).await;
        let leases = world.lease().await;
        world.ended(&leases[0], AttemptResult::SubmittedWhole { id: "w".to_owned() }).await;
        for lease in &leases[1..] {
            world.ended(lease, AttemptResult::Submitted { id: String::new() }).await;
        }
        assert_eq!(world.outcome(1).await, Outcome::Submitted);
        let ids = world.ledger.carrier_ids(world.account, vec![1]).await.expect("read");
        assert_eq!(ids.iter().map(|id| (id.part, id.id.as_str())).collect::<Vec<_>>(), [(0, "w")]);
        let fate = world.ledger.receipt(World::receipt("w", outcome)).await.expect("stored");
        assert_eq!(fate, ReceiptFate::Matched { account: world.account, number: 1, part: 0 });
        assert_eq!(world.outcome(1).await, outcome);
        world.sound().await;
    }
}

#[tokio::test]
async fn a_late_answer_settles_a_whole_message() {
    for (settlement, outcome, due) in [
        (taken("w"), Outcome::Submitted, 0),
        (Settlement::Refused, Outcome::RefusedByCarrier, 0),
        (Settlement::NotTaken { due: T + 9 }, Outcome::Queued, 3),
    ] {
        let world = World::new().await;
        world.accept(&[3]).await;
        let leases = world.lease().await;
        for lease in &leases {
            world.doubt(lease).await;
        }
        world.settled(&Lease { part: 0, ..leases[0].clone() }, settlement).await;
        assert_eq!(world.outcome(1).await, outcome);
        assert_eq!(world.due().await.len(), due);
        world.sound().await;
    }
}

#[tokio::test]
async fn what_is_uncertain_may_be_sent_again_segment_by_segment() {
    let world = World::new().await;
    world.accept(&[3]).await;
    let leases = world.lease().await;
    world.ended(&leases[0], AttemptResult::Submitted { id: "a".to_owned() }).await;
    world.doubt(&leases[1]).await;
    world.doubt(&leases[2]).await;
    let step = |outcome, seconds| vec![Step { number: 1, entry: Entry::new(at(seconds), outcome) }];
    world.ledger.advance(world.account, step(Outcome::Queued, 3)).await.expect("legal");
    let due = world.due().await;
    assert_eq!(due.iter().map(|due| (due.part, due.attempts)).collect::<Vec<_>>(), [(2, 1), (3, 1)]);
    for lease in world.lease().await {
        world.ended(&lease, AttemptResult::Submitted { id: lease.part.to_string() }).await;
    }
    assert_eq!(world.outcome(1).await, Outcome::Submitted);
    world.sound().await;
}

#[tokio::test]
async fn what_was_withdrawn_does_not_end_again() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let due = world.due().await;
    world.ledger.cancel(world.account, 1, at(1)).await.expect("canceled");
    world.ended(&lease_of(&due[0], ""), AttemptResult::Ended(Outcome::ExpiredUnsent)).await;
    let message = world.ledger.message(world.account, 1).await.expect("read").expect("there");
    assert_eq!((message.outcome, message.history.len()), (Outcome::Canceled, 2));
}

#[tokio::test]
async fn receipts_come_in_groups() {
    let world = World::new().await;
    world.accept(&[1, 1]).await;
    let leases = world.lease().await;
    world.ended(&leases[0], AttemptResult::Submitted { id: "a".to_owned() }).await;
    let group = ["a", "a", "b", ""].map(|id| World::receipt(id, Outcome::Delivered));
    let fates = world.ledger.receipts(group.to_vec()).await.expect("stored");
    let matched = ReceiptFate::Matched { account: world.account, number: 1, part: 1 };
    let wanted = [matched, ReceiptFate::Repeated, ReceiptFate::Quarantined, ReceiptFate::Quarantined];
    assert_eq!(fates.iter().map(|receipted| receipted.fate).collect::<Vec<_>>(), wanted);
    assert_eq!(fates[0].submitted, Some(at(2)));
    let slice = Slice { limit: 10, ..Slice::default() };
    assert_eq!(world.ledger.unmatched(slice.clone()).await.expect("read").total, 2, "one without an id, too");
    world.ended(&leases[1], AttemptResult::Submitted { id: "b".to_owned() }).await;
    assert_eq!(world.outcome(2).await, Outcome::Delivered);
    assert_eq!(world.ledger.expire_unmatched(at(7)).await.expect("expired"), 1);
    assert_eq!(world.ledger.unmatched(slice).await.expect("read").total, 0);
    world.sound().await;
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    let world = World::new().await;
    let key = Idempotency { key: [1; 32], request: [2; 32] };
    let mut with = submission(vec![mt("46700000001", "Hello", at(0))], at(0));
    with.idempotency = Some(key);
    world.ledger.accept(world.account, with).await.expect("accepted");
    assert_eq!(world.ledger.forget_requests(at(0)).await.expect("forgotten"), 0);
    assert_eq!(world.ledger.forget_requests(at(1)).await.expect("forgotten"), 1);
    assert!(world.ledger.remembered(world.account, key, at(1)).await.expect("read").is_none());
    let lease = world.lease().await.remove(0);
    world.ended(&lease, AttemptResult::Submitted { id: "a".to_owned() }).await;
    let silent = async |outcome: Outcome, until| {
        world.ledger.silent_accounts(outcome.only(), until).await.expect("read")
    };
    assert_eq!(silent(Outcome::Submitted, T).await, [world.account]);
    assert!(silent(Outcome::Uncertain, T).await.is_empty());
    assert!(silent(Outcome::Submitted, T - 86_400).await.is_empty());
    assert_eq!(world.ledger.forget_carrier_ids(at(9)).await.expect("forgotten"), 0, "it may yet come");
    world.ledger.receipt(World::receipt("a", Outcome::Delivered)).await.expect("stored");
    assert_eq!(world.ledger.forget_carrier_ids(at(9)).await.expect("forgotten"), 1);
    assert!(matches!(
        world
            .ledger
            .record_attempts(
                AccountId::new(9).expect("an id"),
                vec![Attempt {
                    lease: lease.clone(),
                    at: at(2),
                    result: AttemptResult::Retry { due: T },
                    code: None,
                    text: None,
                }]
            )
            .await,
        Err(LedgerError::NotFound)
    ));
}
