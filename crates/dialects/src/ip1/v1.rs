//! The older API under `/api`: names in `PascalCase`, numbers for ids, arrays without pages.

pub(super) mod blacklist;
pub(super) mod lookup;
pub(super) mod sending;
pub(super) mod sent;
mod sms_object;
