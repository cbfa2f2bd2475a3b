//! The way out and back on the embedded engine: outbox, leases, attempts, receipts, events.

mod support;

use ledger::conformance::{mt, submission};
use ledger::model::Entry;
use ledger::outbound::{AttemptResult, Lease, ReceiptFate, ReceiptRecord, Settlement};
use ledger::people::{Document, OptOut, Slice};
use ledger::sqlite::{Options, Sqlite};
use ledger::{Changes, Documents, Events, LedgerError, People, Reading, Refusal, WayOut};
use sms::{Note, Outcome};
use support::world::{T, World, at};

impl World {
    async fn taken(&self, lease: &Lease, id: &str) {
        self.ended(lease, AttemptResult::Submitted { id: id.to_owned() }).await;
    }

    async fn receipt(&self, ids: &[&str], outcome: Outcome) -> ReceiptFate {
        let record = ReceiptRecord {
            carrier: "north".to_owned(),
            ids: (0..).zip(ids).map(|(form, id)| (form, (*id).to_owned())).collect(),
            outcome,
            code: Some("000".to_owned()),
            text: None,
            at: at(5),
            received: at(6),
            raw: format!("id:{} stat:{outcome}", ids[0]).into_bytes(),
        };
        self.ledger.receipt(record).await.expect("stored")
    }

    async fn history(&self, number: u32) -> Vec<Outcome> {
        let message = self.ledger.message(self.account, number).await.expect("read").expect("there");
        message.history.iter().filter_map(Entry::outcome).collect()
    }
}

#[tokio::test]
async fn a_receipt_that_waited_is_counted_where_its_message_has_it_already() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let lease = world.lease().await.remove(0);
    world.taken(&lease, "x1").await;
    assert!(matches!(world.receipt(&["x1"], Outcome::Delivered).await, ReceiptFate::Matched { .. }));
    // The id is forgotten, and the receipt comes again, and again.
    assert_eq!(world.ledger.forget_carrier_ids(at(100)).await.expect("forgotten"), 1);
    assert_eq!(world.receipt(&["x1"], Outcome::Delivered).await, ReceiptFate::Quarantined);
    assert_eq!(world.receipt(&["x1"], Outcome::Delivered).await, ReceiptFate::Repeated);
    // A late answer brings the id back.
    world.ended(&lease, AttemptResult::Settled(Settlement::Taken { id: "x1".to_owned() })).await;
    assert_eq!(world.ledger.unmatched(Slice::default()).await.expect("read").total, 0);
    assert_eq!(world.receipt(&["x1"], Outcome::Delivered).await, ReceiptFate::Repeated);
    assert_eq!(
        world.history(1).await,
        [Outcome::Queued, Outcome::Sending, Outcome::Submitted, Outcome::Delivered]
    );
    world.sound().await;
}

#[tokio::test]
async fn a_message_goes_out_and_its_receipt_comes_back() {
    let world = World::new().await;
    world.accept(&[1, 1]).await;
    assert_eq!(world.ledger.due_accounts(T - 1).await.expect("read"), []);
    assert_eq!(world.ledger.due_accounts(T).await.expect("read"), [world.account]);
    let leases = world.lease().await;
    assert_eq!(leases.len(), 2);
    assert_eq!(world.outcome(1).await, Outcome::Sending);
    assert!(world.lease().await.is_empty(), "nothing is leased twice");
    assert_eq!(world.ledger.due_accounts(T + 1).await.expect("read"), []);
    world.taken(&leases[0], "A1").await;
    world.taken(&leases[1], "A2").await;
    let fate = world.receipt(&["A1"], Outcome::Delivered).await;
    assert_eq!(fate, ReceiptFate::Matched { account: world.account, number: 1, part: 1 });
    assert_eq!(
        world.history(1).await,
        [Outcome::Queued, Outcome::Sending, Outcome::Submitted, Outcome::Delivered]
    );
    assert_eq!(world.outcome(2).await, Outcome::Submitted);
    assert_eq!(world.receipt(&["A1"], Outcome::Delivered).await, ReceiptFate::Repeated);
    world.receipt(&["A1"], Outcome::Undelivered).await;
    let message = world.ledger.message(world.account, 1).await.expect("read").expect("there");
    assert_eq!(message.outcome, Outcome::Delivered, "a final outcome is never left");
    let last = message.history.last().expect("an entry");
    assert_eq!(last.word, ledger::model::Word::Note(Note::Contradiction));
    world.sound().await;
}

