//! Submissions.

use sms::{Coding, Country, Micros, Money, Note, Outcome};

use super::stage::{BEGINNING, refusal};
use super::{Stage, mo, mt, submission};
use crate::change::{Accepted, Idempotency, NewBatch};
use crate::error::Refusal;
use crate::history::{Entry, Word};
use crate::model::{Batch, BatchExtra, Message, Network, Source};
use crate::query::{MessageQuery, Order};

fn messages(stage: &Stage, count: usize) -> Vec<Message> {
    (0..count).map(|i| mt(&format!("4670000000{i}"), "Hello", stage.now())).collect()
}

/// Numbers follow each other without a gap, and so do batches.
pub(super) async fn numbers_are_dense(stage: &mut Stage) {
    assert_eq!(stage.ledger().highest(stage.account).await.expect("read"), 0);
    for (count, first, batch) in [(1, 1, 1), (3, 2, 2), (1, 5, 3)] {
        let accepted = stage.accept(messages(stage, count)).await;
        let wanted =
            Accepted { batch, first, count: count as u32, repeated: false, balance: None, document: None };
        assert_eq!(accepted, wanted);
        stage.reopen();
    }
    assert_eq!(stage.list(MessageQuery::default()).await, [1, 2, 3, 4, 5]);
    assert_eq!(stage.ledger().highest(stage.account).await.expect("read"), 5);
}

/// Whatever a message says is read back to the letter, from memory and from the store.
pub(super) async fn everything_is_kept(stage: &mut Stage) {
    let at = stage.now();
    let noted = Entry {
        at: stage.later(1),
        word: Word::Note(Note::Retry),
        code: Some("0x45".to_owned()),
        text: Some("try later\0 – ÅÄÖ".to_owned()),
    };
    let message = Message {
        sender: Some("Acme".to_owned()),
        sender_used: Some("36000".to_owned()),
        body: "tab\t nul\0 quote' \u{1F600} ÅÄÖ %_".to_owned(),
        coding: Coding::Ucs2,
        forced_by: Some('\u{1F600}'),
        segments: 255,
        flash: true,
        priority: 2,
        list: Some("list".to_owned()),
        reference: Some("<ref>".to_owned()),
        price: Money::from_millionths(-999_999_999_999),
        credits: u32::MAX,
        country: Country::parse("FR").expect("two letters"),
        network: Network { mcc: Some("208".to_owned()), mnc: None, name: Some("Réseau".to_owned()) },
        outcome: Outcome::Submitted,
        history: vec![Entry::new(at, Outcome::Queued), noted, Entry::new(stage.later(2), Outcome::Submitted)],
        ..mt("46700000001", "", Micros::new(at.get() + 123_456))
    };
    let plain = Message { sender: None, segments: 0, history: Vec::new(), ..mt("", "", at) };
    let accepted = stage.accept(vec![message.clone(), plain.clone()]).await;
    let batch = sms::BatchKey::Mt(accepted.batch);
    let program = stage.ledger().account(stage.account).await.expect("account").default_program;
    for _ in 0..2 {
        let kept = stage.page(MessageQuery { limit: 9, ..MessageQuery::default() }).await.messages;
        assert_eq!(kept[0], Message { number: 1, batch, program, ..message.clone() });
        let history = vec![Entry::new(at, Outcome::Queued)];
        assert_eq!(kept[1], Message { number: 2, batch, program, segments: 1, history, ..plain.clone() });
        assert_eq!(stage.message(1).await, kept[0]);
        stage.reopen();
    }
}

/// A batch says what its submission said.
pub(super) async fn a_batch_is_kept(stage: &mut Stage) {
    let at = stage.now();
    let extra = BatchExtra {
        tags: vec!["a".to_owned(), "b".to_owned()],
        windows: vec![(1, 2)],
        report_url: Some("https://example.com/?a=1".to_owned()),
        list: Some("list".to_owned()),
        validity: Some(3600),
        credits: Some(7),
        repeated: 3,
        promotional: true,
        imported: true,
    };
    let mut wanted = submission(messages(stage, 2), at);
    wanted.batch = NewBatch {
        text: "Hello {name}".to_owned(),
        sender: None,
        reference: Some("ref".to_owned()),
        source: Source::Console,
        templated: true,
        flash: true,
        coding: Coding::Ucs2,
        priority: 2,
        extra: extra.clone(),
    };
    wanted.messages[1].segments = 2;
    let accepted = stage.ledger().accept(stage.account, wanted).await.expect("accepted");
    stage.reopen();
    let key = sms::BatchKey::Mt(accepted.batch);
    let batch = stage.ledger().batch(stage.account, key).await.expect("read").expect("there");
    let sum = crate::model::Sum { messages: 2, segments: 3, price: 83_200 };
    let expected = Batch {
        key,
        created: at,
        text: "Hello {name}".to_owned(),
        sender: None,
        reference: Some("ref".to_owned()),
        source: Source::Console,
        templated: true,
        flash: true,
        coding: Coding::Ucs2,
        priority: 2,
        extra,
        sums: vec![(Outcome::Queued, sum)],
        first: 1,
    };
    assert_eq!(batch, expected);
    assert_eq!(batch.total(), sum);
}

