//! Where MO go.

use async_trait::async_trait;
use carriers::carrier::MessageIn;
use ledger::{LedgerError, Result};

/// Takes in the MO that carriers bring.
#[async_trait]
pub trait TakesMessages: Send + Sync {
    /// Takes an MO, or a part of one, from a carrier. It is on disk when this returns, and may be
    /// acknowledged; after an error the peer sends it again.
    async fn take(&self, carrier: &str, message: MessageIn) -> Result<()>;

    /// Ends the wait for the missing parts of MO whose time is over. Returns how many MO that were.
    async fn clear_stale(&self) -> Result<u64>;
}

/// Nobody takes MO: they stay with their peers, who send them again.
pub(super) struct NotTaken;

#[async_trait]
impl TakesMessages for NotTaken {
    async fn take(&self, _: &str, _: MessageIn) -> Result<()> {
        Err(LedgerError::Busy)
    }

    async fn clear_stale(&self) -> Result<u64> {
        Ok(0)
    }
}
