//! Bringing in history: interchange records, line by line, in bounded memory.

mod lines;

use std::collections::HashMap;
use std::io;

use ledger::LedgerError;
use ledger::change::{ImportRow, Imported};
use ledger::query::MessageQuery;
use sms::id::PackedId;
use sms::{AccountId, Number};
use tokio::io::AsyncBufRead;

use crate::Service;
use crate::interchange::{Judge, LineFault};
use lines::{Lines, Next};

/// Rows that are committed together, at most: a live request never waits for more.
const GROUP_ROWS: usize = 256;

/// Octets of lines that are held for a commit, at most, save that one line always has room.
const GROUP_OCTETS: u64 = 4 << 20;

/// How strictly lines are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether unknown members are passed over, and news after a final outcome is kept as a contradiction,
    /// where both are otherwise refused.
    pub lenient: bool,
}

/// How far an import has come; told after each commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Octets of the input that were read.
    pub octets: u64,
    /// What was done with them.
    pub report: ImportReport,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The last line, counted from 1, up to which everything is on disk. Blank lines count.
    pub lines: u64,
    /// Messages added.
    pub added: u64,
    /// Messages that were there already, and passed over.
    pub known: u64,
    /// Messages that were there already, and got a longer history.
    pub merged: u64,
}

impl ImportReport {
    fn add(&mut self, kept: &Imported) {
        self.added += kept.added;
        self.known += kept.known;
        self.merged += kept.merged;
    }
}

/// Why an import ended early. Everything before the line named is on disk; the same input can be given again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A line was refused.
    #[error("line {line}: {fault}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// Why.
        fault: LineFault,
        /// What was done before.
        report: ImportReport,
    },
    /// The input could not be read on.
    #[error("the input cannot be read past line {line}: {source}")]
    Input {
        /// The number of the last whole line.
        line: u64,
        /// Why.
        source: io::Error,
        /// What was done before.
        report: ImportReport,
    },
    /// The ledger failed.
    #[error("{source}")]
    Ledger {
        /// Why.
        source: LedgerError,
        /// What was done before.
        report: ImportReport,
    },
}

impl ImportError {
    /// What was done before it ended.
    pub fn report(&self) -> ImportReport {
        match self {
            Self::Line { report, .. } | Self::Input { report, .. } | Self::Ledger { report, .. } => *report,
        }
    }
}

/// Lines read, to be committed together, and how reading ended.
struct Group {
    rows: Vec<ImportRow>,
    /// Rows by their place that answer an MT with an id of this account's own kind.
    answers: Vec<(usize, PackedId)>,
    /// The line of each row.
    lines: Vec<u64>,
    /// The last line read.
    last: u64,
    /// Octets of the input up to there.
    octets: u64,
    end: End,
}

/// How the reading of a group ended.
enum End {
    /// The group is full.
    More,
    /// At the end of the input.
    Input,
    /// At a line that was refused.
    Fault(u64, LineFault),
    /// The input failed.
    Failed(io::Error),
}

impl Service {
    /// Brings in the interchange records of `input`, one a line (blank lines and a leading byte order mark
    /// are passed over); see [`crate::interchange`] for what a record may say.
    ///
    /// Rows are committed in groups of at most 256 while the next are read, so memory is bounded by some
    /// 8 MB whatever the input. A refused line ends the run; everything before it stays. The import is
    /// idempotent by `id`: known rows are passed over, a longer history of a known row is merged, any other
    /// difference is refused; so a run that ended early is resumed by the same call.
    ///
    /// `progress` is called after each commit.
    pub async fn import(
        &self,
        account: AccountId,
        input: &mut (dyn AsyncBufRead + Send + Unpin),
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport::default();
        let fail = |source, report| ImportError::Ledger { source, report };
        let mut judge = self.judge(account, options).await.map_err(|error| fail(error, report))?;
        let mut lines = Lines::new(input);
        let mut group = read_group(&mut lines, &mut judge).await;
        loop {
            let (rows, answers) = (std::mem::take(&mut group.rows), std::mem::take(&mut group.answers));
            let write = self.commit(account, rows, answers);
            let (kept, next) = match group.end {
                End::More => {
                    let (kept, next) = tokio::join!(write, read_group(&mut lines, &mut judge));
                    (kept, Some(next))
                }
                End::Input | End::Fault(..) | End::Failed(_) => (write.await, None),
            };
            let kept = kept.map_err(|error| fail(error, report))?;
            report.add(&kept);
            if let Some((place, refusal)) = kept.refused {
                let line = group.lines.get(place).copied().unwrap_or(group.last);
                report.lines = line.saturating_sub(1);
                return Err(ImportError::Line { line, fault: LineFault::Refused(refusal), report });
            }
            report.lines = group.last;
            progress(ImportProgress { octets: group.octets, report });
            match (group.end, next) {
                (End::Fault(line, fault), _) => return Err(ImportError::Line { line, fault, report }),
                (End::Failed(source), _) => {
                    return Err(ImportError::Input { line: group.last, source, report });
                }
                (End::Input | End::More, None) => return Ok(report),
                (End::Input | End::More, Some(next)) => group = next,
            }
        }
    }

