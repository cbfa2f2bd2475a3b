//! Countries of numbers that are asked for again and again.

use super::{Phone, region};
use crate::country::Country;

/// A bounded memory of countries, for a caller that looks up many numbers: [`super::country_of`] takes up to
/// 4 µs where countries share a calling code, and a customer writes to the same people over and over. It
/// gives exactly what `country_of` gives. Each number has one slot, in which the latest to come stays.
#[derive(Clone, Debug)]
pub struct CountryLookup {
    /// A power of two of slots, at least one.
    slots: Box<[Option<(Phone, Country)>]>,
}

impl CountryLookup {
    /// Room for `capacity` numbers (rounded up to a power of two, at most 2^20), 19 octets each.
    pub fn new(capacity: usize) -> Self {
        let slots = capacity.clamp(1, 1 << 20).next_power_of_two();
        Self { slots: vec![None; slots].into_boxed_slice() }
    }

    /// The country of `phone`.
    pub fn country(&mut self, phone: &Phone) -> Country {
        // Where the calling code tells the country, asking is as cheap as remembering.
        if !region::is_shared(phone.as_str()) {
            return phone.country();
        }
        let place = self.place(phone);
        match self.slots.get(place) {
            Some(Some((known, country))) if known == phone => *country,
            _ => {
                let country = phone.country();
                if let Some(slot) = self.slots.get_mut(place) {
                    *slot = Some((*phone, country));
                }
                country
            }
        }
    }

    /// The slot of `phone`: the top bits of its digits' value times an odd constant (2^64 over the golden
    /// ratio), which spreads neighbouring numbers.
    fn place(&self, phone: &Phone) -> usize {
        let digits = phone.as_str().bytes();
        let value = digits.fold(1u64, |value, digit| value * 10 + u64::from(digit - b'0'));
        (value.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44) as usize & (self.slots.len() - 1)
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
        assert_eq!(CountryLookup::new(0).slots.len(), 1);
        assert_eq!(CountryLookup::new(1000).slots.len(), 1024);
        assert_eq!(CountryLookup::new(usize::MAX).slots.len(), 1 << 20);
        assert_eq!(size_of::<Option<(Phone, Country)>>(), 19);
    }
}
