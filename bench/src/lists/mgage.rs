//! mGage: the export, 500 a page.

use anyhow::Result;

use super::List;
use crate::client::Client;
use crate::data::Access;
use crate::server::Server;

const PAGE: u64 = 500;

pub(super) fn lists(server: &Server, access: &Access) -> Result<(&'static str, Client, Vec<List>)> {
    let (client, first) = walk(server, access)?;
    let list = |name: &str, filter: &'static str, total: u64| {
        let first = first.clone();
        let target = move |offset: u64| format!("{first}&page={}{filter}", offset / PAGE + 1);
        List { name: name.to_owned(), target: Box::new(target), total, page: PAGE }
    };
    let lists = vec![list("export", "", access.messages), list("export, MO", "&messageType=MO", access.mo)];
    Ok(("mgage", client, lists))
}

pub(super) fn walk(server: &Server, access: &Access) -> Result<(Client, String)> {
    let first = format!("/api/messages/program/{}?pageSize={PAGE}", access.program);
    Ok((server.client(&access.basic())?, first))
}
