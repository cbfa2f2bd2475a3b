//! What becomes of a submission: decided whole, at once, by the seed and the message alone.

use std::time::Duration;

use super::answer::Answer;
use super::behaviour::Behaviour;
use super::dice::{Dice, fingerprint};
use super::message_id::ReceiptId;
use super::receipt::{Halves, TextForm};
use super::segment::Segment;
use super::span::Percent;
use super::state::{Ending, State};

/// From a receipt that comes before the answer to that answer.
const ANSWER_BEHIND: Duration = Duration::from_millis(200);

/// From a final receipt to those it overtook, at least.
const OVERTAKEN: Duration = Duration::from_millis(50);

/// Names a message by its content: sender, recipient, text and place. The reference of a concatenation is
/// left out, so that the same message submitted again is the same content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Content(u64);

impl Content {
    /// The content of a segment.
    pub fn of(segment: &Segment<'_>) -> Self {
        let place = segment.place.map_or([0, 0], |place| [place.total, place.index]);
        Self(fingerprint(&[
            segment.sender.as_bytes(),
            segment.recipient.as_bytes(),
            &[segment.data_coding],
            &place,
            segment.body,
        ]))
    }

    /// Its digest.
    pub fn digest(self) -> u64 {
        self.0
    }

    /// A stream of draws about one attempt at this content.
    pub(super) fn dice(self, seed: u64, attempt: u32, topic: Topic) -> Dice {
        Dice::keyed(seed, &[self.0, u64::from(attempt), topic as u64])
    }
}

/// What is drawn. Each topic has a stream of its own, so that a profile which changes one keeps the others.
#[derive(Clone, Copy, Debug)]
pub(super) enum Topic {
    Answer,
    AnswerDelay,
    Ending,
    FinalDelay,
    Acknowledged,
    Enroute,
    IntermediateDelay,
    Disordered,
    Lost,
    Doubled,
    Contradicted,
    AgainDelay,
    Late,
    BeforeAnswer,
    Stray,
    Style,
    Error,
    Id,
    Reply,
    Wire,
}

/// How a receipt is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Which halves it has.
    pub halves: Halves,
    /// How its text is written.
    pub text: TextForm,
    /// How it writes the id.
    pub id: ReceiptId,
    /// The zone of its dates, in minutes east of UTC.
    pub zone: i16,
    /// Whether, not being final, it is marked as an intermediate notification (`esm_class` 0x20) instead of
    /// as a receipt (0x04).
    pub intermediate: bool,
}

/// A receipt to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedReceipt {
    /// From the submission to its sending.
    pub after: Duration,
    /// What it says.
    pub state: State,
    /// The operator's code, 0 where all is well.
    pub error: u16,
    /// How it is written.
    pub style: Style,
    /// Whether it names an id that nobody was told instead of the message's own.
    pub stray: bool,
}

/// What becomes of one attempt to submit a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// What the submission is answered.
    pub answer: Answer,
    /// How long that takes.
    pub answer_after: Duration,
    /// How the message ends, where it was taken.
    pub ending: Ending,
    /// When it ends, from the submission.
    pub final_after: Duration,
    /// The receipts, in the order of their times. Empty where the message was not taken.
    pub receipts: Vec<PlannedReceipt>,
    /// Whether the final receipt is one that never comes although the message ended.
    pub lost: bool,
}

impl Fate {
    /// The fate of the `attempt`-th submission (from 0) of `content` under `behaviour`.
    pub fn draw(behaviour: &Behaviour, seed: u64, content: Content, attempt: u32) -> Self {
        Draw { behaviour, seed, content, attempt }.fate()
    }

    /// The receipts that a client gets which asks for `wanted`.
    pub fn owed(&self, wanted: Wanted) -> impl Iterator<Item = &PlannedReceipt> {
        self.receipts.iter().filter(move |receipt| match wanted {
            Wanted::None => false,
            Wanted::All => true,
            Wanted::Failures => receipt.state != State::Delivered,
            Wanted::Successes => !receipt.state.is_final() || receipt.state == State::Delivered,
        })
    }
}

/// Which receipts a submission asks for (`registered_delivery`, SMPP 3.4 §5.2.17). Whether it also wants
/// intermediate ones is not looked at: carriers send them to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// None at all.
    None,
    /// Every one.
    All,
    /// Those of failures.
    Failures,
    /// Those of successes (reserved in 3.4, defined in 5.0).
    Successes,
}

impl Wanted {
    /// From `registered_delivery`.
    pub fn of(registered_delivery: u8) -> Self {
        match registered_delivery & 3 {
            0 => Self::None,
            1 => Self::All,
            2 => Self::Failures,
            _ => Self::Successes,
        }
    }
}

struct Draw<'a> {
    behaviour: &'a Behaviour,
    seed: u64,
    content: Content,
    attempt: u32,
}