#[tokio::test]
async fn a_receipt_may_come_before_the_answer_to_its_submission() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let leases = world.lease().await;
    assert_eq!(world.receipt(&["b7", "183"], Outcome::Delivered).await, ReceiptFate::Quarantined);
    let slice = Slice { limit: 10, ..Slice::default() };
    let waiting = world.ledger.unmatched(slice.clone()).await.expect("read");
    assert_eq!((waiting.total, waiting.items[0].id.as_str()), (1, "b7"));
    world.taken(&leases[0], "183").await;
    assert_eq!(world.outcome(1).await, Outcome::Delivered, "matched by another form of the id");
    assert_eq!(world.ledger.unmatched(slice.clone()).await.expect("read").total, 0);
    assert_eq!(world.receipt(&["zz"], Outcome::Delivered).await, ReceiptFate::Quarantined);
    assert_eq!(world.ledger.expire_unmatched(at(6)).await.expect("expired"), 0);
    assert_eq!(world.ledger.expire_unmatched(at(7)).await.expect("expired"), 1);
    assert_eq!(world.ledger.unmatched(slice).await.expect("read").total, 0);
    world.sound().await;
}

#[tokio::test]
async fn an_ambiguous_receipt_waits_until_the_carriers_form_is_known() {
    let world = World::new().await;
    world.accept(&[1, 1, 1]).await;
    let leases = world.lease().await;
    world.taken(&leases[0], "10").await;
    world.taken(&leases[1], "16").await;
    world.taken(&leases[2], "20").await;
    // "10" may be itself or hexadecimal for "16".
    assert_eq!(world.receipt(&["10", "16"], Outcome::Delivered).await, ReceiptFate::Quarantined);
    world.receipt(&["14", "20"], Outcome::Delivered).await;
    assert_eq!(world.outcome(3).await, Outcome::Delivered);
    let fate = world.receipt(&["10", "16"], Outcome::Undelivered).await;
    assert_eq!(fate, ReceiptFate::Matched { account: world.account, number: 2, part: 1 });
}

#[tokio::test]
async fn segments_roll_up_into_their_message() {
    let world = World::new().await;
    world.accept(&[2]).await;
    let leases = world.lease().await;
    assert_eq!(leases.iter().map(|lease| lease.part).collect::<Vec<_>>(), [1, 2]);
    world.taken(&leases[0], "p1").await;
    assert_eq!(world.outcome(1).await, Outcome::Sending);
    world.taken(&leases[1], "p2").await;
    assert_eq!(world.outcome(1).await, Outcome::Submitted);
    world.receipt(&["p2"], Outcome::Delivered).await;
    assert_eq!(world.outcome(1).await, Outcome::Submitted);
    world.receipt(&["p1"], Outcome::Undelivered).await;
    assert_eq!(world.outcome(1).await, Outcome::Undelivered);
    world.sound().await;
}

#[tokio::test]
async fn attempts_end_in_every_way() {
    let world = World::new().await;
    world.accept(&[1, 1, 1, 1]).await;
    let leases = world.lease().await;
    world.ended(&leases[0], AttemptResult::Retry { due: T + 50 }).await;
    world.ended(&leases[1], AttemptResult::Ended(Outcome::RefusedByCarrier)).await;
    world.ended(&leases[2], AttemptResult::Uncertain { resend: None }).await;
    world.ended(&leases[3], AttemptResult::Uncertain { resend: Some(T + 60) }).await;
    assert_eq!(world.outcome(1).await, Outcome::Queued);
    assert_eq!(world.outcome(2).await, Outcome::RefusedByCarrier);
    assert_eq!(world.outcome(3).await, Outcome::Uncertain);
    assert_eq!(world.outcome(4).await, Outcome::Uncertain);
    let due = world.ledger.due(world.account, T + 55, 10).await.expect("due");
    assert_eq!(due.iter().map(|due| (due.message.number, due.attempts)).collect::<Vec<_>>(), [(1, 1)]);
    let again = world.lease().await;
    assert_eq!(again.iter().map(|lease| lease.number).collect::<Vec<_>>(), [1, 4]);
    world.taken(&again[1], "second").await;
    assert_eq!(world.outcome(4).await, Outcome::Submitted);
    world.sound().await;
}

#[tokio::test]
async fn what_was_withdrawn_is_not_leased() {
    let world = World::new().await;
    world.accept(&[1, 1]).await;
    let due = world.ledger.due(world.account, T, 10).await.expect("due");
    assert_eq!(world.ledger.cancel(world.account, 1, at(1)).await.expect("canceled"), 2);
    let leases = due.into_iter().map(|due| Lease {
        number: due.message.number,
        part: due.part,
        due: due.due,
        carrier: String::new(),
    });
    assert_eq!(world.ledger.lease(world.account, leases.collect(), at(2)).await.expect("leased"), []);
    assert_eq!(world.outcome(1).await, Outcome::Canceled);
    world.sound().await;
}

