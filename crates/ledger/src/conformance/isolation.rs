//! Two accounts that never see each other.

use std::sync::Arc;

use sms::{AccountId, BatchKey, Micros, Outcome};

use super::stage::not_found;
use super::{Collect, Stage, mo, mt, submission};
use crate::change::{ChatMark, Hide, Step};
use crate::history::Entry;
use crate::model::Contact;
use crate::query::{BatchQuery, ChatQuery, ContactQuery, MessageQuery};
use crate::row::Scan;

async fn fill(stage: &Stage, account: AccountId, body: &str, count: usize) {
    let ledger = stage.ledger();
    let at = stage.now();
    for _ in 0..count {
        ledger.accept(account, submission(vec![mt("4601", body, at)], at)).await.expect("accepted");
        ledger.receive(account, mo("4601", body, at)).await.expect("received");
    }
    let contact = Contact { phone: "4601".to_owned(), company: Some(body.to_owned()), ..Contact::default() };
    ledger.put_contact(account, contact).await.expect("put");
}

/// Everything that can be seen of an account.
async fn seen(stage: &Stage, account: AccountId) -> String {
    let ledger = stage.ledger();
    let messages = MessageQuery { limit: 99, ..MessageQuery::default() };
    let scan = Scan { bound: 99, limit: 99, ..Scan::default() };
    let batches = BatchQuery { limit: 99, ..BatchQuery::default() };
    let chats = ChatQuery { limit: 99, ..ChatQuery::default() };
    let contacts = ContactQuery { limit: 99, ..ContactQuery::default() };
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        ledger.messages(account, messages).await.expect("page"),
        ledger.batches(account, batches).await.expect("page"),
        ledger.chats(account, chats).await.expect("page"),
        ledger.contacts(account, contacts).await.expect("page"),
        ledger.scan(account, scan, Arc::new(Collect)).await.expect("scan"),
        ledger.sums(account, MessageQuery::default()).await.expect("sums").len(),
        ledger.answered(account, vec![2, 4, 6]).await.expect("read"),
        ledger.programs(account).await.expect("programs"),
    )
}

/// Numbers are each account's own, and so is everything under them.
pub(super) async fn accounts_see_only_their_own(stage: &mut Stage) {
    let other = stage.account("other").await;
    fill(stage, stage.account, "mine", 2).await;
    fill(stage, other, "theirs", 3).await;
    for _ in 0..2 {
        let (mine, theirs) = (seen(stage, stage.account).await, seen(stage, other).await);
        assert!(mine.contains("mine") && !mine.contains("theirs"), "{mine}");
        assert!(theirs.contains("theirs") && !theirs.contains("mine"), "{theirs}");
        stage.reopen();
    }
}

/// No write of one account reaches another, by whatever number.
pub(super) async fn accounts_change_only_their_own(stage: &mut Stage) {
    let other = stage.account("other").await;
    fill(stage, stage.account, "mine", 2).await;
    fill(stage, other, "theirs", 3).await;
    let before = seen(stage, other).await;
    let ledger = || stage.ledger();
    // Numbers 5 and 6, batch 3 exist in the other account only.
    let entry = Entry::new(Micros::new(stage.now().get()), Outcome::Submitted);
    not_found(ledger().advance(stage.account, vec![Step { number: 5, entry }]).await);
    assert_eq!(ledger().hide(stage.account, Hide::Messages(vec![5, 6])).await.expect("none"), 0);
    not_found(ledger().hide(stage.account, Hide::Batch(3)).await);
    not_found(ledger().cancel(stage.account, 3, stage.now()).await);
    assert_eq!(ledger().batch(stage.account, BatchKey::Mo(6)).await.expect("read"), None);
    not_found(ledger().remove_contact(stage.account, 2).await);
    // What both have changes for one.
    ledger().hide(stage.account, Hide::Batch(1)).await.expect("hidden");
    ledger().hide(stage.account, Hide::Messages(vec![2])).await.expect("hidden");
    ledger().mark_chats(stage.account, None, ChatMark::Read).await.expect("marked");
    ledger().remove_contact(stage.account, 1).await.expect("removed");
    assert_eq!(seen(stage, other).await, before);
    stage.reopen();
    assert_eq!(seen(stage, other).await, before);
}
