//! MO: by the script, as replies, and from outside.

use std::time::Duration;

use sms::Micros;
use sms::segment::TooManySegments;

use super::parcel::Load;
use super::{Centre, Due, after};
use crate::simulator::dice::{Dice, fingerprint};
use crate::simulator::fate::{Content, Topic};
use crate::simulator::mo::{Mo, compose};
use crate::simulator::segment::Segment;

/// Why an MO is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The text is longer than any message.
    #[error(transparent)]
    Long(#[from] TooManySegments),
    /// Too many receipts and MO wait already.
    #[error("too much waits already; try again later")]
    Full,
}

impl Centre {
    /// A handset writes a message. Gives the number of parts to be delivered.
    ///
    /// # Errors
    /// [`WriteError`]; then nothing is delivered.
    pub fn write(&mut self, now: Micros, mo: &Mo) -> Result<usize, WriteError> {
        let owner = match &mo.system_id {
            Some(system_id) => Some(self.clients.name(system_id)),
            None => self.clients.owner_of(mo.to.trim_start_matches('+')),
        };
        let reference = self.next_reference;
        let key = fingerprint(&[mo.from.as_bytes(), mo.to.as_bytes(), mo.text.as_bytes()]);
        let mut dice = Dice::keyed(self.seed, &[key, Topic::Reply as u64, u64::from(reference)]);
        let written = compose(mo, reference, &mut dice).map_err(WriteError::Long).and_then(|parts| {
            let room = self.profile.pending.saturating_sub(self.pending);
            if parts.len() > room { Err(WriteError::Full) } else { Ok(parts) }
        });
        let parts = match written {
            Ok(parts) => parts,
            Err(error) => {
                self.counters.mo_dropped += 1;
                return Err(error);
            }
        };
        self.next_reference = reference.wrapping_add(1);
        self.counters.mo_written += 1;
        let count = parts.len();
        self.counters.mo_planned += count as u64;
        for (delay, part) in parts {
            self.schedule(after(now, delay), owner.clone(), Load::Mo(Box::new(part)));
        }
        Ok(count)
    }

    /// Writes the reply to a message that is delivered after a while, if its recipient is one that replies.
    pub(super) fn reply(
        &mut self,
        now: Micros,
        system_id: &str,
        segment: &Segment<'_>,
        content: Content,
        attempt: u32,
        delivered_after: Duration,
    ) {
        if self.profile.replies.is_empty() || !segment.is_first() {
            return;
        }
        let text = segment.text();
        let rule = self.profile.replies.iter().find(|rule| {
            rule.recipient.fits(segment.recipient)
                && rule.sender.fits(segment.sender)
                && rule.text.fits(&text)
        });
        let Some(rule) = rule else { return };
        let mut dice = content.dice(self.seed, attempt, Topic::Reply);
        if !dice.happens(rule.percent) {
            return;
        }
        let Some(answer) = dice.one_of(&rule.answers) else { return };
        let mo = Mo {
            from: segment.recipient.to_owned(),
            to: segment.sender.to_owned(),
            text: answer.replace("{text}", &text),
            system_id: Some(system_id.to_owned()),
            manner: rule.manner,
        };
        let at = after(now, delivered_after + dice.within(rule.after));
        if let Err(error) = self.write(at, &mo) {
            tracing::debug!(%error, "a reply is dropped");
        }
    }

    pub(super) fn begin_script(&mut self) {
        let profile = std::sync::Arc::clone(&self.profile);
        for (index, entry) in profile.script.iter().enumerate() {
            let mut dice = Dice::keyed(self.seed, &[Topic::Wire as u64, index as u64]);
            let at = after(self.began, dice.within(entry.after));
            self.agenda.enter(at, Due::Script { index, round: 1 });
        }
    }

    /// The time of a script entry has come.
    pub(super) fn play(&mut self, at: Micros, index: usize, round: u64) {
        let profile = std::sync::Arc::clone(&self.profile);
        let Some(entry) = profile.script.get(index) else { return };
        if let Err(error) = self.write(at, &entry.mo) {
            tracing::warn!(%error, index, "an entry of the script is dropped");
        }
        if let Some(every) = entry.every {
            let mut dice = Dice::keyed(self.seed, &[Topic::Wire as u64, index as u64, round]);
            self.agenda.enter(after(at, dice.within(every)), Due::Script { index, round: round + 1 });
        }
    }
}
