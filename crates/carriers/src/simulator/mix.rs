//! A weighted choice.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::value::{Error, StringDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::dice::Dice;

/// Choices with their weights. Written `{ delivered = 95, undelivered = 5 }`; the weights need not add up to
/// anything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, u32>", bound(deserialize = "T: DeserializeOwned"))]
pub struct Mix<T> {
    choices: Vec<(T, u32)>,
    total: u64,
}

/// Why weights are no mix.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MixError {
    /// A word names no choice.
    #[error("{0}")]
    Word(Error),
    /// All weights are zero, or there are none.
    #[error("a mix needs at least one choice with a weight above 0")]
    Empty,
}

impl<T: Copy> Mix<T> {
    /// Only this, always.
    pub fn only(choice: T) -> Self {
        Self { choices: vec![(choice, 1)], total: 1 }
    }

    /// One of the choices, by weight.
    pub fn choose(&self, dice: &mut Dice) -> T {
        let mut point = dice.below(self.total);
        for (choice, weight) in &self.choices {
            match point.checked_sub(u64::from(*weight)) {
                None => return *choice,
                Some(rest) => point = rest,
            }
        }
        // The point is below the sum of the weights, and construction refuses an empty list.
        self.choices[0].0
    }
}

impl<T: DeserializeOwned> TryFrom<BTreeMap<String, u32>> for Mix<T> {
    type Error = MixError;

    /// Ordered by the words, so that the order in a file decides nothing.
    fn try_from(weights: BTreeMap<String, u32>) -> Result<Self, MixError> {
        let mut choices = Vec::with_capacity(weights.len());
        for (word, weight) in weights {
            let word: StringDeserializer<Error> = word.into_deserializer();
            choices.push((T::deserialize(word).map_err(MixError::Word)?, weight));
        }
        choices.retain(|(_, weight)| *weight > 0);
        let total = choices.iter().map(|(_, weight)| u64::from(*weight)).sum();
        if choices.is_empty() { Err(MixError::Empty) } else { Ok(Self { choices, total }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_kept() {
        let mix: Mix<char> = Mix::try_from(weights([("a", 3), ("b", 1), ("c", 0)])).expect("has weights");
        let mut counts = BTreeMap::new();
        for key in 0..8_000 {
            *counts.entry(mix.choose(&mut Dice::keyed(1, &[key]))).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 2);
        assert!((5_800..6_200).contains(&counts[&'a']), "{counts:?}");
        assert_eq!(Mix::only('x').choose(&mut Dice::keyed(1, &[])), 'x');
    }

    fn weights<const N: usize>(weights: [(&str, u32); N]) -> BTreeMap<String, u32> {
        weights.into_iter().map(|(word, weight)| (word.to_owned(), weight)).collect()
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(Mix::<char>::try_from(BTreeMap::new()), Err(MixError::Empty));
        assert_eq!(Mix::<char>::try_from(weights([("a", 0)])), Err(MixError::Empty));
        assert!(matches!(Mix::<char>::try_from(weights([("ab", 1)])), Err(MixError::Word(_))));
    }
}
