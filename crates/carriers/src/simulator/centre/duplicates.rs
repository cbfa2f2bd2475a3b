//! Messages that were taken more than once, for whoever has to explain it.

use serde::Serialize;

use super::Centre;
use crate::simulator::fate::Content;
use crate::simulator::message_id::MessageId;
use crate::simulator::segment::Segment;

/// How many are kept; those that come later are only counted.
pub(super) const ROOM: usize = 10_000;
/// Ids kept of each.
const IDS: usize = 8;

/// A message that was taken more than once. Whether that was meant is not for the centre to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Who sent it.
    pub sender: String,
    /// Who it is for.
    pub recipient: String,
    /// Which segment of a long message, from 1; 1 of a short one.
    pub part: u8,
    /// The head of its text.
    pub text: String,
    /// How often it was taken.
    pub times: u32,
    /// Its ids, as answers write them; the first eight.
    pub ids: Vec<String>,
}

impl Centre {
    /// The messages that were taken more than once, the first ten thousand of them, in no order.
    pub fn duplicates(&self) -> impl Iterator<Item = &Duplicate> {
        self.duplicates.values()
    }

    /// Notes that a message was taken; `earlier` is the id it had the first time.
    pub(super) fn note_duplicate(
        &mut self,
        content: Content,
        segment: &Segment<'_>,
        earlier: MessageId,
        id: MessageId,
    ) {
        self.counters.duplicates += 1;
        let form = self.profile.answered_ids;
        let digest = content.digest();
        if self.duplicates.len() >= ROOM && !self.duplicates.contains_key(&digest) {
            return;
        }
        let duplicate = self.duplicates.entry(digest).or_insert_with(|| Duplicate {
            sender: segment.sender.to_owned(),
            recipient: segment.recipient.to_owned(),
            part: segment.place.map_or(1, |place| place.index),
            text: segment.text().chars().take(40).collect(),
            times: 1,
            ids: vec![form.write(earlier)],
        });
        duplicate.times = duplicate.times.saturating_add(1);
        if duplicate.ids.len() < IDS {
            duplicate.ids.push(form.write(id));
        }
    }
}
