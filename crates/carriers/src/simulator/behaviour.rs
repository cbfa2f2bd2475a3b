//! What a carrier does to the messages of one kind of recipient.

use serde::Deserialize;

use super::answer::Answer;
use super::message_id::ReceiptId;
use super::mix::Mix;
use super::overlay::overlaid;
use super::receipt::{Halves, TextForm};
use super::span::{Percent, Span};
use super::state::Ending;

/// Answers of the first attempts at a message, before [`Behaviour::answers`] is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// How many attempts, from 1.
    pub times: u32,
    /// What each of them gets.
    pub answer: Answer,
}

/// Offsets from UTC, in minutes, in which receipts write their dates. Written `["+00:00", "-05:30"]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Zones(Vec<i16>);

impl Zones {
    /// The offsets, at least one.
    pub fn minutes(&self) -> &[i16] {
        &self.0
    }
}

/// A text that is no offset from UTC, or no texts at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Not of the form `+hh:mm`, or more than 14 hours.
    #[error("`{0}` is no offset from UTC: write +02:00 or -05:30, at most 14 hours")]
    Offset(String),
    /// The list is empty.
    #[error("name at least one zone")]
    None,
}

impl TryFrom<Vec<String>> for Zones {
    type Error = ZoneError;

    fn try_from(texts: Vec<String>) -> Result<Self, ZoneError> {
        let minutes: Result<Vec<i16>, ZoneError> =
            texts.iter().map(|text| offset(text).ok_or_else(|| ZoneError::Offset(text.clone()))).collect();
        let minutes = minutes?;
        if minutes.is_empty() { Err(ZoneError::None) } else { Ok(Self(minutes)) }
    }
}

fn offset(text: &str) -> Option<i16> {
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|octet| octet.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 14 * 60).then_some(sign * total)
}

overlaid! {
    /// What a carrier does to the messages of one kind of recipient.
    Behaviour,
    /// A carrier without a fault: accepts at once, delivers, says so in both halves of a receipt.
    default,
    overlay Overlay,
    /// Answers of the first attempts at a message; none unless a rule says so.
    first: Option<First> = None,
    /// What submissions are answered.
    answers: Mix<Answer> = Mix::only(Answer::Accept),
    /// How long the answer takes.
    answer_after: Span = Span::default(),
    /// How accepted messages end.
    endings: Mix<Ending> = Mix::only(Ending::Delivered),
    /// From the answer to the final receipt.
    final_after: Span = Span::default(),
    /// How many messages get a receipt ACCEPTD first.
    acknowledged: Percent = Percent::default(),
    /// How many messages get a receipt ENROUTE before the final one.
    enroute: Percent = Percent::default(),
    /// From the answer, or from the receipt before, to a receipt that is not final.
    intermediate_after: Span = Span::default(),
    /// How many final receipts come before the receipts that should have preceded them.
    disordered: Percent = Percent::default(),
    /// How many final receipts never come.
    lost: Percent = Percent::default(),
    /// How many receipts come twice.
    doubled: Percent = Percent::default(),
    /// How many messages get a second final receipt that contradicts the first.
    contradicted: Percent = Percent::default(),
    /// From a receipt to its double or contradiction.
    again_after: Span = Span::default(),
    /// How many final receipts come late.
    late: Percent = Percent::default(),
    /// By how much they are late.
    late_by: Span = Span::default(),
    /// How many messages get their first receipt before the answer to the submission.
    before_answer: Percent = Percent::default(),
    /// How many messages get, besides their own, a receipt with an id that nobody was told.
    stray: Percent = Percent::default(),
    /// Which halves receipts have.
    halves: Mix<Halves> = Mix::only(Halves::Both),
    /// How their texts are written.
    texts: Mix<TextForm> = Mix::only(TextForm::Standard),
    /// How they write the id.
    receipt_ids: Mix<ReceiptId> = Mix::only(ReceiptId::Same),
    /// In which zones they write dates.
    zones: Zones = Zones(vec![0]),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        for (text, minutes) in [("+00:00", 0), ("-05:30", -330), ("+14:00", 840)] {
            assert_eq!(offset(text), Some(minutes), "{text}");
        }
        for text in ["", "02:00", "+2:00", "+02:60", "+14:01", "+0200", "é02:00", "++2:00"] {
            assert_eq!(offset(text), None, "{text}");
        }
        assert_eq!(Zones::try_from(Vec::new()), Err(ZoneError::None));
    }

    #[test]
    fn an_overlay_changes_what_it_names() {
        let overlay: Overlay = toml::from_str(
            "lost = 5\nendings = { expired = 1 }\nfirst = { times = 2, answer = \"throttled\" }",
        )
        .expect("an overlay");
        let changed = overlay.over(&Behaviour::default());
        assert_eq!(changed.endings, Mix::only(Ending::Expired));
        assert_eq!(changed.lost.parts(), 50_000);
        assert_eq!(changed.first.map(|first| first.times), Some(2));
        assert_eq!(changed.answers, Behaviour::default().answers);
        assert_eq!(Overlay::default().over(&changed), changed);
    }
}
