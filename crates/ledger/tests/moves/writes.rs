//! Random writes.

use ledger::change::{ChatMark, ChatTurn, Hide, Idempotency, NewBatch, Step, Submission};
use ledger::conformance::random::Write;
use ledger::conformance::{mo, mt};
use ledger::history::{Entry, Word};
use ledger::model::{BatchExtra, ChatStatus, Contact, Message, Network, Source};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sms::{Coding, Country, Direction, Micros, Money, Note, Outcome};

use super::{BEGINNING, BODIES, COUNTRIES, PEERS, SENDERS, date, history, number, word};

pub(super) fn all() -> impl Strategy<Value = Write> {
    prop_oneof![
        8 => submission().prop_map(Write::Accept),
        4 => message(Direction::Mo).prop_map(Write::Receive),
        5 => vec(step(), 1..4).prop_map(Write::Advance),
        3 => hide().prop_map(Write::Hide),
        1 => number().prop_map(Write::Cancel),
        5 => vec(history::row(), 1..8).prop_map(Write::Import),
        1 => (number(), option::of(entry())).prop_map(|(number, entry)| Write::ImportOwn(number, entry)),
        1 => word(&PEERS).prop_map(Write::OpenChat),
        2 => (option::of(vec(number(), 1..4)), mark()).prop_map(|(chats, mark)| Write::Mark(chats, mark)),
        1 => contact().prop_map(Write::PutContact),
        1 => number().prop_map(Write::RemoveContact),
    ]
}

pub(super) fn submission() -> impl Strategy<Value = Submission> {
    let size = prop_oneof![12 => 1..5usize, 1 => 60..140usize];
    let messages = prop_oneof![
        8 => size.prop_flat_map(|size| vec(message(Direction::Mt), size)),
        1 => Just(Vec::new()),
    ];
    let key = option::weighted(0.2, (0..3u8, 0..2u8));
    let said = (word(&BODIES), option::of(word(&SENDERS)), option::of(word(&BODIES)), any::<(bool, bool)>());
    let rest =
        (select(&[Source::Api, Source::Console, Source::Email][..]), 1..3u8, option::of(word(&BODIES)));
    (messages, key, said, rest, any::<(bool, bool)>()).prop_map(
        |(
            messages,
            key,
            (text, sender, reference, (templated, flash)),
            (source, priority, tag),
            (chats, queue),
        )| {
            let extra = BatchExtra { tags: tag.into_iter().collect(), ..BatchExtra::default() };
            let coding = if flash { Coding::Ucs2 } else { Coding::Gsm7 };
            Submission {
                batch: NewBatch {
                    text,
                    sender,
                    reference,
                    source,
                    templated,
                    flash,
                    coding,
                    priority,
                    extra,
                },
                messages,
                at: Micros::from_seconds(BEGINNING),
                open_chats: chats,
                enqueue: queue,
                idempotency: key.map(|(key, request)| Idempotency { key: [key; 32], request: [request; 32] }),
                answer: None,
                charge: None,
                document: None,
            }
        },
    )
}

