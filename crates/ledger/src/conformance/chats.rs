//! Chats: orders, marks, filters.

use sms::Number;

use super::Stage;
use crate::change::{ChatMark, ChatTurn, Hide};
use crate::model::{Chat, ChatStatus};
use crate::query::{ChatOrder, ChatQuery, Page};

async fn page(stage: &Stage, query: ChatQuery) -> Page<Chat> {
    stage.ledger().chats(stage.account, query).await.expect("page")
}

async fn list(stage: &Stage, query: ChatQuery) -> Vec<Number> {
    let page = page(stage, ChatQuery { limit: 99, ..query }).await;
    assert_eq!(page.total, page.items.len() as u64);
    page.items.iter().map(|chat| chat.number).collect()
}

async fn unread(stage: &Stage) -> Vec<u32> {
    let page = page(stage, ChatQuery { limit: 99, ..ChatQuery::default() }).await;
    page.items.iter().map(|chat| chat.unread).collect()
}

async fn mark(stage: &Stage, chats: Option<Vec<Number>>, mark: ChatMark) -> u64 {
    stage.ledger().mark_chats(stage.account, chats, mark).await.expect("marked")
}

/// Chats 1 to 4: with one MO, with three, with none (opened by hand), with two, the last word's.
async fn four(stage: &Stage) {
    stage.hear("4601", "apple").await;
    stage.pass(1);
    for body in ["pear", "Plum", "fig"] {
        stage.hear("4602", body).await;
    }
    stage.pass(1);
    let opened = stage.ledger().open_chat(stage.account, "4603".to_owned()).await.expect("opened");
    assert_eq!(opened, 3);
    stage.send("4603", "plum").await;
    stage.hear("4504", "pear").await;
    stage.pass(1);
    stage.hear("4504", "pear").await;
}

/// By number, by unread and by the newest MO; each the other way round.
pub(super) async fn orders(stage: &mut Stage) {
    four(stage).await;
    for (order, wanted) in [
        (ChatOrder::Number, [1, 2, 3, 4]),
        (ChatOrder::Unread, [3, 1, 4, 2]),
        (ChatOrder::LastInbound, [3, 1, 2, 4]),
    ] {
        let query = ChatQuery { order, ..ChatQuery::default() };
        assert_eq!(list(stage, query.clone()).await, wanted);
        let back = list(stage, ChatQuery { descending: true, ..query.clone() }).await;
        assert!(back.iter().rev().eq(&wanted), "{order:?}: {back:?}");
        for offset in 0..5usize {
            let part = page(stage, ChatQuery { offset: offset as u64, limit: 2, ..query.clone() }).await;
            let numbers: Vec<Number> = part.items.iter().map(|chat| chat.number).collect();
            assert_eq!(numbers, wanted[offset.min(4)..(offset + 2).min(4)]);
            assert_eq!((part.total, part.bound), (4, 7));
        }
    }
    assert_eq!(page(stage, ChatQuery { offset: u64::MAX, limit: 9, ..ChatQuery::default() }).await.items, []);
}

/// Reading, marking unread, and what comes afterwards.
pub(super) async fn marks_of_reading(stage: &mut Stage) {
    four(stage).await;
    assert_eq!(unread(stage).await, [1, 3, 0, 2]);
    assert_eq!(mark(stage, Some(vec![2, 9, 0]), ChatMark::Read).await, 1);
    assert_eq!(unread(stage).await, [1, 0, 0, 2]);
    stage.hear("4602", "date").await;
    assert_eq!(unread(stage).await, [1, 1, 0, 2]);
    assert_eq!(mark(stage, None, ChatMark::Read).await, 4);
    assert_eq!(unread(stage).await, [0, 0, 0, 0]);
    // Unread again: one, but none where nobody wrote.
    assert_eq!(mark(stage, None, ChatMark::Unread).await, 4);
    for _ in 0..2 {
        assert_eq!(unread(stage).await, [1, 1, 0, 1]);
        stage.reopen();
    }
    assert_eq!(mark(stage, Some(vec![1, 1, 2]), ChatMark::Read).await, 2, "each once");
    assert_eq!(unread(stage).await, [0, 0, 0, 1]);
    let chat =
        stage.ledger().chat_with(stage.account, "4602".to_owned()).await.expect("read").expect("there");
    assert_eq!((chat.messages, chat.unread, chat.last), (4, 0, Some(8)));
    // What is hidden is not unread.
    stage.hear("4601", "one").await;
    let hidden = stage.hear("4601", "two").await.number;
    stage.ledger().hide(stage.account, Hide::Messages(vec![hidden])).await.expect("hidden");
    assert_eq!(unread(stage).await, [1, 0, 0, 1]);
}

/// Closed and deleted chats are listed by their status; without one, all but the deleted.
pub(super) async fn statuses(stage: &mut Stage) {
    four(stage).await;
    mark(stage, Some(vec![2]), ChatMark::Status(ChatStatus::Closed)).await;
    mark(stage, Some(vec![4]), ChatMark::Status(ChatStatus::Deleted)).await;
    let of = |status| ChatQuery { status, ..ChatQuery::default() };
    for _ in 0..2 {
        assert_eq!(list(stage, of(None)).await, [1, 2, 3]);
        assert_eq!(list(stage, of(Some(ChatStatus::Active))).await, [1, 3]);
        assert_eq!(list(stage, of(Some(ChatStatus::Closed))).await, [2]);
        assert_eq!(list(stage, of(Some(ChatStatus::Deleted))).await, [4]);
        stage.reopen();
    }
    // Opening by hand brings it back, as the same chat with its marks.
    let opened = stage.ledger().open_chat(stage.account, "4504".to_owned()).await.expect("opened");
    assert_eq!(opened, 4);
    assert_eq!(list(stage, of(None)).await, [1, 2, 3, 4]);
    assert_eq!(unread(stage).await, [1, 3, 0, 2]);
}

