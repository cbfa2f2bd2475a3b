//! How a receipt is written: the text of SMPP 3.4 Appendix B and its relatives in the wild, and the TLVs of
//! §5.3.2.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Deserialize;
use sms::Micros;

use super::state::State;
use crate::smpp::pdu::{Tag, Tlvs};

/// Which of its two halves a receipt has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halves {
    /// The text, and `receipted_message_id`, `message_state` and `network_error_code`.
    Both,
    /// The text alone, as before version 3.4.
    TextOnly,
    /// The TLVs alone, with an empty text.
    TlvOnly,
}

/// The manner of a receipt's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextForm {
    /// `id:… sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DELIVRD err:000 text:…`
    Standard,
    /// The same with seconds in the dates (YYMMDDhhmmss).
    Seconds,
    /// The same with the whole year (YYYYMMDDhhmmss).
    FullYear,
    /// Without the dates.
    NoDates,
    /// Without the text.
    NoText,
    /// `id:… stat:… err:…` and no more.
    Short,
    /// Without an error code.
    NoError,
    /// Keys in capitals, the state in small letters.
    SwappedCase,
    /// The state in full: `stat:DELIVERED`, `stat:UNDELIVERABLE`.
    LongWords,
    /// One field a line.
    Lines,
    /// The standard form, its text being itself the text of a receipt that says something else.
    Misleading,
    /// Words that are no receipt at all. Only the TLVs, where there are any, tell what it is about.
    Garbage,
}

/// Everything a receipt says.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The id, as this receipt writes it.
    pub id: &'a str,
    /// What became of the message.
    pub state: State,
    /// The operator's code, 0 to 999.
    pub error: u16,
    /// When the message was submitted.
    pub submitted: Micros,
    /// When it got into this state.
    pub done: Micros,
    /// The text of the message; its first twenty characters are quoted.
    pub text: &'a str,
}

/// The text of a receipt, in ASCII. `zone` is the offset, in minutes east of UTC, of the dates in it, which
/// never say so.
pub fn text(facts: &Facts<'_>, form: TextForm, zone: i16) -> String {
    let (submitted, done) = (shifted(facts.submitted, zone), shifted(facts.done, zone));
    let dates = |digits: &dyn Fn(Micros) -> String| {
        format!("submit date:{} done date:{} ", digits(submitted), digits(done))
    };
    let minutes = |at| date(at, false, false);
    let count = u8::from(facts.state == State::Delivered);
    let id = facts.id;
    let head = format!("id:{id} sub:001 dlvrd:{count:03} ");
    let state = format!("stat:{} ", facts.state.word());
    let error = format!("err:{:03}", facts.error);
    let quoted = format!(" text:{}", quote(facts.text));
    match form {
        TextForm::Standard => head + &dates(&minutes) + &state + &error + &quoted,
        TextForm::Seconds => head + &dates(&|at| date(at, false, true)) + &state + &error + &quoted,
        TextForm::FullYear => head + &dates(&|at| date(at, true, true)) + &state + &error + &quoted,
        TextForm::NoDates => head + &state + &error + &quoted,
        TextForm::NoText => head + &dates(&minutes) + &state + &error,
        TextForm::Short => format!("id:{id} {state}{error}"),
        TextForm::NoError => head + &dates(&minutes) + state.trim_end() + &quoted,
        TextForm::SwappedCase => {
            let state = facts.state.word().to_lowercase();
            let dates = dates(&minutes).to_uppercase();
            format!("ID:{id} SUB:001 DLVRD:{count:03} {dates}STAT:{state} ERR:{:03} TEXT:", facts.error)
        }
        TextForm::LongWords => {
            format!("{head}{}stat:{} {error}{quoted}", dates(&minutes), facts.state.long_word())
        }
        TextForm::Lines => {
            let dates = dates(&minutes).replace(" done", "\ndone");
            format!(
                "id:{id}\nsub:001\ndlvrd:{count:03}\n{}\n{}\n{error}\n",
                dates.trim_end(),
                state.trim_end()
            )
        }
        TextForm::Misleading => {
            let other = facts.state.opposite().word();
            format!("{head}{}{state}{error} text:id:1 stat:{other} err:99", dates(&minutes))
        }
        TextForm::Garbage => "Message status changed, see the web portal".to_owned(),
    }
}

