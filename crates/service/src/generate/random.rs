//! Numbers that look random and are the same for a seed on every machine and in every version of this
//! program, which no library's generator for everyday use promises. (SplitMix64, by Steele, Lea and Flood.)

/// A sequence of numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

/// The odd constant by which the state steps: 2^64 over the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Spreads every bit of `value` over all bits of the result; a bijection.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// 128 bits that name the thing number `count` of a kind, under a seed.
pub(super) fn name(seed: u64, kind: u64, count: u64) -> [u8; 16] {
    let first = mix(mix(seed ^ kind).wrapping_add(count.wrapping_mul(STEP)));
    let second = mix(first ^ mix(count ^ kind.rotate_left(32)));
    (u128::from(first) << 64 | u128::from(second)).to_be_bytes()
}

impl Random {
    /// A sequence of its own for each seed and purpose.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        Self(mix(seed.wrapping_add(mix(purpose))))
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `end`; zero when `end` is.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).max(0) as u64) as i64
    }

    /// A fraction from 0 to below 1. Sums and products of such are the same everywhere; other functions of
    /// floating point are not.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something happens that does so in `times` of a thousand cases.
    pub(super) fn per_mille(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of some; the first where there is a choice of none is the caller's to rule out.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }

    /// The place in `weights` drawn, each as often as its weight says.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut drawn = self.below(total);
        for (place, weight) in weights.enumerate() {
            match drawn.checked_sub(u64::from(weight)) {
                Some(rest) => drawn = rest,
                None => return place,
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_pinned() {
        let mut random = Random::new(1, 2);
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        let mut again = Random::new(1, 2);
        assert_eq!(drawn, (0..3).map(|_| again.next()).collect::<Vec<_>>());
        assert_ne!(drawn[0], Random::new(2, 2).next());
        assert_ne!(drawn[0], Random::new(1, 3).next());
        // The first output of SplitMix64 from the state 0, as its authors' own code gives it.
        assert_eq!(Random(0).next(), 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut random = Random::new(7, 0);
        let mut seen = [0; 3];
        for _ in 0..3000 {
            assert!(random.below(10) < 10);
            assert!((-3..=3).contains(&random.between(-3, 3)));
            assert!((0.0..1.0).contains(&random.fraction()));
            seen[random.weighted([1, 0, 9].into_iter())] += 1;
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), None);
        assert_eq!(seen[1], 0);
        assert!(seen[0] > 200 && seen[0] < 400, "{seen:?}");
    }

    #[test]
    fn names_differ() {
        let names: std::collections::HashSet<_> =
            (0..1000).flat_map(|count| [name(1, 1, count), name(1, 2, count), name(2, 1, count)]).collect();
        assert_eq!(names.len(), 3000);
    }
}
