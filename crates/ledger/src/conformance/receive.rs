//! Messages from handsets.

use sms::{BatchKey, Direction, Money, Outcome};

use super::stage::refusal;
use super::{Stage, mo, mt, submission};
use crate::change::Idempotency;
use crate::error::Refusal;
use crate::model::{ChatStatus, Message, Sum};
use crate::query::{BatchQuery, MessageQuery};

/// The first word of a peer opens a chat; the next finds it.
pub(super) async fn an_mo_opens_a_chat(stage: &mut Stage) {
    let first = stage.hear("46700000001", "Hi").await;
    let other = stage.hear("46700000002", "Hi").await;
    stage.pass(5);
    let second = stage.hear("46700000001", "Hi again").await;
    assert_eq!((first.number, other.number, second.number), (1, 2, 3));
    assert_eq!((first.chat, other.chat, second.chat), (1, 2, 1));
    stage.reopen();
    let chat = stage.ledger().chat_with(stage.account, "46700000001".to_owned()).await.expect("read");
    let chat = chat.expect("opened");
    assert_eq!((chat.number, chat.unread, chat.messages, chat.last), (1, 2, 2, Some(3)));
    assert_eq!((chat.last_inbound, chat.opened), (Some(stage.now().seconds()), stage.later(-5)));
}

/// A chat that was closed or deleted is opened again by a new MO, and is the same chat.
pub(super) async fn an_mo_reopens_its_chat(stage: &mut Stage) {
    let ledger = || stage.ledger();
    for status in [ChatStatus::Closed, ChatStatus::Deleted] {
        let chat = stage.hear("46700000001", "Hi").await.chat;
        let mark = crate::change::ChatMark::Status(status);
        assert_eq!(ledger().mark_chats(stage.account, Some(vec![chat]), mark).await.expect("marked"), 1);
        let found = ledger().chat_with(stage.account, "46700000001".to_owned()).await.expect("read");
        assert_eq!(found.expect("whatever its status").status, status);
        assert_eq!(stage.hear("46700000001", "Hi").await.chat, chat);
        let found = ledger().chat_with(stage.account, "46700000001".to_owned()).await.expect("read");
        assert_eq!(found.expect("there").status, ChatStatus::Active);
    }
}

/// An MO is a batch of one of its own kind, absent from the submissions.
pub(super) async fn an_mo_is_a_batch_of_one(stage: &mut Stage) {
    let message = Message {
        segments: 2,
        price: Money::from_millionths(5),
        reference: Some("ref".to_owned()),
        flash: true,
        priority: 2,
        ..mo("46700000001", "Hi", stage.now())
    };
    let number = stage.ledger().receive(stage.account, message).await.expect("received").number;
    let key = BatchKey::Mo(number);
    assert_eq!(stage.message(number).await.batch, key);
    let batch = stage.ledger().batch(stage.account, key).await.expect("read").expect("there");
    assert_eq!(
        (batch.text.as_str(), batch.sender.as_deref(), batch.first),
        ("Hi", Some("46700000001"), number)
    );
    let sum = Sum { messages: 1, segments: 2, price: 5 };
    assert_eq!((batch.sums, batch.flash, batch.priority), (vec![(Outcome::Received, sum)], true, 2));
    assert_eq!(stage.ledger().batch(stage.account, BatchKey::Mt(number)).await.expect("read"), None);
    let all = BatchQuery { limit: 9, ..BatchQuery::default() };
    assert_eq!(stage.ledger().batches(stage.account, all.clone()).await.expect("page").total, 1);
    let submissions = BatchQuery { submissions_only: true, ..all };
    assert_eq!(stage.ledger().batches(stage.account, submissions).await.expect("page").total, 0);
}

