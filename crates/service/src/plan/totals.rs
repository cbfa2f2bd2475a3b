//! What the messages of a plan add up to.

use std::collections::BTreeMap;

use ledger::model::Message;
use serde::{Deserialize, Serialize};
use sms::{Country, Money, Outcome};

/// How many recipients became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Messages, and the repeated recipients where [`super::Repeated::Count`] says so.
    pub total: u32,
    /// Messages that will be sent, now or later.
    pub sendable: u32,
    /// Those of them that wait for their time.
    pub scheduled: u32,
    /// Those of them that wait for a person.
    pub held: u32,
    /// Repeated recipients, which are no messages.
    pub duplicated: u32,
    /// Refused: no possible number.
    pub invalid: u32,
    /// Refused: a number that is known to belong to nobody.
    pub unassigned: u32,
    /// Refused: the person does not want to be written to.
    pub opted_out: u32,
    /// Refused: the country may not be written to.
    pub not_allowed: u32,
    /// Refused: the sender.
    pub sender: u32,
    /// Refused: the text does not fit.
    pub body: u32,
    /// Refused: the balance.
    pub funds: u32,
    /// Expired from the start: every window is over.
    pub expired: u32,
}

/// What the messages to one country add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryTotal {
    /// The country of the handsets.
    pub country: Country,
    /// Messages.
    pub count: u32,
    /// Their segments.
    pub segments: u64,
    /// The price of the dearest.
    pub max: Money,
    /// The price of all.
    pub sum: Money,
}

/// What a plan adds up to. Prices, segments and credits are those of messages that will be sent: refused ones
/// cost nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// How many recipients became what.
    pub counts: Counts,
    /// By country, by rising code.
    pub countries: Vec<CountryTotal>,
    /// Segments of all.
    pub segments: u64,
    /// Segments of the longest; of the refused ones where there are no others.
    pub most_segments: u16,
    /// The price of all, in the account's currency.
    pub price: Money,
    /// Credits of all.
    pub credits: u64,
    /// The second, since 1970, at which they are due.
    pub due: u32,
    /// Whether the balance covers all of it; always so where the account is not prepaid.
    pub covered: bool,
}

impl PlanSummary {
    /// Adds up messages that are due at `due`.
    pub(crate) fn of(messages: &[Message], repeated: u32, counts_repeated: bool, due: u32) -> Self {
        let mut counts = Counts { duplicated: repeated, ..Counts::default() };
        counts.total = messages.len() as u32 + if counts_repeated { repeated } else { 0 };
        let mut countries: BTreeMap<Country, CountryTotal> = BTreeMap::new();
        let (mut segments, mut credits, mut price) = (0, 0, Money::ZERO);
        for message in messages {
            *place(&mut counts, message.outcome) += 1;
            if message.outcome.is_final() {
                continue;
            }
            counts.scheduled += u32::from(message.outcome == Outcome::Scheduled);
            counts.held += u32::from(message.outcome == Outcome::Held);
            segments += u64::from(message.segments);
            credits += u64::from(message.credits);
            price = plus(price, message.price);
            let country = message.country;
            let empty = CountryTotal { country, count: 0, segments: 0, max: Money::ZERO, sum: Money::ZERO };
            let total = countries.entry(country).or_insert(empty);
            total.count += 1;
            total.segments += u64::from(message.segments);
            total.max = total.max.max(message.price);
            total.sum = plus(total.sum, message.price);
        }
        let longest = |sent: bool| {
            let messages = messages.iter().filter(|message| message.outcome.is_final() != sent);
            messages.map(|message| message.segments).max()
        };
        Self {
            counts,
            countries: countries.into_values().collect(),
            segments,
            most_segments: longest(true).or_else(|| longest(false)).unwrap_or(0),
            price,
            credits,
            due,
            covered: true,
        }
    }
}

/// The sum, which ends at the largest amount: the ledger refuses any message that dear.
pub(crate) fn plus(one: Money, other: Money) -> Money {
    one.checked_add(other).unwrap_or(Money::from_millionths(i64::MAX))
}

/// Where a message of a plan is counted.
fn place(counts: &mut Counts, outcome: Outcome) -> &mut u32 {
    match outcome {
        Outcome::DeniedRecipient => &mut counts.invalid,
        Outcome::DeniedOptOut => &mut counts.opted_out,
        Outcome::DeniedCountry => &mut counts.not_allowed,
        Outcome::DeniedSender => &mut counts.sender,
        Outcome::DeniedBody => &mut counts.body,
        Outcome::DeniedFunds => &mut counts.funds,
        Outcome::ExpiredUnsent => &mut counts.expired,
        // A plan makes no others than these and those that will be sent.
        _ => &mut counts.sendable,
    }
}
