//! The lists that are measured: one file a vendor, as a customer of that vendor asks for them.

mod ip1;
mod mgage;
mod smsfactor;
mod textmagic;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::client::Client;
use crate::data::Access;
use crate::server::Server;

/// A list: its name, the target of the page that begins at an offset, and how many items there are.
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) target: Box<dyn Fn(u64) -> String>,
    pub(crate) total: u64,
    pub(crate) page: u64,
}

/// Every vendor's lists, with a connection that carries the credential in that vendor's way.
pub(crate) fn all(server: &Server, access: &Access) -> Result<Vec<(&'static str, Client, Vec<List>)>> {
    Ok(vec![
        textmagic::lists(server, access)?,
        ip1::lists(server, access)?,
        mgage::lists(server, access)?,
        smsfactor::lists(server, access)?,
    ])
}

/// Asks the dialect that says totals for the total under a filter of its own.
pub(crate) fn totals(server: &Server, access: &Access) -> Result<impl FnMut(&str) -> Result<u64>> {
    smsfactor::totals(server, access)
}

/// The target of a search for a word, and a connection for it.
pub(crate) fn search(server: &Server, access: &Access) -> Result<(Client, impl Fn(&str) -> String)> {
    smsfactor::search(server, access)
}

/// The first target of a walk through everything, and a connection for it.
pub(crate) fn walk(server: &Server, access: &Access) -> Result<(Client, String)> {
    mgage::walk(server, access)
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
