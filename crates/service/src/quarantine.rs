//! Receipts that nobody knows, for the operator to look at.

use ledger::Result;
use ledger::outbound::Unmatched;
use ledger::people::Slice;
use ledger::query::Page;

use crate::Service;

impl Service {
    /// Receipts in quarantine, oldest first, with their exact total.
    pub async fn unmatched(&self, slice: Slice) -> Result<Page<Unmatched>> {
        self.ledger.unmatched(slice).await
    }
}
