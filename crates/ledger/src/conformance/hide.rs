//! Deletion and withdrawal.

use sms::{BatchKey, Outcome};

use super::stage::{not_found, refusal};
use super::{Stage, mt};
use crate::change::Hide;
use crate::error::Refusal;
use crate::model::Sum;
use crate::query::{BatchQuery, MessageQuery, Order};

async fn three(stage: &Stage) {
    let at = stage.now();
    let messages = ["46700000001", "46700000002", "46700000003"];
    stage.accept(messages.iter().map(|peer| mt(peer, "Hello", at)).collect()).await;
}

/// A hidden message is gone from every list and its number is never given again.
pub(super) async fn a_message_is_gone_from_every_list(stage: &mut Stage) {
    three(stage).await;
    stage.hear("46700000002", "Hello").await;
    let hidden = stage.ledger().hide(stage.account, Hide::Messages(vec![2, 2, 99, 0, 4])).await;
    assert_eq!(hidden.expect("hidden"), 2, "each once; what does not exist is passed over");
    for _ in 0..2 {
        assert_eq!(stage.ledger().message(stage.account, 2).await.expect("read"), None);
        let peer = || Some("46700000002".to_owned());
        let queries = [
            MessageQuery::default(),
            MessageQuery { order: Order::Number, descending: true, ..MessageQuery::default() },
            MessageQuery { order: Order::Sender, ..MessageQuery::default() },
            MessageQuery { text: Some("hello".to_owned()), ..MessageQuery::default() },
            MessageQuery { numbers: Some(vec![1, 2, 3, 4]), ..MessageQuery::default() },
        ];
        for query in queries {
            let mut left = stage.list(query.clone()).await;
            left.sort_unstable();
            assert_eq!(left, [1, 3], "{query:?}");
            assert_eq!(stage.page(query).await.in_period, 2);
        }
        let of_peer = stage.page(MessageQuery { peer: peer(), ..MessageQuery::default() }).await;
        assert_eq!((of_peer.total, of_peer.first_date), (0, None));
        assert_eq!(
            stage.list(MessageQuery { batch: Some(BatchKey::Mo(4)), ..MessageQuery::default() }).await,
            [0; 0]
        );
        assert_eq!(stage.ledger().batch(stage.account, BatchKey::Mo(4)).await.expect("read"), None);
        let chat = stage.ledger().chat_with(stage.account, "46700000002".to_owned()).await.expect("read");
        let chat = chat.expect("the chat stays");
        assert_eq!((chat.messages, chat.unread, chat.last, chat.last_inbound), (0, 0, None, None));
        stage.reopen();
    }
    assert_eq!(stage.send("4670", "x").await, 5);
    assert_eq!(stage.ledger().hide(stage.account, Hide::Messages(vec![2])).await.expect("again"), 0);
}

/// What waits to be sent is canceled when it is hidden; what was sent keeps its outcome.
pub(super) async fn unsent_messages_are_canceled(stage: &mut Stage) {
    three(stage).await;
    stage.step(1, Outcome::Submitted).await.expect("legal");
    stage.step(2, Outcome::Held).await.expect("legal");
    stage.pass(7);
    stage.ledger().hide(stage.account, Hide::Messages(vec![1, 2])).await.expect("hidden");
    // What a hidden message became is told by what it may still become: the canceled one notes whatever
    // contradicts it, the submitted one refuses to go back.
    stage.steps(2, &[Outcome::Submitted, Outcome::Queued]).await;
    let back = refusal(stage.step(1, Outcome::Queued).await);
    assert_eq!(back, Refusal::IllegalStep { from: Outcome::Submitted, to: Outcome::Queued });
}

