//! How many messages batches have: most have one, few have very many.

use super::random::Random;

/// The sizes of an account's batches, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Sizes {
    random: Random,
    most: u32,
    left: u32,
}

impl Sizes {
    /// Sizes that add up to `messages`, none above `most`.
    pub(super) fn new(seed: u64, messages: u32, most: u32) -> Self {
        Self { random: Random::new(seed, 0x51), most: most.max(1), left: messages }
    }

    /// A size before it is cut to what is left: one, or anything up to the most, each doubling less often.
    fn draw(&mut self) -> u32 {
        if self.random.per_mille(550) {
            return 1;
        }
        let fraction = self.random.fraction();
        let doublings = fraction * fraction * fraction * f64::from(self.most.ilog2() + 1);
        let whole = doublings as u32;
        let size = f64::from(1u32 << whole.min(31)) * (1.0 + doublings - f64::from(whole));
        (size as u32).clamp(1, self.most)
    }
}

impl Iterator for Sizes {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.left == 0 {
            return None;
        }
        let size = self.draw().min(self.left);
        self.left -= size;
        Some(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_add_up_and_are_skewed() {
        for (messages, most) in [(0, 10), (1, 1), (85_000, 2500), (1_700_000, 50_000)] {
            let sizes: Vec<u32> = Sizes::new(1, messages, most).collect();
            assert_eq!(sizes.iter().sum::<u32>(), messages);
            assert!(sizes.iter().all(|size| (1..=most).contains(size)));
            if messages > 1000 {
                let ones = sizes.iter().filter(|size| **size == 1).count();
                assert!(ones * 2 > sizes.len(), "{ones} of {}", sizes.len());
                assert!(sizes.iter().any(|size| *size > most / 2));
                assert!(sizes.len() > messages as usize / 1000, "{}", sizes.len());
            }
        }
    }
}
