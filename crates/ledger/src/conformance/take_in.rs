//! MO with all that belongs to their commit: segments, repetitions, opt-outs, answers; those that are nobody's.

use sms::{AccountId, Coding, Micros, Number, Outcome};

use super::stage::refusal;
use super::{Stage, mo, mt, submission};
use crate::inbound::{
    Consent, Delivery, MoPart, NewReply, Origin, PartFate, Segments, TakeIn, TakenIn, Unrouted,
};
use crate::people::{OptOut, Slice};
use crate::query::MessageQuery;

const HANDSET: &str = "46700000001";
const SLICE: Slice = Slice { descending: false, offset: 0, limit: 99 };

fn part(stage: &Stage, index: u8, total: u8, word: &[u8]) -> MoPart {
    let mut fingerprint = [index; 32];
    fingerprint[..word.len()].copy_from_slice(word);
    MoPart {
        carrier: "north".to_owned(),
        sender: HANDSET.to_owned(),
        recipient: "36000".to_owned(),
        reference: 7,
        total,
        index,
        coding: (index != 2).then_some(Coding::Ucs2),
        data_coding: 8,
        header: vec![5, 0, 3, 7, total, index],
        octets: word.to_vec(),
        fingerprint,
        received: stage.now(),
    }
}

async fn keep(stage: &Stage, part: &MoPart) -> PartFate {
    stage.ledger().mo_part(part.clone()).await.expect("kept")
}

fn whole(fate: PartFate) -> Segments {
    match fate {
        PartFate::Whole(segments) => segments,
        other => panic!("should be whole: {other:?}"),
    }
}

async fn take(stage: &Stage, body: &str, origin: Origin) -> Option<TakenIn> {
    let take = TakeIn { origin, ..mo(HANDSET, body, stage.now()).into() };
    stage.ledger().take_in(stage.account, take).await.expect("taken in")
}

async fn stale(stage: &Stage, before: Micros, whole_before: Micros) -> Vec<Segments> {
    stage.ledger().stale_mo_parts(before, whole_before, 99).await.expect("read")
}

/// In any order, doubled, across a restart, everything as it came.
pub(super) async fn segments_wait_for_each_other(stage: &mut Stage) {
    let parts = [part(stage, 3, 3, b"c"), part(stage, 1, 3, b"a"), part(stage, 2, 3, b"b")];
    assert_eq!(keep(stage, &parts[0]).await, PartFate::Waits);
    assert_eq!(keep(stage, &parts[0]).await, PartFate::Waits, "doubled");
    stage.reopen();
    assert_eq!(keep(stage, &parts[1]).await, PartFate::Waits);
    let other = MoPart { recipient: "36001".to_owned(), ..part(stage, 2, 3, b"b") };
    assert_eq!(keep(stage, &other).await, PartFate::Waits, "of another message");
    let segments = whole(keep(stage, &parts[2]).await);
    let [c, a, b] = parts.clone();
    assert_eq!(segments.parts, [a, b, c]);
    assert_eq!(whole(keep(stage, &parts[2]).await), segments, "whole until it is taken in");
}

/// They leave in the commit of their message; one that came meanwhile stops it.
pub(super) async fn segments_go_with_their_message(stage: &mut Stage) {
    assert_eq!(keep(stage, &part(stage, 1, 2, b"a")).await, PartFate::Waits);
    let early = stale(stage, stage.later(1), stage.later(1)).await;
    assert_eq!(early.len(), 1);
    let segments = whole(keep(stage, &part(stage, 2, 2, b"b")).await);
    assert_eq!(take(stage, "a", Origin::Segments(early[0].clone())).await, None, "there are more");
    assert_eq!(stale(stage, stage.now(), stage.now()).await, []);
    assert_eq!(
        stale(stage, stage.now(), stage.later(1)).await,
        vec![segments.clone()],
        "a whole one is stale sooner"
    );
    let taken = take(stage, "ab", Origin::Segments(segments.clone())).await.expect("new");
    assert_eq!((taken.received.number, taken.changed, taken.owed), (1, false, false));
    assert_eq!(take(stage, "ab", Origin::Segments(segments)).await, None);
    stage.reopen();
    assert_eq!(stale(stage, stage.later(1), stage.later(1)).await, []);
    assert_eq!(stage.page(MessageQuery::default()).await.total, 1);
}