/// A batch goes with all its messages, and its sums with it.
pub(super) async fn a_batch_goes_with_all_its_messages(stage: &mut Stage) {
    three(stage).await;
    stage.send("46700000001", "stays").await;
    let ledger = || stage.ledger();
    not_found(ledger().hide(stage.account, Hide::Batch(3)).await);
    not_found(ledger().hide(stage.account, Hide::Batch(0)).await);
    ledger().hide(stage.account, Hide::Messages(vec![2])).await.expect("hidden");
    assert_eq!(ledger().hide(stage.account, Hide::Batch(1)).await.expect("hidden"), 2);
    not_found(ledger().hide(stage.account, Hide::Batch(1)).await);
    not_found(ledger().cancel(stage.account, 1, stage.now()).await);
    for _ in 0..2 {
        let key = BatchKey::Mt(1);
        assert_eq!(stage.ledger().batch(stage.account, key).await.expect("read"), None);
        let found = stage.ledger().batches_by_key(stage.account, vec![key, BatchKey::Mt(2)]).await;
        assert_eq!(found.expect("read").into_keys().collect::<Vec<_>>(), [BatchKey::Mt(2)]);
        assert_eq!(stage.list(MessageQuery { batch: Some(key), ..MessageQuery::default() }).await, [0; 0]);
        assert_eq!(stage.list(MessageQuery::default()).await, [4]);
        let query = BatchQuery { limit: 9, ..BatchQuery::default() };
        let page = stage.ledger().batches(stage.account, query).await.expect("page");
        assert_eq!((page.total, page.items.len()), (1, 1));
        stage.reopen();
    }
}

/// Visible sums fall by what is hidden.
pub(super) async fn visible_sums_fall(stage: &mut Stage) {
    three(stage).await;
    stage.steps(1, &[Outcome::Submitted, Outcome::Delivered]).await;
    stage.ledger().hide(stage.account, Hide::Messages(vec![1, 3])).await.expect("hidden");
    let batch = stage.ledger().batch(stage.account, BatchKey::Mt(1)).await.expect("read").expect("there");
    let one = Sum { messages: 1, segments: 1, price: 41_600 };
    assert_eq!(batch.sums, [(Outcome::Queued, one)]);
    assert_eq!(batch.first, 1, "its first message, though hidden, is its first");
    let sums = stage.ledger().sums(stage.account, MessageQuery::default()).await.expect("sums");
    assert_eq!(sums, [(sms::Direction::Mt, Outcome::Queued, one)]);
    // All of them hidden one by one: the batch itself is not.
    stage.ledger().hide(stage.account, Hide::Messages(vec![2])).await.expect("hidden");
    let batch = stage.ledger().batch(stage.account, BatchKey::Mt(1)).await.expect("read").expect("there");
    assert!(batch.sums.is_empty());
}

/// Hiding the newest of a chat makes the one before it the newest.
pub(super) async fn a_chat_falls_back_to_what_is_left(stage: &mut Stage) {
    let mut dates = Vec::new();
    for body in ["one", "two", "three"] {
        dates.push(stage.now().seconds());
        stage.hear("4670", body).await;
        stage.pass(1);
    }
    stage.send("4670", "four").await;
    let chat = || async {
        stage.ledger().chat_with(stage.account, "4670".to_owned()).await.expect("read").expect("there")
    };
    for (hide, messages, unread, last, inbound) in [
        (3, 3, 2, Some(4), Some(1)),
        (4, 2, 2, Some(2), Some(1)),
        (1, 1, 1, Some(2), Some(1)),
        (2, 0, 0, None, None),
    ] {
        stage.ledger().hide(stage.account, Hide::Messages(vec![hide])).await.expect("hidden");
        let chat = chat().await;
        assert_eq!((chat.messages, chat.unread, chat.last), (messages, unread, last), "after {hide}");
        assert_eq!(chat.last_inbound, inbound.map(|index: usize| dates[index]));
    }
}

/// Canceling withdraws what is not sent; the batch stays readable.
pub(super) async fn canceling_withdraws_what_waits(stage: &mut Stage) {
    three(stage).await;
    stage.step(1, Outcome::Submitted).await.expect("legal");
    stage.step(2, Outcome::Held).await.expect("legal");
    stage.pass(5);
    let cancel = |batch| stage.ledger().cancel(stage.account, batch, stage.now());
    assert_eq!(cancel(1).await.expect("canceled"), 2);
    assert_eq!(cancel(1).await.expect("nothing left"), 0);
    not_found(cancel(2).await);
    let page = stage.page(MessageQuery { limit: 9, ..MessageQuery::default() }).await;
    let outcomes: Vec<Outcome> = page.messages.iter().map(|message| message.outcome).collect();
    assert_eq!(outcomes, [Outcome::Submitted, Outcome::Canceled, Outcome::Canceled]);
    assert_eq!(page.messages[2].modified(), stage.now());
    let batch = stage.ledger().batch(stage.account, BatchKey::Mt(1)).await.expect("read").expect("there");
    let messages: Vec<_> = batch.sums.iter().map(|(outcome, sum)| (*outcome, sum.messages)).collect();
    assert_eq!(messages, [(Outcome::Submitted, 1), (Outcome::Canceled, 2)]);
}
