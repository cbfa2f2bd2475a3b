//! Whole walks and exports against the `sqlite3` tool's dump of the same rows; searches; size and memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::data::Access;
use crate::lists;
use crate::process::answerback;
use crate::report::{Report, median};
use crate::server::Server;

const ROUNDS: usize = 3;

/// Rows a second of: the tool's dump, its plain SELECT, a walk of 500 a page over HTTP, an NDJSON export.
pub(crate) fn measure(server: &Server, access: &Access, data: &Path, report: &mut Report) -> Result<()> {
    let (mut dump, mut select, mut walk, mut export) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        dump.push(tool(access, data, ".dump message")?);
        select.push(tool(access, data, "SELECT * FROM message")?);
        walk.push(pages(server, access)?);
        export.push(exported(access, data)?);
    }
    let (dump, select) = (median(&mut dump), median(&mut select));
    let (walk, export) = (median(&mut walk), median(&mut export));
    report.line("reading everything, rows/s (medians of rounds in turn)".to_owned());
    report.line(format!("    sqlite3 .dump                       {dump:>10.0}"));
    report.line(format!("    sqlite3 SELECT *                    {select:>10.0}"));
    report.line(format!("    a walk of 500 a page over HTTP      {walk:>10.0}"));
    report.line(format!("    NDJSON export through the server    {export:>10.0}"));
    report.at_least("the walk against the tool's dump", walk / dump, 0.25);
    report.at_least("the export against the tool's dump", export / dump, 0.75);
    report.line(format!("    against SELECT *: walk {:.2}, export {:.2}", walk / select, export / select));
    Ok(())
}

fn tool(access: &Access, data: &Path, command: &str) -> Result<f64> {
    let begun = Instant::now();
    let status = Command::new("sqlite3")
        .arg(data.join(ledger::sqlite::FILE))
        .arg(command)
        .stdout(Stdio::null())
        .status()
        .context("the sqlite3 tool is needed")?;
    if !status.success() {
        bail!("sqlite3: {status}");
    }
    Ok(access.messages as f64 / begun.elapsed().as_secs_f64())
}

fn pages(server: &Server, access: &Access) -> Result<f64> {
    let (mut client, mut next) = lists::walk(server, access)?;
    let begun = Instant::now();
    let mut rows = 0u64;
    loop {
        let answer = client.get(&next)?;
        // Only the link is looked at: the reader of the real client is not what is measured.
        let text = std::str::from_utf8(&answer.body)?;
        rows += text.matches("\"deliveryStatus\":").count() as u64;
        let link = text.split("\"nextPageUrl\":").nth(1).context("no link")?;
        let Some(link) = link.strip_prefix('"') else { break };
        let link = link.split('"').next().unwrap_or_default();
        next = link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).context("no path")?;
    }
    let spent = begun.elapsed().as_secs_f64();
    if rows != access.messages {
        bail!("the walk saw {rows} of {} messages", access.messages);
    }
    Ok(rows as f64 / spent)
}

fn exported(access: &Access, data: &Path) -> Result<f64> {
    let begun = Instant::now();
    answerback(&["export", "--account", "Bench", "--output", "/dev/null"], data)?;
    Ok(access.messages as f64 / begun.elapsed().as_secs_f64())
}

/// Searches for a rare and a common word.
pub(crate) fn search(server: &Server, access: &Access, report: &mut Report) -> Result<()> {
    let (mut client, target) = lists::search(server, access)?;
    report.line("contains, over HTTP, ms (medians)".to_owned());
    for (name, word) in [("rare", "zanzibar"), ("common", "order"), ("absent", "qqqqqq")] {
        let mut times = (0..21).map(|_| client.time(&target(word))).collect::<Result<Vec<_>>>()?;
        let time = median(&mut times);
        report.line(format!("    {name:<8} {time:>7.2}"));
        report.at_most(&format!("contains, {name} word, ms"), time, 50.0);
    }
    Ok(())
}
