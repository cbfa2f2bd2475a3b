//! The order of an account's batches by (creation second, key), and who belongs to batches that are no range.

use std::collections::{HashMap, HashSet};

use roaring::RoaringBitmap;
use sms::{BatchKey, Number};

use super::growth::push;

/// All that [`Batches`] holds, in a form that compares.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    /// Creation second, packed key, whether hidden.
    pub entries: Vec<(u32, u32, bool)>,
    /// The numbers of each batch that is no range.
    pub members: Vec<(Number, Vec<Number>)>,
}

/// Batches in the order of their creation; an MO is a batch of one.
#[derive(Debug)]
pub struct Batches {
    /// (creation second, packed key).
    entries: Vec<(u32, u32)>,
    sorted: bool,
    hidden: HashSet<u32>,
    /// Indexes of visible entries.
    visible: RoaringBitmap,
    /// Indexes of visible submissions.
    submissions: RoaringBitmap,
    /// Numbers of the messages of each batch that is no range.
    members: HashMap<Number, RoaringBitmap>,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            sorted: true,
            hidden: HashSet::new(),
            visible: RoaringBitmap::new(),
            submissions: RoaringBitmap::new(),
            members: HashMap::new(),
        }
    }
}

impl Batches {
    /// Adds a batch made at `created` (seconds).
    pub fn add(&mut self, created: u32, key: BatchKey, visible: bool) {
        let entry = (created, key.pack());
        if !visible {
            self.hidden.insert(entry.1);
        }
        self.sorted &= self.entries.last().is_none_or(|last| *last < entry);
        push(&mut self.entries, entry);
        if self.sorted {
            self.note(self.entries.len() as u32 - 1);
        }
    }

    fn note(&mut self, index: u32) {
        let key = self.entries[index as usize].1;
        if !self.hidden.contains(&key) {
            self.visible.insert(index);
            if matches!(BatchKey::unpack(key), BatchKey::Mt(_)) {
                self.submissions.insert(index);
            }
        }
    }

    /// Hides a batch.
    pub fn hide(&mut self, created: u32, key: BatchKey) {
        let entry = (created, key.pack());
        self.hidden.insert(entry.1);
        if self.sorted
            && let Ok(index) = self.entries.binary_search(&entry)
        {
            self.visible.remove(index as u32);
            self.submissions.remove(index as u32);
        }
    }

    /// Whether something came out of order since [`Batches::settle`].
    pub fn needs_settle(&self) -> bool {
        !self.sorted
    }

    /// Puts everything into its place. Sorting is stable and quick on what is nearly sorted.
    pub fn settle(&mut self) {
        if self.sorted {
            return;
        }
        self.entries.sort();
        self.sorted = true;
        self.visible.clear();
        self.submissions.clear();
        for index in 0..self.entries.len() as u32 {
            self.note(index);
        }
    }

    /// The set of visible batches, with or without the MO.
    pub fn set(&self, submissions_only: bool) -> &RoaringBitmap {
        if submissions_only { &self.submissions } else { &self.visible }
    }

    /// The set of visible batches, with or without the MO, whose number is not past those given.
    pub fn up_to(&self, submissions_only: bool, mt: Number, mo: Number) -> RoaringBitmap {
        // Packed keys of MO are past all those of submissions.
        let (mt, mo) = (BatchKey::Mt(mt).pack(), BatchKey::Mo(mo).pack());
        let first_mo = BatchKey::Mo(0).pack();
        let entries = self.entries.iter().zip(0..);
        let past = entries.filter(|((_, key), _)| *key > if *key < first_mo { mt } else { mo });
        let past: RoaringBitmap = past.map(|(_, index)| index).collect();
        self.set(submissions_only) - past
    }

    /// The batch at an index.
    pub fn at(&self, index: u32) -> (u32, BatchKey) {
        let (created, key) = self.entries[index as usize];
        (created, BatchKey::unpack(key))
    }

    /// The first index whose entry is at or after (or, with `after`, past) this place.
    pub fn index_of(&self, created: u32, key: u32, after: bool) -> u32 {
        let place = (created, key);
        self.entries.partition_point(|entry| if after { *entry <= place } else { *entry < place }) as u32
    }

    /// How many entries there are, hidden ones too.
    pub fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Says that a batch is no range any more; until now its messages were `first` to `first + count - 1`.
    pub fn scatter(&mut self, batch: Number, first: Number, count: u32) {
        self.members.entry(batch).or_insert_with(|| {
            let mut numbers = RoaringBitmap::new();
            numbers.insert_range(first..first + count);
            numbers
        });
    }

    /// Adds a message to its batch, if that is no range.
    pub fn join(&mut self, batch: BatchKey, number: Number) {
        if let BatchKey::Mt(batch) = batch
            && let Some(members) = self.members.get_mut(&batch)
        {
            members.insert(number);
        }
    }

    /// The numbers of a batch that is no range.
    pub fn members(&self, batch: Number) -> Option<&RoaringBitmap> {
        self.members.get(&batch)
    }

    /// Everything, to be compared.
    pub fn facts(&self) -> Facts {
        let entries = self.entries.iter().map(|(created, key)| (*created, *key, self.hidden.contains(key)));
        let mut members: Vec<_> =
            self.members.iter().map(|(batch, set)| (*batch, set.iter().collect())).collect();
        members.sort();
        Facts { entries: entries.collect(), members }
    }

    /// Octets of memory held, about.
    pub fn memory(&self) -> usize {
        self.entries.capacity() * 8
            + self.hidden.capacity() * 8
            + self.visible.serialized_size()
            + self.submissions.serialized_size()
            + self.members.values().map(|set| set.serialized_size() + 64).sum::<usize>()
    }
}
