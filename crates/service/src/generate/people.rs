//! The people an account writes to: numbered, so that nothing of them need be kept in memory.

use sms::Country;

use super::places::{PLACES, Place};
use super::random::Random;

/// A person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Number among all people.
    pub(super) index: u32,
    /// Where they live.
    pub(super) place: &'static Place,
    /// Which of the country's networks they are on.
    pub(super) operator: usize,
    /// Their phone, as digits.
    pub(super) phone: String,
}

/// All people of an account.
#[derive(Clone, Debug)]
pub(super) struct People {
    count: u32,
    /// For each country that has people: the first person's index, and the country. Rising.
    blocks: Vec<(u32, &'static Place)>,
    /// Shares no divisor with the count; steps of it visit everybody.
    stride: u32,
}

/// Of a thousand people, how many live at home.
const AT_HOME: u64 = 550;

impl People {
    /// So many people, of whom 55 % live in the country `home`; the rest elsewhere, fewer from country to
    /// country.
    pub(super) fn new(count: u32, home: Country) -> Self {
        let count = count.max(1);
        let at_home = PLACES.iter().position(|place| place.country() == home).unwrap_or(0);
        let mut blocks = Vec::with_capacity(PLACES.len());
        let mut first = 0u64;
        let abroad = PLACES.iter().enumerate().filter(|(place, _)| *place != at_home).map(|(_, place)| place);
        let weight = |rank: u64| 10_000 / (rank + 3);
        let total: u64 = (0..PLACES.len() as u64 - 1).map(weight).sum();
        blocks.extend(PLACES.get(at_home).map(|place| (0, place)));
        first += (u64::from(count) * AT_HOME).div_ceil(1000);
        let rest = u64::from(count) - first;
        let mut passed = 0;
        for (rank, place) in (0..).zip(abroad) {
            let from = first + rest * passed / total;
            passed += weight(rank);
            let to = first + rest * passed / total;
            if to > from {
                blocks.push((from as u32, place));
            }
        }
        // A third of the way round or so, so that neighbours in a batch live apart.
        let stride = (count / 3..).chain([1]).find(|stride| divisor(*stride, count) == 1).unwrap_or(1);
        Self { count, blocks, stride: stride.max(1) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The person at a place of the round in which each stands once.
    pub(super) fn at(&self, place: u64) -> Person {
        let count = u64::from(self.count);
        self.person((place % count * u64::from(self.stride) % count) as u32)
    }

    /// Somebody who is written to often rather than seldom.
    pub(super) fn regular(&self, random: &mut Random) -> Person {
        let skewed = random.fraction() * random.fraction();
        self.at((skewed * f64::from(self.count)) as u64)
    }

    /// The person of a number.
    pub(super) fn person(&self, index: u32) -> Person {
        let block = self.blocks.partition_point(|(first, _)| *first <= index).saturating_sub(1);
        let (first, place) = self.blocks.get(block).copied().unwrap_or((0, &PLACES[0]));
        Person {
            index,
            place,
            operator: (index.wrapping_mul(0x9E37_79B1) >> 16) as usize % place.operators.len(),
            phone: place.phone(index - first),
        }
    }
}

/// The greatest common divisor.
fn divisor(left: u32, right: u32) -> u32 {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn everybody_stands_once_in_the_round() {
        for count in [1, 2, 3, 7, 100, 6000] {
            let people = People::new(count, Country::parse("US").expect("a country"));
            let phones: HashSet<String> = (0..u64::from(count)).map(|place| people.at(place).phone).collect();
            assert_eq!(phones.len(), count as usize);
        }
    }

    #[test]
    fn most_live_at_home() {
        let home = Country::parse("SE").expect("a country");
        let people = People::new(10_000, home);
        let mut by_country: HashMap<Country, u32> = HashMap::new();
        for place in 0..10_000 {
            let person = people.at(place);
            assert_eq!(sms::phone::country_of(&person.phone), person.place.country());
            *by_country.entry(person.place.country()).or_default() += 1;
        }
        assert_eq!(by_country[&home], 5500);
        assert_eq!(by_country.len(), 30);
    }

    #[test]
    fn an_unknown_home_is_the_first_place() {
        let people = People::new(10, Country::UNKNOWN);
        assert_eq!(people.person(0).place.country(), PLACES[0].country());
    }
}
