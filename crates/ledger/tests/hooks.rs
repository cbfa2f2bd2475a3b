//! How far hooks are told, on the embedded engine: positions, tries, what waits for what.

mod support;

use ledger::conformance::{mt, submission};
use ledger::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use ledger::sqlite::{Options, Sqlite};
use ledger::{Changes, Events, LedgerError};
use sms::{AccountId, Micros, Number, Outcome};

const T: u32 = 1_700_000_000;
const HOOK: Number = 3;

struct World {
    ledger: Sqlite,
    account: AccountId,
    directory: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let (directory, ledger, account) = support::store(false, at(0)).await;
        Self { ledger, account, directory }
    }

    async fn record(&self, position: u64, kept: Vec<HookTry>, ended: Vec<u64>) {
        let state = HookState { position, ..HookState::default() };
        self.ledger.record_hook(self.account, HOOK, HookWork { state, kept, ended }).await.expect("recorded");
    }

    async fn tries(&self, which: HookTries) -> Vec<u64> {
        let tries = self.ledger.hook_tries(self.account, HOOK, which, 100).await.expect("read");
        tries.into_iter().map(|one| one.sequence).collect()
    }

    async fn counts(&self) -> HookCounts {
        self.ledger.hook_counts(self.account, HOOK).await.expect("read")
    }
}

fn at(seconds: u32) -> Micros {
    Micros::from_seconds(T + seconds)
}

fn one(sequence: u64, number: Number, due: u32) -> HookTry {
    HookTry {
        sequence,
        number,
        outcome: Outcome::Delivered,
        at: at(1),
        attempts: 1,
        due: at(due),
        dead: false,
        code: Some(500),
        error: "answered with status 500".to_owned(),
    }
}

#[tokio::test]
async fn positions_never_go_back() {
    let World { ledger, account, directory } = World::new().await;
    assert_eq!(ledger.hook_state(account, HOOK).await.expect("read"), None);
    let unknown = ledger.record_hook(account, HOOK, HookWork::default()).await;
    assert!(matches!(unknown, Err(LedgerError::NotFound)), "it has not begun");
    ledger.begin_hook(account, HOOK, 5).await.expect("begun");
    ledger.begin_hook(account, HOOK, 9).await.expect("again");
    let state = |position| HookState { position, last_code: Some(502), failing_since: Some(at(7)) };
    for (told, expected) in [(5, 5), (8, 8), (6, 8)] {
        let work = HookWork { state: state(told), ..HookWork::default() };
        ledger.record_hook(account, HOOK, work).await.expect("recorded");
        assert_eq!(ledger.hook_state(account, HOOK).await.expect("read"), Some(state(expected)));
    }
    ledger.close().expect("closed");
    let ledger = Sqlite::open(directory.path(), Options::default()).expect("open");
    assert_eq!(ledger.hook_state(account, HOOK).await.expect("read"), Some(state(8)));
    ledger.forget_hook(account, HOOK).await.expect("forgotten");
    assert_eq!(ledger.hook_state(account, HOOK).await.expect("read"), None);
}

#[tokio::test]
async fn a_later_event_waits_for_the_earlier_of_its_message() {
    let world = World::new().await;
    world.ledger.begin_hook(world.account, HOOK, 0).await.expect("begun");
    world.record(4, vec![one(1, 10, 50), one(2, 10, 5), one(3, 11, 20), one(4, 10, 6)], vec![]).await;
    assert_eq!(world.tries(HookTries::Due(at(10))).await, Vec::<u64>::new());
    assert_eq!(world.counts().await, HookCounts { waiting: 4, dead: 0, next: Some(at(20)) });
    assert_eq!(world.tries(HookTries::Due(at(50))).await, [3, 1]);
    let busy = world.ledger.hook_busy(world.account, HOOK, vec![9, 10, 11]).await.expect("read");
    assert_eq!(busy, [10, 11]);
    // The first dies, the one of the other message is done with.
    world.record(4, vec![HookTry { dead: true, ..one(1, 10, 60) }], vec![3]).await;
    assert_eq!(world.tries(HookTries::Due(at(10))).await, [2]);
    assert_eq!(world.tries(HookTries::Dead(0)).await, [1]);
    assert_eq!(world.tries(HookTries::Waiting(2)).await, [4]);
    assert_eq!(world.counts().await, HookCounts { waiting: 2, dead: 1, next: Some(at(5)) });
    // Alive again, it comes first.
    let revive = |sequence| world.ledger.revive_hook_tries(world.account, HOOK, sequence, at(70));
    assert_eq!(revive(Some(2)).await.expect("none dead"), 0);
    assert_eq!(revive(None).await.expect("revived"), 1);
    assert_eq!(world.tries(HookTries::Due(at(69))).await, Vec::<u64>::new());
    let due = world.ledger.hook_tries(world.account, HOOK, HookTries::Due(at(70)), 9).await.expect("read");
    assert_eq!(due, [HookTry { attempts: 0, ..one(1, 10, 70) }]);
}

#[tokio::test]
async fn dead_ones_are_dropped_for_their_age_and_with_their_hook() {
    let world = World::new().await;
    world.ledger.begin_hook(world.account, HOOK, 0).await.expect("begun");
    let dead = |sequence, due| HookTry { dead: true, ..one(sequence, 10, due) };
    world.record(3, vec![dead(1, 10), dead(2, 20), one(3, 10, 5)], vec![]).await;
    assert_eq!(world.ledger.expire_hook_tries(at(20)).await.expect("dropped"), 1);
    assert_eq!(world.counts().await, HookCounts { waiting: 1, dead: 1, next: Some(at(5)) });
    world.ledger.forget_hook(world.account, HOOK).await.expect("forgotten");
    assert_eq!(world.counts().await, HookCounts::default());
}

#[tokio::test]
async fn a_batch_that_names_an_address_wants_its_account_to_have_events() {
    let World { ledger, account, .. } = World::new().await;
    assert_eq!(ledger.event_heads().await.expect("read"), []);
    let messages = || vec![mt("46700000001", "Hello", at(0)), mt("46700000002", "Hello", at(0))];
    ledger.accept(account, submission(messages(), at(0))).await.expect("accepted");
    assert_eq!(ledger.event_heads().await.expect("read"), []);
    let mut named = submission(messages(), at(0));
    named.batch.extra.report_url = Some("https://example.com/".to_owned());
    ledger.accept(account, named).await.expect("accepted");
    assert_eq!(ledger.event_heads().await.expect("read"), [(account, 2)]);
    let events = ledger.events(account, 0, 10).await.expect("read");
    let told: Vec<_> = events.iter().map(|event| (event.sequence, event.number, event.outcome)).collect();
    assert_eq!(told, [(1, 3, Outcome::Queued), (2, 4, Outcome::Queued)]);
}