/// A date before the account's newest is moved up to it, whatever the clock does.
pub(super) async fn dates_never_run_backwards(stage: &mut Stage) {
    let dated = |stage: &Stage, shift: i64| Message {
        date: (i64::from(BEGINNING) + shift) as u32,
        ..mt("46700000001", "x", stage.now())
    };
    stage.accept(vec![dated(stage, 0)]).await;
    stage.pass(10);
    stage.accept(vec![dated(stage, 3), dated(stage, 10), dated(stage, 12)]).await;
    stage.pass(-5);
    stage.accept(vec![dated(stage, 5), dated(stage, 7)]).await;
    stage.reopen();
    stage.accept(vec![dated(stage, 5), dated(stage, 0), dated(stage, 11)]).await;
    let page = stage.page(MessageQuery { limit: 99, order: Order::Number, ..MessageQuery::default() }).await;
    let shifts: Vec<u32> = page.messages.iter().map(|message| message.date - BEGINNING).collect();
    assert_eq!(shifts, [0, 10, 10, 12, 10, 10, 10, 10, 11]);
    assert_eq!(stage.list(MessageQuery::default()).await, [1, 2, 3, 5, 6, 7, 8, 9, 4]);
}

/// A scheduled message has its number at once, is listed by its date, and keeps its place when it is due.
pub(super) async fn scheduled_messages_wait_in_their_place(stage: &mut Stage) {
    let scheduled = |stage: &Stage, seconds: i64| Message {
        outcome: Outcome::Scheduled,
        date: stage.later(seconds).seconds(),
        history: Vec::new(),
        ..mt("46700000001", "later", stage.now())
    };
    stage.accept(vec![scheduled(stage, 30), scheduled(stage, 10), scheduled(stage, 86_400)]).await;
    stage.send("46700000001", "now").await;
    assert_eq!(stage.list(MessageQuery::default()).await, [4, 2, 1, 3]);
    stage.pass(20);
    stage.send("46700000001", "now").await;
    assert_eq!(stage.list(MessageQuery::default()).await, [4, 2, 5, 1, 3]);
    stage.forget();
    assert_eq!(stage.list(MessageQuery::default()).await, [4, 2, 5, 1, 3]);
    stage.step(2, Outcome::Submitted).await.expect("legal");
    stage.step(3, Outcome::Canceled).await.expect("legal");
    stage.pass(10);
    stage.reopen();
    stage.send("46700000001", "now").await;
    assert_eq!(stage.list(MessageQuery::default()).await, [4, 2, 5, 1, 6, 3]);
    let canceled = MessageQuery { outcomes: Some(Outcome::Canceled.only()), ..MessageQuery::default() };
    assert_eq!(stage.list(canceled).await, [3]);
    let by_number = MessageQuery { order: Order::Number, descending: true, ..MessageQuery::default() };
    assert_eq!(stage.list(by_number).await, [6, 5, 4, 3, 2, 1]);
}

/// The same request has the same answer for 24 hours; the key with another request is refused.
pub(super) async fn repeats_have_the_same_answer(stage: &mut Stage) {
    let other = stage.account("other").await;
    let keyed = |stage: &Stage, key: u8, request: u8, count: usize| {
        let mut submission = submission(messages(stage, count), stage.now());
        submission.idempotency = Some(Idempotency { key: [key; 32], request: [request; 32] });
        submission
    };
    let ledger = || stage.ledger();
    let first = ledger().accept(stage.account, keyed(stage, 1, 1, 2)).await.expect("accepted");
    stage.pass(86_399);
    let again = ledger().accept(stage.account, keyed(stage, 1, 1, 2)).await.expect("repeated");
    assert_eq!(again, Accepted { repeated: true, ..first });
    let reused = ledger().accept(stage.account, keyed(stage, 1, 2, 2)).await;
    assert_eq!(refusal(reused), Refusal::KeyReused);
    let theirs = ledger().accept(other, keyed(stage, 1, 2, 1)).await.expect("another account's key");
    assert!(!theirs.repeated);
    let fresh = ledger().accept(stage.account, keyed(stage, 2, 2, 1)).await.expect("another key");
    assert_eq!((fresh.first, fresh.repeated), (3, false));
    stage.pass(1);
    let late = ledger().accept(stage.account, keyed(stage, 1, 2, 1)).await.expect("forgotten after 24 hours");
    assert_eq!((late.first, late.repeated), (4, false));
    let again = ledger().accept(stage.account, keyed(stage, 1, 2, 1)).await.expect("the new answer");
    assert_eq!(again, Accepted { repeated: true, ..late });
}

