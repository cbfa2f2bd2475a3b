//! The address of the next page.

use service::model::Message;
use service::query::{Cursor, MessagePage};
use sms::{Micros, Number};

use super::parameters::Parameters;
use super::window::{Bound, Window};
use crate::kit::params::encode;

/// The whole address of the page after `page`; `None` when nothing follows it.
///
/// It repeats every filter, names both dates (those the caller gave, else the ones they came to), and says
/// with `cursor` after which message to go on and with `bound` what the walk may see, so that along the
/// links every message comes exactly once while others arrive.
pub(super) fn next(
    origin: &str,
    program: Number,
    asked: &Parameters,
    window: Window,
    page: &MessagePage,
) -> Option<String> {
    let last = page.messages.last().filter(|_| page.more)?;
    let mut link = format!(
        "{origin}/api/messages/program/{program}?pageSize={}&page={}",
        asked.page_size,
        asked.page.saturating_add(1)
    );
    let mut add = |name: &str, value: &str| {
        link.push('&');
        link.push_str(name);
        link.push('=');
        link.push_str(value);
    };
    if let Some(direction) = asked.direction {
        add("messageType", &direction.word().to_ascii_uppercase());
    }
    match &asked.start {
        Some(stamp) => add("startDate", &encode(&stamp.text)),
        None => add("startDate", &seconds(window.from)),
    }
    match &asked.end {
        Some(stamp) => add("endDate", &encode(&stamp.text)),
        None => add("endDate", &seconds(page.last_date.unwrap_or(window.to))),
    }
    let Cursor { date, number } = place(last);
    add("cursor", &format!("{date}-{number}"));
    let bound = asked.bound.map_or(page.bound, |bound| bound.number);
    let Bound { number, from, to } = Bound { number: bound, from: window.from, to: window.to };
    add("bound", &format!("{number}-{from}-{to}"));
    Some(link)
}

fn place(message: &Message) -> Cursor {
    Cursor { date: message.date, number: message.number }
}

/// A date as this vendor writes it in a query.
fn seconds(seconds: u32) -> String {
    let mut text = String::with_capacity(19);
    Micros::from_seconds(seconds).write_seconds(&mut text);
    text
}
