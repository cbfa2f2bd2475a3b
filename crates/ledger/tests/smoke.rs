//! The first things anybody does.

mod support;

use ledger::change::Hide;
use ledger::conformance::{mo, mt, submission};
use ledger::query::MessageQuery;
use ledger::{Changes, Ledger, Reading, WayIn};
use sms::Micros;

#[tokio::test]
async fn write_and_read() {
    let at = Micros::from_seconds(1_700_000_000);
    let (_directory, ledger, account) = support::store(false, at).await;
    let accepted = ledger
        .accept(account, submission(vec![mt("46700000001", "Hello", at), mt("46700000002", "Hello", at)], at))
        .await
        .expect("accept");
    assert_eq!((accepted.first, accepted.count, accepted.batch), (1, 2, 1));
    ledger.receive(account, mo("46700000001", "Thanks", at)).await.expect("receive");
    let query = MessageQuery { limit: 10, ..MessageQuery::default() };
    let page = ledger.messages(account, query.clone()).await.expect("page");
    assert_eq!(page.total, 3);
    assert_eq!(page.messages[2].body, "Thanks");
    assert_eq!(ledger.hide(account, Hide::Batch(1)).await.expect("hide"), 2);
    let page = ledger.messages(account, query).await.expect("page");
    assert_eq!(page.total, 1);
    let report = ledger.check(Box::new(|_| {})).await.expect("check");
    assert!(report.is_sound(), "{:?}", report.broken);
    ledger.close().expect("close");
}
