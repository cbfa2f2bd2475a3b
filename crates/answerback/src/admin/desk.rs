//! What commands work on.

use service::Service;

use crate::ways::Fleet;

/// The service and the carriers of a data directory that is ours.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) service: Service,
    pub(crate) fleet: Fleet,
}
