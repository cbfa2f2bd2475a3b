//! Countries as the generator knows them: their language, networks, price, and numbers that look like theirs.

mod table;

use sms::{Country, Money};

pub(super) use table::PLACES;

/// The language that people of a country are written to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    English,
    French,
    German,
    Swedish,
    Spanish,
    Portuguese,
    Polish,
    Greek,
    Ukrainian,
}

/// A mobile network: country code, network code, name.
pub(super) type Operator = (&'static str, &'static str, &'static str);

/// Numbers that share their beginning.
#[derive(Clone, Copy, Debug)]
struct Range {
    prefix: &'static str,
    /// The first and the last number behind the prefix.
    first: u32,
    last: u32,
    /// Digits behind the prefix.
    digits: usize,
}

/// A country.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    code: &'static str,
    pub(super) language: Language,
    /// Price of a segment in millionths.
    price: i64,
    pub(super) operators: &'static [Operator],
    /// Ranges set aside for fiction where the country has such, then usual mobile ranges.
    ranges: &'static [Range],
}

const fn range(prefix: &'static str, digits: usize) -> Range {
    Range { prefix, first: 0, last: 10u32.pow(digits as u32) - 1, digits }
}

const fn part(prefix: &'static str, digits: usize, first: u32, last: u32) -> Range {
    Range { prefix, first, last, digits }
}

impl Place {
    /// The country.
    pub(super) fn country(&self) -> Country {
        Country::parse(self.code).unwrap_or(Country::UNKNOWN)
    }

    /// Price of a message of so many segments.
    pub(super) fn price(&self, segments: u16) -> Money {
        Money::from_millionths(self.price * i64::from(segments))
    }

    /// The number of the country's person `index`, as digits. Different as long as the ranges last: at
    /// least a million persons, then from the start again.
    pub(super) fn phone(&self, index: u32) -> String {
        let mut left = index;
        for (place, range) in self.ranges.iter().enumerate() {
            let size = range.last - range.first + 1;
            if left < size || place + 1 == self.ranges.len() {
                // Multiplied by a number that shares no divisor with the size, so that neighbours differ.
                let spread = if size % 7919 == 0 { 7927 } else { 7919 };
                let within = (u64::from(left) * spread % u64::from(size)) as u32;
                return format!("{}{:0width$}", range.prefix, range.first + within, width = range.digits);
            }
            left -= size;
        }
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn thirty_countries_with_their_networks() {
        assert_eq!(PLACES.len(), 30);
        let codes: HashSet<_> = PLACES.iter().map(|place| place.code).collect();
        assert_eq!(codes.len(), 30);
        for place in PLACES {
            assert!(place.country().name().is_some(), "{}", place.code);
            assert!(place.operators.len() > 1 && place.price > 0);
            for (mcc, mnc, name) in place.operators {
                assert_eq!(sms::country::mcc_country(mcc), Some(place.country()), "{mcc}");
                assert!((2..=3).contains(&mnc.len()) && !name.is_empty());
            }
        }
    }

    #[test]
    fn numbers_are_possible_and_of_their_country() {
        for place in PLACES {
            for index in (0..2000).chain((0..40).map(|step| step * 25_000)) {
                let phone = sms::phone::Phone::parse(&place.phone(index)).expect("digits");
                assert!(phone.is_possible(), "{} {index}: {phone}", place.code);
                assert_eq!(phone.country(), place.country(), "{index}: {phone}");
            }
        }
    }

    #[test]
    fn numbers_differ() {
        for place in PLACES {
            let most = 20_000;
            let phones: HashSet<_> = (0..most).map(|index| place.phone(index)).collect();
            assert_eq!(phones.len(), most as usize, "{}", place.code);
        }
    }

    #[test]
    fn fiction_comes_first() {
        let place = |code| PLACES.iter().find(|place| place.code == code).expect("a place");
        assert!((0..1000).all(|index| place("GB").phone(index).starts_with("447700900")));
        assert!((0..10_000).all(|index| place("FR").phone(index).starts_with("3363998")));
        for index in 0..10_000 {
            let phone = place("US").phone(index);
            assert_eq!(&phone[4..9], "55501", "{phone}");
        }
    }
}
