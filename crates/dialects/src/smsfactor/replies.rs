//! `GET /messages/mo`: what was received in a period (reference 2.3).

use std::collections::HashMap;

use http::StatusCode;
use service::model::{Contact, Message};
use service::query::{Cursor, MessagePage, MessageQuery, Order};
use service::{Access, LedgerError, Service};
use sms::{AccountId, Number, Outcome};

use super::answer::Answer;
use super::answered::Answered;
use super::error::Failure;
use super::format::Format;
use super::local_time::LocalTime;
use super::parameters::{Stretch, period, sort, stretch};
use super::people::{INFOS, infos};
use crate::kit::{Params, Response};

/// The most replies of a period that are sorted by their text: no order of texts is kept, so all of them are
/// read for it.
const MOST_SORTED: u64 = 20_000;

/// Answers the request.
pub(super) async fn list(
    service: &Service,
    access: &Access,
    params: &Params,
    format: Format,
) -> Result<Response, Failure> {
    let period = period(params)?;
    let stretch = stretch(params)?;
    let problem = "is none of id, date and text, with or without a - before it";
    let (key, descending) = sort(params, &KEYS, problem)?.unwrap_or((Key::Date, false));
    let page = match period {
        None => MessagePage::default(),
        Some(period) => {
            let query = MessageQuery {
                scope: Some(Outcome::Received.only()),
                from: Some(period.from),
                to: Some(period.to),
                ..MessageQuery::default()
            };
            page(service, access.id(), query, key, descending, stretch).await?
        }
    };
    let answered = Answered::find(service, access.id(), &page.messages).await?;
    let phones = page.messages.iter().map(|reply| reply.peer().to_owned()).collect();
    let contacts = service.contacts_by_phone(access.id(), phones).await?;
    let mut local = LocalTime::default();
    let mut answer = Answer::success(format);
    answer.integer("totalRecords", page.in_period);
    answer.integer("totalDisplayRecords", page.total);
    answer.list("replies", &page.messages, |answer, reply| {
        write(answer, reply, &answered, &contacts, &mut local);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// What replies can be sorted by.
#[derive(Clone, Copy)]
enum Key {
    Id,
    Date,
    Text,
}

const KEYS: [(&str, Key); 3] = [("id", Key::Id), ("date", Key::Date), ("text", Key::Text)];

async fn page(
    service: &Service,
    account: AccountId,
    query: MessageQuery,
    key: Key,
    descending: bool,
    stretch: Stretch,
) -> Result<MessagePage, Failure> {
    let order = match key {
        Key::Id => Order::Number,
        Key::Date => Order::Time,
        Key::Text => return by_text(service, account, query, descending, stretch).await,
    };
    let (offset, limit) = (stretch.start, stretch.length);
    Ok(service.messages(account, MessageQuery { order, descending, offset, limit, ..query }).await?)
}

/// Reads every reply of the period, sorts them by text (equal ones by rising number in both directions), and
/// fetches the stretch wanted.
async fn by_text(
    service: &Service,
    account: AccountId,
    query: MessageQuery,
    descending: bool,
    stretch: Stretch,
) -> Result<MessagePage, Failure> {
    let mut texts: Vec<(String, Number)> = Vec::new();
    let mut walk = MessageQuery { limit: 1000, ..query.clone() };
    let whole = loop {
        let mut page = service.messages(account, walk.clone()).await?;
        if page.total > MOST_SORTED {
            let problem = "by text is served for periods of at most 20000 replies";
            return Err(Failure::Data { parameter: "sort", problem });
        }
        walk.bound = walk.bound.or(Some(page.bound));
        let last = page.messages.last().map(|last| Cursor { date: last.date, number: last.number });
        texts.extend(page.messages.drain(..).map(|message| (message.body, message.number)));
        match last {
            Some(_) if page.more => walk.after = last,
            _ => break page,
        }
    };
    texts.sort_unstable_by(|(left, one), (right, two)| {
        let by_text = left.cmp(right);
        if descending { by_text.reverse() } else { by_text }.then(one.cmp(two))
    });
    let start = usize::try_from(stretch.start).unwrap_or(usize::MAX);
    let wanted: Vec<Number> =
        texts.iter().skip(start).take(stretch.length as usize).map(|(_, number)| *number).collect();
    let messages = fetch(service, account, query, &wanted).await?;
    Ok(MessagePage { messages, ..whole })
}

/// The messages of these numbers, in this order; what was hidden meanwhile is left out.
async fn fetch(
    service: &Service,
    account: AccountId,
    query: MessageQuery,
    wanted: &[Number],
) -> Result<Vec<Message>, LedgerError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let limit = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    let query = MessageQuery { numbers: Some(wanted.to_vec()), limit, ..query };
    let page = service.messages(account, query).await?;
    let mut by_number: HashMap<Number, Message> =
        page.messages.into_iter().map(|message| (message.number, message)).collect();
    Ok(wanted.iter().filter_map(|number| by_number.remove(number)).collect())
}

/// The fields of a reply. `destination` is the phone that wrote; ids are digits in a string.
pub(super) fn write(
    answer: &mut Answer,
    reply: &Message,
    answered: &Answered,
    contacts: &HashMap<String, Contact>,
    local: &mut LocalTime,
) {
    let (campaign, _) = answered.context(reply);
    answer.text("message_id", itoa::Buffer::new().format(reply.number));
    answer.text("campaign_id", itoa::Buffer::new().format(campaign));
    match reply.peer().parse::<u64>() {
        Ok(phone) => answer.integer("destination", phone),
        // A sender that is no number cannot be one here.
        Err(_) => answer.text("destination", reply.peer()),
    }
    answer.text("message", &reply.body);
    for (key, info) in INFOS.into_iter().zip(infos(contacts.get(reply.peer()))) {
        if matches!(key, "info1" | "info2") || info.is_some_and(|info| !info.is_empty()) {
            answer.text(key, info.unwrap_or_default());
        }
    }
    answer.date("date", &local.text(reply.date));
}
