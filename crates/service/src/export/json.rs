//! Rows as interchange records: see [`crate::interchange`] for what each member says.

use ledger::history::{self, EntryRef, Word};
use ledger::row::{MessageRef, RowEncoder};
use sms::{BatchKey, Direction, Micros};

use super::octets::{Instants, escaped, money, number};
use super::{Account, Damage, packed};
use sms::id::PackedKind;

/// Writes records, each with its own lead and end.
pub(super) struct JsonRows {
    account: Account,
    damage: Damage,
    /// What stands before each record.
    lead: &'static [u8],
    /// What stands behind each record.
    end: &'static [u8],
}

/// What separates records in an array; the first record's is cut off.
pub(super) const COMMA: &[u8] = b",\n";

impl JsonRows {
    /// One record a line.
    pub(super) fn lines(account: Account, damage: Damage) -> Self {
        Self { account, damage, lead: b"", end: b"\n" }
    }

    /// The inside of an array: [`COMMA`] before each record.
    pub(super) fn array(account: Account, damage: Damage) -> Self {
        Self { account, damage, lead: COMMA, end: b"" }
    }

    fn head(&self, row: &MessageRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"id\":\"");
        packed(out, row.created.seconds(), PackedKind::Message, row.account, row.number);
        out.extend_from_slice(match row.direction {
            Direction::Mt => b"\",\"direction\":\"mt\",\"batch\":",
            Direction::Mo => b"\",\"direction\":\"mo\",\"batch\":",
        });
        match row.batch {
            BatchKey::Mt(batch) => {
                out.push(b'"');
                packed(out, row.batch_created.seconds(), PackedKind::Batch, row.account, batch);
                out.push(b'"');
            }
            BatchKey::Mo(_) => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"program\":");
        if row.program == self.account.default_program {
            out.extend_from_slice(b"null");
        } else {
            number(out, row.program);
        }
        text(out, b",\"sender\":", row.sender.or(row.sender_used));
        out.extend_from_slice(b",\"recipient\":\"");
        escaped(out, row.recipient);
        out.extend_from_slice(b"\",\"body\":\"");
        escaped(out, row.body);
        out.extend_from_slice(b"\",\"created\":\"");
        instants.write(out, row.created);
        out.push(b'"');
    }

    fn middle(&self, row: &MessageRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
        text(out, b",\"reference\":", row.reference);
        out.extend_from_slice(b",\"price\":\"");
        money(out, row.price);
        out.extend_from_slice(b"\",\"currency\":\"");
        out.extend_from_slice(self.account.currency.as_str().as_bytes());
        out.push(b'"');
        let country = row.country;
        text(out, b",\"country\":", if country.is_unknown() { None } else { Some(country.as_str()) });
        text(out, b",\"mcc\":", row.network.mcc.as_deref());
        text(out, b",\"mnc\":", row.network.mnc.as_deref());
        text(out, b",\"network\":", row.network.name.as_deref());
        out.extend_from_slice(b",\"date\":\"");
        instants.write(out, Micros::from_seconds(row.date));
        out.extend_from_slice(b"\",\"credits\":");
        number(out, row.credits);
        out.extend_from_slice(if row.flash { b",\"flash\":true" } else { b",\"flash\":false" });
        text(out, b",\"list\":", row.list);
        out.extend_from_slice(b",\"answers\":");
        match row.answers.zip(row.answers_created) {
            Some((answered, created)) => {
                out.push(b'"');
                packed(out, created.seconds(), PackedKind::Message, row.account, answered);
                out.push(b'"');
            }
            None => out.extend_from_slice(b"null"),
        }
    }

    fn history(&self, row: &MessageRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"history\":[");
        for (place, entry) in history::iter(row.created, row.history).enumerate() {
            let Ok(entry) = entry else {
                self.damage.note(row.number);
                break;
            };
            if place > 0 {
                out.push(b',');
            }
            write_entry(&entry, instants, out);
        }
        out.push(b']');
    }
}

impl RowEncoder for JsonRows {
    fn encode(&self, row: &MessageRef<'_>, out: &mut Vec<u8>) {
        let mut instants = Instants::new();
        out.extend_from_slice(self.lead);
        self.head(row, &mut instants, out);
        self.middle(row, &mut instants, out);
        self.history(row, &mut instants, out);
        out.push(b'}');
        out.extend_from_slice(self.end);
    }
}

fn write_entry(entry: &EntryRef<'_>, instants: &mut Instants, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"at\":\"");
    instants.write(out, entry.at);
    out.extend_from_slice(b"\",\"state\":\"");
    let (state, reason) = match entry.word {
        Word::Outcome(outcome) => (outcome.state(), outcome.reason()),
        Word::Note(note) => (note.word(), None),
    };
    // The words of states and reasons have nothing to escape.
    out.extend_from_slice(state.as_bytes());
    if reason.is_none() && entry.code.is_none() && entry.text.is_none() {
        out.extend_from_slice(b"\",\"reason\":null,\"code\":null,\"text\":null}");
        return;
    }
    out.push(b'"');
    text(out, b",\"reason\":", reason);
    text(out, b",\"code\":", entry.code);
    text(out, b",\"text\":", entry.text);
    out.push(b'}');
}

/// Appends a member that may be null.
fn text(out: &mut Vec<u8>, name: &[u8], value: Option<&str>) {
    out.extend_from_slice(name);
    match value {
        Some(value) => {
            out.push(b'"');
            escaped(out, value);
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
}
