//! The first page against the middle and the last one of every list of every dialect, over HTTP.

use anyhow::{Context, Result};
use rusqlite::Connection;

use crate::data::Access;
use crate::lists::{self, List};
use crate::report::{Report, median};
use crate::server::Server;

const ROUNDS: usize = 21;

/// Measures every list and filter.
pub(crate) fn measure(
    server: &Server,
    access: &Access,
    database: &Connection,
    report: &mut Report,
) -> Result<()> {
    report.line("pages over HTTP, ms (medians): first, middle, last".to_owned());
    for (vendor, mut client, lists) in lists::all(server, access)? {
        for List { name, target, total, page } in lists {
            let pages = total.div_ceil(page).max(1);
            let places = [0, pages / 2 * page, (pages - 1) * page];
            let mut times = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                for (place, times) in places.iter().zip(&mut times) {
                    times.push(client.time(&target(*place))?);
                }
            }
            let [first, middle, last] = times.map(|mut times| median(&mut times));
            let name = format!("{vendor}: {name}");
            report.line(format!("    {name:<62} {total:>9} | {first:>7.2} {middle:>7.2} {last:>7.2}"));
            report.at_most(&format!("{name}: deepest against first"), middle.max(last) / first, 1.5);
        }
    }
    totals(server, access, database, report)
}

/// Totals as a dialect says them against SQL over the same file.
fn totals(server: &Server, access: &Access, database: &Connection, report: &mut Report) -> Result<()> {
    let count = |condition: &str| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM message WHERE {condition}");
        Ok(database.query_row(&sql, [], |row| row.get::<_, i64>(0))? as u64)
    };
    let france = sms::Country::parse("FR").context("FR")?.code();
    let mut total = lists::totals(server, access)?;
    for (name, filter, condition) in [
        ("all", "", "1".to_owned()),
        ("delivered", "&status=delivered", "outcome = 10".to_owned()),
        ("MO", "&type=messages-in", "flags & 1".to_owned()),
        (
            "delivered to one country",
            "&type=messages-out&country=FR&status=delivered",
            format!("outcome = 10 AND country = {france}"),
        ),
        ("containing a rare word", "&message=zanzibar", "body LIKE '%zanzibar%'".to_owned()),
        ("containing a common word", "&message=ORDER", "body LIKE '%order%'".to_owned()),
    ] {
        let said = total(filter)?;
        let counted = count(&condition)?;
        report.must(&format!("total \"{name}\": {said}, SQL counts {counted}"), said == counted);
    }
    Ok(())
}
