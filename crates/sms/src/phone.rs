//! Telephone numbers in international form (ITU-T E.164), without the plus.

mod lookup;
mod region;

use std::fmt;
use std::str::FromStr;

use crate::country::Country;

pub use lookup::CountryLookup;
pub use region::country_of;

/// The most digits an international number has (E.164 §6.2.1).
pub const MAX_DIGITS: usize = 15;

/// Numbers of this many digits or fewer are short codes of some network, and belong to no country's plan.
pub const SHORT_DIGITS: usize = 6;

/// A telephone number: 1 to 15 digits, without `+`. 16 octets, so it is copied and compared by value; numbers
/// order as their digits do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    /// The digits as ASCII; zero octets behind the last.
    digits: [u8; MAX_DIGITS],
    length: u8,
}

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No digit in it.
    #[error("the number has no digits")]
    Empty,
    /// A character that no number is written with.
    #[error("{0:?} does not belong in a number")]
    Character(char),
    /// More than 15 digits.
    #[error("a number has at most 15 digits")]
    TooLong,
}

impl Phone {
    /// Reads digits with at most one `+` before them; blanks, dots, dashes and parentheses are passed over.
    /// Nothing is added: a national or `00` prefix stays as it is written.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut phone = Self { digits: [0; MAX_DIGITS], length: 0 };
        let mut plus = false;
        for c in text.chars() {
            match c {
                '0'..='9' => phone.push(c as u8)?,
                '+' if !plus && phone.length == 0 => plus = true,
                _ if is_separator(c) => {}
                _ => return Err(PhoneError::Character(c)),
            }
        }
        if phone.length == 0 { Err(PhoneError::Empty) } else { Ok(phone) }
    }

    /// Reads a number as somebody in `country` writes it: with its national prefix (`070-174 06 05` is
    /// 46701740605 in Sweden), or in international form behind `+` or the country's exit prefix. A text that
    /// is possible in international form as it stands is taken so.
    pub fn parse_in(text: &str, country: Country) -> Result<Self, PhoneError> {
        let written = Self::parse(text)?;
        if text.trim_start().starts_with('+') || written.is_possible() {
            return Ok(written);
        }
        match region::in_country(written.as_str(), country) {
            Some(digits) => Self::parse(&digits),
            None => Ok(written),
        }
    }

    /// Reads a number that is written for calls within `country`; behind `+` it is international all the same.
    /// Unlike [`Phone::parse_in`], digits that would be possible in international form too are taken for
    /// national ones. One that is possible nowhere stays as it is written.
    pub fn parse_local(text: &str, country: Country) -> Result<Self, PhoneError> {
        let written = Self::parse(text)?;
        if text.trim_start().starts_with('+') {
            return Ok(written);
        }
        region::in_country(written.as_str(), country).map_or(Ok(written), |digits| Self::parse(&digits))
    }

    fn push(&mut self, digit: u8) -> Result<(), PhoneError> {
        let place = self.digits.get_mut(usize::from(self.length)).ok_or(PhoneError::TooLong)?;
        *place = digit;
        self.length += 1;
        Ok(())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// Whether the number is of a length that its calling code's plan knows, be it only for calls within an
    /// area. It may still be assigned to nobody. Short codes are not possible in this sense.
    pub fn is_possible(&self) -> bool {
        region::is_possible(self.as_str())
    }

    /// The country of the number: see [`country_of`].
    pub fn country(&self) -> Country {
        country_of(self.as_str())
    }

    /// Whether it has too few digits for an international number: see [`SHORT_DIGITS`].
    pub fn is_short(&self) -> bool {
        usize::from(self.length) <= SHORT_DIGITS
    }
}

/// What people write between digits: blanks, dots, dashes, parentheses.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '.' | '-' | '(' | ')' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{2010}'..='\u{2014}'
    )
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> Phone {
        Phone::parse(text).expect("a number")
    }

    #[test]
    fn local_numbers_are_national_first() {
        let local = |text, country| {
            let country = Country::parse(country).expect("a country");
            Phone::parse_local(text, country).map(|phone| phone.to_string())
        };
        assert_eq!(local("070-174 06 05", "SE").as_deref(), Ok("46701740605"));
        assert_eq!(local("2025550123", "US").as_deref(), Ok("12025550123"));
        assert_eq!(local("+46701740605", "US").as_deref(), Ok("46701740605"));
        assert_eq!(local("12", "SE").as_deref(), Ok("12"));
        assert!(local("INFO", "SE").is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_reads_as_itself(text in "[+]?[0-9 ().-]{0,20}|\\PC{0,8}") {
            if let Ok(phone) = Phone::parse(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(phone.as_str(), digits);
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }

        #[test]
        fn any_digits_have_a_country_or_none(digits in "[0-9]{1,15}") {
            let phone = phone(&digits);
            prop_assert_eq!(phone.country(), country_of(&digits));
            prop_assert!(!(phone.is_possible() && phone.is_short()));
        }

        #[test]
        fn any_text_has_a_country_or_none(text in "\\PC{0,20}") {
            let numeric = text.bytes().all(|b| b.is_ascii_digit());
            prop_assert!(numeric || country_of(&text) == Country::UNKNOWN);
        }
    }

    #[test]
    fn writings() {
        for text in [
            "+46 70-174 06 05",
            "46701740605",
            "+46 (70) 174.06.05",
            " +46\u{A0}70\u{2011}1740605",
            "(+46)701740605",
        ] {
            assert_eq!(phone(text).as_str(), "46701740605", "{text}");
        }
        // Nothing is guessed: a national or an exit prefix stays.
        assert_eq!(phone("0046701740605").as_str(), "0046701740605");
    }

    #[test]
    fn national_writings() {
        let read = |text: &str, country: &str| {
            Phone::parse_in(text, Country::parse(country).expect("a country")).expect("a number").to_string()
        };
        assert_eq!(read("070-174 06 05", "SE"), "46701740605");
        assert_eq!(read("06 12 34 56 78", "FR"), "33612345678");
        assert_eq!(read("0033612345678", "FR"), "33612345678");
        assert_eq!(read("+46701740605", "FR"), "46701740605");
        assert_eq!(read("46701740605", "FR"), "46701740605");
        assert_eq!(read("2125550123", "US"), "12125550123");
        // Nothing is guessed where nothing fits.
        assert_eq!(read("0612345678", "ZZ"), "0612345678");
        assert_eq!(read("12", "FR"), "12");
        assert_eq!(Phone::parse_in("call me", Country::UNKNOWN), Err(PhoneError::Character('c')));
    }

    #[test]
    fn refusals() {
        for text in ["", "+", " - ", "()"] {
            assert_eq!(Phone::parse(text), Err(PhoneError::Empty), "{text:?}");
        }
        for (text, c) in
            [("++46", '+'), ("46+70", '+'), ("46x", 'x'), ("٤٦", '٤'), ("46\n", '\n'), ("46/70", '/')]
        {
            assert_eq!(Phone::parse(text), Err(PhoneError::Character(c)), "{text:?}");
        }
        assert!(Phone::parse("123456789012345").is_ok());
        assert_eq!(Phone::parse("1234567890123456"), Err(PhoneError::TooLong));
    }

    #[test]
    fn order_is_by_digits() {
        assert!(phone("46") < phone("460") && phone("460") < phone("47"));
    }

    #[test]
    fn short_codes_have_no_country() {
        for digits in ["1", "911", "72250", "447860"] {
            assert!(phone(digits).is_short());
            assert_eq!(country_of(digits), Country::UNKNOWN, "{digits}");
        }
        assert!(!phone("4478600").is_short());
    }
}
