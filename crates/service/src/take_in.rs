//! Taking in an MO that no carrier brought: whole, with the program it belongs to.

use ledger::Result;
use ledger::change::{Idempotency, Received};
use ledger::model::{Entry, Message, Network};
use sms::phone::country_of;
use sms::{AccountId, BatchKey, Direction, Money, Number, Outcome, coding};

use crate::Service;
use crate::plan::RequestKey;

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
    /// Takes in an MO, now; it is on disk, in its sender's chat, when this returns. With a key, a request that
    /// comes again within 24 hours is the same MO, and another request under it is refused
    /// ([`ledger::Refusal::KeyReused`]). A program that the account does not have:
    /// [`ledger::Refusal::NoProgram`].
    ///
    /// The words by which people opt out, and replies that go out by themselves, are the business of what
    /// takes messages from carriers: this is the place from which it is to be asked about these, too.
    pub async fn take_in_message(
        &self,
        account: AccountId,
        message: TakenIn,
        key: Option<RequestKey>,
    ) -> Result<Received> {
        let message = self.mo(message);
        match key {
            None => self.ledger.receive(account, message).await,
            Some(RequestKey { key, request }) => {
                self.ledger.receive_once(account, message, Idempotency { key, request }).await
            }
        }
    }

    fn mo(&self, message: TakenIn) -> Message {
        let TakenIn { from, to, text, program } = message;
        let now = self.now();
        let measure = coding::measure(&text);
        Message {
            number: 0,
            direction: Direction::Mo,
            outcome: Outcome::Received,
            created: now,
            date: now.seconds(),
            country: country_of(&from),
            sender: Some(from),
            sender_used: None,
            recipient: to,
            body: text,
            coding: measure.coding,
            forced_by: measure.forced_by,
            segments: measure.segments.clamp(1, sms::segment::MAX_SEGMENTS),
            flash: false,
            priority: 1,
            batch: BatchKey::Mo(0),
            program,
            list: None,
            reference: None,
            answers: None,
            price: Money::ZERO,
            credits: 0,
            network: Network::default(),
            hidden: false,
            history: vec![Entry::new(now, Outcome::Received)],
        }
    }
}