impl Draw<'_> {
    fn fate(&self) -> Fate {
        let behaviour = self.behaviour;
        let answer = match behaviour.first {
            Some(first) if self.attempt < first.times => first.answer,
            _ => behaviour.answers.choose(&mut self.dice(Topic::Answer)),
        };
        let mut answer_after = self.dice(Topic::AnswerDelay).within(behaviour.answer_after);
        let ending = behaviour.endings.choose(&mut self.dice(Topic::Ending));
        if !answer.taken() {
            let final_after = answer_after;
            return Fate { answer, answer_after, ending, final_after, receipts: Vec::new(), lost: false };
        }
        let mut first_at = answer_after;
        if self.happens(Topic::BeforeAnswer, behaviour.before_answer) {
            answer_after += ANSWER_BEHIND;
            first_at = answer_after - ANSWER_BEHIND;
        }
        let before = answer_after > first_at;
        let mut receipts = if before { Vec::new() } else { self.intermediate(first_at) };
        let ended = if before { first_at } else { self.ended(first_at, &mut receipts) };
        let lost = self.add_final(ending, ended, &mut receipts);
        self.add_repeats(&mut receipts);
        receipts.sort_by_key(|receipt| receipt.after);
        Fate { answer, answer_after, ending, final_after: ended, receipts, lost }
    }

    fn dice(&self, topic: Topic) -> Dice {
        self.content.dice(self.seed, self.attempt, topic)
    }

    fn happens(&self, topic: Topic, chance: Percent) -> bool {
        self.dice(topic).happens(chance)
    }

    /// The receipts that are not final.
    fn intermediate(&self, first_at: Duration) -> Vec<PlannedReceipt> {
        let behaviour = self.behaviour;
        let mut delays = self.dice(Topic::IntermediateDelay);
        let mut at = first_at;
        let mut receipts = Vec::new();
        let steps = [
            (State::Accepted, self.happens(Topic::Acknowledged, behaviour.acknowledged)),
            (State::Enroute, self.happens(Topic::Enroute, behaviour.enroute)),
        ];
        for (state, _) in steps.into_iter().filter(|(_, happens)| *happens) {
            at += delays.within(behaviour.intermediate_after);
            receipts.push(self.receipt(at, state, receipts.len()));
        }
        receipts
    }

    /// When the message ends: behind its other receipts, unless they are to come in disorder.
    fn ended(&self, first_at: Duration, receipts: &mut [PlannedReceipt]) -> Duration {
        let ended = first_at + self.dice(Topic::FinalDelay).within(self.behaviour.final_after);
        if !self.happens(Topic::Disordered, self.behaviour.disordered) {
            return receipts.last().map_or(ended, |last| ended.max(last.after));
        }
        for receipt in receipts {
            receipt.after = receipt.after.max(ended + OVERTAKEN);
        }
        ended
    }

    /// Adds the final receipt, what contradicts it and what is none of its business. Tells whether it is lost.
    fn add_final(&self, ending: Ending, ended: Duration, receipts: &mut Vec<PlannedReceipt>) -> bool {
        let behaviour = self.behaviour;
        let Some(state) = ending.state() else { return false };
        if self.happens(Topic::Lost, behaviour.lost) {
            return true;
        }
        let mut at = ended;
        let mut late = self.dice(Topic::Late);
        if late.happens(behaviour.late) {
            at += late.within(behaviour.late_by);
        }
        let receipt = self.receipt(at, state, receipts.len());
        receipts.push(receipt);
        if self.happens(Topic::Contradicted, behaviour.contradicted) {
            let at = at + self.dice(Topic::AgainDelay).within(behaviour.again_after);
            receipts.push(self.receipt(at, state.opposite(), receipts.len()));
        }
        if self.happens(Topic::Stray, behaviour.stray) {
            receipts.push(PlannedReceipt { stray: true, ..receipt });
        }
        false
    }

    fn add_repeats(&self, receipts: &mut Vec<PlannedReceipt>) {
        let mut chance = self.dice(Topic::Doubled);
        let mut delay = self.dice(Topic::AgainDelay);
        let doubles: Vec<PlannedReceipt> = receipts
            .iter()
            .filter(|receipt| !receipt.stray && chance.happens(self.behaviour.doubled))
            .map(|receipt| {
                let after = receipt.after + delay.within(self.behaviour.again_after);
                PlannedReceipt { after, ..*receipt }
            })
            .collect();
        receipts.extend(doubles);
    }

    /// The `index`-th receipt of the message.
    fn receipt(&self, after: Duration, state: State, index: usize) -> PlannedReceipt {
        let behaviour = self.behaviour;
        let key = [self.content.digest(), u64::from(self.attempt), Topic::Style as u64, index as u64];
        let mut dice = Dice::keyed(self.seed, &key);
        let style = Style {
            halves: behaviour.halves.choose(&mut dice),
            text: behaviour.texts.choose(&mut dice),
            id: behaviour.receipt_ids.choose(&mut dice),
            zone: dice.one_of(behaviour.zones.minutes()).copied().unwrap_or(0),
            intermediate: dice.below(2) == 1,
        };
        PlannedReceipt { after, state, error: self.error(state), style, stray: false }
    }

    /// The operator's code: stable for a message, none where nothing is wrong.
    fn error(&self, state: State) -> u16 {
        let mut dice = self.dice(Topic::Error);
        match state {
            State::Delivered | State::Enroute | State::Accepted => 0,
            State::Expired => 27,
            State::Rejected => *dice.one_of(&[8, 88, 255]).unwrap_or(&8),
            State::Undelivered => *dice.one_of(&[1, 5, 11, 12, 13, 31, 34]).unwrap_or(&1),
            State::Deleted | State::Unknown => 999,
        }
    }
}
