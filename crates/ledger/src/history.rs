//! A message's history: entries and their packed form in the row.
//!
//! One entry is an octet for the word, a variable-length time since the entry before (the first: since
//! `created`), and, where the octet's companion flags say so, the carrier's own code and words. About five
//! octets for the usual entry.

use sms::{Micros, Note, Outcome};

use crate::error::{LedgerError, Result};

/// The most entries a row keeps; beyond it only stored receipts grow.
pub const MOST_ENTRIES: usize = 64;

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The message became this.
    Outcome(Outcome),
    /// A note without a change of outcome.
    Note(Note),
}

impl Word {
    fn code(self) -> u8 {
        match self {
            Self::Outcome(outcome) => outcome.code(),
            Self::Note(note) => note.code(),
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        Outcome::from_code(code).map(Self::Outcome).or_else(|| Note::from_code(code).map(Self::Note))
    }
}

/// One line of a message's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was so.
    pub at: Micros,
    /// What was said.
    pub word: Word,
    /// The carrier's own code, if it gave one.
    pub code: Option<String>,
    /// The carrier's own words, if it gave any.
    pub text: Option<String>,
}

impl Entry {
    /// An entry without the carrier's code or words.
    pub fn new(at: Micros, outcome: Outcome) -> Self {
        Self { at, word: Word::Outcome(outcome), code: None, text: None }
    }

    /// The outcome it brought, if it is no note.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.word {
            Word::Outcome(outcome) => Some(outcome),
            Word::Note(_) => None,
        }
    }
}

const HAS_CODE: u8 = 1;
const HAS_TEXT: u8 = 2;
const MICROS: u8 = 4;

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends one entry, whose predecessor was at `before`, to a packed history.
pub fn push(out: &mut Vec<u8>, before: Micros, entry: &Entry) {
    let delta = entry.at.get() - before.get();
    let (unit, value) = if delta % 1_000_000 == 0 { (0, delta / 1_000_000) } else { (MICROS, delta) };
    let flags = unit
        | if entry.code.is_some() { HAS_CODE } else { 0 }
        | if entry.text.is_some() { HAS_TEXT } else { 0 };
    out.push(entry.word.code());
    // The three flags ride in the low bits of the zigzagged time.
    let zigzag = ((value << 1) ^ (value >> 63)) as u64;
    put_varint(out, zigzag << 3 | u64::from(flags));
    for text in [&entry.code, &entry.text].into_iter().flatten() {
        put_varint(out, text.len() as u64);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Packs a whole history of a message made at `created`.
pub fn pack(created: Micros, entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 6);
    let mut before = created;
    for entry in entries {
        push(&mut out, before, entry);
        before = entry.at;
    }
    out
}

/// An entry read in place; see [`iter`].
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'a> {
    /// When it was so.
    pub at: Micros,
    /// What was said.
    pub word: Word,
    /// The carrier's own code, if it gave one.
    pub code: Option<&'a str>,
    /// The carrier's own words, if it gave any.
    pub text: Option<&'a str>,
}

/// Walks a packed history without copying. Ends with an error at octets that make no sense.
pub fn iter(created: Micros, packed: &[u8]) -> impl Iterator<Item = Result<EntryRef<'_>>> {
    let mut cursor = Cursor { rest: packed, before: created };
    std::iter::from_fn(move || {
        if cursor.rest.is_empty() {
            return None;
        }
        match cursor.entry() {
            Some(entry) => Some(Ok(entry)),
            None => {
                cursor.rest = &[];
                Some(Err(LedgerError::Corrupt("a packed history makes no sense".to_owned())))
            }
        }
    })
}

/// Unpacks a whole history.
pub fn unpack(created: Micros, packed: &[u8]) -> Result<Vec<Entry>> {
    iter(created, packed)
        .map(|entry| {
            entry.map(|entry| Entry {
                at: entry.at,
                word: entry.word,
                code: entry.code.map(str::to_owned),
                text: entry.text.map(str::to_owned),
            })
        })
        .collect()
}

struct Cursor<'a> {
    rest: &'a [u8],
    before: Micros,
}

impl<'a> Cursor<'a> {
    fn entry(&mut self) -> Option<EntryRef<'a>> {
        let (&code, rest) = self.rest.split_first()?;
        self.rest = rest;
        let word = Word::from_code(code)?;
        let packed = self.varint()?;
        let flags = (packed & 7) as u8;
        let zigzag = packed >> 3;
        let value = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
        let delta = if flags & MICROS == 0 { value.checked_mul(1_000_000)? } else { value };
        let at = Micros::new(self.before.get().checked_add(delta)?);
        self.before = at;
        let code = if flags & HAS_CODE == 0 { None } else { Some(self.text()?) };
        let text = if flags & HAS_TEXT == 0 { None } else { Some(self.text()?) };
        Some(EntryRef { at, word, code, text })
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (&octet, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.varint()?).ok()?;
        if length > self.rest.len() {
            return None;
        }
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let word = prop_oneof![
            (0..Outcome::ALL.len()).prop_map(|i| Word::Outcome(Outcome::ALL[i])),
            (0..Note::ALL.len()).prop_map(|i| Word::Note(Note::ALL[i])),
        ];
        let at = prop_oneof![(0i64..4_000_000_000).prop_map(|s| s * 1_000_000), 0i64..4_000_000_000_000_000,];
        let entry = (at, word, proptest::option::of(".{0,9}"), proptest::option::of(".{0,40}"))
            .prop_map(|(at, word, code, text)| Entry { at: Micros::new(at), word, code, text });
        proptest::collection::vec(entry, 0..10)
    }

    proptest! {
        #[test]
        fn packing_is_reversible(created in 0i64..4_000_000_000_000_000, entries in entries()) {
            let created = Micros::new(created);
            let packed = pack(created, &entries);
            prop_assert_eq!(unpack(created, &packed).expect("sound"), entries);
        }

        #[test]
        fn any_octets_are_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _read_or_refused = unpack(Micros::new(0), &octets);
        }
    }

    #[test]
    fn a_usual_entry_is_short() {
        let created = Micros::new(1_700_000_000_123_456);
        let queued = Entry::new(created, Outcome::Queued);
        let delivered = Entry::new(Micros::new(created.get() + 7_000_000), Outcome::Delivered);
        assert_eq!(pack(created, &[queued, delivered]).len(), 4);
    }
}
