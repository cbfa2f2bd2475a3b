//! What a received message answers: the MT it names, or else the last one that went out to its phone before
//! it. From there come its campaign and the caller's own id (reference 2.1).

use std::collections::HashMap;

use service::model::Message;
use service::{LedgerError, Service};
use sms::{AccountId, BatchKey, Direction, Number};

/// The answered MT of a page's MO, by the number of the MO.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<Number, Message>);

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
        let mut found = service.answered(account, received).await?;
        // An MO may name what was deleted since.
        found.retain(|_, sent| !sent.hidden);
        Ok(Self(found))
    }

    /// The campaign of a message and the caller's own id: those of the message itself, or of the one it
    /// answers; 0 and nothing when it answers none.
    pub(super) fn context<'a>(&'a self, message: &'a Message) -> (Number, &'a str) {
        let sent = match message.direction {
            Direction::Mt => Some(message),
            Direction::Mo => self.0.get(&message.number),
        };
        let campaign = sent.map_or(0, |sent| match sent.batch {
            BatchKey::Mt(number) => number,
            BatchKey::Mo(_) => 0,
        });
        (campaign, sent.and_then(|sent| sent.reference.as_deref()).unwrap_or_default())
    }
}
