//! The kinds of values that a link's options have, as texts.

use std::time::Duration;

use sms::segment::ReferenceSize;

use crate::carrier::Cutting;

/// A value that is written in a configuration.
pub(super) trait Value: Sized {
    /// Reads it; the error says what is taken.
    fn read(text: &str) -> Result<Self, String>;
    /// Writes it as [`Value::read`] reads it.
    fn write(&self) -> String;
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl Value for $name {
            fn read(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!("one of {}", [$($word),*].join(", "))),
                }
            }

            fn write(&self) -> String {
                match self { $(Self::$variant => $word,)* }.to_owned()
            }
        }
    };
}

words! {
    /// How texts of the GSM alphabet are written.
    GsmCoding {
        /// One septet an octet, data coding 0.
        Unpacked = "unpacked",
        /// Seven octets for eight septets, data coding 0.
        Packed = "packed",
        /// ISO 8859-1, data coding 3. What it lacks goes as UCS-2 where that fits.
        Latin1 = "latin1",
        /// ASCII, data coding 1. What it lacks goes as UCS-2 where that fits.
        Ascii = "ascii",
    }
}

words! {
    /// How what comes in with data coding 0 is read.
    IncomingAlphabet {
        /// GSM alphabet, one septet an octet.
        Gsm = "gsm",
        /// GSM alphabet, packed.
        Packed = "packed",
        /// ISO 8859-1.
        Latin1 = "latin1",
        /// UTF-8; octets that are none are read as ISO 8859-1.
        Utf8 = "utf8",
    }
}

words! {
    /// How a long text goes.
    LongMessages {
        /// In segments with an 8-bit reference in a user data header.
        Udh8 = "udh8",
        /// In segments with a 16-bit reference in a user data header.
        Udh16 = "udh16",
        /// In segments, their places in `sar_*` parameters.
        Sar = "sar",
        /// Whole, in `message_payload`.
        Payload = "payload",
    }
}

words! {
    /// How the validity period is written.
    ValidityForm {
        /// As an interval.
        Relative = "relative",
        /// As a date in UTC.
        Absolute = "absolute",
        /// Not at all: the SMSC decides.
        Off = "off",
    }
}

words! {
    /// How a message that is shown at once is marked.
    Flash {
        /// Message class 0 in the data coding.
        DataCoding = "data_coding",
        /// The parameter `dest_addr_subunit`.
        Subunit = "subunit",
        /// Not at all: it goes as an ordinary message.
        Off = "off",
    }
}

words! {
    /// What leads an international number.
    NumberForm {
        /// Nothing.
        Digits = "digits",
        /// `+`.
        Plus = "plus",
        /// `00`.
        ZeroZero = "00",
    }
}

words! {
    /// Whether the connection is encrypted.
    Tls {
        /// Plain TCP.
        Off = "off",
        /// TLS 1.2 or 1.3; the peer's certificate must be good for its name.
        On = "on",
    }
}

impl LongMessages {
    /// How texts are to be cut for it.
    pub fn cutting(self) -> Cutting {
        match self {
            Self::Udh8 => Cutting::Segments(ReferenceSize::Eight),
            Self::Udh16 => Cutting::Segments(ReferenceSize::Sixteen),
            // The SMSC makes headers of its own, of the usual size.
            Self::Sar => Cutting::Segments(ReferenceSize::Eight),
            Self::Payload => Cutting::Whole,
        }
    }
}

impl NumberForm {
    /// `digits` in this form.
    pub(super) fn apply(self, digits: &str) -> String {
        match self {
            Self::Digits => digits.to_owned(),
            Self::Plus => format!("+{digits}"),
            Self::ZeroZero => format!("00{digits}"),
        }
    }
}

impl Value for bool {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "on" | "true" | "yes" => Ok(true),
            "off" | "false" | "no" => Ok(false),
            _ => Err("on or off".to_owned()),
        }
    }

    fn write(&self) -> String {
        if *self { "on" } else { "off" }.to_owned()
    }
}

impl Value for u8 {
    fn read(text: &str) -> Result<Self, String> {
        number(text)
            .and_then(|value| Self::try_from(value).ok())
            .ok_or_else(|| "0 to 255 or 0x00 to 0xff".to_owned())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Value for usize {
    fn read(text: &str) -> Result<Self, String> {
        let value = number(text).and_then(|value| Self::try_from(value).ok());
        value.filter(|value| (1..=100_000).contains(value)).ok_or_else(|| "1 to 100000".to_owned())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Value for String {
    fn read(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("a text without control characters".to_owned());
        }
        Ok(text.to_owned())
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl Value for Vec<u32> {
    fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(|part| number(part).ok_or_else(|| "numbers or 0x-numbers with commas between".to_owned()))
            .collect()
    }

    fn write(&self) -> String {
        self.iter().map(|value| format!("{value:#x}")).collect::<Vec<_>>().join(",")
    }
}

impl Value for Duration {
    /// Not zero: nothing would ever be answered in time, and what is repeated would be without a pause.
    fn read(text: &str) -> Result<Self, String> {
        let time = time(text).filter(|time| !time.is_zero());
        time.ok_or_else(|| "a time as 500ms, 30s, 5m or 1h, from 1ms to 24h".to_owned())
    }

    fn write(&self) -> String {
        match u64::try_from(self.as_millis()).unwrap_or(u64::MAX) {
            millis if !millis.is_multiple_of(1_000) => format!("{millis}ms"),
            millis => format!("{}s", millis / 1_000),
        }
    }
}

/// A time that may be zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrZero(pub Duration);

impl Value for OrZero {
    fn read(text: &str) -> Result<Self, String> {
        time(text).map(Self).ok_or_else(|| "a time as 0s, 500ms, 30s, 5m or 1h, at most 24h".to_owned())
    }

    fn write(&self) -> String {
        self.0.write()
    }
}

/// A number with its unit, at most a day.
fn time(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let count: u64 = digits.parse().ok()?;
    let unit = match text.get(digits.len()..)? {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let millis = count.checked_mul(unit).filter(|millis| *millis <= 24 * 3_600_000)?;
    Some(Duration::from_millis(millis))
}

/// Minutes east of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ZoneOffset(pub i32);

impl Value for ZoneOffset {
    fn read(text: &str) -> Result<Self, String> {
        let refused = || "an offset from UTC as +02:00, -05:30 or Z".to_owned();
        if text == "Z" {
            return Ok(Self(0));
        }
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(refused()),
        };
        let (hours, minutes) = rest.split_once(':').ok_or_else(refused)?;
        let part = |text: &str, below: i32| {
            let digits = text.len() == 2 && text.bytes().all(|octet| octet.is_ascii_digit());
            text.parse::<i32>().ok().filter(|value| digits && *value < below).ok_or_else(refused)
        };
        Ok(Self(sign * (part(hours, 15)? * 60 + part(minutes, 60)?)))
    }

    fn write(&self) -> String {
        let sign = if self.0 < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", self.0.abs() / 60, self.0.abs() % 60)
    }
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}