#[tokio::test]
async fn leases_outlive_the_process() {
    let world = World::new().await;
    world.accept(&[1]).await;
    let leases = world.lease().await;
    world.ledger.close().expect("closed");
    let ledger = Sqlite::open(world.directory.path(), Options::default()).expect("open");
    let open = ledger.open_leases().await.expect("read");
    assert_eq!(open.iter().map(|open| &open.lease).collect::<Vec<_>>(), leases.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn events_are_kept_for_those_who_want_them() {
    let world = World::new().await;
    world.accept(&[1]).await;
    world.ledger.set_wants_events(world.account, true).await.expect("set");
    let leases = world.lease().await;
    world.taken(&leases[0], "A").await;
    world.receipt(&["A"], Outcome::Delivered).await;
    let events = world.ledger.events(world.account, 0, 10).await.expect("read");
    let told: Vec<_> = events.iter().map(|event| (event.sequence, event.outcome)).collect();
    assert_eq!(told, [(1, Outcome::Sending), (2, Outcome::Submitted), (3, Outcome::Delivered)]);
    world.ledger.forget_events(world.account, 2).await.expect("forgotten");
    assert_eq!(world.ledger.events(world.account, 0, 10).await.expect("read").len(), 1);
}

#[tokio::test]
async fn documents_and_opt_outs() {
    let world = World::new().await;
    let (ledger, account) = (&world.ledger, world.account);
    let document =
        |number, name: &str| Document { number, name: Some(name.to_owned()), body: "{}".to_owned() };
    let put = |kind: &str, document| ledger.put_document(account, kind.to_owned(), document);
    assert_eq!(put("template", document(0, "a")).await.expect("put"), 1);
    assert_eq!(put("template", document(0, "b")).await.expect("put"), 2);
    assert_eq!(put("list", document(0, "a")).await.expect("another kind"), 1);
    assert!(matches!(put("template", document(2, "a")).await, Err(LedgerError::Refused(Refusal::Taken(_)))));
    assert!(matches!(put("template", document(9, "x")).await, Err(LedgerError::NotFound)));
    ledger.remove_document(account, "template".to_owned(), 2).await.expect("removed");
    assert_eq!(put("template", document(0, "b")).await.expect("put"), 3, "numbers are never used twice");
    let slice = Slice { descending: true, limit: 1, ..Slice::default() };
    let page = ledger.documents(account, "template".to_owned(), slice.clone()).await.expect("read");
    assert_eq!((page.total, page.items[0].number), (2, 3));
    put("template", Document { number: 0, name: None, body: "x".repeat(99) }).await.expect("put");
    for (after, octets, expected) in
        [(0, 0, &[1][..]), (0, 3, &[1, 3]), (0, 5, &[1, 3, 4]), (1, 50, &[3, 4]), (3, 1, &[4]), (4, 9, &[])]
    {
        let read = ledger.documents_after(account, "template".to_owned(), after, octets).await.expect("read");
        let numbers: Vec<_> = read.iter().map(|document| document.number).collect();
        assert_eq!(numbers, expected, "{octets} octets after {after}");
    }

    let opt_out = |phone: &str| OptOut {
        number: 0,
        phone: phone.to_owned(),
        since: at(1),
        source: "stop".to_owned(),
        message: None,
    };
    assert_eq!(ledger.opt_out(account, opt_out("461")).await.expect("added"), 1);
    assert_eq!(ledger.opt_out(account, opt_out("461")).await.expect("known"), 1);
    let phones = vec!["461".to_owned(), "462".to_owned()];
    assert_eq!(ledger.opted_out(account, phones).await.expect("read").len(), 1);
    ledger.lift_opt_out(account, "461".to_owned(), at(2)).await.expect("lifted");
    assert!(matches!(
        ledger.lift_opt_out(account, "461".to_owned(), at(2)).await,
        Err(LedgerError::NotFound)
    ));
    assert_eq!(ledger.opt_out(account, opt_out("461")).await.expect("added"), 2);
    assert_eq!(ledger.opt_outs(account, slice).await.expect("read").items[0].number, 2);
}

#[tokio::test]
async fn what_is_held_is_not_due_until_it_is_released() {
    let world = World::new().await;
    let held = || ledger::model::Message { outcome: Outcome::Held, ..mt("46700000001", "Hello", at(0)) };
    world.ledger.accept(world.account, submission(vec![held(), held()], at(0))).await.expect("accepted");
    world.accept(&[1]).await;
    assert_eq!(world.lease().await.iter().map(|lease| lease.number).collect::<Vec<_>>(), [3]);
    let step = |number, outcome| ledger::change::Step { number, entry: Entry::new(at(1), outcome) };
    let steps = vec![step(1, Outcome::Queued), step(2, Outcome::DeniedModerator)];
    world.ledger.advance(world.account, steps).await.expect("legal");
    world.sound().await;
    let leases = world.lease().await;
    assert_eq!(leases.iter().map(|lease| (lease.number, lease.due)).collect::<Vec<_>>(), [(1, T)]);
    // Held again while it waits, it is not due either.
    world.accept(&[2]).await;
    world.ledger.advance(world.account, vec![step(4, Outcome::Held)]).await.expect("legal");
    assert!(world.lease().await.is_empty());
    world.ledger.advance(world.account, vec![step(4, Outcome::Canceled)]).await.expect("legal");
    world.sound().await;
}
