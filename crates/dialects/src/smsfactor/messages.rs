//! `GET /messages`: what was sent and received in a period (reference 2.1).

use http::StatusCode;
use service::model::{Entry, Message, Word};
use service::query::{MessagePage, MessageQuery, Order};
use service::{Access, Service};
use sms::{AccountId, Country, Direction, Micros, Note, OutcomeSet};

use super::answer::Answer;
use super::answered::Answered;
use super::error::Failure;
use super::format::Format;
use super::local_time::LocalTime;
use super::outcomes;
use super::parameters::{period, sort, stretch, text, word};
use crate::kit::{Params, Response};

/// Answers the request.
pub(super) async fn list(
    service: &Service,
    access: &Access,
    params: &Params,
    format: Format,
) -> Result<Response, Failure> {
    let page = match read(params)? {
        Some(query) => service.messages(access.id(), query).await?,
        None => MessagePage::default(),
    };
    let answered = Answered::find(service, access.id(), &page.messages).await?;
    let mut local = LocalTime::default();
    let mut answer = Answer::success(format);
    answer.integer("totalRecords", page.in_period);
    answer.integer("totalDisplayRecords", page.total);
    answer.list("messages", &page.messages, |answer, message| {
        write(answer, message, access.id(), &answered, &mut local);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// What the parameters ask for; `None` when the period cannot hold anything.
fn read(params: &Params) -> Result<Option<MessageQuery>, Failure> {
    let period = period(params)?;
    let mut query = MessageQuery { scope: Some(outcomes::visible()), ..MessageQuery::default() };
    query.destination = text(params, "destination")?.map(str::trim).filter(|n| !n.is_empty()).map(number);
    query.text = text(params, "message")?.map(str::to_owned);
    let problem = "is neither messages-in nor messages-out";
    query.direction = word(params, "type", problem, |value| match value.to_ascii_lowercase().as_str() {
        "messages-in" => Some(Direction::Mo),
        "messages-out" => Some(Direction::Mt),
        _ => None,
    })?;
    let problem = "is none of delivered, sent, waiting, moderation, denied, not_sent and undelivered";
    query.outcomes = word(params, "status", problem, outcomes::filter)?;
    if let Some(country) = word(params, "country", "is not a code of two letters", Country::parse)? {
        narrow_to_country(&mut query, country);
    }
    let stretch = stretch(params)?;
    (query.offset, query.limit) = (stretch.start, stretch.length);
    let problem = "is none of date, destination, sender and status, with or without a - before it";
    if let Some((key, descending)) = sort(params, &KEYS, problem)? {
        query.order = key.order();
        query.descending = descending;
    }
    Ok(period.map(|period| MessageQuery { from: Some(period.from), to: Some(period.to), ..query }))
}

/// Keeps what was sent to a country. Received messages show none, and neither do those to a number of no
/// known country, so `ZZ` keeps nothing.
fn narrow_to_country(query: &mut MessageQuery, country: Country) {
    if country.is_unknown() || query.direction == Some(Direction::Mo) {
        query.outcomes = Some(OutcomeSet::NONE);
    } else {
        query.direction = Some(Direction::Mt);
        query.country = Some(country);
    }
}

/// A number as records have it: without `+` or `00` before it, and without what people write between the
/// digits. What is no number stays as it is, and is no message's.
pub(super) fn number(text: &str) -> String {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{A0}')).collect();
    let bare = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")).unwrap_or(&digits);
    if bare.is_empty() { text.to_owned() } else { bare.to_owned() }
}

/// What a list can be sorted by.
#[derive(Clone, Copy)]
enum Key {
    Date,
    Destination,
    Sender,
    Status,
}

const KEYS: [(&str, Key); 4] = [
    ("date", Key::Date),
    ("destination", Key::Destination),
    ("sender", Key::Sender),
    ("status", Key::Status),
];

impl Key {
    fn order(self) -> Order {
        match self {
            Self::Date => Order::Time,
            Self::Destination => Order::Destination,
            Self::Sender => Order::Sender,
            Self::Status => Order::State(outcomes::by_status()),
        }
    }
}

/// The sixteen fields of a record, always all of them.
fn write(
    answer: &mut Answer,
    message: &Message,
    account: AccountId,
    answered: &Answered,
    local: &mut LocalTime,
) {
    // The query asks for what is shown only.
    let Some(shown) = outcomes::shown(message.outcome) else { return };
    let sent = message.direction == Direction::Mt;
    let (campaign, reference) = answered.context(message);
    let country = Some(message.country).filter(|country| sent && !country.is_unknown());
    let sender = if sent { message.sender.as_deref().unwrap_or_default() } else { message.peer() };
    let reported = if sent { reported(&message.history) } else { None };
    answer.integer("campaign_id", campaign);
    answer.integer("client_id", account.get());
    answer.text("client_message_id", reference);
    answer.text("contact_list_id", message.list.as_deref().filter(|_| sent).unwrap_or_default());
    answer.text("message", &message.body);
    answer.integer("message_length", message.body.chars().count());
    answer.integer("cost", if sent { cost(message) } else { 0 });
    answer.text("country", country.as_ref().map(Country::as_str).unwrap_or_default());
    answer.text("destination", message.recipient.trim_start_matches('+'));
    answer.integer("message_id", message.number);
    answer.text("sender", sender);
    answer.date("date", &local.text(message.date));
    answer.date("dlr_date", &reported.map(|at| local.text(at.seconds())).unwrap_or_default());
    answer.text("status", shown.status);
    answer.text("status_details", shown.details);
    answer.text("type", if sent { "sms_mt" } else { "sms_mo" });
}

/// The credits charged: none of what was given back.
fn cost(message: &Message) -> u32 {
    let given_back = message.history.iter().any(|entry| entry.word == Word::Note(Note::Refunded));
    if given_back { 0 } else { message.credits }
}

/// When the last delivery report came.
fn reported(history: &[Entry]) -> Option<Micros> {
    let report = |entry: &&Entry| entry.outcome().is_some_and(outcomes::is_report);
    history.iter().rev().find(report).map(|entry| entry.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sms::Outcome;

    const PERIOD: &str = "date_start=2025-01-01+00:00:00&date_end=2025-12-31+23:59:59";

    fn query(rest: &str) -> MessageQuery {
        let params = Params::parse(format!("{PERIOD}&{rest}").as_bytes());
        read(&params).expect("good parameters").expect("a period")
    }

    fn problem(rest: &str) -> String {
        let params = Params::parse(format!("{PERIOD}&{rest}").as_bytes());
        read(&params).expect_err(rest).to_string()
    }

    #[test]
    fn defaults() {
        let plain = query("");
        assert_eq!((plain.from, plain.to), (Some(1_735_686_000), Some(1_767_221_999)));
        assert_eq!((plain.offset, plain.limit, plain.descending), (0, 100, false));
        assert_eq!((plain.order.clone(), plain.outcomes), (Order::Time, None));
        assert!(plain.scope.is_some_and(|scope| !scope.contains(Outcome::Canceled)));
        let empty =
            "destination=&message=&type=&country=&status=&start=&length=&sort=&foo=bar&null&destination=+";
        assert_eq!(query(empty), plain);
    }

    #[test]
    fn numbers_are_normalised() {
        for (given, kept) in [
            ("33612345678", "33612345678"),
            ("%2B33612345678", "33612345678"),
            ("+33612345678", "33612345678"),
            ("0033612345678", "33612345678"),
            ("%2B33%206.12-34.56%2078", "33612345678"),
            ("36000", "36000"),
            ("%2B", "+"),
            ("'%20OR%201=1%20--", "'OR1=1"),
        ] {
            assert_eq!(query(&format!("destination={given}")).destination.as_deref(), Some(kept), "{given}");
        }
    }

    #[test]
    fn filters() {
        assert_eq!(query("message=%25").text.as_deref(), Some("%"));
        assert_eq!(query("type=messages-in").direction, Some(Direction::Mo));
        assert_eq!(query("type=Messages-Out").direction, Some(Direction::Mt));
        assert_eq!(query("status=SENT").outcomes, query("status=sent").outcomes);
        let country = query("country=fr");
        assert_eq!((country.direction, country.country), (Some(Direction::Mt), Country::parse("FR")));
        for nothing in ["country=ZZ", "country=FR&type=messages-in"] {
            assert_eq!(query(nothing).outcomes, Some(OutcomeSet::NONE), "{nothing}");
        }
    }

    #[test]
    fn sorts() {
        for (key, order) in [
            ("date", Order::Time),
            ("destination", Order::Destination),
            ("sender", Order::Sender),
            ("STATUS", Order::State(outcomes::by_status())),
        ] {
            let ascending = query(&format!("sort={key}"));
            assert_eq!((&ascending.order, ascending.descending), (&order, false));
            let descending = query(&format!("sort=-{key}"));
            assert_eq!((&descending.order, descending.descending), (&order, true));
        }
    }

    #[test]
    fn refusals_name_the_parameter() {
        for (parameter, values) in [
            ("type", &["sms_mt", "all", "%ff", "messages-in,messages-out"][..]),
            ("status", &["incoming_message", "lost", "%ff", "<&>"]),
            ("country", &["FRA", "F1", "F", "%C3%A9", "%ff", "' OR 1=1 --"]),
            ("sort", &["cost", "message_id", "--date", "-", "%ff"]),
            ("start", &["-1", "x", "1.5", "%ff"]),
            ("length", &["-5", "x", "0", "%ff"]),
            ("message", &["%ff"]),
            ("destination", &["%ff"]),
        ] {
            for value in values {
                let problem = problem(&format!("{parameter}={value}"));
                assert!(problem.starts_with(&format!("{parameter} is ")), "{parameter}={value}: {problem}");
            }
        }
    }

    #[test]
    fn the_last_report_counts() {
        let entry = |at: i64, outcome| Entry::new(Micros::new(at), outcome);
        let note = Entry { word: Word::Note(Note::Contradiction), ..entry(9, Outcome::Delivered) };
        let history = [
            entry(1, Outcome::Queued),
            entry(2, Outcome::Submitted),
            entry(3, Outcome::Buffered),
            entry(4, Outcome::Delivered),
            note,
        ];
        assert_eq!(reported(&history), Some(Micros::new(4)));
        assert_eq!(reported(&history[..2]), None);
        assert_eq!(reported(&[]), None);
    }
}
