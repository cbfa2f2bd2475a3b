//! Receipts: the carrier's word on one segment, as carriers really write it.
//!
//! A receipt comes as parameters, as a text (SMPP 3.4 appendix B gives an example that everybody varies), or
//! as both. Parameters count before the text. Whatever can be understood is; what cannot stays in the record.

mod date;
mod ids;
mod state;
mod text;

use sms::{Micros, Outcome};

use date::parse_moment;
pub use date::{parse_date, write_date};
pub use ids::{canonical_forms, canonical_ids};
pub use state::{outcome_of_number, outcome_of_word, word_of_number};
pub use text::ReceiptText;

/// A receipt as it was understood, with what it was understood from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptIn {
    /// The id of the segment as received; empty where none could be found. Compare by [`canonical_ids`].
    pub id: String,
    /// What it says of the segment. Where the state means nothing to us [`Outcome::Acknowledged`]: something
    /// came, nothing is final; `state` has the word.
    pub outcome: Outcome,
    /// The state in a word: that of the text where there is one, else the usual one for a `message_state`
    /// ([`word_of_number`]); empty where absent.
    pub state: String,
    /// The network's or carrier's own error code, as it was written; `None` where it gave none or zeros.
    pub code: Option<String>,
    /// What else it says: the text of the message, usually its first 20 characters. Empty where absent.
    pub words: String,
    /// When the state was reached, by the receipt; `None` where it does not say or cannot be read. Where it says
    /// the minute alone and came within it, when it came in.
    pub at: Option<Micros>,
    /// When the segment was submitted, by the receipt.
    pub submitted_at: Option<Micros>,
    /// When it came in here.
    pub received_at: Micros,
    /// Who it is about: the recipient of the segment, as received.
    pub recipient: String,
    /// The sender of the segment, as received.
    pub sender: String,
    /// The octets of its PDU, for the record: what was understood of it, written again.
    pub raw: Vec<u8>,
}

/// What a receipt may come as, beside its addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    /// `receipted_message_id`.
    pub id: Option<&'a str>,
    /// `message_state`.
    pub state: Option<u32>,
    /// `network_error_code`, of one to three octets.
    pub error: Option<&'a [u8]>,
    /// The text.
    pub text: &'a str,
    /// Minutes east of UTC of dates that name no zone.
    pub zone: i32,
}

impl ReceiptIn {
    /// Understands a receipt. Takes anything: where nothing is found the id is empty.
    pub fn understand(parts: Parts<'_>, received_at: Micros) -> Self {
        let text = ReceiptText::parse(parts.text);
        let given =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (state, outcome) = match (parts.state.and_then(outcome_of_number), given(text.stat.as_deref())) {
            (Some(outcome), word) => {
                // The text's word is kept where it says the same; people read no numbers.
                let same = word.filter(|word| outcome_of_word(word) == Some(outcome));
                let usual = || parts.state.and_then(word_of_number).unwrap_or_default().to_owned();
                (same.unwrap_or_else(usual), outcome)
            }
            (None, Some(word)) => {
                let outcome = outcome_of_word(&word).unwrap_or(Outcome::Acknowledged);
                (word, outcome)
            }
            (None, None) => (String::new(), Outcome::Acknowledged),
        };
        let date = |field: &Option<String>| field.as_deref().and_then(|text| parse_date(text, parts.zone));
        Self {
            id: given(parts.id).or_else(|| given(text.id.as_deref())).unwrap_or_default(),
            outcome,
            state,
            code: parts
                .error
                .and_then(network_code)
                .or_else(|| given(text.err.as_deref()).filter(|code| tells(code))),
            words: given(text.text.as_deref()).unwrap_or_default(),
            at: text.done.as_deref().and_then(|text| parse_moment(text, parts.zone, received_at)),
            submitted_at: date(&text.submit),
            received_at,
            recipient: String::new(),
            sender: String::new(),
            raw: Vec::new(),
        }
    }
}

/// Whether a code says more than that there is none.
fn tells(code: &str) -> bool {
    code.chars().any(|c| c != '0')
}

/// `network_error_code`: a network's type and a number of two octets (spec 5.3.2.31); shorter ones are the
/// number alone.
fn network_code(value: &[u8]) -> Option<String> {
    let number = match *value {
        [_, high, low] | [high, low] => u16::from_be_bytes([high, low]),
        [low] => u16::from(low),
        _ => return None,
    };
    (number != 0).then(|| number.to_string())
}

#[cfg(test)]
mod tests;