/// For an hour a segment of what was taken in is no news.
pub(super) async fn a_repeated_segment_is_known(stage: &mut Stage) {
    let first = part(stage, 1, 2, b"a");
    keep(stage, &first).await;
    let segments = whole(keep(stage, &part(stage, 2, 2, b"b")).await);
    take(stage, "ab", Origin::Segments(segments)).await.expect("new");
    stage.reopen();
    stage.pass(3600);
    assert_eq!(keep(stage, &MoPart { received: stage.now(), ..first.clone() }).await, PartFate::Repeated);
    stage.pass(1);
    assert_eq!(keep(stage, &MoPart { received: stage.now(), ..first.clone() }).await, PartFate::Waits);
    assert_eq!(stage.ledger().forget_intake(stage.now()).await.expect("forgotten"), 2);
    assert_eq!(stage.ledger().forget_intake(stage.now()).await.expect("forgotten"), 0);
}

/// Another text in a taken place is another message: the older of two in progress gets what is missing; what
/// was left over from long ago does not.
pub(super) async fn a_reference_may_come_round(stage: &mut Stage) {
    keep(stage, &part(stage, 1, 2, b"old")).await;
    stage.pass(3600);
    keep(stage, &part(stage, 1, 2, b"a")).await;
    keep(stage, &part(stage, 1, 2, b"b")).await;
    let texts =
        |segments: Segments| -> Vec<Vec<u8>> { segments.parts.into_iter().map(|part| part.octets).collect() };
    let first = whole(keep(stage, &part(stage, 2, 2, b"A")).await);
    let second = whole(keep(stage, &part(stage, 2, 2, b"B")).await);
    assert_eq!(texts(first), [b"a", b"A"]);
    assert_eq!(texts(second), [b"b", b"B"]);
    let left = stale(stage, stage.now(), stage.now()).await;
    assert_eq!(left.into_iter().map(texts).collect::<Vec<_>>(), [[b"old"]]);
}

/// The same octets are the same MO only where its carrier may not have seen our answer.
pub(super) async fn a_whole_mo_may_come_again(stage: &mut Stage) {
    let delivery = |doubted: i64| {
        Origin::Whole(Delivery {
            fingerprint: [1; 32],
            received: stage.now(),
            since: stage.later(-60),
            doubted: stage.later(doubted),
            slow: 5_000_000,
        })
    };
    assert_eq!(take(stage, "ok", delivery(0)).await.expect("new").received.number, 1);
    stage.pass(10);
    assert_eq!(take(stage, "ok", delivery(-11)).await.expect("a person").received.number, 2);
    stage.pass(1);
    assert_eq!(take(stage, "ok", delivery(0)).await, None, "the link broke since");
    assert_eq!(take(stage, "ok", delivery(-1)).await.expect("once").received.number, 3);
    stage.pass(61);
    assert_eq!(take(stage, "ok", delivery(0)).await.expect("long ago").received.number, 4);
    let late = Delivery {
        fingerprint: [2; 32],
        received: stage.later(-5),
        since: stage.later(-60),
        doubted: stage.later(-60),
        slow: 5_000_000,
    };
    take(stage, "ok", Origin::Whole(late)).await.expect("new");
    assert_eq!(take(stage, "ok", Origin::Whole(late)).await, None, "it was answered too late");
}

fn withdrawn(waiting: Vec<Number>) -> Consent {
    Consent::Withdrawn { phone: HANDSET.to_owned(), source: "stop".to_owned(), waiting }
}

/// STOP and START are one commit with the MO that says so.
pub(super) async fn an_opt_out_has_its_proof(stage: &mut Stage) {
    let said =
        |body: &str, consent| TakeIn { consent: Some(consent), ..mo(HANDSET, body, stage.now()).into() };
    let stop = || withdrawn(Vec::new());
    let start = || Consent::Given { phone: HANDSET.to_owned() };
    let mut changed = Vec::new();
    for take in [said("START", start()), said("STOP", stop()), said("stop!", stop()), said("START", start())]
    {
        let taken = stage.ledger().take_in(stage.account, take).await.expect("taken in");
        changed.push(taken.is_some_and(|taken| taken.changed));
    }
    assert_eq!(changed, [false, true, false, true]);
    let again = stage.ledger().take_in(stage.account, said("STOP", stop())).await.expect("taken in");
    assert!(again.is_some_and(|taken| taken.changed));
    let (now, account) = (stage.now(), stage.account);
    stage.reopen();
    let proof = |number, message| OptOut {
        number,
        phone: HANDSET.to_owned(),
        since: now,
        source: "stop".to_owned(),
        message: Some(message),
        waiting: Vec::new(),
    };
    let of = |message| stage.ledger().opt_out_of_message(account, message);
    assert_eq!(of(2).await.expect("read"), Some(proof(1, 2)), "lifted since");
    assert_eq!(of(5).await.expect("read"), Some(proof(2, 5)));
    assert_eq!(of(3).await.expect("read"), None, "it was opted out before");
    assert_eq!(stage.ledger().opt_outs(account, SLICE).await.expect("page").items, [proof(2, 5)]);
}