/// An MO whose parts are missing is no batch until it is whole.
pub(super) async fn an_incomplete_mo_is_no_batch_yet(stage: &mut Stage) {
    let part =
        Message { outcome: Outcome::Incomplete, history: Vec::new(), ..mo("4670", "Hi…", stage.now()) };
    let number = stage.ledger().receive(stage.account, part).await.expect("received").number;
    let key = BatchKey::Mo(number);
    let all = || BatchQuery { limit: 9, ..BatchQuery::default() };
    assert_eq!(stage.ledger().batch(stage.account, key).await.expect("read"), None);
    assert_eq!(stage.ledger().batches(stage.account, all()).await.expect("page").total, 0);
    stage.hear("4671", "whole").await;
    stage.pass(1);
    stage.step(number, Outcome::Received).await.expect("legal");
    for _ in 0..2 {
        let page = stage.ledger().batches(stage.account, all()).await.expect("page");
        let keys: Vec<BatchKey> = page.items.iter().map(|batch| batch.key).collect();
        assert_eq!(keys, [key, BatchKey::Mo(number + 1)], "by creation, not by completion");
        stage.reopen();
    }
}

/// A carrier whose clock runs ahead must not drag all later traffic into the future with it.
pub(super) async fn a_date_ahead_does_not_drag_live_traffic(stage: &mut Stage) {
    let ahead = Message { date: stage.later(86_400).seconds(), ..mo("4670", "from tomorrow", stage.now()) };
    stage.ledger().receive(stage.account, ahead).await.expect("received");
    let number = stage.send("4670", "now").await;
    assert_eq!(stage.message(number).await.date, stage.now().seconds());
    assert_eq!(stage.list(MessageQuery::default()).await, [2, 1]);
    let behind = Message { date: 1, ..mo("4670", "from 1970", stage.now()) };
    let number = stage.ledger().receive(stage.account, behind).await.expect("received").number;
    assert_eq!(stage.message(number).await.date, stage.now().seconds());
}

/// Under a key an MO is taken in once; another under the same key, or a submission's key, is refused.
pub(super) async fn an_mo_comes_once_under_its_key(stage: &mut Stage) {
    let key = |request: u8| Idempotency { key: [1; 32], request: [request; 32] };
    let once = async |stage: &Stage, request: u8| {
        let message = mo("46700000001", "Hi", stage.now());
        stage.ledger().receive_once(stage.account, message, key(request)).await
    };
    let first = once(stage, 1).await.expect("received");
    stage.sound().await;
    stage.reopen();
    assert_eq!(once(stage, 1).await.expect("again"), first);
    assert_eq!(refusal(once(stage, 2).await), Refusal::KeyReused);
    let remembered = stage.ledger().remembered(stage.account, key(1), stage.now()).await.expect("read");
    assert_eq!(remembered.expect("there").answer, None);
    stage.pass(24 * 3600);
    let next = once(stage, 2).await.expect("a day later");
    assert_eq!((next.number, next.chat), (first.number + 1, first.chat));
    assert_eq!(stage.page(MessageQuery::default()).await.total, 2);
    let mut sent = submission(vec![mt("46700000001", "Hi", stage.now())], stage.now());
    sent.idempotency = Some(Idempotency { key: [2; 32], request: [1; 32] });
    stage.ledger().accept(stage.account, sent).await.expect("accepted");
    let message = mo("46700000001", "Hi", stage.now());
    let same = Idempotency { key: [2; 32], request: [1; 32] };
    let refused = stage.ledger().receive_once(stage.account, message, same).await;
    assert_eq!(refusal(refused), Refusal::KeyReused);
}

/// What is no MO is refused and leaves nothing.
pub(super) async fn refusals_leave_nothing(stage: &mut Stage) {
    let at = stage.now();
    let refused = [
        mt("4670", "x", at),
        Message { outcome: Outcome::Queued, ..mo("4670", "x", at) },
        Message { direction: Direction::Mt, ..mo("4670", "x", at) },
        Message { sender: None, ..mo("4670", "x", at) },
        Message { program: 99, ..mo("4670", "x", at) },
    ];
    for message in refused {
        refusal(stage.ledger().receive(stage.account, message).await);
        stage.sound().await;
    }
    assert_eq!(stage.page(MessageQuery::default()).await.total, 0);
    let received = stage.hear("4670", "x").await;
    assert_eq!((received.number, received.chat), (1, 1));
}
