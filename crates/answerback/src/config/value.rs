//! Values as they are given, and how sizes and durations are written.

use std::time::Duration;

/// A value before its option has read it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// Text of the file.
    Text(String),
    /// An integer of the file.
    Integer(i64),
    /// `true` or `false` of the file.
    Bool(bool),
    /// A list of texts of the file.
    List(Vec<String>),
    /// Something else of the file, by the name of its type.
    Other(&'static str),
    /// From the environment or the command line: text that may stand for any type.
    Loose(String),
}

impl Given {
    /// What stands there, for a complaint.
    fn told(&self) -> String {
        match self {
            Self::Text(text) | Self::Loose(text) => format!("{text:?}"),
            Self::Integer(number) => number.to_string(),
            Self::Bool(truth) => truth.to_string(),
            Self::List(_) => "a list".to_owned(),
            Self::Other(kind) => format!("a {kind}"),
        }
    }

    /// A complaint: what was expected, and what was found.
    pub(crate) fn unlike(&self, expected: &str) -> String {
        format!("expected {expected}, found {}", self.told())
    }

    /// Text.
    pub(crate) fn text(&self, expected: &str) -> Result<&str, String> {
        match self {
            Self::Text(text) | Self::Loose(text) => Ok(text.trim()),
            _ => Err(self.unlike(expected)),
        }
    }

    /// `true` or `false`.
    pub(crate) fn truth(&self) -> Result<bool, String> {
        match self {
            Self::Bool(truth) => Ok(*truth),
            Self::Loose(text) if text == "true" => Ok(true),
            Self::Loose(text) if text == "false" => Ok(false),
            _ => Err(self.unlike("true or false")),
        }
    }

    /// A list of texts; from the environment, separated by commas.
    pub(crate) fn list(&self, expected: &str) -> Result<Vec<String>, String> {
        match self {
            Self::List(items) => Ok(items.clone()),
            Self::Loose(text) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Ok(items.map(str::to_owned).collect())
            }
            _ => Err(self.unlike(expected)),
        }
    }

    /// An integer within bounds.
    pub(crate) fn count(&self, least: u64, most: u64) -> Result<u64, String> {
        let expected = format!("a whole number from {least} to {most}");
        let number = match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Loose(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| (least..=most).contains(number)).ok_or_else(|| self.unlike(&expected))
    }

    /// A number of octets within bounds.
    pub(crate) fn size(&self, least: u64, most: u64) -> Result<u64, String> {
        let octets = match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Text(text) | Self::Loose(text) => read_size(text),
            _ => None,
        };
        octets.filter(|octets| (least..=most).contains(octets)).ok_or_else(|| {
            let (least, most) = (write_size(least), write_size(most));
            self.unlike(&format!("a size from {least} to {most}, such as \"10 MiB\" or a number of octets"))
        })
    }

    /// A duration within bounds.
    pub(crate) fn duration(&self, least: Duration, most: Duration) -> Result<Duration, String> {
        let duration = match self {
            Self::Integer(seconds) => u64::try_from(*seconds).ok().map(Duration::from_secs),
            Self::Text(text) | Self::Loose(text) => read_duration(text),
            _ => None,
        };
        duration.filter(|duration| (least..=most).contains(duration)).ok_or_else(|| {
            let (least, most) = (write_duration(least), write_duration(most));
            self.unlike(&format!("a duration from {least} to {most}, such as \"15s\" or a number of seconds"))
        })
    }
}

/// Splits `10 MiB` into digits and unit.
fn with_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim()))
}

fn read_size(text: &str) -> Option<u64> {
    let (number, unit) = with_unit(text)?;
    let shift = match unit {
        "" | "B" => 0,
        "KiB" | "K" => 10,
        "MiB" | "M" => 20,
        "GiB" | "G" => 30,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

/// Octets in the largest unit that says them exactly.
pub(crate) fn write_size(octets: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.into_iter().find(|(_, shift)| octets > 0 && octets.trailing_zeros() >= *shift);
    unit.map_or_else(|| octets.to_string(), |(unit, shift)| format!("{} {unit}", octets >> shift))
}

fn read_duration(text: &str) -> Option<Duration> {
    let (number, unit) = with_unit(text)?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// A duration in seconds, or in milliseconds where that is needed.
pub(crate) fn write_duration(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{}s", duration.as_secs()),
        _ => format!("{}ms", duration.as_millis()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, octets) in
            [("10 MiB", 10 << 20), ("64K", 64 << 10), ("7", 7), ("1GiB", 1 << 30), ("8 B", 8)]
        {
            assert_eq!(read_size(text), Some(octets), "{text}");
        }
        for bad in ["", "MiB", "-1", "10 MB", "1.5 MiB", "99999999999 GiB"] {
            assert_eq!(read_size(bad), None, "{bad}");
        }
        for octets in [0, 1, 1000, 1 << 10, 3 << 20, 1 << 40] {
            assert_eq!(read_size(&write_size(octets)), Some(octets));
        }
    }

    #[test]
    fn durations() {
        for (text, millis) in
            [("15s", 15_000), ("500ms", 500), ("2m", 120_000), ("1h", 3_600_000), ("3", 3000)]
        {
            let duration = Duration::from_millis(millis);
            assert_eq!(read_duration(text), Some(duration), "{text}");
            assert_eq!(read_duration(&write_duration(duration)), Some(duration));
        }
        for bad in ["", "s", "1.5s", "-1s", "5 weeks"] {
            assert_eq!(read_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn complaints_say_what_is_wanted() {
        let said = Given::Text("lots".to_owned()).size(1, 1 << 30).expect_err("no size");
        assert_eq!(
            said,
            "expected a size from 1 to 1 GiB, such as \"10 MiB\" or a number of octets, found \"lots\""
        );
        assert!(Given::Other("table").truth().is_err_and(|said| said.ends_with("found a table")));
        assert!(Given::Text("5".to_owned()).count(0, 9).is_err(), "text in the file is no number");
        assert_eq!(Given::Loose("5".to_owned()).count(0, 9), Ok(5));
    }
}
