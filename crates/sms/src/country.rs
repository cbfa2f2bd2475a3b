//! Countries by their ISO 3166-1 alpha-2 code.

mod names;
mod networks;

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use networks::mcc_country;

/// A country: two upper-case letters. Any two letters can be held (a vendor's history may know codes that we
/// do not); [`Country::name`] tells which are assigned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// No country is known: `ZZ`.
    pub const UNKNOWN: Self = Self(*b"ZZ");

    /// A country from two ASCII letters of any case; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    /// Whether this is [`Country::UNKNOWN`].
    pub fn is_unknown(self) -> bool {
        self == Self::UNKNOWN
    }

    /// Its English short name, for every assigned code of ISO 3166-1 and for `XK`, `AC` and `TA`, which have
    /// calling codes. `None` for any other, and for [`Country::UNKNOWN`].
    pub fn name(self) -> Option<&'static str> {
        let row = names::NAMES.binary_search_by_key(&self.0, |(code, _)| *code).ok()?;
        names::NAMES.get(row).map(|(_, name)| *name)
    }

    /// Every country that has a name, by rising code.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        names::NAMES.iter().map(|(code, _)| Self(*code))
    }

    /// A dense number for rows and columns: 0 for [`Country::UNKNOWN`], else 1 to 675.
    pub fn code(self) -> u16 {
        if self.is_unknown() {
            return 0;
        }
        let [first, second] = self.0.map(|letter| u16::from(letter - b'A'));
        first * 26 + second + 1
    }

    /// The reverse of [`Country::code`]; `None` past its range.
    pub fn from_code(code: u16) -> Option<Self> {
        match code {
            0 => Some(Self::UNKNOWN),
            // 26 * 26 would be ZZ again, which has the code 0.
            1..676 => Some(Self([(code - 1) / 26, (code - 1) % 26].map(|letter| b'A' + letter as u8))),
            _ => None,
        }
    }
}

impl Default for Country {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text was not two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a country is two letters, such as SE")]
pub struct CountryError;

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        Self::parse(text).ok_or(CountryError)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(CountryError))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,4}") {
            match Country::parse(&text) {
                Some(country) => prop_assert_eq!(country.as_str(), text.to_uppercase()),
                None => prop_assert!(text.len() != 2 || !text.is_ascii() || text.bytes().any(|b| !b.is_ascii_alphabetic())),
            }
        }
    }

    #[test]
    fn codes_are_dense_and_reversible() {
        for code in 0..676 {
            assert_eq!(Country::from_code(code).map(Country::code), Some(code));
        }
        assert!((676..=u16::MAX).all(|code| Country::from_code(code).is_none()));
        assert_eq!(Country::UNKNOWN.code(), 0);
        assert_eq!(Country::default(), Country::UNKNOWN);
    }

    #[test]
    fn names_are_sorted_and_complete() {
        // 249 assigned codes, and XK, AC, TA.
        assert_eq!(Country::all().len(), 249 + 3);
        assert!(Country::all().is_sorted_by(|left, right| left < right));
        for country in Country::all() {
            assert!(country.name().is_some_and(|name| !name.trim().is_empty()), "{country}");
        }
        let name = |code| Country::parse(code).and_then(Country::name);
        assert_eq!(name("se"), Some("Sweden"));
        assert_eq!(name("GB"), Some("United Kingdom"));
        assert_eq!(name("XK"), Some("Kosovo"));
        assert_eq!(name("ZZ"), None);
        assert_eq!(name("AN"), None);
    }

    #[test]
    fn texts() {
        assert_eq!(Country::parse("gB").map(|c| c.to_string()), Some("GB".to_owned()));
        assert_eq!("swe".parse::<Country>(), Err(CountryError));
        assert_eq!(format!("{:?}", Country::UNKNOWN), "ZZ");
    }

    #[test]
    fn serde_as_a_string() {
        use serde::de::IntoDeserializer;
        use serde::de::value::{Error, StrDeserializer};
        let read = |text: &'static str| {
            let from: StrDeserializer<'_, Error> = text.into_deserializer();
            Country::deserialize(from)
        };
        assert_eq!(read("fr").map(|country| country.to_string()), Ok("FR".to_owned()));
        assert!(read("France").is_err());
    }
}