/// An opt-out that is new ends what waits for the phone; what a carrier may have goes on.
pub(super) async fn an_opt_out_ends_what_waits(stage: &mut Stage) {
    let later = stage.later(600);
    let mut planned = mt(HANDSET, "planned", stage.now());
    (planned.outcome, planned.date) = (Outcome::Scheduled, later.seconds());
    let planned = stage.accept(vec![planned]).await.first;
    let mut all = vec![planned];
    for body in ["queued", "sending", "submitted", "kept back"] {
        all.push(stage.send(HANDSET, body).await);
    }
    let [_, queued, sending, submitted, apart] = all[..] else { panic!("five messages") };
    stage.steps(sending, &[Outcome::Sending]).await;
    stage.steps(submitted, &[Outcome::Sending, Outcome::Submitted]).await;
    let named: Vec<Number> = all.iter().copied().filter(|number| *number != apart).chain([999]).collect();
    let said =
        |waiting| TakeIn { consent: Some(withdrawn(waiting)), ..mo(HANDSET, "STOP", stage.now()).into() };
    let taken = stage.ledger().take_in(stage.account, said(named)).await.expect("taken in");
    assert!(taken.is_some_and(|taken| taken.changed));
    let again = stage.ledger().take_in(stage.account, said(vec![apart])).await.expect("taken in");
    assert!(again.is_some_and(|taken| !taken.changed), "it was opted out before");
    stage.reopen();
    for (number, outcome) in [
        (planned, Outcome::DeniedOptOut),
        (queued, Outcome::DeniedOptOut),
        (sending, Outcome::Sending),
        (submitted, Outcome::Submitted),
        (apart, Outcome::Queued),
    ] {
        assert_eq!(stage.message(number).await.outcome, outcome, "{number}");
    }
    let due = stage.ledger().due_after(stage.account, None, later.seconds(), 9).await.expect("read");
    assert_eq!(due.iter().map(|due| due.message.number).collect::<Vec<_>>(), [sending, apart]);
}

/// An MO that is refused changes nothing beside it either.
pub(super) async fn refusals_leave_no_opt_out(stage: &mut Stage) {
    keep(stage, &part(stage, 1, 1, b"a")).await;
    let segments = stale(stage, stage.later(1), stage.later(1)).await;
    let mut message = mo(HANDSET, "STOP", stage.now());
    message.program = 99;
    let take = TakeIn {
        origin: Origin::Segments(segments[0].clone()),
        consent: Some(withdrawn(Vec::new())),
        reply: Some(reply("stop")),
        message,
    };
    refusal(stage.ledger().take_in(stage.account, take).await);
    assert_eq!(stage.ledger().opt_outs(stage.account, SLICE).await.expect("page").total, 0);
    assert_eq!(stage.ledger().owed_replies(9).await.expect("read"), []);
    assert_eq!(stale(stage, stage.later(1), stage.later(1)).await, segments);
}

fn reply(topic: &str) -> NewReply {
    NewReply {
        peer: HANDSET.to_owned(),
        topic: topic.to_owned(),
        body: format!("{{\"text\":\"{topic}\"}}"),
        if_changed: false,
        apart: 60_000_000,
        most: 3,
    }
}

