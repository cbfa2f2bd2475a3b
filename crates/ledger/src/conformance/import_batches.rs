//! Batches of imported history, and how it opens chats.

use sms::{BatchKey, Micros, Outcome};

use super::Stage;
use super::import::{past, row};
use super::mo;
use crate::change::{Hide, ImportRow};
use crate::model::{ChatStatus, Message};
use crate::query::MessageQuery;

/// A row of an id in a named batch.
fn named(id: u8, name: u8, message: Message) -> ImportRow {
    ImportRow { batch: Some([name; 16]), ..row(id, message) }
}

async fn import(stage: &Stage, rows: Vec<ImportRow>) {
    let imported = stage.ledger().import(stage.account, rows).await.expect("imported");
    assert_eq!(imported.refused, None);
}

async fn of_batch(stage: &Stage, batch: u32) -> Vec<u32> {
    let query = MessageQuery { batch: Some(BatchKey::Mt(batch)), ..MessageQuery::default() };
    let numbers = stage.list(query.clone()).await;
    assert_eq!(stage.page(query).await.total, numbers.len() as u64);
    numbers
}

/// Rows that name a batch stand in it; rows that name none are batches of one.
pub(super) async fn rows_of_a_name_stand_together(stage: &mut Stage) {
    import(
        stage,
        vec![
            named(1, 1, past(-9, &[])),
            named(2, 1, past(-8, &[])),
            row(3, past(-7, &[])),
            row(4, past(-6, &[])),
        ],
    )
    .await;
    for _ in 0..2 {
        assert_eq!(of_batch(stage, 1).await, [1, 2]);
        assert_eq!(of_batch(stage, 2).await, [3]);
        assert_eq!(of_batch(stage, 3).await, [4]);
        let batch = stage.ledger().batch(stage.account, BatchKey::Mt(1)).await.expect("read").expect("there");
        assert_eq!((batch.first, batch.total().messages, batch.created), (1, 2, past(-9, &[]).created));
        stage.reopen();
    }
    // Names are an account's own.
    let other = stage.account("other").await;
    let rows = vec![named(1, 1, past(-9, &[]))];
    assert_eq!(stage.ledger().import(other, rows).await.expect("imported").added, 1);
    assert_eq!(of_batch(stage, 1).await, [1, 2]);
}

/// Batches whose rows come interleaved, with each other and with live traffic, keep exactly their own.
pub(super) async fn interleaved_batches_keep_their_own(stage: &mut Stage) {
    let shift = |id: u8| i64::from(id) - 50;
    let rows = |ids: &[(u8, u8)]| -> Vec<ImportRow> {
        ids.iter().map(|(id, name)| named(*id, *name, past(shift(*id), &[]))).collect()
    };
    import(stage, rows(&[(1, 1), (2, 1), (3, 2), (4, 1)])).await;
    assert_eq!(of_batch(stage, 1).await, [1, 2, 4]);
    import(stage, rows(&[(5, 2), (6, 2), (7, 1)])).await;
    stage.send("46700000001", "live").await;
    import(stage, rows(&[(9, 2), (10, 3), (11, 3)])).await;
    for round in 0..3 {
        assert_eq!(of_batch(stage, 1).await, [1, 2, 4, 7]);
        assert_eq!(of_batch(stage, 2).await, [3, 5, 6, 9]);
        assert_eq!(of_batch(stage, 3).await, [8]);
        assert_eq!(of_batch(stage, 4).await, [10, 11]);
        stage.sound().await;
        if round == 0 { stage.forget() } else { stage.reopen() }
    }
    assert_eq!(stage.ledger().hide(stage.account, Hide::Batch(2)).await.expect("hidden"), 4);
    assert_eq!(stage.list(MessageQuery::default()).await, [1, 2, 4, 7, 10, 11, 8]);
    assert_eq!(stage.ledger().cancel(stage.account, 1, stage.now()).await.expect("canceled"), 4);
    let canceled = MessageQuery { outcomes: Some(Outcome::Canceled.only()), ..MessageQuery::default() };
    assert_eq!(stage.list(canceled).await, [1, 2, 4, 7]);
}

/// A batch in date order the other way round is still one batch, listed by date.
pub(super) async fn a_batch_lists_by_date_and_by_number(stage: &mut Stage) {
    import(stage, vec![named(1, 1, past(-7, &[])), named(2, 1, past(-8, &[])), named(3, 1, past(-9, &[]))])
        .await;
    assert_eq!(of_batch(stage, 1).await, [3, 2, 1]);
    let query = MessageQuery {
        batch: Some(BatchKey::Mt(1)),
        order: crate::query::Order::Number,
        ..MessageQuery::default()
    };
    assert_eq!(stage.list(query).await, [1, 2, 3]);
}

/// A deleted batch stays deleted: later rows of its name make a new one.
pub(super) async fn a_deleted_batch_stays_deleted(stage: &mut Stage) {
    import(stage, vec![named(1, 1, past(-9, &[])), named(2, 1, past(-8, &[]))]).await;
    assert_eq!(stage.ledger().hide(stage.account, Hide::Batch(1)).await.expect("hidden"), 2);
    import(stage, vec![named(1, 1, past(-9, &[])), named(3, 1, past(-7, &[])), named(4, 1, past(-6, &[]))])
        .await;
    assert_eq!(stage.list(MessageQuery::default()).await, [3, 4]);
    assert_eq!(of_batch(stage, 1).await, [0; 0]);
    assert_eq!(of_batch(stage, 2).await, [3, 4]);
    stage.reopen();
    assert_eq!(of_batch(stage, 2).await, [3, 4]);
}

/// Imported MO open chats, and are unread.
pub(super) async fn imported_mo_open_chats(stage: &mut Stage) {
    let at = Micros::new(stage.now().get() - 90_000_000);
    let old = |id: u8, peer: &str, seconds: i64| {
        row(id, mo(peer, "old", Micros::new(at.get() + seconds * 1_000_000)))
    };
    import(stage, vec![old(1, "4670", 5), old(2, "4671", 0), old(3, "4670", 3)]).await;
    for _ in 0..2 {
        let chat = stage.ledger().chat_with(stage.account, "4670".to_owned()).await.expect("read");
        let chat = chat.expect("opened");
        assert_eq!((chat.number, chat.messages, chat.unread, chat.last), (1, 2, 2, Some(1)));
        assert_eq!((chat.status, chat.last_inbound), (ChatStatus::Active, Some(at.seconds() + 5)));
        stage.reopen();
    }
}
