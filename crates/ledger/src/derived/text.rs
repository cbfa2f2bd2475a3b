//! The text segment: every body of an account, case-folded, back to back by number.
//!
//! Bodies are separated by the octet FF, which UTF-8 never has. Where every 64th body begins is kept, so
//! that a hit's number is found by counting separators in a few kilobytes.

use std::path::Path;

use memchr::{memchr, memchr_iter, memmem};
use roaring::RoaringBitmap;
use sms::Number;

use super::mapped::Mapped;

const SEPARATOR: u8 = 0xff;
const BLOCK: u32 = 64;
/// Octets of room kept between two portions.
const KEPT: usize = 1 << 16;

/// The folded bodies of numbers 1, 2, 3 …
#[derive(Debug)]
pub struct TextSegment {
    octets: Mapped,
    /// Where the bodies of numbers 1, 65, 129 … begin.
    starts: Vec<u64>,
    count: u32,
    pending: Vec<u8>,
}

/// Folds a text for comparison without regard to case: character by character, so that the place of a
/// letter in its word does not matter (final sigma is sigma).
pub fn fold(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        let from = out.len();
        out.extend_from_slice(text.as_bytes());
        out[from..].make_ascii_lowercase();
        return;
    }
    let mut buffer = [0; 4];
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase() as u8);
            continue;
        }
        for lower in c.to_lowercase() {
            let lower = if lower == 'ς' { 'σ' } else { lower };
            out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
        }
    }
}

impl TextSegment {
    /// An empty segment, whose file is in `directory`.
    pub fn new(directory: &Path) -> Self {
        Self { octets: Mapped::new(directory), starts: Vec::new(), count: 0, pending: Vec::new() }
    }

    /// Adds the body of the next number. It is searched once [`TextSegment::flush`] ran.
    pub fn push(&mut self, body: &str) {
        if self.count.is_multiple_of(BLOCK) {
            self.starts.push((self.octets.octets().len() + self.pending.len()) as u64);
        }
        self.count += 1;
        fold(body, &mut self.pending);
        self.pending.push(SEPARATOR);
    }

    /// Octets that wait for [`TextSegment::flush`].
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Moves what was pushed to the file.
    pub fn flush(&mut self) {
        if !self.pending.is_empty() {
            self.octets.append(&self.pending);
            self.pending.clear();
            self.pending.shrink_to(KEPT);
        }
    }

    /// How many bodies there are.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The folded body of a number.
    pub fn body(&self, number: Number) -> &[u8] {
        let octets = self.octets.octets();
        let index = number - 1;
        let mut rest = &octets[self.starts[(index / BLOCK) as usize] as usize..];
        for _ in 0..index % BLOCK {
            rest = &rest[memchr(SEPARATOR, rest).map_or(rest.len(), |end| end + 1)..];
        }
        &rest[..memchr(SEPARATOR, rest).unwrap_or(rest.len())]
    }

    /// The numbers whose bodies contain `needle` (folded by the caller).
    pub fn search(&self, needle: &[u8]) -> RoaringBitmap {
        if needle.is_empty() {
            return (1..=self.count).collect();
        }
        let octets = self.octets.octets();
        let finder = memmem::Finder::new(needle);
        let mut hits: Vec<Number> = Vec::new();
        // `number` is the body that contains or follows offset `at`, where it (or its rest) begins.
        let (mut at, mut number) = (0usize, 1u32);
        while let Some(found) = finder.find(&octets[at..]) {
            let hit = at + found;
            let block = self.starts.partition_point(|start| *start as usize <= hit) - 1;
            let first = block as u32 * BLOCK + 1;
            if first > number {
                (number, at) = (first, self.starts[block] as usize);
            }
            number += memchr_iter(SEPARATOR, &octets[at..hit]).count() as u32;
            hits.push(number);
            let Some(end) = memchr(SEPARATOR, &octets[hit..]) else { break };
            at = hit + end + 1;
            number += 1;
        }
        RoaringBitmap::from_sorted_iter(hits).unwrap_or_default()
    }

    /// Octets of memory held, the mapped file apart.
    pub fn memory(&self) -> usize {
        self.starts.capacity() * 8 + self.pending.capacity() + self.octets.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        fold(text, &mut out);
        out
    }

    fn segment(bodies: &[String]) -> TextSegment {
        let directory = tempfile::tempdir().expect("directory");
        let mut segment = TextSegment::new(directory.path());
        for body in bodies {
            segment.push(body);
        }
        segment.flush();
        segment
    }

    proptest! {
        #[test]
        fn search_finds_what_a_loop_finds(
            bodies in proptest::collection::vec("[aAbBéÉς ]{0,12}", 0..300),
            needle in "[abé]{0,3}",
        ) {
            let segment = segment(&bodies);
            let needle = folded(&needle);
            let expected: Vec<u32> = bodies.iter().zip(1..)
                .filter(|(body, _)| memmem::find(&folded(body), &needle).is_some())
                .map(|(_, number)| number).collect();
            prop_assert_eq!(segment.search(&needle).iter().collect::<Vec<_>>(), expected);
            for (body, number) in bodies.iter().zip(1..) {
                prop_assert_eq!(segment.body(number), folded(body));
            }
        }
    }

    #[test]
    fn case_is_folded_letter_by_letter() {
        assert_eq!(folded("ÉTÉ ΟΔΟΣ ὁδός"), folded("été οδοσ ὁδόσ"));
        assert_eq!(folded("HeLLo%_"), b"hello%_");
    }
}
