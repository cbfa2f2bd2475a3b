//! What a received message answers: the MT it names, or else the last one sent to its phone before it. From
//! there come its campaign and the caller's own id (reference 2.1).

use std::collections::HashMap;

use service::model::Message;
use service::query::{MessageQuery, Order};
use service::{LedgerError, Service};
use sms::{AccountId, BatchKey, Direction, Number, Outcome, OutcomeSet};

/// The answered MT of a page's MO, by the number of the MO.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<Number, Message>);

impl Answered {
    /// Looks up what the MO among these messages answer.
    pub(super) async fn find(
        service: &Service,
        account: AccountId,
        messages: &[Message],
    ) -> Result<Self, LedgerError> {
        let received = || messages.iter().filter(|message| message.direction == Direction::Mo);
        let named = named(service, account, received().filter_map(|message| message.answers)).await?;
        let mut found = HashMap::new();
        for message in received() {
            let answered = match message.answers {
                Some(number) => named.get(&number).cloned(),
                None => last_before(service, account, message).await?,
            };
            found.extend(answered.map(|answered| (message.number, answered)));
        }
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

/// The messages of these numbers that are still visible.
async fn named(
    service: &Service,
    account: AccountId,
    numbers: impl Iterator<Item = Number>,
) -> Result<HashMap<Number, Message>, LedgerError> {
    let mut numbers: Vec<Number> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    let limit = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    if limit == 0 {
        return Ok(HashMap::new());
    }
    let query = MessageQuery {
        direction: Some(Direction::Mt),
        numbers: Some(numbers),
        order: Order::Number,
        limit,
        ..MessageQuery::default()
    };
    let page = service.messages(account, query).await?;
    Ok(page.messages.into_iter().map(|message| (message.number, message)).collect())
}

/// The last MT that went out to an MO's phone before it.
async fn last_before(
    service: &Service,
    account: AccountId,
    received: &Message,
) -> Result<Option<Message>, LedgerError> {
    if received.peer().is_empty() {
        return Ok(None);
    }
    let place = service::query::Cursor { date: received.date, number: received.number };
    let query = MessageQuery {
        direction: Some(Direction::Mt),
        outcomes: Some(OutcomeSet::matching(Outcome::was_submitted)),
        peer: Some(received.peer().to_owned()),
        after: Some(place),
        order: Order::Time,
        descending: true,
        limit: 1,
        ..MessageQuery::default()
    };
    Ok(service.messages(account, query).await?.messages.into_iter().next())
}
