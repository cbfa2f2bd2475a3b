//! Chance that can be repeated: SplitMix64, keyed by the seed and by what is decided about.
//!
//! Each decision has a generator of its own, made from the seed, the content it is about and a topic. So what
//! happens to one message does not depend on which others came before it, nor on how they were interleaved.

use std::time::Duration;

use super::span::{Percent, Span};

/// A stream of repeatable draws.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

/// The increment of SplitMix64: 2^64 divided by the golden ratio, made odd.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// The stream of `seed` for whatever `key` names; equal arguments give equal streams.
    pub fn keyed(seed: u64, key: &[u64]) -> Self {
        let state = key.iter().fold(mix(seed ^ STEP), |state, part| mix(state.wrapping_add(STEP) ^ *part));
        Self { state }
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number below `bound`, 0 where `bound` is 0. The bias of the multiplication is below 2^-32 for the
    /// bounds used here.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(bound)) >> 64) as u64
    }

    /// Whether an event of this probability happens.
    pub fn happens(&mut self, chance: Percent) -> bool {
        self.below(Percent::WHOLE.into()) < u64::from(chance.parts())
    }

    /// A duration of the span, both ends included, to the microsecond.
    pub fn within(&mut self, span: Span) -> Duration {
        let width = span.longest().saturating_sub(span.shortest()).as_micros();
        let width = u64::try_from(width).unwrap_or(u64::MAX - 1);
        span.shortest() + Duration::from_micros(self.below(width.saturating_add(1)))
    }

    /// One of `choices`; `None` where there are none.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(usize::try_from(self.below(choices.len() as u64)).unwrap_or(0))
    }
}

/// The output function of SplitMix64: a bijection in which each bit depends on all others.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A 64-bit digest of `parts`, each with its length, so that moving a border changes it. Stable over versions
/// and machines; no protection against somebody who looks for collisions.
pub fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut digest = mix(parts.len() as u64 ^ STEP);
    for part in parts {
        digest = mix(digest.wrapping_add(STEP) ^ part.len() as u64);
        for chunk in part.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            digest = mix(digest.wrapping_add(STEP) ^ u64::from_le_bytes(word));
        }
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let take = |seed, key: &[u64]| {
            let mut dice = Dice::keyed(seed, key);
            [dice.draw(), dice.draw()]
        };
        assert_eq!(take(1, &[2, 3]), take(1, &[2, 3]));
        for other in [take(2, &[2, 3]), take(1, &[3, 2]), take(1, &[2]), take(1, &[2, 3, 0])] {
            assert_ne!(take(1, &[2, 3]), other);
        }
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs of SplitMix64 from state 0.
        let mut dice = Dice { state: 0 };
        assert_eq!([dice.draw(), dice.draw()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }

    #[test]
    fn chances_are_kept() {
        let chance = Percent::parse(12.5).expect("a percentage");
        let count = (0..40_000).filter(|key| Dice::keyed(7, &[*key]).happens(chance)).count();
        assert!((4_700..5_300).contains(&count), "{count}");
        assert!(!Dice::keyed(7, &[]).happens(Percent::default()));
        assert!(Dice::keyed(7, &[]).happens(Percent::parse(100.0).expect("a percentage")));
    }

    #[test]
    fn spans_include_both_ends() {
        let span: Span = "1ms..2ms".parse().expect("a span");
        let mut dice = Dice::keyed(1, &[]);
        for _ in 0..1_000 {
            let drawn = dice.within(span);
            assert!(span.shortest() <= drawn && drawn <= span.longest());
        }
        assert_eq!(dice.within("3s".parse().expect("a span")), Duration::from_secs(3));
        assert_eq!(dice.one_of::<u8>(&[]), None);
    }

    #[test]
    fn borders_count_in_fingerprints() {
        assert_eq!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"ab", b"c"]));
        assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
        assert_ne!(fingerprint(&[b"a"]), fingerprint(&[b"a\0"]));
    }
}
