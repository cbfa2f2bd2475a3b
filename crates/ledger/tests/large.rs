//! More messages than one container of a bitmap holds (65,536), out of order, against the model.

mod moves;
mod support;

use std::sync::Arc;

use ledger::change::Hide;
use ledger::conformance::random::{Move, Question, Write, play};
use ledger::model::Message;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sms::Direction;

const QUESTIONS: usize = 120;
const SUBMISSIONS: u32 = 34;
const IN_ONE: u32 = 2000;

/// One value, the same in every run.
fn one<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).expect("a value").current()
}

#[test]
fn beyond_one_container() {
    let mut runner = TestRunner::deterministic();
    let write = |write| Move::Write(0, Box::new(write));
    let drafts: Vec<Message> =
        (0..331).map(|_| one(&mut runner, &moves::sound_message(Direction::Mt))).collect();
    let mut sequence = Vec::new();
    for round in 0..SUBMISSIONS {
        let mut submission = one(&mut runner, &moves::submission());
        submission.idempotency = None;
        let draft = |index: u32| {
            let mut message = drafts[((round * 7 + index) % 331) as usize].clone();
            message.body = format!("{} {}", message.body, index % 50);
            message
        };
        submission.messages = (0..IN_ONE).map(draft).collect();
        sequence.push(write(Write::Accept(submission)));
        sequence.push(Move::Pass(1));
        // Late and early history between, so that positions are no numbers.
        sequence.push(write(one(&mut runner, &moves::import())));
        let numbers = (0..40).map(|index| index * 1699 + round).collect();
        sequence.push(write(Write::Hide(Hide::Messages(numbers))));
        sequence.push(write(Write::Receive(one(&mut runner, &moves::sound_message(Direction::Mo)))));
    }
    sequence.push(write(Write::Hide(Hide::Batch(5))));
    for index in 0..QUESTIONS {
        let question = match one(&mut runner, &moves::question()) {
            // A page of everything costs the model seconds.
            Question::Messages(query) => Question::Messages(ledger::query::MessageQuery {
                limit: query.limit.min(300),
                offset: query.offset.saturating_mul(500),
                ..query
            }),
            Question::Walk(query) => Question::Messages(query),
            Question::Scan(filter, ..) => Question::Scan(filter, 9000, 0),
            Question::Batches(query) => {
                Question::Batches(ledger::query::BatchQuery { limit: query.limit.min(20), ..query })
            }
            other => other,
        };
        sequence.push(Move::Ask(0, Box::new(question)));
        if index == QUESTIONS / 2 {
            sequence.push(Move::Forget);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(play(Arc::new(support::InDirectory::new()), &sequence));
}
