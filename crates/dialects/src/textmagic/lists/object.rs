//! A list as this API writes it.

use std::collections::HashMap;

use serde::Serialize;
use service::lists::List;
use sms::Number;

use super::super::values::some;
use super::{DEFAULT, has, is_favorite};

/// A list. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ListObject<'a> {
    id: Number,
    name: &'a str,
    description: Option<&'a str>,
    members_count: u64,
    shared: bool,
    favorited: bool,
    user: Option<()>,
    service: bool,
    avatar: Option<()>,
    is_default: bool,
}

impl<'a> ListObject<'a> {
    /// Writes a list; how many contacts it has is looked up in `counts`.
    pub(in super::super) fn of(list: &'a List, counts: &HashMap<Number, u64>) -> Self {
        Self {
            id: list.number,
            name: &list.name,
            description: some(&list.description),
            members_count: counts.get(&list.number).copied().unwrap_or_default(),
            shared: list.shared,
            favorited: is_favorite(list),
            user: None,
            // The vendor makes some lists itself; here everyone is made by somebody.
            service: false,
            avatar: None,
            is_default: has(list, DEFAULT),
        }
    }
}
