//! `GET /subaccounts`. Accounts have no others under them here: an operator makes each, and its keys.

use super::call::{Answer, Call, ok};
use super::paging::Paging;

/// Nobody, whichever page.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    Ok(ok(&Paging::of(&call.query()).envelope::<()>(0, Vec::new())))
}
