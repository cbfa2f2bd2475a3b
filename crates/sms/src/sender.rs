//! Who a message says it comes from.

use std::fmt;
use std::str::FromStr;

use crate::coding;
use crate::phone::{MAX_DIGITS, SHORT_DIGITS, is_separator};

/// The most septets of an alphanumeric sender: what fits the ten octets of a TP-OA (3GPP TS 23.040 §9.1.2.5).
pub const MAX_SEPTETS: usize = 11;

/// The fewest digits of a short code.
pub const MIN_DIGITS: usize = 3;

/// The three forms of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SenderKind {
    /// An international number, 7 to 15 digits.
    Number,
    /// A network's short code, 3 to 6 digits.
    ShortCode,
    /// A name of at most 11 septets of the GSM alphabet; it cannot be answered.
    Alphanumeric,
}

/// A sender in the form it is submitted in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sender {
    text: String,
    kind: SenderKind,
}

/// Why a text is no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SenderError {
    /// Neither a letter nor a digit in it.
    #[error("a sender needs a letter or a digit")]
    Empty,
    /// Fewer than 3 digits and nothing else.
    #[error("a numeric sender has at least 3 digits")]
    TooFewDigits,
    /// More than 15 digits and nothing else.
    #[error("a numeric sender has at most 15 digits")]
    TooManyDigits,
    /// A name of more than 11 septets.
    #[error("the sender's name takes {0} septets, at most 11 fit")]
    TooLong(usize),
    /// A character that the GSM alphabet lacks, or that ends a line.
    #[error("{0:?} cannot be part of a sender")]
    Character(char),
}

/// A type of number and a numbering plan, as SMPP and TP-OA carry them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressType {
    /// Type of number: 1 international, 3 network specific, 5 alphanumeric.
    pub ton: u8,
    /// Numbering plan indicator: 0 unknown, 1 telephone (E.164).
    pub npi: u8,
}

impl SenderKind {
    /// The usual type of address for a sender of this kind; a link's configuration may say otherwise.
    pub fn address_type(self) -> AddressType {
        match self {
            Self::Number => AddressType { ton: 1, npi: 1 },
            Self::ShortCode => AddressType { ton: 3, npi: 0 },
            Self::Alphanumeric => AddressType { ton: 5, npi: 0 },
        }
    }
}

impl Sender {
    /// Reads a sender. What is written with digits, `+` and the usual separators only is a number or, up to
    /// six digits, a short code, and keeps its digits alone; all else is a name, without the blanks around it.
    pub fn parse(text: &str) -> Result<Self, SenderError> {
        let text = text.trim();
        if !text.chars().any(char::is_alphanumeric) {
            return Err(SenderError::Empty);
        }
        let number = text.strip_prefix('+').unwrap_or(text);
        if number.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
            return Self::numeric(number.chars().filter(char::is_ascii_digit).collect());
        }
        Self::name(text)
    }

    fn numeric(text: String) -> Result<Self, SenderError> {
        let kind = match text.len() {
            0..MIN_DIGITS => return Err(SenderError::TooFewDigits),
            MIN_DIGITS..=SHORT_DIGITS => SenderKind::ShortCode,
            _ if text.len() <= MAX_DIGITS => SenderKind::Number,
            _ => return Err(SenderError::TooManyDigits),
        };
        Ok(Self { text, kind })
    }

    fn name(text: &str) -> Result<Self, SenderError> {
        let mut septets = 0;
        for c in text.chars() {
            let width = coding::gsm_septets(c).filter(|_| !c.is_control());
            septets += usize::from(width.ok_or(SenderError::Character(c))?);
        }
        if septets > MAX_SEPTETS {
            return Err(SenderError::TooLong(septets));
        }
        Ok(Self { text: text.to_owned(), kind: SenderKind::Alphanumeric })
    }

    /// Digits alone, or the name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which of the three forms it has.
    pub fn kind(&self) -> SenderKind {
        self.kind
    }

    /// The usual type of address for it.
    pub fn address_type(&self) -> AddressType {
        self.kind.address_type()
    }
}

impl FromStr for Sender {
    type Err = SenderError;

    fn from_str(text: &str) -> Result<Self, SenderError> {
        Self::parse(text)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<(String, SenderKind), SenderError> {
        Sender::parse(text).map(|sender| (sender.as_str().to_owned(), sender.kind()))
    }

    #[test]
    fn forms() {
        for (text, expected, kind) in [
            ("+46 70-174 06 05", "46701740605", SenderKind::Number),
            ("447860021130", "447860021130", SenderKind::Number),
            ("1234567", "1234567", SenderKind::Number),
            ("72 250", "72250", SenderKind::ShortCode),
            ("911", "911", SenderKind::ShortCode),
            (" Alarm2 ", "Alarm2", SenderKind::Alphanumeric),
            ("Pizza & co.", "Pizza & co.", SenderKind::Alphanumeric),
            ("Blåbär", "Blåbär", SenderKind::Alphanumeric),
            ("24-7 Taxi", "24-7 Taxi", SenderKind::Alphanumeric),
            ("++123", "++123", SenderKind::Alphanumeric),
        ] {
            assert_eq!(parse(text), Ok((expected.to_owned(), kind)), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for text in ["", "  ", "+", "-", "()", "!?"] {
            assert_eq!(parse(text), Err(SenderError::Empty), "{text:?}");
        }
        assert_eq!(parse("12"), Err(SenderError::TooFewDigits));
        assert_eq!(parse("1234567890123456"), Err(SenderError::TooManyDigits));
        assert_eq!(parse("Twelve chars"), Err(SenderError::TooLong(12)));
        // An extended character takes two septets.
        assert_eq!(parse("Euro 10 €€€"), Err(SenderError::TooLong(14)));
        assert_eq!(parse("Пицца"), Err(SenderError::Character('П')));
        assert_eq!(parse("two\nlines"), Err(SenderError::Character('\n')));
        assert_eq!(parse("a`b"), Err(SenderError::Character('`')));
    }

    #[test]
    fn types_of_address() {
        assert_eq!(SenderKind::Number.address_type(), AddressType { ton: 1, npi: 1 });
        assert_eq!(SenderKind::ShortCode.address_type(), AddressType { ton: 3, npi: 0 });
        assert_eq!(SenderKind::Alphanumeric.address_type(), AddressType { ton: 5, npi: 0 });
    }

    proptest! {
        #[test]
        fn what_is_read_reads_as_itself(text in "[+0-9a-zA-Z .€å-]{0,14}|\\PC{0,12}") {
            if let Ok(sender) = Sender::parse(&text) {
                prop_assert_eq!(Sender::parse(sender.as_str()), Ok(sender.clone()));
                let octets = coding::encode_gsm(sender.as_str()).map(|septets| septets.len());
                let limit = if sender.kind() == SenderKind::Alphanumeric { MAX_SEPTETS } else { MAX_DIGITS };
                prop_assert!(octets.is_some_and(|septets| septets <= limit));
            }
        }
    }
}
