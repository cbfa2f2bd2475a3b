//! The sides beside each other.

use std::collections::HashMap;

use anyhow::Result;

use super::applications::{Requests, Sent};
use super::carrier::{Carrier, Counters};
use super::handsets::{CONFIRMATION, STOP, Written};
use super::ledger_side::{Row, Side};
use super::listener::{Listener, Told};
use super::server::End;

/// What a trial showed.
pub(super) struct Verdict {
    row: String,
    /// What is not as it must be; empty when all is well.
    pub(super) complaints: Vec<String>,
}

/// What everybody knows, but the SMSC.
pub(super) struct Sides<'a> {
    pub(super) requests: &'a Requests,
    pub(super) written: &'a [Written],
    pub(super) side: &'a Side,
    /// Receipts that wait although their id is known.
    pub(super) stranded: usize,
    pub(super) listener: &'a Listener,
}

/// How often what must be there once was there.
#[derive(Debug, Default)]
struct Kept {
    once: usize,
    lost: usize,
    twice: usize,
}

impl Kept {
    fn count(&mut self, expected: usize, found: usize) {
        match found.cmp(&expected) {
            std::cmp::Ordering::Less => self.lost += 1,
            std::cmp::Ordering::Equal => self.once += 1,
            std::cmp::Ordering::Greater => self.twice += 1,
        }
    }
}

/// The ledger's messages by recipient, or sender, and text.
type Rows<'a> = HashMap<(&'a str, &'a str), Vec<&'a Row>>;

impl Sides<'_> {
    fn sent(&self) -> Rows<'_> {
        let mut rows = Rows::new();
        for row in &self.side.sent {
            rows.entry((&row.recipient, &row.body)).or_default().push(row);
        }
        rows
    }

    /// What applications were told is accepted.
    fn accepted(&self, rows: &Rows<'_>) -> Kept {
        let mut kept = Kept::default();
        for sent in &self.requests.0 {
            for message in sent.messages() {
                kept.count(sent.times(), rows.get(&message).map_or(0, Vec::len));
            }
        }
        kept
    }

    fn received(&self) -> Kept {
        let mut came: HashMap<(&str, &str), usize> = HashMap::new();
        for row in &self.side.received {
            *came.entry((row.sender.as_deref().unwrap_or(""), &row.body)).or_default() += 1;
        }
        let mut kept = Kept::default();
        for Written { from, text } in self.written {
            kept.count(1, came.get(&(from.as_str(), text.as_str())).copied().unwrap_or(0));
        }
        kept
    }

    /// The answers to those who wrote STOP.
    fn replies(&self, rows: &Rows<'_>) -> Kept {
        let mut kept = Kept::default();
        for written in self.written.iter().filter(|written| written.text == STOP) {
            kept.count(1, rows.get(&(written.from.as_str(), CONFIRMATION)).map_or(0, Vec::len));
        }
        kept
    }
}

/// Segments that the SMSC took more than once: those that a doubt explains, and the others.
fn doubles(carrier: &Carrier, sent: &[Row]) -> Result<(usize, usize)> {
    let mut by_recipient: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in sent {
        by_recipient.entry(&row.recipient).or_default().push(row);
    }
    let (mut counted, mut uncounted) = (0, 0);
    for duplicate in carrier.duplicates()? {
        let rows = by_recipient.get(duplicate.recipient.as_str()).into_iter().flatten();
        // A segment has a piece of its message's text.
        let doubts: usize =
            rows.filter(|row| row.body.contains(&duplicate.text)).map(|row| row.doubts()).sum();
        let more = duplicate.times as usize - 1;
        counted += more.min(doubts);
        uncounted += more.saturating_sub(doubts);
    }
    Ok((counted, uncounted))
}

/// What all sides together show.
struct Findings<'a> {
    doubt: &'a str,
    sides: &'a Sides<'a>,
    counters: Counters,
    accepted: Kept,
    received: Kept,
    replies: Kept,
    told: Told,
    /// Segments that were taken more than once: with a doubt, and without.
    doubles: (usize, usize),
    /// Messages of the ledger that somebody was told of.
    known: usize,
    scheduled: usize,
    uncertain: usize,
}

impl<'a> Findings<'a> {
    fn gather(doubt: &'a str, sides: &'a Sides<'a>, carrier: &Carrier) -> Result<Self> {
        let rows = sides.sent();
        let states = sides.side.states();
        let in_state = |state| states.get(state).copied().unwrap_or(0);
        let (accepted, replies) = (sides.accepted(&rows), sides.replies(&rows));
        let requested = sides.requests.0.iter().flat_map(Sent::messages);
        let requested: usize = requested.filter_map(|key| rows.get(&key)).map(Vec::len).sum();
        Ok(Self {
            doubt,
            sides,
            counters: carrier.counters()?,
            received: sides.received(),
            told: sides.listener.told(&sides.side.events),
            doubles: doubles(carrier, &sides.side.sent)?,
            known: requested + replies.once + replies.twice,
            scheduled: in_state("scheduled"),
            uncertain: in_state("uncertain"),
            accepted,
            replies,
        })
    }

