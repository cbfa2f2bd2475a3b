//! Countries of numbers that are asked for again and again.

use super::{Phone, region};
use crate::country::Country;

/// Numbers that share a place; among them the least recently asked for makes room.
const WAYS: usize = 4;

/// What one place holds, the most recently asked for first.
type Bucket = [Option<(Phone, Country)>; WAYS];

/// A bounded memory of countries, for a caller that looks up many numbers: [`super::country_of`] takes up to
/// 4 µs where countries share a calling code, and a customer writes to the same people over and over. It
/// gives exactly what `country_of` gives.
#[derive(Clone, Debug)]
pub struct CountryLookup {
    /// A power of two of them, at least one.
    buckets: Box<[Bucket]>,
}

impl CountryLookup {
    /// Room for `capacity` numbers (rounded up to a power of two, at most 2^20), 19 octets each.
    pub fn new(capacity: usize) -> Self {
        let buckets = (capacity.min(1 << 20) / WAYS).next_power_of_two();
        Self { buckets: vec![[None; WAYS]; buckets].into_boxed_slice() }
    }

    /// The country of `phone`.
    pub fn country(&mut self, phone: &Phone) -> Country {
        // Where the calling code tells the country, asking is as cheap as remembering.
        if !region::is_shared(phone.as_str()) {
            return phone.country();
        }
        let place = self.place(phone);
        let Some(bucket) = self.buckets.get_mut(place) else { return phone.country() };
        let known = bucket.iter().position(|slot| slot.is_some_and(|(known, _)| known == *phone));
        bucket[..=known.unwrap_or(WAYS - 1)].rotate_right(1);
        match (known, bucket[0]) {
            (Some(_), Some((_, country))) => country,
            _ => {
                let country = phone.country();
                bucket[0] = Some((*phone, country));
                country
            }
        }
    }

    /// The bucket of `phone`: middle bits of its digits' value times an odd constant (2^64 over the golden
    /// ratio), which spreads neighbouring numbers.
    fn place(&self, phone: &Phone) -> usize {
        let digits = phone.as_str().bytes();
        let value = digits.fold(1u64, |value, digit| value * 10 + u64::from(digit - b'0'));
        (value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (self.buckets.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_what_country_of_gives(
            numbers in proptest::collection::vec("(1|7|44|358|46)[0-9]{3,11}", 1..60),
            capacity in 0usize..20,
        ) {
            let mut lookup = CountryLookup::new(capacity);
            for _ in 0..2 {
                for number in &numbers {
                    let phone = Phone::parse(number).expect("digits");
                    prop_assert_eq!(lookup.country(&phone), phone.country());
                }
            }
        }
    }

    #[test]
    fn slots_are_bounded() {
        let room = |capacity| CountryLookup::new(capacity).buckets.len() * WAYS;
        assert_eq!((room(0), room(1000), room(usize::MAX)), (4, 1024, 1 << 20));
        assert_eq!(size_of::<Option<(Phone, Country)>>(), 19);
    }
}