/// One of a topic in its time, some a day, and each until it is settled.
pub(super) async fn answers_are_owed_in_measure(stage: &mut Stage) {
    let answers = async |stage: &Stage, reply: NewReply| {
        let take = TakeIn { reply: Some(reply), ..mo(HANDSET, "x", stage.now()).into() };
        let taken = stage.ledger().take_in(stage.account, take).await.expect("taken in").expect("new");
        taken.owed
    };
    assert!(answers(stage, reply("help")).await);
    assert!(!answers(stage, reply("help")).await, "too soon");
    assert!(!answers(stage, NewReply { if_changed: true, ..reply("stop") }).await, "nothing changed");
    assert!(answers(stage, reply("rule")).await, "another topic");
    assert!(answers(stage, NewReply { peer: "46700000002".to_owned(), ..reply("help") }).await);
    stage.pass(60);
    assert!(answers(stage, reply("help")).await);
    stage.pass(60);
    assert!(!answers(stage, reply("help")).await, "enough for a day");
    stage.reopen();
    let owed = stage.ledger().owed_replies(9).await.expect("read");
    let told: Vec<_> = owed.iter().map(|owed| (owed.account, owed.number)).collect();
    let account = stage.account;
    assert_eq!(told, [(account, 1), (account, 4), (account, 5), (account, 6)]);
    assert_eq!((owed[1].body.as_str(), owed[1].at), ("{\"text\":\"rule\"}", stage.later(-120)));
    for number in [1, 4, 5] {
        stage.ledger().settle_reply(account, number).await.expect("settled");
    }
    assert_eq!(stage.ledger().owed_replies(9).await.expect("read").len(), 1);
    stage.pass(86_400);
    assert_eq!(stage.ledger().forget_intake(stage.now()).await.expect("forgotten"), 3, "what is owed stays");
    assert!(answers(stage, reply("help")).await, "another day");
}

/// What nobody claims is kept as it is, until somebody does.
pub(super) async fn what_is_nobodys_waits(stage: &mut Stage) {
    keep(stage, &part(stage, 1, 2, b"a")).await;
    let segments = stale(stage, stage.later(1), stage.later(1)).await.remove(0);
    let lost = |body: &str, complete| Unrouted {
        number: 0,
        carrier: "north".to_owned(),
        sender: HANDSET.to_owned(),
        recipient: "36000".to_owned(),
        body: body.to_owned(),
        coding: Coding::Ucs2,
        segments: 2,
        received: stage.now(),
        complete,
        text: complete,
    };
    let keep = |message, origin| stage.ledger().keep_unrouted(message, origin);
    let origin = Origin::Segments(segments);
    assert_eq!(keep(lost("a…", false), origin.clone()).await.expect("kept"), Some(1));
    assert_eq!(keep(lost("a…", false), origin).await.expect("known"), None);
    assert_eq!(keep(lost("b", true), Origin::Given).await.expect("kept"), Some(2));
    assert_eq!(stale(stage, stage.later(1), stage.later(1)).await, []);
    let page = stage.ledger().unrouted(Slice { limit: 1, ..SLICE }).await.expect("page");
    assert_eq!((page.total, page.items), (2, vec![Unrouted { number: 1, ..lost("a…", false) }]));
    assert_eq!(take(stage, "a…", Origin::Unrouted(1)).await.expect("new").received.number, 1);
    assert_eq!(take(stage, "a…", Origin::Unrouted(1)).await, None, "it is somebody's");
    stage.reopen();
    let page = stage.ledger().unrouted(SLICE).await.expect("page");
    assert_eq!(page.items.iter().map(|lost| lost.number).collect::<Vec<_>>(), [2]);
}

/// Of several accounts that wrote to a handset from a number, the one whose message left last.
pub(super) async fn who_wrote_last(stage: &mut Stage) {
    let other = stage.account("other").await;
    let third = stage.account("third").await;
    let send = async |stage: &Stage, account: AccountId, sender: &str, leaves: bool| {
        let mut message = mt(HANDSET, "x", stage.now());
        message.sender = Some(sender.to_owned());
        message.outcome = if leaves { Outcome::Submitted } else { Outcome::DeniedOptOut };
        message.history.clear();
        let accepted = stage.ledger().accept(account, submission(vec![message], stage.now())).await;
        accepted.expect("accepted");
        stage.pass(1);
    };
    let last = async |stage: &Stage, sender: &str, among: Option<Vec<AccountId>>| {
        let asked = stage.ledger().last_sent_to(HANDSET.to_owned(), sender.to_owned(), among).await;
        asked.expect("read")
    };
    assert_eq!(last(stage, "36000", None).await, None);
    send(stage, stage.account, "36000", true).await;
    send(stage, other, "+36000", true).await;
    send(stage, third, "36000", false).await;
    send(stage, third, "36001", true).await;
    for _ in 0..2 {
        assert_eq!(last(stage, "36000", None).await, Some(other));
        assert_eq!(last(stage, "36000", Some(vec![stage.account, third])).await, Some(stage.account));
        assert_eq!(last(stage, "36001", None).await, Some(third));
        assert_eq!(last(stage, "36002", None).await, None);
        assert_eq!(last(stage, "36000", Some(Vec::new())).await, None);
        stage.reopen();
    }
}
