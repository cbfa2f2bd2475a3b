//! Which MT an MO answers.

use sms::{Number, Outcome};

use super::import::{past, row};
use super::{Stage, mo};
use crate::change::{Hide, ImportRow};

async fn answered(stage: &Stage, replies: &[Number]) -> Vec<(Number, Number)> {
    let found = stage.ledger().answered(stage.account, replies.to_vec()).await.expect("read");
    let mut pairs: Vec<_> = found.into_iter().map(|(reply, sent)| (reply, sent.number)).collect();
    pairs.sort_unstable();
    pairs
}

/// The newest visible one that was submitted to the peer before it.
pub(super) async fn the_newest_submitted_before(stage: &mut Stage) {
    for (number, peer) in [(1, "4601"), (2, "4602"), (3, "4601")] {
        assert_eq!(stage.send(peer, "x").await, number);
        stage.step(number, Outcome::Submitted).await.expect("legal");
    }
    stage.send("4601", "never left").await;
    stage.hear("4601", "a").await;
    stage.hear("4602", "b").await;
    stage.hear("4603", "nobody wrote").await;
    stage.send("4601", "after").await;
    stage.step(8, Outcome::Submitted).await.expect("legal");
    stage.hear("4601", "c").await;
    let all: Vec<Number> = (0..12).collect();
    for _ in 0..2 {
        assert_eq!(answered(stage, &all).await, [(5, 3), (6, 2), (9, 8)]);
        assert_eq!(answered(stage, &[6]).await, [(6, 2)]);
        assert_eq!(answered(stage, &[5, 9, 5]).await, [(5, 3), (9, 8)]);
        assert_eq!(answered(stage, &[]).await, []);
        stage.reopen();
    }
    stage.ledger().hide(stage.account, Hide::Messages(vec![3, 9])).await.expect("hidden");
    assert_eq!(answered(stage, &all).await, [(5, 1), (6, 2)]);
    stage.step(8, Outcome::Delivered).await.expect("legal");
    assert_eq!(answered(stage, &all).await, [(5, 1), (6, 2)]);
}

/// The one it names, whatever was sent since; and none, when that one was deleted.
pub(super) async fn the_one_it_names(stage: &mut Stage) {
    let sent = [Outcome::Submitted, Outcome::Delivered];
    let reply = mo("46700000001", "yes", stage.now());
    let named = ImportRow { answers: super::import::answers(1, None), ..row(3, reply.clone()) };
    let rows = vec![row(1, past(-90, &sent)), row(2, past(-80, &sent)), named, row(4, reply)];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    assert_eq!(answered(stage, &[3, 4]).await, [(3, 1), (4, 2)]);
    stage.ledger().hide(stage.account, Hide::Messages(vec![1])).await.expect("hidden");
    assert_eq!(answered(stage, &[3, 4]).await, [(4, 2)]);
}

/// Before and after go by date: history that came later may lie before.
pub(super) async fn by_date(stage: &mut Stage) {
    stage.hear("46700000001", "first").await;
    assert_eq!(answered(stage, &[1]).await, []);
    let sent = [Outcome::Submitted, Outcome::Delivered];
    let rows = vec![
        row(1, past(-90, &sent)),
        row(2, past(90, &sent)),
        row(3, mo("46700000001", "x", stage.later(95))),
    ];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    for _ in 0..2 {
        assert_eq!(answered(stage, &[1, 4]).await, [(1, 2), (4, 3)]);
        stage.pass(100);
    }
}

/// What is dated ahead is answered by date, too, whatever came first.
pub(super) async fn ahead_of_the_clock(stage: &mut Stage) {
    let sent = [Outcome::Submitted, Outcome::Delivered];
    let rows = vec![
        row(1, past(-90, &sent)),
        row(2, mo("46700000001", "x", stage.later(95))),
        row(3, past(90, &sent)),
        row(4, past(99, &sent)),
    ];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    for _ in 0..2 {
        assert_eq!(answered(stage, &[2]).await, [(2, 3)]);
        stage.pass(100);
    }
}
