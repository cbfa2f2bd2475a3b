//! The first page against the middle and the last one of every list of every dialect, over HTTP.

use anyhow::{Context, Result, bail};
use rusqlite::Connection;
use serde_json::Value;

use crate::data::Access;
use crate::report::{Report, median};
use crate::server::{Client, Server};

const ROUNDS: usize = 21;

/// A list: its name, the target of the page that begins at an offset, and how many items there are.
struct List {
    name: String,
    target: Box<dyn Fn(u64) -> String>,
    total: u64,
    page: u64,
}

/// Clients with each vendor's credential.
struct Clients {
    pairs: Client,
    bearer: Client,
    basic: Client,
    json: Client,
}

impl Clients {
    fn of(&mut self, name: &str) -> &mut Client {
        match name.split(' ').next() {
            Some("textmagic") => &mut self.pairs,
            Some("ip1") => &mut self.bearer,
            Some("mgage") => &mut self.basic,
            _ => &mut self.json,
        }
    }
}

/// Measures every list and filter.
pub(crate) fn measure(
    server: &Server,
    access: &Access,
    database: &Connection,
    report: &mut Report,
) -> Result<()> {
    let mut clients = Clients {
        pairs: server.client(&access.header_pair())?,
        bearer: server.client(&access.bearer())?,
        basic: server.client(&access.basic())?,
        json: server.client(&format!("{}accept: application/json\r\n", access.bearer()))?,
    };
    report.line("pages over HTTP, ms (medians): first, middle, last".to_owned());
    for list in lists(&mut clients, access)? {
        let client = clients.of(&list.name);
        let pages = list.total.div_ceil(list.page).max(1);
        let places = [0, pages / 2 * list.page, (pages - 1) * list.page];
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (place, times) in places.iter().zip(&mut times) {
                times.push(client.time(&(list.target)(*place))?);
            }
        }
        let [first, middle, last] = times.map(|mut times| median(&mut times));
        let name = &list.name;
        report.line(format!("    {name:<62} {:>9} | {first:>7.2} {middle:>7.2} {last:>7.2}", list.total));
        report.at_most(&format!("{name}: deepest against first"), middle.max(last) / first, 1.5);
    }
    totals(&mut clients, access, database, report)
}

fn lists(clients: &mut Clients, access: &Access) -> Result<Vec<List>> {
    let mut lists = Vec::new();
    let api = "/api/v2";
    let phone = &access.busy_peer;
    for (name, path) in [
        ("messages", format!("{api}/messages?")),
        ("sessions", format!("{api}/sessions?")),
        ("replies", format!("{api}/replies?")),
        ("chats", format!("{api}/chats?")),
        ("messages of a chat", format!("{api}/chats/{phone}?")),
        ("messages of a session", format!("{api}/sessions/{}/messages?", access.large_batch)),
        ("messages, delivered", format!("{api}/messages/search?statuses=d&")),
        ("messages containing a common word", format!("{api}/messages/search?query=order&")),
    ] {
        let target = move |offset: u64| format!("{path}limit=100&page={}", offset / 100 + 1);
        let first = clients.pairs.get(&target(0))?;
        let pages = number(&body(&first.body)?["pageCount"])?;
        let last = clients.pairs.get(&target((pages - 1) * 100))?;
        let total = (pages - 1) * 100 + body(&last.body)?["resources"].as_array().map_or(0, Vec::len) as u64;
        lists.push(List { name: format!("textmagic {name}"), target: Box::new(target), total, page: 100 });
    }
    let batches = body(&clients.bearer.get("/v2/batches?order=DESC&limit=1000")?.body)?;
    let largest = largest_batch(&batches, access, clients)?;
    for (name, path) in [
        ("batches", "/v2/batches".to_owned()),
        ("messages of a batch", format!("/v2/batches/{largest}/messages")),
        ("a conversation", format!("/v2/conversations/{phone}")),
    ] {
        let target = move |offset: u64| format!("{path}?start={offset}&limit=50");
        let total = last_start(&clients.bearer.get(&target(0))?.head)? + 1;
        lists.push(List { name: format!("ip1 {name}"), target: Box::new(target), total, page: 50 });
    }
    let program = access.program;
    for (name, filter, total) in
        [("export", "", access.messages), ("export, MO", "&messageType=MO", access.mo)]
    {
        let target = move |offset: u64| {
            format!("/api/messages/program/{program}?pageSize=500&page={}{filter}", offset / 500 + 1)
        };
        lists.push(List { name: format!("mgage {name}"), target: Box::new(target), total, page: 500 });
    }
    for (name, path, filter) in [
        ("messages", "/messages", ""),
        ("messages, newest first", "/messages", "&sort=-date"),
        ("messages by state", "/messages", "&sort=status"),
        ("messages by destination", "/messages", "&sort=destination"),
        ("messages by sender", "/messages", "&sort=sender"),
        ("delivered to one country", "/messages", "&type=messages-out&country=FR&status=delivered"),
        ("one destination", "/messages", &format!("&destination={phone}") as &str),
        ("containing a common word", "/messages", "&message=order"),
        ("replies", "/messages/mo", ""),
    ] {
        let base = format!("{path}?{}{filter}", access.period());
        let target = move |offset: u64| format!("{base}&start={offset}&length=100");
        let total = number(&body(&clients.json.get(&target(0))?.body)?["totalDisplayRecords"])?;
        lists.push(List { name: format!("smsfactor {name}"), target: Box::new(target), total, page: 100 });
    }
    Ok(lists)
}

/// The iP1 id of the batch with the most messages among those listed.
fn largest_batch(batches: &Value, access: &Access, clients: &mut Clients) -> Result<String> {
    let mut best = (0, String::new());
    for batch in batches.as_array().context("no batches")? {
        let id = batch["id"].as_str().context("no id")?;
        if batch["direction"] != "MT" {
            continue;
        }
        let first = clients.bearer.get(&format!("/v2/batches/{id}/messages?limit=50"))?;
        let total = last_start(&first.head)? + 1;
        if total > best.0 {
            best = (total, id.to_owned());
        }
        if total > u64::from(access.large_batch_size) / 4 {
            break;
        }
    }
    Ok(best.1)
}

/// The `start` of the last page, as the Link header says: with pages of one item's length it would be the
/// last item; here it is the offset of the last page.
fn last_start(head: &str) -> Result<u64> {
    let link = head.lines().find(|line| line.to_ascii_lowercase().starts_with("link:")).context("no Link")?;
    let last = link.split(',').find(|part| part.contains("rel=\"last\"")).context("no last page")?;
    let start = last.split("start=").nth(1).context("no start")?;
    Ok(start.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse()?)
}

/// Totals as the dialects say them against SQL over the same file.
fn totals(clients: &mut Clients, access: &Access, database: &Connection, report: &mut Report) -> Result<()> {
    let count = |condition: &str| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM message WHERE {condition}");
        Ok(database.query_row(&sql, [], |row| row.get::<_, i64>(0))? as u64)
    };
    let france = sms::Country::parse("FR").context("FR")?.code();
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
        let target = format!("/messages?{}{filter}&length=1", access.period());
        let said = number(&body(&clients.json.get(&target)?.body)?["totalDisplayRecords"])?;
        let counted = count(&condition)?;
        report.must(&format!("total \"{name}\": {said}, SQL counts {counted}"), said == counted);
    }
    Ok(())
}

fn body(octets: &[u8]) -> Result<Value> {
    Ok(serde_json::from_slice(octets)?)
}

fn number(value: &Value) -> Result<u64> {
    match value.as_u64() {
        Some(number) => Ok(number),
        None => bail!("no number: {value}"),
    }
}
