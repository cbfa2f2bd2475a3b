//! What was said of a message, in order.

use ledger::model::{Entry, Word};
use sms::{Direction, Micros, Note, Outcome};

use super::super::LineFault;
use super::super::record::RawEntry;
use super::{instant, owned};

/// A history with what it ends in.
pub(super) struct Story {
    pub(super) outcome: Outcome,
    pub(super) entries: Vec<Entry>,
}

/// Reads a history. Without any outcome in it, the message is taken in at `created`: `queued`, or an MO
/// `received`.
pub(super) fn read(
    raw: &[RawEntry<'_>],
    direction: Direction,
    created: Micros,
    lenient: bool,
) -> Result<Story, LineFault> {
    let mut entries: Vec<Entry> = Vec::with_capacity(raw.len().max(1));
    let mut outcome = None;
    let mut earliest = Micros::from_seconds(created.seconds());
    for (place, raw) in raw.iter().enumerate() {
        let fault =
            |member: &str, what: String| LineFault::member(format!("history[{place}].{member}"), what);
        let at = raw.at.as_ref().ok_or_else(|| fault("at", "missing".to_owned()))?;
        let at = instant("at", at).map_err(|error| error.inside(place))?;
        if at < earliest {
            let before = if place == 0 { "the message was created" } else { "the entry above it" };
            return Err(fault("at", format!("before {before}")));
        }
        earliest = at;
        let word = word(raw).map_err(|error| error.inside(place))?;
        let mut entry = Entry { at, word, code: owned(raw.code.as_ref()), text: owned(raw.text.as_ref()) };
        if let Word::Outcome(next) = word {
            if next.direction() != direction {
                return Err(fault(
                    "state",
                    format!("an {direction} is never {next}", direction = name(direction)),
                ));
            }
            match outcome {
                Some(last) if leaves_the_end(last, next) => {
                    if !lenient {
                        return Err(fault("state", format!("what is {last} does not become {next}")));
                    }
                    entry.word = Word::Note(Note::Contradiction);
                    entry.text.get_or_insert_with(|| next.to_string());
                }
                _ => outcome = Some(next),
            }
        }
        entries.push(entry);
    }
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => begin(&mut entries, direction, created)?,
    };
    Ok(Story { outcome, entries })
}

/// Puts the implied first entry before what may be there of notes.
fn begin(entries: &mut Vec<Entry>, direction: Direction, created: Micros) -> Result<Outcome, LineFault> {
    let outcome = match direction {
        Direction::Mt => Outcome::Queued,
        Direction::Mo => Outcome::Received,
    };
    if entries.len() == ledger::history::MOST_ENTRIES {
        return Err(LineFault::member("history", "no outcome in it, and no room for the implied one"));
    }
    // A note may stand in the same second, before the instant of creation.
    let at = entries.first().map_or(created, |first| first.at.min(created));
    entries.insert(0, Entry::new(at, outcome));
    Ok(outcome)
}

/// Whether the step leaves a final outcome for another. Other odd steps are kept as they were told.
fn leaves_the_end(from: Outcome, to: Outcome) -> bool {
    from.is_final() && from != to && !from.may_become(to)
}

fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Mt => "MT",
        Direction::Mo => "MO",
    }
}

fn word(raw: &RawEntry<'_>) -> Result<Word, LineFault> {
    let state: &str = raw.state.as_ref().ok_or_else(|| LineFault::member("state", "missing"))?;
    let reason: Option<&str> = raw.reason.as_deref().filter(|reason| !reason.is_empty());
    if let Some(outcome) = outcome(state, reason) {
        return Ok(Word::Outcome(outcome));
    }
    match (Note::from_word(state), reason) {
        (Some(note), None) => Ok(Word::Note(note)),
        (Some(_), Some(_)) => Err(LineFault::member("reason", format!("\"{state}\" has none"))),
        (None, _) if !Outcome::is_state_word(state) => {
            Err(LineFault::member("state", format!("{state:?} is no state")))
        }
        (None, _) => Err(LineFault::member("reason", reasons(state))),
    }
}

/// The outcome of the words, found without effort when they are written as an export writes them.
fn outcome(state: &str, reason: Option<&str>) -> Option<Outcome> {
    let exact = Outcome::ALL.iter().find(|outcome| outcome.state() == state && outcome.reason() == reason);
    exact.copied().or_else(|| Outcome::from_words(state, reason))
}

/// The reasons that a state can have, in words.
fn reasons(state: &str) -> String {
    let mut words =
        Outcome::ALL.iter().filter(|outcome| outcome.state() == state).map(|outcome| outcome.reason());
    let bare = words.clone().any(|reason| reason.is_none());
    let named: Vec<&str> = words.by_ref().flatten().collect();
    match (named.is_empty(), bare) {
        (true, _) => format!("\"{state}\" has none"),
        (false, true) => format!("of \"{state}\" it is null or {}", named.join(", ")),
        (false, false) => format!("of \"{state}\" it is one of {}", named.join(", ")),
    }
}

impl LineFault {
    /// The same, of a member of the history's entry at `place`.
    fn inside(self, place: usize) -> Self {
        match self {
            Self::Member { member, what } => {
                Self::Member { member: format!("history[{place}].{member}"), what }
            }
            other => other,
        }
    }
}
