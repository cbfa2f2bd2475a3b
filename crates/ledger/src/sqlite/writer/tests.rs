//! Writes that break, in the midst of others.

use std::sync::mpsc::sync_channel;

use sms::Micros;

use super::*;
use crate::change::NewAccount;
use crate::conformance::{mt, submission};
use crate::sqlite::{Options, Sqlite, submit};
use crate::traits::{Accounts, Ledger, Reading};

struct Bench {
    _directory: tempfile::TempDir,
    ledger: Sqlite,
    account: AccountId,
}

async fn bench() -> Bench {
    let directory = tempfile::tempdir().expect("directory");
    let ledger = Sqlite::open(directory.path(), Options::default()).expect("open");
    let new = NewAccount {
        name: "acme".to_owned(),
        username: "acme".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        prepaid: false,
        at: Micros::from_seconds(1_700_000_000),
    };
    let account = ledger.create_account(new).await.expect("account").id;
    Bench { _directory: directory, ledger, account }
}

impl Bench {
    /// Lets `writes` be enqueued while the writer is held, so that they become one group.
    async fn in_one_group<T>(&self, writes: impl Future<Output = T>, enqueued: impl FnOnce()) -> T {
        let (begun, has_begun) = sync_channel::<()>(1);
        let (go, may_go) = sync_channel::<()>(1);
        let held = self.ledger.writer.run(move |_| {
            begun.send(()).map_err(|_| LedgerError::Busy)?;
            may_go.recv().map_err(|_| LedgerError::Busy)
        });
        let writes = async {
            while has_begun.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            let release = async {
                enqueued();
                go.send(()).expect("held");
            };
            // Polled in this order: the writes are enqueued before the writer is released.
            tokio::join!(biased; writes, release).0
        };
        let (held, done) = tokio::join!(held, writes);
        held.expect("held");
        done
    }

    async fn accept(&self, then: impl FnOnce(&mut Transaction<'_>) + Send + 'static) -> Result<u32> {
        let (account, at) = (self.account, Micros::from_seconds(1_700_000_000));
        let mut message = mt("4670", "x", at);
        message.network.name = Some(format!("{:p}", &then));
        let write = move |t: &mut Transaction<'_>| {
            let (accepted, _) = submit::accept(t, account, submission(vec![message], at), &[])?;
            then(t);
            Ok(accepted.first)
        };
        self.ledger.writer.write(1, write).await
    }

    async fn is_sound(&self) {
        self.ledger.messages(self.account, crate::query::MessageQuery::default()).await.expect("page");
        let report = self.ledger.check(Box::new(|_| {})).await.expect("check");
        assert!(report.is_sound(), "{:#?}", report.broken);
    }
}

#[tokio::test]
async fn a_write_that_panics_harms_no_other() {
    let bench = bench().await;
    let writes = async {
        tokio::join!(biased; bench.accept(|_| {}), bench.accept(|_| panic!("a defect")), bench.accept(|_| {}))
    };
    let (first, broken, second) = bench.in_one_group(writes, || {}).await;
    assert_eq!((first.expect("accepted"), second.expect("accepted")), (1, 2));
    assert!(matches!(broken, Err(LedgerError::Store(_))));
    bench.is_sound().await;
}

#[tokio::test]
async fn a_transaction_that_is_gone_commits_nothing_more() {
    let bench = bench().await;
    assert_eq!(bench.accept(|_| {}).await.expect("accepted"), 1);
    // SQLite itself rolls back when the disk is full.
    let full = |t: &mut Transaction<'_>| t.conn.execute_batch("ROLLBACK").expect("rolled back");
    let writes =
        async { tokio::join!(biased; bench.accept(|_| {}), bench.accept(full), bench.accept(|_| {})) };
    let (first, fatal, second) = bench.in_one_group(writes, || {}).await;
    for result in [first, fatal, second] {
        assert!(matches!(result, Err(LedgerError::Store(_))), "{result:?}");
    }
    bench.is_sound().await;
    assert_eq!(bench.accept(|_| {}).await.expect("accepted"), 2);
    bench.is_sound().await;
}

#[tokio::test]
async fn nobody_waits_for_a_writer_that_died() {
    let bench = bench().await;
    // As the thread's own end does.
    let dies = || bench.ledger.writer.shared.queue().live.clear();
    let accepted = bench.in_one_group(bench.accept(|_| {}), dies).await;
    assert!(matches!(accepted, Err(LedgerError::Store(_))), "{accepted:?}");
}
