//! What the model answers about messages.

use std::cmp::Ordering;
use std::collections::HashMap;

use sms::{Direction, Number, Outcome, OutcomeSet};

use super::Model;
use crate::model::{Message, Sent, Sum};
use crate::query::{MessagePage, MessageQuery, Order};

/// A text as it is compared: letter by letter without regard to case.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

pub(super) fn contains(body: &str, text: &str) -> bool {
    folded(body).contains(&folded(text))
}

fn in_period(message: &Message, query: &MessageQuery) -> bool {
    query.from.is_none_or(|from| message.date >= from) && query.to.is_none_or(|to| message.date <= to)
}

fn in_set(message: &Message, set: Option<OutcomeSet>) -> bool {
    set.is_none_or(|set| set.contains(message.outcome))
}

fn matches(message: &Message, query: &MessageQuery) -> bool {
    fn is<T: PartialEq>(wanted: &Option<T>, value: T) -> bool {
        wanted.as_ref().is_none_or(|wanted| *wanted == value)
    }
    in_period(message, query)
        && in_set(message, query.scope)
        && in_set(message, query.outcomes)
        && is(&query.direction, message.direction)
        && is(&query.country, message.country)
        && is(&query.destination, message.recipient.clone())
        && is(&query.peer, message.peer().to_owned())
        && is(&query.batch, message.batch)
        && is(&query.program, message.program)
        && query.text.as_ref().is_none_or(|text| contains(&message.body, text))
        && query.numbers.as_ref().is_none_or(|numbers| numbers.contains(&message.number))
        && query.above.is_none_or(|above| message.number > above)
        && query.below.is_none_or(|below| message.number < below)
        && query.bound.is_none_or(|bound| message.number <= bound)
}

/// Where a message stands in an order, before the direction is regarded; `now` in seconds.
fn compare(order: &Order, now: u32, a: &Message, b: &Message) -> Ordering {
    match order {
        Order::Time => (a.date, a.number).cmp(&(b.date, b.number)),
        Order::Made => {
            let second =
                |message: &Message| if message.date > now { message.created.seconds() } else { message.date };
            (second(a), a.number).cmp(&(second(b), b.number))
        }
        Order::Number => a.number.cmp(&b.number),
        Order::Sender => {
            let sender = |message: &Message| message.sender.clone().unwrap_or_default();
            sender(a).cmp(&sender(b))
        }
        Order::Destination => a.recipient.cmp(&b.recipient),
        Order::State(groups) => {
            let group = |message: &Message| groups.iter().position(|group| group.contains(message.outcome));
            group(a).cmp(&group(b))
        }
    }
}

impl Model {
    /// [`crate::Reading::messages`].
    pub fn messages(&self, query: &MessageQuery) -> MessagePage {
        let period = self.visible().filter(|m| in_period(m, query) && in_set(m, query.scope)).count();
        let mut found: Vec<&Message> = self.visible().filter(|message| matches(message, query)).collect();
        let total = found.len() as u64;
        let first_date = found.iter().map(|message| message.date).min();
        let last_date = found.iter().map(|message| message.date).max();
        found.sort_by(|a, b| {
            let order = compare(&query.order, self.now.seconds(), a, b);
            let order = if query.descending { order.reverse() } else { order };
            order.then(a.number.cmp(&b.number))
        });
        if let Order::State(groups) = &query.order {
            found.retain(|message| groups.iter().any(|group| group.contains(message.outcome)));
        }
        if let Some(after) = query.after {
            let place = |message: &Message| match query.order {
                Order::Time => Some((message.date, message.number).cmp(&(after.date, after.number))),
                Order::Number => Some(message.number.cmp(&after.number)),
                Order::Made | Order::Sender | Order::Destination | Order::State(_) => None,
            };
            let past = if query.descending { Ordering::Less } else { Ordering::Greater };
            found.retain(|message| place(message).is_none_or(|place| place == past));
        }
        let left = found.len() as u64;
        let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
        let messages: Vec<Message> =
            found.into_iter().skip(offset).take(query.limit as usize).cloned().collect();
        MessagePage {
            total,
            in_period: period as u64,
            more: query.offset.saturating_add(messages.len() as u64) < left,
            messages,
            bound: self.highest(),
            first_date,
            last_date,
        }
    }

    /// [`crate::Reading::numbers`].
    pub fn numbers(&self, query: &MessageQuery) -> Vec<Number> {
        self.visible().filter(|message| matches(message, query)).map(|message| message.number).collect()
    }

    /// [`crate::Reading::sums`], by direction and code of the outcome.
    pub fn sums(&self, query: &MessageQuery) -> Vec<(Direction, Outcome, Sum)> {
        let mut sums: Vec<(Direction, Outcome, Sum)> = Vec::new();
        for message in self.visible().filter(|message| matches(message, query)) {
            let key = (message.direction, message.outcome);
            if !sums.iter().any(|(direction, outcome, _)| (*direction, *outcome) == key) {
                sums.push((key.0, key.1, Sum::default()));
            }
            for (direction, outcome, sum) in &mut sums {
                if (*direction, *outcome) == key {
                    sum.messages += 1;
                    sum.segments += u64::from(message.segments);
                    sum.price += message.price.millionths();
                }
            }
        }
        sums.sort_by_key(|(direction, outcome, _)| (*direction, outcome.code()));
        sums
    }

    /// [`crate::Reading::scan`] to its end: the numbers of its rows.
    pub fn scan(&self, above: Number, bound: Number, filter: &MessageQuery) -> Vec<Number> {
        let filter = MessageQuery { bound: None, ..filter.clone() };
        let found = self.visible().filter(|message| matches(message, &filter));
        let found = found.filter(|message| message.number > above && message.number <= bound);
        found.map(|message| message.number).collect()
    }

    /// [`crate::Reading::answered`].
    pub fn answered(&self, replies: &[Number]) -> HashMap<Number, Sent> {
        let mut found = HashMap::new();
        for reply in replies {
            let Some(mo) = self.message(*reply).filter(|message| message.direction == Direction::Mo) else {
                continue;
            };
            let answered = match mo.answers {
                Some(named) => self.message(named).filter(|mt| mt.direction == Direction::Mt),
                None => self
                    .visible()
                    .filter(|mt| mt.direction == Direction::Mt && mt.outcome.was_submitted())
                    .filter(|mt| mt.recipient == mo.peer())
                    .filter(|mt| (mt.date, mt.number) < (mo.date, mo.number))
                    .max_by_key(|mt| (mt.date, mt.number)),
            };
            if let Some(message) = answered {
                let Message { number, batch, reference, .. } = message.clone();
                found.insert(*reply, Sent { number, batch, reference });
            }
        }
        found
    }
}
