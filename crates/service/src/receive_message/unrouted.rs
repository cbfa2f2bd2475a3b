//! What is nobody's yet, and how it becomes somebody's.

use ledger::inbound::{Origin, Unrouted};
use ledger::people::Slice;
use ledger::query::Page;
use ledger::{LedgerError, Result};
use sms::AccountId;

use super::reading::Reading;
use super::route::Route;
use super::{Arrival, Intake, command, plain};
use crate::Service;

/// MO looked at at once.
const AT_ONCE: u32 = 500;

impl Service {
    /// A page of the MO that are nobody's, by number.
    pub async fn unrouted(&self, slice: Slice) -> Result<Page<Unrouted>> {
        self.ledger.unrouted(slice).await
    }

    /// Gives the MO that are nobody's and were written to `number` (all of them, for `None`) to an account, as
    /// if they came now, but for the answers: nobody waits for those any more. Opt-outs are made and lifted.
    /// Returns how many. [`LedgerError::NotFound`] without the account.
    pub async fn route_unrouted(&self, account: AccountId, number: Option<&str>) -> Result<u64> {
        self.ledger.account(account).await?;
        let number = number.map(plain);
        let (mut routed, mut passed) = (0, 0);
        loop {
            let slice = Slice { descending: false, offset: passed, limit: AT_ONCE };
            let page = self.ledger.unrouted(slice).await?.items;
            if page.is_empty() {
                return Ok(routed);
            }
            for lost in page {
                let wanted = number.as_ref().is_none_or(|number| *number == lost.recipient);
                match if wanted { self.give_to(account, lost).await? } else { Intake::Waiting } {
                    Intake::Received { .. } => routed += 1,
                    // Another was faster.
                    Intake::Repeated => {}
                    Intake::Waiting | Intake::Unrouted { .. } => passed += 1,
                }
            }
        }
    }

    async fn give_to(&self, account: AccountId, lost: Unrouted) -> Result<Intake> {
        let Unrouted { number, carrier, sender, recipient, received, .. } = lost;
        let Unrouted { body, coding, segments, complete, text, .. } = lost;
        let reading = Reading { body, coding, segments, complete, text };
        let arrival = Arrival { carrier, sender, recipient, reading, received, prompt: false };
        let words = arrival.words();
        let found = self.route(&arrival.sender, &arrival.recipient, &words).await?;
        let route = found.filter(|route| route.account == account).unwrap_or_else(|| Route {
            account,
            program: 0,
            asked: command(&words),
            rest: words.clone(),
        });
        match self.give(arrival, Origin::Unrouted(number), &words, route).await {
            Err(LedgerError::NotFound) => Ok(Intake::Repeated),
            result => result,
        }
    }
}
