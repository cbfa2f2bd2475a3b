//! Withdrawing what was not sent yet.

use ledger::Result;
use sms::{AccountId, Money, Number};

use crate::Service;

/// What a withdrawal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Messages that were canceled: they waited here. Those that a carrier has, or is being offered, go on.
    pub canceled: u64,
    /// What is on the balance now that their price went back, of a prepaid account.
    pub balance: Option<Money>,
}

impl Service {
    /// Cancels what is not sent yet of a batch, which stays readable; what was paid for it goes back to the
    /// balance, and where all of it was to be sent once and later, its schedule goes. Zero canceled where everything is sent or canceled already;
    /// [`ledger::LedgerError::NotFound`] without the batch.
    pub async fn withdraw(&self, account: AccountId, batch: Number) -> Result<Withdrawal> {
        let canceled = self.cancel(account, batch).await?;
        let row = self.ledger.account(account).await?;
        Ok(Withdrawal { canceled, balance: row.prepaid.then_some(row.balance) })
    }

    /// The same, for who only wants to know how many messages that were.
    pub async fn cancel(&self, account: AccountId, batch: Number) -> Result<u64> {
        let canceled = self.ledger.cancel(account, batch, self.now()).await?;
        if canceled > 0 {
            self.forget_schedule_of(account, batch).await?;
        }
        Ok(canceled)
    }
}
