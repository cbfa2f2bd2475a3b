//! Textmagic: pages by number, with a count of pages.

use anyhow::Result;

use super::{List, body, number};
use crate::client::Client;
use crate::data::Access;
use crate::server::Server;

const PAGE: u64 = 100;

pub(super) fn lists(server: &Server, access: &Access) -> Result<(&'static str, Client, Vec<List>)> {
    let mut client = server.client(&access.header_pair())?;
    let api = "/api/v2";
    let mut lists = Vec::new();
    for (name, path) in [
        ("messages", format!("{api}/messages?")),
        ("sessions", format!("{api}/sessions?")),
        ("replies", format!("{api}/replies?")),
        ("chats", format!("{api}/chats?")),
        ("chats by newest reply", format!("{api}/chats?orderBy=messageTime&")),
        ("messages of a chat", format!("{api}/chats/{}?", access.busy_peer)),
        ("messages of a session", format!("{api}/sessions/{}/messages?", access.large_batch)),
        ("messages, delivered", format!("{api}/messages/search?statuses=d&")),
        ("messages containing a common word", format!("{api}/messages/search?query=order&")),
    ] {
        let target = move |offset: u64| format!("{path}limit={PAGE}&page={}", offset / PAGE + 1);
        let pages = number(&body(&client.get(&target(0))?.body)?["pageCount"])?;
        let last = body(&client.get(&target((pages - 1) * PAGE))?.body)?;
        let total = (pages - 1) * PAGE + last["resources"].as_array().map_or(0, Vec::len) as u64;
        lists.push(List { name: name.to_owned(), target: Box::new(target), total, page: PAGE });
    }
    Ok(("textmagic", client, lists))
}