/// The TLVs of a receipt: `receipted_message_id`, `message_state`, `network_error_code` (as GSM).
pub fn tlvs(facts: &Facts<'_>) -> Tlvs {
    let [high, low] = facts.error.to_be_bytes();
    let mut tlvs = Tlvs::new();
    tlvs.push_text(Tag::RECEIPTED_MESSAGE_ID, facts.id);
    tlvs.push(Tag::MESSAGE_STATE, [facts.state.code()]);
    tlvs.push(Tag::NETWORK_ERROR_CODE, [3, high, low]);
    tlvs
}

/// The first twenty characters, what is not printable ASCII shown as a question mark.
fn quote(text: &str) -> String {
    let printable = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    text.chars().take(20).map(printable).collect()
}

fn shifted(at: Micros, zone: i16) -> Micros {
    Micros::new(at.get().saturating_add(i64::from(zone) * 60_000_000))
}

/// `YYMMDDhhmm`, with the whole year or with seconds where asked.
fn date(at: Micros, full_year: bool, seconds: bool) -> String {
    let civil = at.civil();
    let mut text = String::with_capacity(14);
    let year =
        if full_year { format!("{:04}", civil.year) } else { format!("{:02}", civil.year.rem_euclid(100)) };
    // Writing into a string cannot fail.
    let _ = write!(text, "{year}{:02}{:02}{:02}{:02}", civil.month, civil.day, civil.hour, civil.minute);
    if seconds {
        let _ = write!(text, "{:02}", civil.second);
    }
    text
}

/// An absolute time of SMPP (3.4 §7.1.1), in UTC: `YYMMDDhhmmsst00+`, the `t` being tenths of a second.
pub(super) fn absolute_time(at: Micros) -> String {
    format!("{}{}00+", date(at, false, true), at.civil().micro / 100_000)
}

/// `at` moved by a duration; saturates at the end of time.
pub(super) fn after(at: Micros, delay: Duration) -> Micros {
    Micros::new(at.get().saturating_add(i64::try_from(delay.as_micros()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            id: "2c5f0a",
            state: State::Undelivered,
            error: 11,
            submitted: Micros::from_seconds(1_540_316_599),
            done: Micros::from_seconds(1_540_316_661),
            text: "Hej världen, kom hit genast",
        }
    }

    #[test]
    fn the_standard_form() {
        assert_eq!(
            text(&facts(), TextForm::Standard, 0),
            "id:2c5f0a sub:001 dlvrd:000 submit date:1810231743 done date:1810231744 stat:UNDELIV err:011 \
             text:Hej v?rlden, kom hit"
        );
        let delivered = Facts { state: State::Delivered, error: 0, ..facts() };
        assert!(text(&delivered, TextForm::Standard, 0).contains("dlvrd:001"));
    }

    #[test]
    fn the_other_forms() {
        let form = |form| text(&facts(), form, 120);
        assert!(form(TextForm::Standard).contains("submit date:1810231943 done date:1810231944"));
        assert!(form(TextForm::Seconds).contains("submit date:181023194319 "));
        assert!(form(TextForm::FullYear).contains("submit date:20181023194319 "));
        assert!(!form(TextForm::NoDates).contains("date"));
        assert!(!form(TextForm::NoText).contains("text"));
        assert!(!form(TextForm::NoError).contains("err"));
        assert_eq!(form(TextForm::Short), "id:2c5f0a stat:UNDELIV err:011");
        assert!(
            form(TextForm::SwappedCase).contains("SUBMIT DATE:1810231943 DONE DATE:1810231944 STAT:undeliv")
        );
        assert!(form(TextForm::LongWords).contains("stat:UNDELIVERABLE err"));
        assert!(
            form(TextForm::Lines).starts_with("id:2c5f0a\nsub:001\ndlvrd:000\nsubmit date:1810231943\ndone")
        );
        assert!(form(TextForm::Misleading).ends_with("stat:UNDELIV err:011 text:id:1 stat:DELIVRD err:99"));
        assert!(!form(TextForm::Garbage).contains("2c5f0a"));
    }

    #[test]
    fn absolute_times() {
        assert_eq!(absolute_time(Micros::new(1_540_316_599_250_000)), "181023174319200+");
    }

    #[test]
    fn the_parameters() {
        let tlvs = tlvs(&facts());
        assert_eq!(tlvs.get(Tag::RECEIPTED_MESSAGE_ID), Some(b"2c5f0a\0".as_slice()));
        assert_eq!(tlvs.get(Tag::MESSAGE_STATE), Some([5].as_slice()));
        assert_eq!(tlvs.get(Tag::NETWORK_ERROR_CODE), Some([3, 0, 11].as_slice()));
    }
}
