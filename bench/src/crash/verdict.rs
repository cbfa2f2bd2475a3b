//! The three sides beside each other.

use std::collections::HashMap;

use anyhow::Result;

use super::applications::Requests;
use super::carrier::Carrier;
use super::ledger_side::{Row, Side};
use super::server::End;

/// What a trial showed.
pub(super) struct Verdict {
    row: String,
    /// What is not as it must be; empty when all is well.
    pub(super) complaints: Vec<String>,
}

impl Verdict {
    /// The head of the matrix.
    pub(super) const HEAD: &'static str = "| doubt | ends (at a place, at random) | accepted | kept once | final | uncertain | lost | twice in the ledger | sent twice, counted | sent twice, uncounted | receipts: owed, matched, quarantined, repeats | MO: written, kept once, lost, twice |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

    pub(super) fn row(&self) -> &str {
        &self.row
    }

    pub(super) fn judge(
        doubt: &str,
        ends: Vec<(End, bool)>,
        requests: &Requests,
        written: &[String],
        side: &Side,
        carrier: &Carrier,
    ) -> Result<Self> {
        let mut complaints = Vec::new();
        let mut kept: HashMap<(&str, &str), Vec<&Row>> = HashMap::new();
        for row in &side.sent {
            kept.entry((&row.recipient, &row.body)).or_default().push(row);
        }
        let (mut once, mut lost, mut twice) = (0, 0, 0);
        for message in requests.0.iter().flat_map(super::applications::Sent::messages) {
            match kept.get(&message).map_or(0, Vec::len) {
                0 => lost += 1,
                1 => once += 1,
                _ => twice += 1,
            }
        }
        let unasked = side.sent.len().saturating_sub(requests.messages());

        let (mut counted, mut uncounted) = (0, 0);
        for duplicate in carrier.duplicates()? {
            let rows = kept.get(&(duplicate.recipient.as_str(), duplicate.text.as_str()));
            let doubts: usize = rows.into_iter().flatten().map(|row| row.doubts()).sum();
            let more = duplicate.times as usize - 1;
            counted += more.min(doubts);
            uncounted += more.saturating_sub(doubts);
        }
        if doubt != "resend" && counted > 0 {
            complaints.push(format!("{doubt}: {counted} uncertain segments were sent again"));
        }

        let mut came: HashMap<&str, usize> = HashMap::new();
        for row in &side.received {
            *came.entry(row.body.as_str()).or_default() += 1;
        }
        let times = |text: &String| came.get(text.as_str()).copied().unwrap_or(0);
        let mo_lost = written.iter().filter(|text| times(text) == 0).count();
        let mo_twice = written.iter().filter(|text| times(text) > 1).count();

        let counters = carrier.counters()?;
        let receipts = side.receipts;
        let recorded = receipts.matched + receipts.quarantined + receipts.repeats;
        if recorded < counters.receipts_acknowledged {
            complaints.push(format!(
                "{doubt}: {} receipts were acknowledged, {recorded} are recorded",
                counters.receipts_acknowledged
            ));
        }
        if counters.receipts_refused + counters.receipts_expired > 0 {
            complaints.push(format!("{doubt}: receipts were refused or never taken: {counters:?}"));
        }
        if counters.mo_acknowledged < counters.mo_planned {
            complaints.push(format!("{doubt}: MO were not taken: {counters:?}"));
        }
        for (count, what) in [
            (lost, "accepted messages are lost"),
            (twice, "accepted messages are in the ledger twice"),
            (unasked, "messages are in the ledger that nobody was told of"),
            (side.waiting(doubt), "messages are not final"),
            (uncounted, "segments were sent twice without a doubt being counted"),
            (mo_lost, "MO are lost"),
            (mo_twice, "MO are in the ledger twice"),
        ] {
            if count > 0 {
                complaints.push(format!("{doubt}: {count} {what}"));
            }
        }

        let states = side.states();
        let uncertain = states.get("uncertain").copied().unwrap_or(0);
        let at_places = ends.iter().filter(|(end, reached)| *reached && *end != End::Kill).count();
        let row = format!(
            "| {doubt} | {at_places}, {} | {} | {once} | {} | {uncertain} | {lost} | {twice} | {counted} | {uncounted} | {}, {}, {}, {} | {}, {}, {mo_lost}, {mo_twice} |",
            ends.len() - at_places,
            requests.messages(),
            side.sent.len() - side.waiting(doubt) - uncertain,
            counters.receipts_planned,
            receipts.matched,
            receipts.quarantined,
            receipts.repeats,
            written.len(),
            written.len() - mo_lost - mo_twice,
        );
        println!(
            "{doubt}: {states:?}; the SMSC took {} and {} untold",
            counters.accepted, counters.taken_untold
        );
        Ok(Self { row, complaints })
    }
}
