//! What a received message answers: the MT it names, or else the last one that went out to its phone before
//! it. From there come its campaign and the caller's own id (reference 2.1).

use std::collections::HashMap;

use service::model::{Message, Sent};
use service::{LedgerError, Service};
use sms::{AccountId, BatchKey, Direction, Number};

/// The answered MT of a page's MO, by the number of the MO.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<Number, Sent>);

impl Answered {
    /// Looks up what the MO among these messages answer, all at once.
    pub(super) async fn find(
        service: &Service,
        account: AccountId,
        messages: &[Message],
    ) -> Result<Self, LedgerError> {
        let received = messages.iter().filter(|message| message.direction == Direction::Mo);
        let received: Vec<Number> = received.map(|message| message.number).collect();
        if received.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self(service.answered(account, received).await?))
    }

    /// The campaign of a message and the caller's own id: those of the message itself, or of the one it
    /// answers; 0 and nothing when it answers none.
    pub(super) fn context<'a>(&'a self, message: &'a Message) -> (Number, &'a str) {
        let (batch, reference) = match message.direction {
            Direction::Mt => (message.batch, message.reference.as_deref()),
            Direction::Mo => match self.0.get(&message.number) {
                Some(sent) => (sent.batch, sent.reference.as_deref()),
                None => return (0, ""),
            },
        };
        let campaign = match batch {
            BatchKey::Mt(number) => number,
            BatchKey::Mo(_) => 0,
        };
        (campaign, reference.unwrap_or_default())
    }
}
