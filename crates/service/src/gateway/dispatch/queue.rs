//! How far an account's queue has been looked through.

use std::collections::BTreeMap;

use ledger::outbound::Place;

/// One account's queue. Places are those *after* which is looked.
///
/// The queue is looked through once, from its beginning to its end. What cannot go at that moment is passed:
/// what waits for room with one carrier is found again by that carrier's own place, so that it holds up no
/// other; what waits for anything else is found when the whole is looked through again.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Queue {
    /// What has been looked through.
    pub(super) seen: Option<Place>,
    /// Whether there may be more behind it.
    pub(super) more: bool,
    /// By carrier: from where on segments were passed because it had no room.
    pub(super) held_up: BTreeMap<String, Place>,
    /// Whether it is being read.
    pub(super) reading: bool,
    /// Leases that are being written.
    pub(super) leasing: u8,
    /// Where to go back to once it was read.
    back_to: Option<Place>,
    /// The second at which something that was passed may go.
    pub(super) opens: Option<u32>,
    /// Whether it stands in the line of accounts.
    pub(super) in_line: bool,
}

impl Queue {
    /// Something at this place is to be looked at (again).
    pub(super) fn go_back(&mut self, place: Place, now: u32) {
        let before = place.before();
        if self.reading {
            self.back_to = Some(self.back_to.map_or(before, |known| known.min(before)));
        } else if self.seen.is_some_and(|seen| before < seen) {
            self.seen = Some(before);
        }
        // What is due later is found when it is due.
        self.more |= place.due <= now;
    }

    /// All of it is to be looked at again.
    pub(super) fn rewind(&mut self) {
        self.held_up.clear();
        self.opens = None;
        self.go_back(Place { due: 0, number: 0, part: 0 }, u32::MAX);
    }

    /// It was looked through up to this place; `more` says whether it goes on behind.
    pub(super) fn looked_up_to(&mut self, last: Option<Place>, more: bool) {
        self.seen = last.max(self.seen);
        self.more |= more;
        self.end_of_reading();
    }

    /// The reading under way is over.
    pub(super) fn end_of_reading(&mut self) {
        self.reading = false;
        if let Some(back) = self.back_to.take() {
            self.seen = self.seen.min(Some(back));
            self.more = true;
        }
    }

    /// A segment was passed because its carrier had no room.
    pub(super) fn hold_up(&mut self, carrier: &str, place: Place) {
        if !self.held_up.contains_key(carrier) {
            self.held_up.insert(carrier.to_owned(), place.before());
        }
    }

    /// A segment was passed until this second.
    pub(super) fn opens_at(&mut self, second: u32) {
        self.opens = Some(self.opens.map_or(second, |known| known.min(second)));
    }

    /// Whether nothing of it needs to be remembered.
    pub(super) fn is_idle(&self) -> bool {
        !self.more && !self.reading && self.leasing == 0 && self.held_up.is_empty() && self.opens.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(due: u32, number: u32) -> Place {
        Place { due, number, part: 1 }
    }

    #[test]
    fn what_comes_back_while_it_is_read_is_not_missed() {
        let mut queue = Queue { reading: true, ..Queue::default() };
        queue.go_back(place(5, 3), 9);
        queue.looked_up_to(Some(place(9, 9)), false);
        assert_eq!((queue.seen, queue.more, queue.reading), (Some(place(5, 3).before()), true, false));
        queue.more = false;
        queue.go_back(place(20, 1), 9);
        assert_eq!((queue.seen, queue.more), (Some(place(5, 3).before()), false));
        queue.reading = true;
        queue.rewind();
        queue.looked_up_to(Some(place(9, 9)), false);
        assert_eq!((queue.seen, queue.more), (Some(Place { due: 0, number: 0, part: 0 }), true));
    }

    #[test]
    fn a_carrier_without_room_is_remembered_from_its_first_segment_on() {
        let mut queue = Queue::default();
        queue.hold_up("north", place(5, 3));
        queue.hold_up("north", place(5, 4));
        assert_eq!(queue.held_up["north"], Place { due: 5, number: 3, part: 0 });
        queue.rewind();
        assert!(queue.held_up.is_empty() && queue.more);
    }
}
