//! SMSFactor: pages by offset, with totals.

use anyhow::Result;

use super::{List, body, number};
use crate::client::Client;
use crate::data::Access;
use crate::server::Server;

const PAGE: u64 = 100;

/// A period that holds everything.
const PERIOD: &str = "date_start=2000-01-01%2000:00:00&date_end=2100-01-01%2000:00:00";

fn client(server: &Server, access: &Access) -> Result<Client> {
    server.client(&format!("{}accept: application/json\r\n", access.bearer()))
}

pub(super) fn lists(server: &Server, access: &Access) -> Result<(&'static str, Client, Vec<List>)> {
    let mut client = client(server, access)?;
    let mut lists = Vec::new();
    for (name, path, filter) in [
        ("messages", "/messages", String::new()),
        ("messages, newest first", "/messages", "&sort=-date".to_owned()),
        ("messages by state", "/messages", "&sort=status".to_owned()),
        ("messages by destination", "/messages", "&sort=destination".to_owned()),
        ("messages by sender", "/messages", "&sort=sender".to_owned()),
        (
            "delivered to one country",
            "/messages",
            "&type=messages-out&country=FR&status=delivered".to_owned(),
        ),
        ("one destination", "/messages", format!("&destination={}", access.busy_peer)),
        ("containing a common word", "/messages", "&message=order".to_owned()),
        ("replies", "/messages/mo", String::new()),
    ] {
        let base = format!("{path}?{PERIOD}{filter}");
        let target = move |offset: u64| format!("{base}&start={offset}&length={PAGE}");
        let total = number(&body(&client.get(&target(0))?.body)?["totalDisplayRecords"])?;
        lists.push(List { name: name.to_owned(), target: Box::new(target), total, page: PAGE });
    }
    Ok(("smsfactor", client, lists))
}

pub(super) fn totals(server: &Server, access: &Access) -> Result<impl FnMut(&str) -> Result<u64> + use<>> {
    let mut client = client(server, access)?;
    Ok(move |filter: &str| {
        let answer = client.get(&format!("/messages?{PERIOD}{filter}&length=1"))?;
        number(&body(&answer.body)?["totalDisplayRecords"])
    })
}

pub(super) fn search(server: &Server, access: &Access) -> Result<(Client, impl Fn(&str) -> String + use<>)> {
    let target = |word: &str| format!("/messages?{PERIOD}&message={word}&length={PAGE}");
    Ok((client(server, access)?, target))
}
