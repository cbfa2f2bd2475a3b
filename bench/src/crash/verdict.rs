//! The sides beside each other.

use std::collections::HashMap;

use anyhow::Result;

use super::applications::{Requests, Sent};
use super::carrier::Carrier;
use super::handsets::{CONFIRMATION, STOP, Written};
use super::ledger_side::{Row, Side};
use super::listener::Listener;
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
fn doubles(carrier: &Carrier, rows: &Rows<'_>) -> Result<(usize, usize)> {
    let (mut counted, mut uncounted) = (0, 0);
    for duplicate in carrier.duplicates()? {
        let rows = rows.get(&(duplicate.recipient.as_str(), duplicate.text.as_str()));
        let doubts: usize = rows.into_iter().flatten().map(|row| row.doubts()).sum();
        let more = duplicate.times as usize - 1;
        counted += more.min(doubts);
        uncounted += more.saturating_sub(doubts);
    }
    Ok((counted, uncounted))
}

impl Verdict {
    /// The head of the matrix.
    pub(super) const HEAD: &'static str = "| doubt | ends: at a place, at random | messages accepted | final | scheduled | uncertain, held | lost | twice in the ledger | sent twice: counted, uncounted | receipts: acknowledged, matched, quarantined, repeats | MO: written, lost, twice | replies: owed, lost, twice | webhook events: told, lost, out of order, told again |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

    pub(super) fn row(&self) -> &str {
        &self.row
    }

    pub(super) fn judge(
        doubt: &str,
        ends: &[(End, bool)],
        sides: &Sides<'_>,
        carrier: &Carrier,
    ) -> Result<Self> {
        let Sides { requests, written, side, listener } = sides;
        let rows = sides.sent();
        let (accepted, received, replies) = (sides.accepted(&rows), sides.received(), sides.replies(&rows));
        let told = listener.told(&side.events);
        let (counted, uncounted) = doubles(carrier, &rows)?;
        let counters = carrier.counters()?;
        let receipts = side.receipts;
        let recorded = receipts.matched + receipts.quarantined + receipts.repeats;
        let owed = replies.once + replies.lost + replies.twice;
        let known: usize =
            requests.0.iter().flat_map(Sent::messages).filter_map(|key| rows.get(&key)).map(Vec::len).sum();
        let known = known + replies.once + replies.twice;
        let scheduled = side.sent.iter().filter(|row| row.state() == "scheduled").count();

        let mut complaints = Vec::new();
        for (count, what) in [
            (accepted.lost, "accepted messages are lost"),
            (accepted.twice, "accepted messages are in the ledger twice"),
            (side.sent.len().saturating_sub(known), "messages are in the ledger that nobody was told of"),
            (side.waiting(doubt), "messages are not final"),
            (scheduled.abs_diff(requests.schedules()), "occurrences are not where they belong"),
            (uncounted, "segments were sent twice without a doubt being counted"),
            (if doubt == "resend" { 0 } else { counted }, "uncertain segments were sent again"),
            (
                counters.receipts_acknowledged.saturating_sub(recorded) as usize,
                "acknowledged receipts are lost",
            ),
            (counters.receipts_refused as usize, "receipts were refused"),
            (counters.receipts_expired as usize, "receipts were never taken"),
            (
                counters.receipts_planned.abs_diff(counters.receipts_acknowledged) as usize,
                "receipts are not acknowledged",
            ),
            (counters.mo_planned.abs_diff(counters.mo_acknowledged) as usize, "MO were not taken"),
            (received.lost, "MO are lost"),
            (received.twice, "MO are in the ledger twice"),
            (side.received.len().saturating_sub(written.len()), "MO are in the ledger that nobody wrote"),
            (replies.lost, "replies are lost"),
            (replies.twice, "replies were made twice"),
            (told.lost, "events were never told"),
            (told.disordered, "events were told in the wrong order"),
        ] {
            if count > 0 {
                complaints.push(format!("{doubt}: {count} {what}"));
            }
        }

        let states = side.states();
        let uncertain = states.get("uncertain").copied().unwrap_or(0);
        let at_places = ends.iter().filter(|(end, reached)| *reached && *end != End::Kill).count();
        let row = format!(
            "| {doubt} | {at_places}, {} | {} | {} | {scheduled} | {uncertain} | {} | {} | {counted}, {uncounted} | {}, {}, {}, {} | {}, {}, {} | {owed}, {}, {} | {}, {}, {}, {} |",
            ends.len() - at_places,
            requests.messages() + owed,
            side.sent.len() - side.waiting(doubt) - uncertain - scheduled,
            accepted.lost,
            accepted.twice,
            counters.receipts_acknowledged,
            receipts.matched,
            receipts.quarantined,
            receipts.repeats,
            written.len(),
            received.lost,
            received.twice,
            replies.lost,
            replies.twice,
            told.events - told.lost,
            told.lost,
            told.disordered,
            told.again,
        );
        println!("{doubt}: {states:?}; the SMSC: {counters:?}");
        Ok(Self { row, complaints })
    }
}
