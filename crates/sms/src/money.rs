//! Exact amounts: whole millionths of a currency's unit, so sums are integer additions.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in millionths of the account's currency: 0.0416 is 41,600.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From whole millionths.
    pub fn from_millionths(value: i64) -> Self {
        Self(value)
    }

    /// In whole millionths.
    pub fn millionths(self) -> i64 {
        self.0
    }

    /// The sum, or `None` past the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This many times the amount, or `None` past the range.
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        self.0.checked_mul(times.into()).map(Self)
    }

    /// The amount as the nearest binary fraction, for JSON numbers; prints back as the exact decimal
    /// for every amount below nine thousand million.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// Why a decimal was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point and an optional leading minus.
    #[error("not a decimal number")]
    Syntax,
    /// More than six places after the point (that are not zeros).
    #[error("more than six decimal places")]
    Places,
    /// Beyond nine million millions.
    #[error("amount out of range")]
    Range,
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(fraction) || digits.ends_with('.') {
            return Err(MoneyError::Syntax);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(MoneyError::Places);
        }
        let mut value: i64 = whole.parse().map_err(|_| MoneyError::Range)?;
        value = value.checked_mul(1_000_000).ok_or(MoneyError::Range)?;
        let padded: i64 = format!("{fraction:0<6}").parse().map_err(|_| MoneyError::Syntax)?;
        value = value.checked_add(padded).ok_or(MoneyError::Range)?;
        Ok(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Money {
    /// The shortest exact decimal: `0.0416`, `3`, `-1.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let (whole, fraction) = (value / 1_000_000, value % 1_000_000);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{fraction:06}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

impl Serialize for Money {
    /// As the decimal's text, which no reader rounds.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A currency by its ISO 4217 code, three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let bytes: [u8; 3] = text.as_bytes().try_into().map_err(|_| CurrencyError)?;
        if !bytes.iter().all(u8::is_ascii_alphabetic) {
            return Err(CurrencyError);
        }
        Ok(Self(bytes.map(|b| b.to_ascii_uppercase())))
    }
}

/// The text was not three letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three letters, such as EUR")]
pub struct CurrencyError;

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_back(value in -9_000_000_000_000_000i64..9_000_000_000_000_000) {
            let money = Money::from_millionths(value);
            prop_assert_eq!(money.to_string().parse(), Ok(money));
        }

        #[test]
        fn json_number_prints_the_decimal(value in 0i64..1_000_000_000_000_000) {
            let money = Money::from_millionths(value);
            prop_assert_eq!(money.as_f64().to_string(), money.to_string());
        }
    }

    #[test]
    fn refusals() {
        for text in ["", ".", "1.", ".5", "1e3", "+1", "--1", "1.2.3", "NaN", "٣"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::Syntax), "{text}");
        }
        assert_eq!("0.0000001".parse::<Money>(), Err(MoneyError::Places));
        assert_eq!("99999999999999".parse::<Money>(), Err(MoneyError::Range));
        assert_eq!("0.0416000000".parse(), Ok(Money::from_millionths(41_600)));
    }

    #[test]
    fn currencies() {
        assert_eq!("eur".parse::<Currency>().map(|c| c.to_string()), Ok("EUR".to_owned()));
        assert!("EURO".parse::<Currency>().is_err());
        assert!("E1R".parse::<Currency>().is_err());
    }
}
