//! Writes that wait together become one commit, and yet stand alone.

use sms::{AccountId, Number};

use super::{Stage, mo, mt, submission};
use crate::change::Hide;
use crate::error::{LedgerError, Refusal};
use crate::model::{Message, Network};
use crate::query::MessageQuery;

/// Runs futures side by side to their ends.
async fn together<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, done) in &mut waiting {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}

/// Refused writes harm nobody else: the others' numbers are dense, and all is kept that was answered.
pub(super) async fn a_refused_write_harms_no_other(stage: &mut Stage) {
    let stage = &*stage;
    let at = stage.now();
    let other = stage.account("other").await;
    let write = |index: usize| async move {
        let account = if index.is_multiple_of(5) { other } else { stage.account };
        let named = |name: &str| Network { name: Some(name.to_owned()), ..Network::default() };
        let good = Message { network: named("good"), ..mt("4601", "good", at) };
        let bad = Message { network: named(&format!("bad {index}")), program: 99, ..mt("4602", "bad", at) };
        let fresh = Message { network: named(&format!("fresh {index}")), ..mt("4603", "good", at) };
        let messages = if index.is_multiple_of(3) { vec![good, bad] } else { vec![good, fresh] };
        let mut submission = submission(messages, at);
        submission.open_chats = true;
        (account, stage.ledger().accept(account, submission).await)
    };
    let done = together((0..60).map(write).collect()).await;
    let mut given: Vec<(AccountId, Number)> = Vec::new();
    for (index, (account, result)) in done.into_iter().enumerate() {
        match result {
            Ok(accepted) => {
                given.extend((accepted.first..accepted.first + accepted.count).map(|n| (account, n)));
            }
            Err(LedgerError::Refused(Refusal::NoProgram(99))) => assert_eq!(index % 3, 0),
            Err(error) => panic!("{error}"),
        }
    }
    given.sort_unstable();
    let dense = |account, count| (1..=count).map(move |number| (account, number));
    assert!(given.iter().copied().eq(dense(stage.account, 64).chain(dense(other, 16))));
    let page = stage.page(MessageQuery { limit: 99, ..MessageQuery::default() }).await;
    assert_eq!(page.total, 64);
    assert!(page.messages.iter().all(|message| message.body == "good" && !message.network.is_unknown()));
    let bad = stage.ledger().chat_with(stage.account, "4602".to_owned()).await.expect("read");
    assert_eq!(bad, None);
}

/// Writes of every kind side by side.
pub(super) async fn kinds_mix(stage: &mut Stage) {
    let stage = &*stage;
    let at = stage.now();
    for _ in 0..10 {
        stage.accept(vec![mt("4601", "first", at), mt("4602", "first", at)]).await;
    }
    let write = |index: u32| async move {
        let ledger = stage.ledger();
        let account = stage.account;
        match index % 5 {
            0 => ledger.accept(account, submission(vec![mt("4601", "x", at)], at)).await.map(drop),
            1 => ledger.receive(account, mo("4601", "x", at)).await.map(drop),
            2 => ledger.hide(account, Hide::Batch(index / 5 + 1)).await.map(drop),
            3 => stage.step(index / 5 * 2 + 1, sms::Outcome::Submitted).await,
            _ => ledger.mark_chats(account, None, crate::change::ChatMark::Read).await.map(drop),
        }
    };
    for done in together((0..50).map(write).collect()).await {
        done.expect("none can be refused");
    }
    let page = stage.page(MessageQuery { limit: 99, ..MessageQuery::default() }).await;
    assert_eq!((page.total, page.bound), (20, 40));
}

/// A reading sees every write that was answered before it began.
pub(super) async fn what_was_answered_is_seen(stage: &mut Stage) {
    for number in 1..=30 {
        assert_eq!(stage.send("4601", "x").await, number);
        let page = stage.page(MessageQuery { descending: true, limit: 9, ..MessageQuery::default() }).await;
        assert_eq!((page.total, page.bound, page.messages[0].number), (1, number, number));
        stage.ledger().hide(stage.account, Hide::Messages(vec![number])).await.expect("hidden");
        assert_eq!(stage.page(MessageQuery::default()).await.total, 0);
    }
}
