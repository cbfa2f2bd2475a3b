//! A page as JSON, written by hand into one buffer: exports pass millions of rows.
//!
//! Shape and order of the members are those of the vendor's sample; nothing is added to a message.

use service::model::{Message, Program};
use sms::{Direction, Micros};

use super::outcomes;

/// What a message takes besides its body, roughly.
const ROW_OCTETS: usize = 150;

/// The whole answer: a program's head, its messages, and the link to what follows.
pub(super) fn write(program: &Program, next: Option<&str>, messages: &[Message]) -> Vec<u8> {
    let bodies: usize = messages.iter().map(|message| message.body.len()).sum();
    let mut out = Vec::with_capacity(512 + messages.len() * ROW_OCTETS + bodies + bodies / 8);
    out.extend_from_slice(br#"{"meta":{"generalErrors":[],"nextPageUrl":"#);
    match next {
        Some(url) => write_text(&mut out, url),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#"},"data":{"campaignName":"#);
    write_text(&mut out, named(&program.campaign, "Default Campaign"));
    out.extend_from_slice(br#","programName":"#);
    write_text(&mut out, named(&program.name, "Default Program"));
    out.extend_from_slice(br#","programType":"#);
    write_text(&mut out, named(&program.kind, "Text to Join"));
    out.extend_from_slice(br#","messages":["#);
    let mut date = String::with_capacity(19);
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_message(&mut out, message, &mut date);
    }
    out.extend_from_slice(b"]}}");
    out
}

/// A name that callers may rely on to be there.
fn named<'n>(name: &'n str, otherwise: &'n str) -> &'n str {
    if name.is_empty() { otherwise } else { name }
}

/// One message; `date` is a buffer for its date.
fn write_message(out: &mut Vec<u8>, message: &Message, date: &mut String) {
    let head: &[u8] = match message.direction {
        Direction::Mo => br#"{"type":"MO","deliveryStatus":""#,
        Direction::Mt => br#"{"type":"MT","deliveryStatus":""#,
    };
    out.extend_from_slice(head);
    // The words of the table need no escaping.
    out.extend_from_slice(outcomes::of(message).as_bytes());
    out.extend_from_slice(br#"","number":"#);
    let peer = message.peer();
    write_text(out, peer.strip_prefix('+').unwrap_or(peer));
    out.extend_from_slice(br#","body":"#);
    write_text(out, &message.body);
    out.extend_from_slice(br#","date":""#);
    date.clear();
    Micros::from_seconds(message.date).write_seconds(date);
    out.extend_from_slice(date.as_bytes());
    // Two digits of fraction, as in the vendor's sample; the ledger's dates are whole seconds.
    out.extend_from_slice(br#".00","network":"#);
    match &message.network.name {
        Some(name) => write_text(out, name),
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
}

/// A text as a JSON string (RFC 8259 §7): quotes, backslashes and control characters are escaped.
fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    // Most texts need no escaping at all; this form of asking compiles to wide comparisons.
    if text.bytes().fold(false, |found, octet| found | needs_escape(octet)) {
        write_escaped(out, text);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

fn needs_escape(octet: u8) -> bool {
    octet < 0x20 || octet == b'"' || octet == b'\\'
}

fn write_escaped(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &octet in text.as_bytes() {
        match octet {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', octet]),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            0..0x20 => {
                out.extend_from_slice(br"\u00");
                out.push(HEX[usize::from(octet >> 4)]);
                out.push(HEX[usize::from(octet & 15)]);
            }
            _ => out.push(octet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_strict_json(text in "[\\x00-\\x7f\\PC]{0,80}") {
            let mut out = Vec::new();
            write_text(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).expect("strict JSON"), text);
        }
    }

    #[test]
    fn texts_are_json() {
        let every: String = (0u8..0x80).map(char::from).chain("éЖ€𝄞\u{2028}".chars()).collect();
        for text in ["", "plain", "\"\\/\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}", every.as_str()] {
            let mut out = Vec::new();
            write_text(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).expect("strict JSON"), text);
        }
    }

    #[test]
    fn an_empty_page() {
        let program = Program { number: 1, name: "N".into(), campaign: String::new(), kind: "K".into() };
        let expected = concat!(
            r#"{"meta":{"generalErrors":[],"nextPageUrl":null},"data":{"campaignName":"Default Campaign","#,
            r#""programName":"N","programType":"K","messages":[]}}"#
        );
        assert_eq!(String::from_utf8(write(&program, None, &[])).expect("text"), expected);
    }
}
