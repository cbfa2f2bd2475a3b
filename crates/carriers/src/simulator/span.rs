//! Durations, spans and percentages as profiles write them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

/// Why a duration, span or percentage of a profile is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// No number with a unit.
    #[error("`{0}` is no duration: write a number and its unit (us, ms, s, m, h), as 250ms or 1.5s")]
    Duration(String),
    /// More than [`Span::LONGEST`].
    #[error("`{0}` is longer than 720h")]
    Long(String),
    /// The second end comes before the first.
    #[error("`{0}` ends before it begins")]
    Reversed(String),
    /// Not between 0 and 100.
    #[error("{0} is no percentage: write a number from 0 to 100")]
    Percent(String),
}

/// A range of durations that a delay is drawn from, uniformly. Written `"20ms"` or `"20ms..3s"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Span {
    shortest: Duration,
    longest: Duration,
}

impl Span {
    /// The longest duration a profile may name: 720 hours.
    pub const LONGEST: Duration = Duration::from_secs(720 * 3600);

    /// A span of one duration.
    pub fn exactly(duration: Duration) -> Self {
        Self { shortest: duration, longest: duration }
    }

    /// Its lower end.
    pub fn shortest(self) -> Duration {
        self.shortest
    }

    /// Its upper end.
    pub fn longest(self) -> Duration {
        self.longest
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (shortest, longest) = (duration(first)?, duration(last)?);
        if shortest > longest {
            return Err(SpanError::Reversed(text.to_owned()));
        }
        Ok(Self { shortest, longest })
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shortest == self.longest {
            return write!(f, "{:?}", self.shortest);
        }
        write!(f, "{:?}..{:?}", self.shortest, self.longest)
    }
}

/// Reads `250ms`, `1.5s`, `2m`, `1h`, `0s`.
fn duration(text: &str) -> Result<Duration, SpanError> {
    let text = text.trim();
    let wrong = || SpanError::Duration(text.to_owned());
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
    let (number, unit) = text.split_at(unit_at);
    let micros = match unit.trim() {
        "us" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        "m" => 60e6,
        "h" => 3600e6,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let total = number * micros;
    if total > Span::LONGEST.as_micros() as f64 {
        return Err(SpanError::Long(text.to_owned()));
    }
    Ok(Duration::from_micros(total.round() as u64))
}

/// A probability, kept in parts of [`Percent::WHOLE`]. Written as a number from 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "f64")]
pub struct Percent(u32);

impl Percent {
    /// The parts of certainty: a ten-thousandth of a per cent is the finest step.
    pub const WHOLE: u32 = 1_000_000;
    /// Certainty.
    pub const ALWAYS: Self = Self(Self::WHOLE);

    /// From a number of 0 to 100.
    pub fn parse(percent: f64) -> Result<Self, SpanError> {
        // Written so that it refuses what is no number.
        if (0.0..=100.0).contains(&percent) {
            return Ok(Self((percent * f64::from(Self::WHOLE / 100)).round() as u32));
        }
        Err(SpanError::Percent(percent.to_string()))
    }

    /// Parts of [`Percent::WHOLE`].
    pub fn parts(self) -> u32 {
        self.0
    }
}

impl TryFrom<f64> for Percent {
    type Error = SpanError;

    fn try_from(percent: f64) -> Result<Self, SpanError> {
        Self::parse(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,20}") {
            if let Ok(span) = text.parse::<Span>() {
                prop_assert!(span.shortest() <= span.longest() && span.longest() <= Span::LONGEST);
            }
        }

        #[test]
        fn what_is_printed_can_be_read(first in 0u64..5_000_000, more in 0u64..5_000_000) {
            let span = Span {
                shortest: Duration::from_millis(first),
                longest: Duration::from_millis(first + more),
            };
            prop_assume!(span.longest <= Span::LONGEST);
            prop_assert_eq!(span.to_string().parse(), Ok(span));
        }
    }

    #[test]
    fn units() {
        for (text, millis) in [("250ms", 250), ("1.5s", 1_500), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0)]
        {
            assert_eq!(text.parse(), Ok(Span::exactly(Duration::from_millis(millis))), "{text}");
        }
        let span: Span = "20ms..3s".parse().expect("a span");
        assert_eq!((span.shortest().as_millis(), span.longest().as_millis()), (20, 3_000));
    }

    #[test]
    fn what_is_refused() {
        for text in ["", "5", "ms", "5 parsecs", "-1s", "1.2.3s", "..", "1s.."] {
            assert!(matches!(text.parse::<Span>(), Err(SpanError::Duration(_))), "{text}");
        }
        assert!(matches!("2s..1s".parse::<Span>(), Err(SpanError::Reversed(_))));
        assert!(matches!("721h".parse::<Span>(), Err(SpanError::Long(_))));
        for percent in [-0.1, 100.1, f64::NAN, f64::INFINITY] {
            assert!(Percent::parse(percent).is_err(), "{percent}");
        }
        assert_eq!(Percent::parse(0.5).map(Percent::parts), Ok(5_000));
    }
}