/// Muting is kept and taken back; it changes nothing else.
pub(super) async fn muting(stage: &mut Stage) {
    four(stage).await;
    let until = Some(stage.later(60));
    assert_eq!(mark(stage, Some(vec![1, 3]), ChatMark::Mute(until)).await, 2);
    stage.reopen();
    let page = page(stage, ChatQuery { limit: 9, ..ChatQuery::default() }).await;
    let muted: Vec<_> = page.items.iter().map(|chat| chat.muted_until).collect();
    assert_eq!(muted, [until, None, until, None]);
    mark(stage, None, ChatMark::Mute(None)).await;
    let chat =
        stage.ledger().chat_with(stage.account, "4601".to_owned()).await.expect("read").expect("there");
    assert_eq!((chat.muted_until, chat.unread), (None, 1));
}

/// By what was said, by number, by digits of the peer or by peers.
pub(super) async fn filters(stage: &mut Stage) {
    four(stage).await;
    let text = |text: &str| ChatQuery { text: Some(text.to_owned()), ..ChatQuery::default() };
    assert_eq!(list(stage, text("PLUM")).await, [2, 3]);
    assert_eq!(list(stage, text("pear")).await, [2, 4]);
    assert_eq!(list(stage, text("")).await, [1, 2, 3, 4]);
    assert_eq!(list(stage, text("nobody said")).await, [0; 0]);
    let numbers = ChatQuery { numbers: Some(vec![4, 1, 77, 0]), ..ChatQuery::default() };
    assert_eq!(list(stage, numbers).await, [1, 4]);
    let digits = ChatQuery { peer_contains: Some("460".to_owned()), ..ChatQuery::default() };
    assert_eq!(list(stage, digits.clone()).await, [1, 2, 3]);
    let peers = vec!["4504".to_owned(), "nobody".to_owned()];
    assert_eq!(list(stage, ChatQuery { peers, ..digits }).await, [1, 2, 3, 4]);
    stage.ledger().hide(stage.account, Hide::Messages(vec![3])).await.expect("hidden");
    assert_eq!(list(stage, text("plum")).await, [3]);
}

/// Opening a chat twice gives the same one; a peer who only was written to has none.
pub(super) async fn a_chat_is_opened_once(stage: &mut Stage) {
    stage.send("4601", "x").await;
    let ledger = || stage.ledger();
    assert_eq!(ledger().chat_with(stage.account, "4601".to_owned()).await.expect("read"), None);
    assert_eq!(ledger().chat_with(stage.account, "nobody".to_owned()).await.expect("read"), None);
    for _ in 0..2 {
        assert_eq!(ledger().open_chat(stage.account, "4601".to_owned()).await.expect("opened"), 1);
    }
    let chat = ledger().chat_with(stage.account, "4601".to_owned()).await.expect("read").expect("opened");
    assert_eq!((chat.messages, chat.unread, chat.last, chat.last_inbound), (1, 0, Some(1), None));
}

/// One chat by its number, and what is unread over all but the deleted.
pub(super) async fn by_number_and_over_all(stage: &mut Stage) {
    four(stage).await;
    let chat = |number| stage.ledger().chat(stage.account, number);
    let second = chat(2).await.expect("read").expect("there");
    assert_eq!((second.peer.as_str(), second.number, second.unread), ("4602", 2, 3));
    for number in [0, 5, u32::MAX] {
        assert_eq!(chat(number).await.expect("read"), None);
    }
    assert_eq!(stage.ledger().unread(stage.account).await.expect("read"), 6);
    mark(stage, Some(vec![4]), ChatMark::Status(ChatStatus::Deleted)).await;
    mark(stage, Some(vec![1]), ChatMark::Status(ChatStatus::Closed)).await;
    assert_eq!(stage.ledger().unread(stage.account).await.expect("read"), 4);
    assert_eq!(chat(4).await.expect("read").expect("whatever its status").status, ChatStatus::Deleted);
}

/// Only chats that stand as the turn asks are turned, and only they count.
pub(super) async fn turns(stage: &mut Stage) {
    four(stage).await;
    let turn = |from, to, seen| ChatMark::Turn(ChatTurn { from, to, seen });
    use ChatStatus::{Active, Closed, Deleted};
    mark(stage, Some(vec![2]), ChatMark::Status(Deleted)).await;
    assert_eq!(mark(stage, Some(vec![1, 2]), turn(Some(Active), Closed, None)).await, 1);
    assert_eq!(mark(stage, None, turn(Some(Closed), Active, None)).await, 1);
    let seen = stage.ledger().highest(stage.account).await.expect("read");
    stage.hear("4601", "news").await;
    assert_eq!(mark(stage, None, turn(None, Closed, Some(seen))).await, 2);
    let of = |status| ChatQuery { status: Some(status), ..ChatQuery::default() };
    for _ in 0..2 {
        assert_eq!(list(stage, of(Active)).await, [1]);
        assert_eq!(list(stage, of(Closed)).await, [3, 4]);
        assert_eq!(list(stage, of(Deleted)).await, [2]);
        stage.reopen();
    }
}