/// Any message of a direction; now and then one that cannot be.
pub(super) fn message(direction: Direction) -> impl Strategy<Value = Message> {
    let outcomes: Vec<Outcome> =
        Outcome::ALL.iter().copied().filter(|outcome| outcome.direction() == direction).collect();
    let outcome = prop_oneof![60 => select(outcomes), 1 => select(Outcome::ALL)];
    let program = prop_oneof![12 => Just(0u32), 6 => Just(3u32), 1 => 1..6u32];
    let ends = (word(&PEERS), option::of(word(&SENDERS)), option::weighted(0.1, word(&SENDERS)));
    let said = (word(&BODIES), any::<(bool, bool)>(), option::weighted(0.1, Just('é')));
    let place = (select(&COUNTRIES[..]), network(), program);
    let rest = (option::weighted(0.2, word(&BODIES)), option::weighted(0.2, word(&BODIES)));
    let segments = prop_oneof![200 => 0..4u16, 1 => Just(255u16), 1 => 256..300u16];
    let price =
        prop_oneof![10 => -50_000..50_000i64, 1 => Just(0), 1 => Just(1 << 60), 1 => Just(1_000_000_000_000)];
    (ends, said, place, (date(), outcome, segments, price), rest, vec(entry(), 0..3)).prop_map(
        move |(ends, said, place, (date, outcome, segments, price), rest, history)| {
            let (peer, own, used) = ends;
            let base = match direction {
                Direction::Mt => {
                    Message { sender: own, sender_used: used, ..mt(&peer, &said.0, Micros::MIN) }
                }
                Direction::Mo => {
                    Message { recipient: own.unwrap_or_default(), ..mo(&peer, &said.0, Micros::MIN) }
                }
            };
            Message {
                date,
                outcome,
                segments,
                flash: said.1.0,
                priority: if said.1.1 { 2 } else { 1 },
                coding: if said.2.is_some() { Coding::Ucs2 } else { Coding::Gsm7 },
                forced_by: said.2,
                price: Money::from_millionths(price),
                credits: u32::from(segments),
                country: Country::parse(place.0).expect("two letters"),
                network: place.1,
                program: place.2,
                list: rest.0,
                reference: rest.1,
                history,
                ..base
            }
        },
    )
}

fn network() -> impl Strategy<Value = Network> {
    let part = || {
        option::weighted(0.2, prop_oneof![Just("240".to_owned()), Just("01".to_owned()), Just(String::new())])
    };
    (part(), part(), part()).prop_map(|(mcc, mnc, name)| Network { mcc, mnc, name })
}

/// An entry of a history.
pub(super) fn entry() -> impl Strategy<Value = Entry> {
    let word = prop_oneof![
        10 => select(Outcome::ALL).prop_map(Word::Outcome),
        1 => select(Note::ALL).prop_map(Word::Note),
    ];
    let at = prop_oneof![
        20 => (0..200i64).prop_map(|shift| (i64::from(BEGINNING) + shift) * 1_000_000 + shift % 3),
        1 => Just(0),
        1 => Just(Micros::MAX.get()),
        1 => prop_oneof![Just(-1), Just(Micros::MAX.get() + 1), Just(i64::MAX), Just(i64::MIN)],
    ];
    let text = || option::weighted(0.2, super::word(&BODIES));
    (at, word, text(), text()).prop_map(|(at, word, code, text)| Entry {
        at: Micros::new(at),
        word,
        code,
        text,
    })
}

fn step() -> impl Strategy<Value = Step> {
    (number(), entry()).prop_map(|(number, entry)| Step { number, entry })
}

fn hide() -> impl Strategy<Value = Hide> {
    prop_oneof![
        2 => vec(number(), 1..6).prop_map(Hide::Messages),
        1 => number().prop_map(Hide::Batch),
    ]
}

fn status() -> impl Strategy<Value = ChatStatus> {
    select(&[ChatStatus::Active, ChatStatus::Closed, ChatStatus::Deleted][..])
}

fn mark() -> impl Strategy<Value = ChatMark> {
    prop_oneof![
        Just(ChatMark::Read),
        Just(ChatMark::Unread),
        status().prop_map(ChatMark::Status),
        option::of(Just(Micros::from_seconds(BEGINNING + 50))).prop_map(ChatMark::Mute),
        (option::of(status()), status(), option::of(number()))
            .prop_map(|(from, to, seen)| ChatMark::Turn(ChatTurn { from, to, seen })),
    ]
}

fn contact() -> impl Strategy<Value = Contact> {
    let name = || option::of(word(&BODIES[..3]));
    let marks = (any::<bool>(), any::<bool>());
    (prop_oneof![2 => Just(0u32), 1 => number()], word(&PEERS), name(), name(), name(), name(), marks)
        .prop_map(|(number, phone, first_name, last_name, company, email, (favorite, blocked))| Contact {
            number,
            phone,
            first_name,
            last_name,
            company,
            email,
            favorite,
            blocked,
            created: Micros::from_seconds(BEGINNING),
        })
}
