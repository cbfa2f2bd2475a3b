//! Taking in an MO that no carrier brought: whole, with the account and the program it belongs to.

use ledger::change::{Idempotency, Received};
use ledger::inbound::Origin;
use ledger::{LedgerError, Result};
use sms::{AccountId, Number};

use crate::Service;
use crate::plan::RequestKey;
use crate::receive_message::Told;

/// An MO as it is told by somebody else than a carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// The phone that wrote, in E.164 digits.
    pub from: String,
    /// The number or short code written to, in digits.
    pub to: String,
    /// The text.
    pub text: String,
    /// The program; zero is the account's default.
    pub program: Number,
}

impl Service {
    /// Takes in an MO, now; it is on disk, in its sender's chat, when this returns. STOP, START and HELP are
    /// obeyed and answered as in what carriers bring. With a key, a request that comes again within 24 hours is
    /// the same MO, and another request under it is refused ([`ledger::Refusal::KeyReused`]). A program that the
    /// account does not have: [`ledger::Refusal::NoProgram`].
    pub async fn take_in_message(
        &self,
        account: AccountId,
        message: TakenIn,
        key: Option<RequestKey>,
    ) -> Result<Received> {
        let TakenIn { from, to, text, program } = message;
        let told = Told { account, program, from, to, text };
        let now = self.now();
        let take = self.taking_told(told, Origin::Given).await?;
        let body = take.reply.as_ref().map(|reply| reply.body.clone());
        let taken = match key {
            // What comes from nowhere was never there before.
            None => self.ledger.take_in(account, take).await?.ok_or(LedgerError::NotFound)?,
            Some(RequestKey { key, request }) => {
                self.ledger.take_in_once(account, take, Idempotency { key, request }).await?
            }
        };
        if let Some(body) = body.filter(|_| taken.owed) {
            self.send_reply_now(account, taken.received.number, now, &body).await;
        }
        Ok(taken.received)
    }
}
