//! A dictionary of addresses: each distinct text once, known by a small code.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

use super::growth::push;

/// The distinct addresses (phones, short codes, names) of an account. Codes are dense, from 0.
#[derive(Debug)]
pub struct Addresses {
    /// All texts, back to back.
    arena: String,
    /// Where each text ends.
    ends: Vec<u32>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Addresses {
    fn default() -> Self {
        Self {
            arena: String::new(),
            ends: Vec::new(),
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Addresses {
    /// The code of `text`, given now if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.table.find(hash, |code| slice(&self.arena, &self.ends, *code) == text) {
            return *code;
        }
        let code = self.ends.len() as u32;
        self.arena.push_str(text);
        push(&mut self.ends, self.arena.len() as u32);
        let (arena, ends, hasher) = (&self.arena, &self.ends, &self.hasher);
        self.table.insert_unique(hash, code, |code| hasher.hash_one(slice(arena, ends, *code)));
        code
    }

    /// The code of `text`, if it is known.
    pub fn code(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.table.find(hash, |code| self.text(*code) == text).copied()
    }

    /// The text of a code that this dictionary gave.
    pub fn text(&self, code: u32) -> &str {
        slice(&self.arena, &self.ends, code)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// For every code its rank among the texts in byte order.
    pub fn ranks(&self) -> Vec<u32> {
        let mut codes: Vec<u32> = (0..self.len() as u32).collect();
        codes.sort_unstable_by(|a, b| self.text(*a).cmp(self.text(*b)));
        let mut ranks = vec![0; codes.len()];
        for (rank, code) in codes.into_iter().enumerate() {
            ranks[code as usize] = rank as u32;
        }
        ranks
    }

    /// Octets of memory held, about.
    pub fn memory(&self) -> usize {
        self.arena.capacity() + self.ends.capacity() * 4 + self.table.capacity() * 5
    }
}

fn slice<'a>(arena: &'a str, ends: &[u32], code: u32) -> &'a str {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] as usize };
    &arena[start..ends[code] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_dense_and_ranks_follow_the_text() {
        let mut known = Addresses::default();
        let texts = ["461", "", "33", "Bakery", "461"];
        let codes: Vec<u32> = texts.iter().map(|text| known.intern(text)).collect();
        assert_eq!(codes, [0, 1, 2, 3, 0]);
        assert_eq!(known.code("33"), Some(2));
        assert_eq!(known.code("34"), None);
        assert_eq!(known.text(3), "Bakery");
        assert_eq!(known.ranks(), [2, 0, 1, 3]);
        for i in 0..10_000 {
            known.intern(&i.to_string());
        }
        assert_eq!(known.code("461"), Some(0));
        assert!(known.code("9999").is_some());
    }
}
