//! Random moves, from small vocabularies so that things meet.
#![allow(dead_code, reason = "each test binary uses its part")]

mod history;
mod questions;
mod writes;

use ledger::change::Submission;
use ledger::conformance::random::{Move, Question, Write};
use ledger::model::Message;
use proptest::prelude::*;
use sms::Direction;

/// When the clock begins.
const BEGINNING: u32 = 1_700_000_000;

const PEERS: [&str; 8] =
    ["46700000001", "46700000002", "4670", "33600000001", "", "36000", "acme", "447700900123"];
const SENDERS: [&str; 5] = ["Acme", "acme", "36000", "46700000001", "Zeta"];
const BODIES: [&str; 11] = [
    "Hello",
    "hello world",
    "HELLO, World",
    "",
    "ÉTÉ à Paris",
    "ΟΔΟΣ",
    "ὁδός",
    "100% _x",
    "a\0b",
    "İstanbul ﬁ",
    "The quick brown fox jumps over the lazy dog, again and again and again.",
];
const TEXTS: [&str; 10] = ["hello", "HELLO W", "é", "οδος", "%", "_", "", "o", "lazy DOG", "i"];
const COUNTRIES: [&str; 3] = ["SE", "FR", "ZZ"];

/// Any move.
pub(crate) fn all() -> impl Strategy<Value = Move> {
    let which = || prop_oneof![4 => Just(0usize), 1 => Just(1usize)];
    prop_oneof![
        20 => (which(), writes::all()).prop_map(|(which, write)| Move::Write(which, Box::new(write))),
        20 => (which(), questions::all()).prop_map(|(which, question)| Move::Ask(which, Box::new(question))),
        5 => prop_oneof![0..5i32, 0..100i32, Just(86_400), Just(3), Just(-7)].prop_map(Move::Pass),
        1 => Just(Move::Forget),
        1 => Just(Move::Reopen),
        1 => Just(Move::Check),
    ]
}

/// Any question.
pub(crate) fn question() -> impl Strategy<Value = Question> {
    questions::all()
}

/// Any submission.
pub(crate) fn submission() -> impl Strategy<Value = Submission> {
    writes::submission()
}

/// Any import.
pub(crate) fn import() -> impl Strategy<Value = Write> {
    proptest::collection::vec(history::row(), 1..8).prop_map(Write::Import)
}

/// Any message of a direction that can be kept.
pub(crate) fn sound_message(direction: Direction) -> impl Strategy<Value = Message> {
    writes::message(direction).prop_filter("cannot be kept", move |message| {
        message.outcome.direction() == direction
            && [0, 3].contains(&message.program)
            && message.segments < 4
            && message.price.millionths().abs() < 1 << 40
            && message.history.iter().all(|entry| entry.at.in_range())
    })
}

/// One of a vocabulary.
fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(words).prop_map(str::to_owned)
}

/// A date near the beginning, now and then far away.
fn date() -> impl Strategy<Value = u32> {
    prop_oneof![
        10 => (0..80u32).prop_map(|shift| BEGINNING - 40 + shift),
        3 => (0..5u32).prop_map(|shift| BEGINNING + shift),
        1 => Just(BEGINNING - 86_400),
        1 => Just(BEGINNING + 86_400),
        1 => prop_oneof![Just(0), Just(1), Just(u32::MAX), Just(u32::MAX - 1)],
    ]
}

/// A number of a message or batch that may well exist.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![30 => 0..40u32, 5 => 0..200u32, 1 => Just(u32::MAX), 1 => Just(u32::MAX - 1), 1 => Just(1 << 31)]
}
