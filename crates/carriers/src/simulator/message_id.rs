//! Ids that the carrier gives, and the ways in which it writes them. Links are known that answer a submission
//! in hexadecimal and name the message in decimal in its receipt, or the other way round, or pad with zeros.

use serde::Deserialize;

/// An id of the simulated carrier: at most 63 bits, so that a signed reader survives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(u64);

impl MessageId {
    /// The id of these bits; the top one is dropped, and zero, which many read as "none", becomes one.
    pub fn new(bits: u64) -> Self {
        Self((bits & (u64::MAX >> 1)).max(1))
    }

    /// The id after this one.
    pub fn next(self) -> Self {
        Self::new(self.0.wrapping_add(1))
    }

    /// As a number.
    pub fn get(self) -> u64 {
        self.0
    }

    /// Reads what [`IdForm::write`] wrote.
    pub fn parse(text: &str, form: IdForm) -> Option<Self> {
        let radix = match form {
            IdForm::Hex | IdForm::HexUpper | IdForm::HexPadded => 16,
            IdForm::Decimal | IdForm::DecimalPadded => 10,
        };
        let number = u64::from_str_radix(text, radix).ok()?;
        (number == Self::new(number).0).then_some(Self(number))
    }
}

/// A way to write an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdForm {
    /// `2c5f0a`.
    Hex,
    /// `2C5F0A`.
    HexUpper,
    /// `00000000002c5f0a`, 16 digits.
    HexPadded,
    /// `2907914`.
    Decimal,
    /// `00000000000002907914`, 20 digits.
    DecimalPadded,
}

impl IdForm {
    /// Writes an id.
    pub fn write(self, id: MessageId) -> String {
        let MessageId(id) = id;
        match self {
            Self::Hex => format!("{id:x}"),
            Self::HexUpper => format!("{id:X}"),
            Self::HexPadded => format!("{id:016x}"),
            Self::Decimal => id.to_string(),
            Self::DecimalPadded => format!("{id:020}"),
        }
    }
}

/// How a receipt writes the id, given how the answer wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptId {
    /// As the answer did.
    Same,
    /// In lower-case hexadecimal.
    Hex,
    /// In upper-case hexadecimal.
    HexUpper,
    /// In hexadecimal of 16 digits.
    HexPadded,
    /// In decimal.
    Decimal,
    /// In decimal of 20 digits.
    DecimalPadded,
}

impl ReceiptId {
    /// The form, where the answer's form was `answered`.
    pub fn form(self, answered: IdForm) -> IdForm {
        match self {
            Self::Same => answered,
            Self::Hex => IdForm::Hex,
            Self::HexUpper => IdForm::HexUpper,
            Self::HexPadded => IdForm::HexPadded,
            Self::Decimal => IdForm::Decimal,
            Self::DecimalPadded => IdForm::DecimalPadded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FORMS: [IdForm; 5] =
        [IdForm::Hex, IdForm::HexUpper, IdForm::HexPadded, IdForm::Decimal, IdForm::DecimalPadded];

    proptest! {
        #[test]
        fn every_form_is_reversible(bits: u64) {
            let id = MessageId::new(bits);
            prop_assert!(id.get() > 0 && i64::try_from(id.get()).is_ok() && id.next() != id);
            for form in FORMS {
                let text = form.write(id);
                prop_assert!(text.len() <= 20);
                prop_assert_eq!(MessageId::parse(&text, form), Some(id));
            }
        }
    }

    #[test]
    fn forms_by_example() {
        let id = MessageId::new(2_907_914);
        let texts = FORMS.map(|form| form.write(id));
        assert_eq!(texts, ["2c5f0a", "2C5F0A", "00000000002c5f0a", "2907914", "00000000000002907914"]);
        assert_eq!(MessageId::parse("0", IdForm::Hex), None);
        assert_eq!(ReceiptId::Same.form(IdForm::Hex), IdForm::Hex);
        assert_eq!(ReceiptId::Decimal.form(IdForm::Hex), IdForm::Decimal);
    }
}