    async fn commit(
        &self,
        account: AccountId,
        mut rows: Vec<ImportRow>,
        answers: Vec<(usize, PackedId)>,
    ) -> Result<Imported, LedgerError> {
        if rows.is_empty() {
            return Ok(Imported::default());
        }
        if !answers.is_empty() {
            self.verify(account, &mut rows, &answers).await?;
        }
        self.ledger.import(account, rows).await
    }

    /// Takes away numbers of MT that are not the ones meant: an account of the same number in another store
    /// gives the same ids, but hardly at the same second.
    async fn verify(
        &self,
        account: AccountId,
        rows: &mut [ImportRow],
        answers: &[(usize, PackedId)],
    ) -> Result<(), LedgerError> {
        let numbers: Vec<Number> = answers.iter().map(|(_, id)| id.number).collect();
        let limit = numbers.len() as u32;
        let query = MessageQuery { numbers: Some(numbers), limit, ..MessageQuery::default() };
        let there = self.ledger.messages(account, query).await?.messages;
        let created: HashMap<Number, u32> =
            there.iter().map(|message| (message.number, message.created.seconds())).collect();
        for (place, id) in answers {
            if created.get(&id.number) != Some(&id.seconds)
                && let Some(answered) = rows.get_mut(*place).and_then(|row| row.answers.as_mut())
            {
                answered.own = None;
            }
        }
        Ok(())
    }

    async fn judge(&self, account: AccountId, options: ImportOptions) -> Result<Judge, LedgerError> {
        let programs = self.ledger.programs(account).await?;
        let programs = programs.into_iter().map(|program| program.number).collect();
        Ok(Judge::new(&self.ledger.account(account).await?, programs, options.lenient))
    }
}

/// Reads lines until there are enough for a commit.
async fn read_group(lines: &mut Lines<'_>, judge: &mut Judge) -> Group {
    let start = lines.octets();
    let mut group = Group {
        rows: Vec::new(),
        answers: Vec::new(),
        lines: Vec::new(),
        last: lines.number(),
        octets: start,
        end: End::More,
    };
    while group.rows.len() < GROUP_ROWS && group.octets - start < GROUP_OCTETS {
        let fault = match lines.next().await {
            Ok(Next::Line(line)) => match judge.row(line) {
                Ok((row, answers)) => {
                    group.answers.extend(answers.map(|id| (group.rows.len(), id)));
                    group.rows.push(row);
                    None
                }
                Err(fault) => Some(fault),
            },
            Ok(Next::TooLong) => Some(LineFault::TooLong),
            Ok(Next::End) => {
                group.end = End::Input;
                break;
            }
            Err(error) => {
                group.end = End::Failed(error);
                break;
            }
        };
        let number = lines.number();
        if let Some(fault) = fault {
            group.last = number.saturating_sub(1);
            group.end = End::Fault(number, fault);
            break;
        }
        group.lines.push(number);
        group.last = number;
        group.octets = lines.octets();
    }
    if matches!(group.end, End::Input) {
        (group.last, group.octets) = (lines.number(), lines.octets());
    }
    group
}
