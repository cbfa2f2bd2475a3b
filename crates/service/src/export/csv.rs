//! Rows as CSV (RFC 4180): a header, one message a line with its latest state, cells that no spreadsheet
//! takes for a formula.

use ledger::history::{self, Word};
use ledger::row::{MessageRef, RowEncoder};
use sms::id::PackedKind;
use sms::{BatchKey, Micros};

use super::octets::{Instants, money, number};
use super::{Account, Damage, packed};

/// The first line: the names of the columns. Each line ends with CR LF.
pub(super) const HEADER: &[u8] = b"id,direction,batch,program,sender,recipient,body,created,date,reference,\
price,currency,country,mcc,mnc,network,segments,coding,credits,flash,list,answers,state,reason,changed,code,\
text\r\n";

/// Writes lines. Absent values are empty cells, instants RFC 3339 in UTC.
pub(super) struct CsvRows {
    account: Account,
    damage: Damage,
}

impl CsvRows {
    pub(super) fn new(account: Account, damage: Damage) -> Self {
        Self { account, damage }
    }

    fn message(&self, row: &MessageRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
        packed(out, row.created.seconds(), PackedKind::Message, row.account, row.number);
        plain(out, row.direction.word());
        out.push(b',');
        if let BatchKey::Mt(batch) = row.batch {
            packed(out, row.batch_created.seconds(), PackedKind::Batch, row.account, batch);
        }
        out.push(b',');
        number(out, row.program);
        cell(out, row.sender.or(row.sender_used).unwrap_or_default());
        cell(out, row.recipient);
        cell(out, row.body);
        out.push(b',');
        instants.write(out, row.created);
        out.push(b',');
        instants.write(out, Micros::from_seconds(row.date));
        cell(out, row.reference.unwrap_or_default());
        out.push(b',');
        money(out, row.price);
        plain(out, self.account.currency.as_str());
        plain(out, if row.country.is_unknown() { "" } else { row.country.as_str() });
        for text in [&row.network.mcc, &row.network.mnc, &row.network.name] {
            cell(out, text.as_deref().unwrap_or_default());
        }
        out.push(b',');
        number(out, row.segments.into());
        plain(out, row.coding.word());
        out.push(b',');
        number(out, row.credits);
        plain(out, if row.flash { "true" } else { "false" });
        cell(out, row.list.unwrap_or_default());
        out.push(b',');
        if let Some((answered, created)) = row.answers.zip(row.answers_created) {
            packed(out, created.seconds(), PackedKind::Message, row.account, answered);
        }
    }

    /// The latest outcome with the instant, code and words of the entry that brought it.
    fn state(&self, row: &MessageRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
        plain(out, row.outcome.state());
        plain(out, row.outcome.reason().unwrap_or_default());
        let mut last = None;
        for entry in history::iter(row.created, row.history) {
            match entry {
                Ok(entry) if entry.word == Word::Outcome(row.outcome) => last = Some(entry),
                Ok(_) => {}
                Err(_) => self.damage.note(row.number),
            }
        }
        out.push(b',');
        instants.write(out, last.map_or(row.created, |entry| entry.at));
        cell(out, last.and_then(|entry| entry.code).unwrap_or_default());
        cell(out, last.and_then(|entry| entry.text).unwrap_or_default());
    }
}

impl RowEncoder for CsvRows {
    fn encode(&self, row: &MessageRef<'_>, out: &mut Vec<u8>) {
        let mut instants = Instants::new();
        self.message(row, &mut instants, out);
        self.state(row, &mut instants, out);
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends a cell of our own words, which need no quotes.
fn plain(out: &mut Vec<u8>, word: &str) {
    out.push(b',');
    out.extend_from_slice(word.as_bytes());
}

/// Appends a cell of somebody's text. Where a spreadsheet would take it for a formula (it begins with
/// `= + - @`, a tab or a line's end) an apostrophe goes before it, which says "text" to all of them.
/// Numbers are kept as digits, without a plus, so they stay as they are.
fn cell(out: &mut Vec<u8>, text: &str) {
    out.push(b',');
    let octets = text.as_bytes();
    let risky = octets.first().is_some_and(|first| b"=+-@\t\r\n".contains(first)) || starts_wide(text);
    let quoted = octets.iter().any(|octet| matches!(octet, b'"' | b',' | b'\r' | b'\n'));
    if quoted {
        out.push(b'"');
    }
    if risky {
        out.push(b'\'');
    }
    if quoted {
        for part in octets.split_inclusive(|octet| *octet == b'"') {
            out.extend_from_slice(part);
            if part.ends_with(b"\"") {
                out.push(b'"');
            }
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(octets);
    }
}

/// Whether the text begins with a full-width form of those signs, which some spreadsheets read alike.
fn starts_wide(text: &str) -> bool {
    text.starts_with(['＝', '＋', '－', '＠'])
}
