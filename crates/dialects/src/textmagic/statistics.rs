//! Statistics of messages, counted from the messages themselves.

mod periods;

use serde::Serialize;
use service::model::Sum;
use service::query::{ContactQuery, MessageQuery};
use sms::{Direction, Money, Outcome};

use super::call::{Answer, Call, ok};
use super::outcomes;
use super::values::{Amount, Stamp};

pub(super) use periods::{Bounds, By};

/// Seconds before now at which statistics begin, unless told otherwise: seven days.
pub(super) const USUALLY: u32 = 7 * 86_400;

/// The messages of one period. Sent messages are in exactly one of the five counts.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Messaging {
    /// Replies for each message sent.
    reply_rate: f64,
    /// When the period begins, where there are several.
    date: Option<Stamp>,
    /// Delivered ones of all that were sent.
    delivery_rate: f64,
    costs: Amount,
    messages_received: u64,
    messages_sent_delivered: u64,
    messages_sent_accepted: u64,
    messages_sent_buffered: u64,
    messages_sent_failed: u64,
    messages_sent_rejected: u64,
    messages_sent_parts: u64,
}

impl Messaging {
    fn of(date: Option<Stamp>, sums: &[(Direction, Outcome, Sum)]) -> Self {
        let mut item = Self { date, ..Self::default() };
        let (mut sent, mut price) = (0, 0);
        for (direction, outcome, sum) in sums {
            if *direction == Direction::Mo {
                item.messages_received += sum.messages;
                continue;
            }
            let count = match outcomes::letter(*outcome) {
                Some("d") => &mut item.messages_sent_delivered,
                Some("b") => &mut item.messages_sent_buffered,
                Some("j") => &mut item.messages_sent_rejected,
                Some("e" | "f") => &mut item.messages_sent_failed,
                _ => &mut item.messages_sent_accepted,
            };
            *count += sum.messages;
            sent += sum.messages;
            price += sum.price;
            item.messages_sent_parts += sum.segments;
        }
        item.costs = Amount(Money::from_millionths(price));
        item.reply_rate = rate(item.messages_received, sent);
        item.delivery_rate = rate(item.messages_sent_delivered, sent);
        item
    }
}

/// A fraction to four decimals; of nothing, 0.
fn rate(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0
}

/// `GET /stats/messaging`: a plain array, of one item or of one a day, month or year by the account's clocks.
pub(super) async fn messaging(call: &Call<'_>) -> Answer {
    let query = call.query();
    let now = call.service.now().seconds();
    let bounds = Bounds::of(&query, (now.saturating_sub(USUALLY), now))?;
    let zone = call.service.settings(call.account()).await?.timezone;
    let periods = By::of(&query)?.periods(bounds, &zone);
    let periods = periods.ok_or_else(|| query.wrong("start", "There are too many periods since then."))?;
    let mut items = Vec::with_capacity(periods.len());
    for (date, Bounds { from, to }) in periods {
        let within = MessageQuery { from: Some(from), to: Some(to), ..MessageQuery::default() };
        let sums = call.service.sums(call.account(), within).await?;
        items.push(Messaging::of(date.map(Stamp::of_seconds), &sums));
    }
    Ok(ok(&items))
}

#[derive(Serialize)]
struct Counts {
    contacts: u64,
    sent: u64,
    received: u64,
}

/// `GET /stats/messaging/data`: what the account has.
pub(super) async fn counts(call: &Call<'_>) -> Answer {
    let contacts = ContactQuery { limit: 1, ..ContactQuery::default() };
    let contacts = call.service.contacts(call.account(), contacts).await?.total;
    let sums = call.service.sums(call.account(), MessageQuery::default()).await?;
    let of = |wanted| {
        let sums = sums.iter().filter(move |(direction, ..)| *direction == wanted);
        sums.map(|(.., sum)| sum.messages).sum()
    };
    Ok(ok(&Counts { contacts, sent: of(Direction::Mt), received: of(Direction::Mo) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sent_message_is_counted_once() {
        let sum = Sum { messages: 1, segments: 2, price: 500_000 };
        let sums: Vec<_> = Outcome::ALL.iter().map(|outcome| (outcome.direction(), *outcome, sum)).collect();
        let item = Messaging::of(None, &sums);
        let sent = sums.iter().filter(|(direction, ..)| *direction == Direction::Mt).count() as u64;
        let counted = item.messages_sent_delivered
            + item.messages_sent_accepted
            + item.messages_sent_buffered
            + item.messages_sent_failed
            + item.messages_sent_rejected;
        assert_eq!((counted, item.messages_sent_parts), (sent, 2 * sent));
        assert_eq!(item.messages_received, sums.len() as u64 - sent);
        assert_eq!(item.delivery_rate, rate(1, sent));
    }

    #[test]
    fn rates_are_fractions() {
        assert_eq!((rate(0, 0), rate(1, 3), rate(3, 3)), (0.0, 0.3333, 1.0));
    }
}
