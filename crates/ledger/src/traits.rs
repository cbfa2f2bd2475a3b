//! What every engine implements: a trait for each subject, and [`Ledger`], which is all of them.

mod accounts;
mod changes;
mod documents;
mod events;
mod people;
mod reading;
mod way_in;
mod way_out;

use async_trait::async_trait;

use crate::check::CheckReport;
use crate::error::Result;

pub use accounts::Accounts;
pub use changes::Changes;
pub use documents::Documents;
pub use events::Events;
pub use people::People;
pub use reading::Reading;
pub use way_in::WayIn;
pub use way_out::WayOut;

/// The ledger. Every write names one account, is one transaction of that account, and is on disk when it
/// returns. Every read is of one moment and sees every write that returned before it began.
///
/// Whoever holds a `dyn Ledger` has the methods of all subjects without naming their traits.
#[async_trait]
pub trait Ledger:
    Accounts + Changes + WayOut + WayIn + Events + People + Documents + Reading + Send + Sync + 'static
{
    /// Verifies every invariant of the store; `progress` is told messages seen so far.
    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<CheckReport>;
}
