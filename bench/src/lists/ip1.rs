//! iP1: pages by offset, the last one told by the Link header.

use anyhow::{Context, Result};

use super::{List, body};
use crate::client::Client;
use crate::data::Access;
use crate::server::Server;

const PAGE: u64 = 50;

pub(super) fn lists(server: &Server, access: &Access) -> Result<(&'static str, Client, Vec<List>)> {
    let mut client = server.client(&access.bearer())?;
    let largest = large_batch(&mut client, access)?;
    let mut lists = Vec::new();
    for (name, path) in [
        ("batches", "/v2/batches".to_owned()),
        ("messages of a batch", format!("/v2/batches/{largest}/messages")),
        ("a conversation", format!("/v2/conversations/{}", access.busy_peer)),
    ] {
        let target = move |offset: u64| format!("{path}?start={offset}&limit={PAGE}");
        let total = total(&mut client, &target)?;
        lists.push(List { name: name.to_owned(), target: Box::new(target), total, page: PAGE });
    }
    Ok(("ip1", client, lists))
}

/// Items in a list: the start of its last page, and the items there.
fn total(client: &mut Client, target: &dyn Fn(u64) -> String) -> Result<u64> {
    let head = client.get(&target(0))?.head;
    let link = head.lines().find(|line| line.to_ascii_lowercase().starts_with("link:")).context("no Link")?;
    let last = link.split(',').find(|part| part.contains("rel=\"last\"")).context("no last page")?;
    let start = last.split("start=").nth(1).context("no start")?;
    let start: u64 = start.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse()?;
    Ok(start + body(&client.get(&target(start))?.body)?.as_array().map_or(0, Vec::len) as u64)
}

/// The id of a batch of many messages: the ids rise with time, so it is found by its number's place in them.
fn large_batch(client: &mut Client, access: &Access) -> Result<String> {
    let hex = format!("{:08x}", access.large_batch);
    let mut target = "/v2/batches?limit=1000".to_owned();
    loop {
        let answer = client.get(&target)?;
        let batches = body(&answer.body)?;
        let of_number = |batch: &&serde_json::Value| {
            batch["direction"] == "MT" && batch["id"].as_str().is_some_and(|id| id.ends_with(&hex))
        };
        if let Some(found) = batches.as_array().context("no list")?.iter().find(of_number) {
            return Ok(found["id"].as_str().context("no id")?.to_owned());
        }
        let link = answer.head.lines().find(|line| line.to_ascii_lowercase().starts_with("link:"));
        let next = link.and_then(|link| link.split(',').find(|part| part.contains("rel=\"next\"")));
        let url = next.and_then(|part| part.split(['<', '>']).nth(1)).context("the batch is not listed")?;
        target = format!("/{}", url.splitn(4, '/').nth(3).context("no path")?);
    }
}