/// A refused submission leaves nothing at all, and its numbers are given to the next.
pub(super) async fn refusals_leave_nothing(stage: &mut Stage) {
    let at = stage.now();
    let spoiled = |spoil: &dyn Fn(&mut Message)| {
        let mut messages = messages(stage, 3);
        messages[2].network.name = Some("New".to_owned());
        spoil(&mut messages[2]);
        messages
    };
    let refused = [
        Vec::new(),
        spoiled(&|message| message.program = 99),
        spoiled(&|message| message.outcome = Outcome::Received),
        spoiled(&|message| *message = Message { outcome: Outcome::Queued, ..mo("46700000001", "x", at) }),
        spoiled(&|message| message.history = vec![Entry::new(at, Outcome::Queued); 65]),
        spoiled(&|message| message.history[0].at = Micros::new(-1)),
        spoiled(&|message| message.created = Micros::new(i64::MAX)),
        spoiled(&|message| message.price = Money::from_millionths(i64::MAX)),
        spoiled(&|message| message.segments = 256),
        spoiled(&|message| message.price = Money::from_millionths(i64::MIN)),
    ];
    let key = Some(Idempotency { key: [1; 32], request: [1; 32] });
    for messages in refused {
        let told = format!("{:?}", messages.last());
        let mut submission = submission(messages, at);
        submission.open_chats = true;
        submission.idempotency = key;
        let result = stage.ledger().accept(stage.account, submission).await;
        assert!(matches!(result, Err(crate::LedgerError::Refused(_))), "{told}: {result:?}");
        stage.sound().await;
    }
    let mut never = submission(messages(stage, 1), at);
    never.at = Micros::new(-1);
    assert!(matches!(refusal(stage.ledger().accept(stage.account, never).await), Refusal::Value(_)));
    assert_eq!(stage.page(MessageQuery::default()).await.total, 0);
    assert!(stage.ledger().chat_with(stage.account, "46700000001".to_owned()).await.expect("read").is_none());
    let mut good = submission(spoiled(&|_| {}), at);
    good.idempotency = key;
    let accepted = stage.ledger().accept(stage.account, good).await.expect("the key was not used up");
    assert_eq!((accepted.batch, accepted.first, accepted.count), (1, 1, 3));
    assert_eq!(stage.message(3).await.network.name.as_deref(), Some("New"));
}

/// Sending opens chats only when asked to.
pub(super) async fn chats_are_opened_when_asked(stage: &mut Stage) {
    stage.send("46700000001", "x").await;
    let chat = |peer: &str| stage.ledger().chat_with(stage.account, peer.to_owned());
    assert_eq!(chat("46700000001").await.expect("read"), None);
    let mut asked = submission(messages(stage, 2), stage.now());
    asked.open_chats = true;
    stage.ledger().accept(stage.account, asked).await.expect("accepted");
    let first = chat("46700000000").await.expect("read").expect("opened");
    assert_eq!((first.number, first.messages, first.unread, first.last), (1, 1, 0, Some(2)));
    let second = chat("46700000001").await.expect("read").expect("opened");
    assert_eq!((second.number, second.messages, second.last), (2, 2, Some(3)));
    assert_eq!((second.opened, second.last_inbound), (stage.now(), None));
}

/// A network of empty words is no network; different ones are kept apart.
pub(super) async fn networks_are_told_apart(stage: &mut Stage) {
    let network = |mcc: Option<&str>, name: Option<&str>| Network {
        mcc: mcc.map(str::to_owned),
        mnc: None,
        name: name.map(str::to_owned),
    };
    let given = [
        network(Some(""), None),
        network(None, Some("")),
        network(Some("240"), Some("")),
        network(Some("240"), None),
        network(None, Some("240")),
        Network::default(),
    ];
    for network in &given {
        stage.accept(vec![Message { network: network.clone(), ..mt("1", "x", stage.now()) }]).await;
    }
    stage.reopen();
    let page = stage.page(MessageQuery { limit: 99, ..MessageQuery::default() }).await;
    let kept: Vec<&Network> = page.messages.iter().map(|message| &message.network).collect();
    let none = Network::default();
    let swedish = network(Some("240"), None);
    assert_eq!(kept, [&none, &none, &swedish, &swedish, &given[4], &none]);
}
