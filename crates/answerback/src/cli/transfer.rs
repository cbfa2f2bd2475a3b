//! `import`, `export`, `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

pub(super) const IMPORT_HELP: &str = "\
Examples:
  answerback import --account acme history.ndjson
  zcat history.ndjson.gz | answerback import --account acme -

Running it again resumes: known records are passed over, longer histories are merged. A bad line \
stops the run with its number and a reason; what was before it stays. Nothing that is imported is \
ever sent. docs/importing-and-exporting.md says what a record may hold.";

pub(super) const EXPORT_HELP: &str = "\
Examples:
  answerback export --account acme > acme.ndjson
  answerback export --account acme --format csv --output acme.csv
  answerback export --account acme --from 2026-01-01 --to 2026-01-31 --direction mo
  answerback export --account acme --state delivered --state undelivered --country SE

NDJSON is what `answerback import` reads. The number of rows and the SHA-256 of the output are \
printed on standard error; with --output, on standard output, and the file appears when it is \
complete.";

pub(super) const CHECK_HELP: &str = "\
Examples:
  answerback check
  answerback check --data /var/lib/answerback --json

Ends with 0 when every invariant holds and with 1 when one is broken. It may run beside a server, whose \
state in memory is compared then; without one, that state is made for the purpose.";

/// The options of `import`.
#[derive(Clone, Debug, Args)]
pub(crate) struct ImportArgs {
    /// The account, by name or number
    #[arg(long)]
    pub(crate) account: String,
    /// The file to read; `-` or nothing for standard input
    #[arg(default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,
    /// Pass over unknown members, keep news after a final state as a contradiction, and keep an MO whose
    /// `answers` names nothing without that link, instead of refusing the line
    #[arg(long)]
    pub(crate) lenient: bool,
}

/// What an export is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// One JSON record a line: what `import` reads
    #[default]
    Ndjson,
    /// Comma-separated values with a heading, safe to open in a spreadsheet
    Csv,
    /// One JSON array
    Json,
}

/// Which way messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Way {
    /// Sent
    Mt,
    /// Received
    Mo,
}

/// The options of `export`.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArgs {
    /// The account, by name or number
    #[arg(long)]
    pub(crate) account: String,
    /// What to write
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// The file to write, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// Which messages; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Which messages")]
pub(crate) struct Filter {
    /// Due at or after: 2026-01-31 or 2026-01-31T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = instant)]
    pub(crate) from: Option<String>,
    /// Due at or before; a date alone includes its whole day
    #[arg(long, value_name = "DATE", value_parser = last_instant)]
    pub(crate) to: Option<String>,
    /// Sent or received
    #[arg(long, value_enum)]
    pub(crate) direction: Option<Way>,
    /// In this state, such as delivered or expired; may be given several times
    #[arg(long = "state", value_name = "STATE", value_parser = state)]
    pub(crate) states: Vec<String>,
    /// Handsets of this country, by its two letters
    #[arg(long, value_name = "CC", value_parser = country)]
    pub(crate) country: Option<String>,
    /// Of this program
    #[arg(long, value_name = "N")]
    pub(crate) program: Option<u32>,
    /// Exchanged with this other party
    #[arg(long, value_name = "NUMBER")]
    pub(crate) peer: Option<String>,
    /// Containing this, without regard to case
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
}

/// A date or an instant, given back as an instant in RFC 3339; a date is its first second in UTC.
pub(crate) fn instant(text: &str) -> Result<String, String> {
    read_instant(text, "T00:00:00Z")
}

fn last_instant(text: &str) -> Result<String, String> {
    read_instant(text, "T23:59:59Z")
}

fn read_instant(text: &str, rest_of_day: &str) -> Result<String, String> {
    let is_date = text.len() == 10 && !text.contains('T');
    let whole = if is_date { format!("{text}{rest_of_day}") } else { text.to_owned() };
    sms::Micros::parse_rfc3339(&whole)
        .filter(|instant| instant.in_range())
        .map(|instant| instant.to_string())
        .ok_or_else(|| "a date such as 2026-01-31 or 2026-01-31T12:00:00Z, between 1970 and 2106".to_owned())
}

fn state(text: &str) -> Result<String, String> {
    if sms::Outcome::is_state_word(text) {
        return Ok(text.to_owned());
    }
    let mut words: Vec<&str> = sms::Outcome::ALL.iter().map(|outcome| outcome.state()).collect();
    words.dedup();
    Err(format!("one of {}", words.join(", ")))
}

fn country(text: &str) -> Result<String, String> {
    let country: Result<sms::Country, _> = text.to_ascii_uppercase().parse();
    country.map(|country| country.to_string()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_instants() {
        assert_eq!(instant("2026-01-31").as_deref(), Ok("2026-01-31T00:00:00Z"));
        assert_eq!(last_instant("2026-01-31").as_deref(), Ok("2026-01-31T23:59:59Z"));
        assert_eq!(last_instant("2026-01-31T12:00:00+01:00").as_deref(), Ok("2026-01-31T11:00:00Z"));
        for bad in
            ["", "2026-13-01", "2026-02-30", "yesterday", "1960-01-01", "2200-01-01", "2026-01-31T12:00"]
        {
            assert!(instant(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words() {
        assert!(state("delivered").is_ok() && state("gone").is_err_and(|said| said.contains("expired")));
        assert_eq!(country("se").as_deref(), Ok("SE"));
        assert!(country("Sweden").is_err());
    }
}
