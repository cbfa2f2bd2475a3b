//! Writing out what an account holds: interchange records, CSV or one JSON array.

mod csv;
mod json;
mod octets;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ledger::LedgerError;
use ledger::query::MessageQuery;
use ledger::row::{RowEncoder, Scan, Scanned};
use sha2::{Digest, Sha256};
use sms::id::{PackedId, PackedKind};
use sms::{AccountId, Currency, Number};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::Service;

/// Rows looked at in one read, at most.
const STRETCH_ROWS: u32 = 1024;

/// Octets after which a stretch ends, so that memory stays bounded whatever the rows hold.
const STRETCH_OCTETS: usize = 1 << 20;

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// Interchange records, one a line: what an import reads.
    #[default]
    Ndjson,
    /// CSV as of RFC 4180 in UTF-8, with a header line; each message with its latest state. A text cell that
    /// a spreadsheet would take for a formula gets an apostrophe before it.
    Csv,
    /// One JSON array of interchange records.
    Json,
}

/// How far an export has come; told after each stretch is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportProgress {
    /// Messages written.
    pub rows: u64,
    /// Octets written.
    pub bytes: u64,
    /// The highest number looked at.
    pub number: Number,
    /// The number at which it will end.
    pub bound: Number,
}

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Messages.
    pub rows: u64,
    /// SHA-256 over all octets.
    pub sha256: [u8; 32],
    /// Octets.
    pub bytes: u64,
}

impl ExportReport {
    /// The hash as 64 lower-case hex digits.
    pub fn sha256_hex(&self) -> String {
        use std::fmt::Write as _;
        self.sha256.iter().fold(String::with_capacity(64), |mut text, octet| {
            // Writing to a `String` cannot fail.
            let _infallible = write!(text, "{octet:02x}");
            text
        })
    }
}

/// Why an export ended early. What was written is no whole export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The output could not be written.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
}

/// What encoders know of the account.
#[derive(Clone, Copy, Debug)]
struct Account {
    currency: Currency,
    /// Not named in records, so that they can be brought into any account.
    default_program: Number,
}

/// The first row that could not be read whole; zero for none. Encoders cannot fail, so they tell it here.
#[derive(Clone, Debug, Default)]
struct Damage(Arc<AtomicU32>);

impl Damage {
    fn note(&self, number: Number) {
        self.0.fetch_max(number, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), LedgerError> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            number => Err(LedgerError::Corrupt(format!("the history of message {number} makes no sense"))),
        }
    }
}

/// Appends a packed id; what [`PackedId`]'s `Display` gives.
fn packed(out: &mut Vec<u8>, seconds: u32, kind: PackedKind, account: AccountId, number: Number) {
    for word in (PackedId { seconds, kind, account, number }).words() {
        octets::hex(out, word);
    }
}

/// The output with what was counted of it.
struct Sink<'o> {
    output: &'o mut (dyn AsyncWrite + Send + Unpin),
    hash: Sha256,
    bytes: u64,
}

impl Sink<'_> {
    async fn write(&mut self, octets: &[u8]) -> Result<(), ExportError> {
        self.hash.update(octets);
        self.bytes += octets.len() as u64;
        self.output.write_all(octets).await.map_err(ExportError::Output)
    }
}

impl Service {
    /// Writes the visible messages that `filter` matches (its order, page and bounds are ignored) and that
    /// existed when the call began, by rising number, each as it is read.
    ///
    /// Memory is that of two stretches of a few megabytes: one is rendered while the one before is written.
    /// Reads are short, so traffic and checkpoints go on meanwhile; a message that is deleted before its
    /// turn is not written. `progress` is called after each stretch. The output is flushed, not closed.
    pub async fn export(
        &self,
        account: AccountId,
        filter: MessageQuery,
        format: ExportFormat,
        output: &mut (dyn AsyncWrite + Send + Unpin),
        progress: &mut (dyn FnMut(ExportProgress) + Send),
    ) -> Result<ExportReport, ExportError> {
        let bound = self.ledger.highest(account).await?;
        let damage = Damage::default();
        let encoder = self.encoder(account, format, damage.clone()).await?;
        let mut sink = Sink { output, hash: Sha256::new(), bytes: 0 };
        sink.write(head(format)).await?;
        let mut rows = 0;
        let scan = |above| {
            let limit = STRETCH_ROWS;
            let scan = Scan { above, bound, filter: filter.clone(), limit, octets: STRETCH_OCTETS };
            self.ledger.scan(account, scan, Arc::clone(&encoder))
        };
        let mut next = if bound == 0 { None } else { Some(scan(0).await?) };
        while let Some(stretch) = next.take() {
            damage.check()?;
            let octets = inside(format, &stretch, rows == 0);
            if let Some(above) = stretch.next {
                let (written, read) = tokio::join!(sink.write(octets), scan(above));
                written?;
                next = Some(read?);
            } else {
                sink.write(octets).await?;
            }
            rows += stretch.rows;
            let number = stretch.next.unwrap_or(bound);
            progress(ExportProgress { rows, bytes: sink.bytes, number, bound });
        }
        sink.write(tail(format, rows)).await?;
        sink.output.flush().await.map_err(ExportError::Output)?;
        Ok(ExportReport { rows, sha256: sink.hash.finalize().into(), bytes: sink.bytes })
    }

    async fn encoder(
        &self,
        account: AccountId,
        format: ExportFormat,
        damage: Damage,
    ) -> Result<Arc<dyn RowEncoder>, LedgerError> {
        let account = self.ledger.account(account).await?;
        let account = Account { currency: account.currency, default_program: account.default_program };
        Ok(match format {
            ExportFormat::Ndjson => Arc::new(json::JsonRows::lines(account, damage)),
            ExportFormat::Csv => Arc::new(csv::CsvRows::new(account, damage)),
            ExportFormat::Json => Arc::new(json::JsonRows::array(account, damage)),
        })
    }
}

/// What stands before all rows.
fn head(format: ExportFormat) -> &'static [u8] {
    match format {
        ExportFormat::Ndjson => b"",
        ExportFormat::Csv => csv::HEADER,
        ExportFormat::Json => b"[\n",
    }
}

/// A stretch's octets, less the comma before the first record of an array.
fn inside(format: ExportFormat, stretch: &Scanned, first: bool) -> &[u8] {
    match format {
        ExportFormat::Json if first => stretch.octets.strip_prefix(json::COMMA).unwrap_or(&stretch.octets),
        ExportFormat::Ndjson | ExportFormat::Csv | ExportFormat::Json => &stretch.octets,
    }
}

/// What stands behind all rows.
fn tail(format: ExportFormat, rows: u64) -> &'static [u8] {
    match format {
        ExportFormat::Ndjson | ExportFormat::Csv => b"",
        ExportFormat::Json if rows == 0 => b"]\n",
        ExportFormat::Json => b"\n]\n",
    }
}