    /// What is not as it must be.
    fn complaints(&self) -> Vec<String> {
        let Sides { requests, written, side, stranded, .. } = self.sides;
        let counters = &self.counters;
        let receipts = side.receipts;
        let recorded = receipts.matched + receipts.quarantined + receipts.repeats;
        let resent = if self.doubt == "resend" { 0 } else { self.doubles.0 };
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let all = [
            (self.accepted.lost, "accepted messages are lost"),
            (self.accepted.twice, "accepted messages are in the ledger twice"),
            (
                side.sent.len().saturating_sub(self.known),
                "messages are in the ledger that nobody was told of",
            ),
            (side.waiting(self.doubt), "messages are not final"),
            (self.scheduled.abs_diff(requests.schedules()), "occurrences are not where they belong"),
            (self.doubles.1, "segments were sent twice without a doubt being counted"),
            (resent, "uncertain segments were sent again"),
            (
                count(counters.receipts_acknowledged.saturating_sub(recorded)),
                "acknowledged receipts are lost",
            ),
            (*stranded, "receipts wait although their id is known"),
            (count(counters.receipts_refused), "receipts were refused"),
            (count(counters.receipts_expired), "receipts were never taken"),
            (
                count(counters.receipts_planned.abs_diff(counters.receipts_acknowledged)),
                "receipts are not acknowledged",
            ),
            (count(counters.mo_planned.abs_diff(counters.mo_acknowledged)), "parts of MO were not taken"),
            (self.received.lost, "MO are lost"),
            (self.received.twice, "MO are in the ledger twice"),
            (side.received.len().saturating_sub(written.len()), "MO are in the ledger that nobody wrote"),
            (self.replies.lost, "replies are lost"),
            (self.replies.twice, "replies were made twice"),
            (self.told.lost, "events were never told"),
            (self.told.disordered, "events were told in the wrong order"),
        ];
        let broken = all.into_iter().filter(|(count, _)| *count > 0);
        broken.map(|(count, what)| format!("{}: {count} {what}", self.doubt)).collect()
    }

    fn row(&self, ends: &[(End, bool)]) -> String {
        let Self { doubt, sides, counters, accepted, received, replies, told, .. } = self;
        let Sides { requests, written, side, .. } = sides;
        let at_places = ends.iter().filter(|(end, reached)| *reached && *end != End::Kill).count();
        let owed = replies.once + replies.lost + replies.twice;
        let receipts = side.receipts;
        let cells = [
            (*doubt).to_owned(),
            format!("{at_places}, {}", ends.len() - at_places),
            (requests.messages() + owed).to_string(),
            side.ended().to_string(),
            self.scheduled.to_string(),
            self.uncertain.to_string(),
            accepted.lost.to_string(),
            accepted.twice.to_string(),
            format!("{}, {}", self.doubles.0, self.doubles.1),
            format!(
                "{}, {}, {}, {}",
                counters.receipts_acknowledged, receipts.matched, receipts.quarantined, receipts.repeats
            ),
            format!("{}, {}, {}", written.len(), received.lost, received.twice),
            format!("{owed}, {}, {}", replies.lost, replies.twice),
            format!("{}, {}, {}, {}", told.events - told.lost, told.lost, told.disordered, told.again),
        ];
        format!("| {} |", cells.join(" | "))
    }
}

/// The columns of the matrix.
const COLUMNS: [&str; 13] = [
    "doubt",
    "ends: at a place, at random",
    "messages accepted",
    "final",
    "scheduled",
    "uncertain, held",
    "lost",
    "twice in the ledger",
    "sent twice: counted, uncounted",
    "receipts: acknowledged, matched, quarantined, repeats",
    "MO: written, lost, twice",
    "replies: owed, lost, twice",
    "webhook events: told, lost, out of order, told again",
];

impl Verdict {
    /// The head of the matrix.
    pub(super) fn head() -> String {
        format!("| {} |\n|{}", COLUMNS.join(" | "), " --- |".repeat(COLUMNS.len()))
    }

    pub(super) fn row(&self) -> &str {
        &self.row
    }

    pub(super) fn judge(
        doubt: &str,
        ends: &[(End, bool)],
        sides: &Sides<'_>,
        carrier: &Carrier,
    ) -> Result<Self> {
        let findings = Findings::gather(doubt, sides, carrier)?;
        let counters = &findings.counters;
        println!(
            "{doubt}: {:?}; the SMSC took {} without telling, refused {}, left {} unanswered, cut {} connections",
            sides.side.states(),
            counters.taken_untold,
            counters.refused,
            counters.unanswered,
            counters.cuts
        );
        Ok(Self { row: findings.row(ends), complaints: findings.complaints() })
    }
}
