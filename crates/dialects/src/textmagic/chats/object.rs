//! A chat as this API writes it.

use std::collections::HashMap;

use serde::Serialize;
use service::model::{Chat, Message, Network};
use service::people::OptOut;
use service::query::MessageQuery;
use service::rates::Rates;
use sms::phone::country_of;
use sms::{Direction, Micros, Number};

use super::super::call::Call;
use super::super::contacts::{self, ContactObject};
use super::super::error::Failure;
use super::super::names::Names;
use super::super::values::{Amount, CountryObject, Stamp};
use super::conversation::with;

/// A mute without an end.
pub(super) const FOR_EVER: Micros = Micros::MAX;

/// What a page of chats shows besides the chats: partners' contacts and opt-outs, newest messages (what is
/// still to be sent only where there is nothing else) by the number of the newest, what a part costs, the present.
pub(super) struct Details {
    names: Names,
    people: contacts::Details,
    unsubscribed: HashMap<String, OptOut>,
    last: HashMap<Number, Message>,
    rates: Rates,
    now: Micros,
}

impl Details {
    /// Looks up the details of these chats, each kind once.
    pub(super) async fn of(call: &Call<'_>, chats: &[Chat]) -> Result<Self, Failure> {
        let names = Names::of(call, chats.iter().map(|chat| chat.peer.as_str())).await?;
        let people = contacts::Details::of(call, names.contacts()).await?;
        let phones = chats.iter().map(|chat| chat.peer.clone()).collect();
        let unsubscribed = call.service.opt_outs_among(call.account(), phones).await?;
        let numbers: Vec<Number> = chats.iter().filter_map(|chat| chat.last).collect();
        let mut last = HashMap::new();
        if !numbers.is_empty() {
            let limit = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let query = MessageQuery { numbers: Some(numbers), limit, ..MessageQuery::default() };
            let page = call.service.messages(call.account(), query).await?;
            last.extend(page.messages.into_iter().map(|message| (message.number, message)));
        }
        let now = call.service.now();
        for chat in chats {
            let ahead = chat.last.filter(|number| {
                last.get(number).is_some_and(|message: &Message| message.date > now.seconds())
            });
            if let Some(number) = ahead
                && let Some(said) = last_said(call, chat, now).await?
            {
                last.insert(number, said);
            }
        }
        let rates = call.service.rates(call.account()).await?;
        Ok(Self { names, people, unsubscribed, last, rates, now })
    }
}

/// The newest message of a chat that is not still to be sent.
async fn last_said(call: &Call<'_>, chat: &Chat, now: Micros) -> Result<Option<Message>, Failure> {
    let query = MessageQuery { to: Some(now.seconds()), descending: true, limit: 1, ..with(chat) };
    Ok(call.service.messages(call.account(), query).await?.messages.pop())
}

/// A chat. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatObject<'a> {
    id: Number,
    phone: &'a str,
    contact: Option<ContactObject<'a>>,
    unread: u32,
    updated_at: Stamp,
    original_id: Number,
    unsubscribed_contact_id: Option<Number>,
    status: &'static str,
    mute: u8,
    last_message: Option<&'a str>,
    direction: Option<&'static str>,
    reply_options_type: Option<&'static str>,
    from: Option<&'a str>,
    muted_until: Option<Stamp>,
    time_left_mute: i64,
    country: Option<CountryObject>,
    pinned: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    sms_price: Amount,
    mms_price: u8,
    tags: [(); 0],
}

impl<'a> ChatObject<'a> {
    /// Writes a chat.
    pub(super) fn of(chat: &'a Chat, details: &'a Details) -> Self {
        let contact = details.names.contact(&chat.peer);
        let country = country_of(&chat.peer);
        let last = chat.last.and_then(|number| details.last.get(&number));
        let muted = chat.muted_until.filter(|until| *until > details.now);
        let ends = muted.filter(|until| *until != FOR_EVER);
        Self {
            id: chat.number,
            phone: &chat.peer,
            contact: contact.map(|contact| ContactObject::of(contact, &details.people)),
            unread: chat.unread,
            // One that nobody wrote to yet says when it was opened: the field allows no null.
            updated_at: chat.last_inbound.map_or(Stamp(chat.opened), Stamp::of_seconds),
            original_id: chat.number,
            unsubscribed_contact_id: details.unsubscribed.get(&chat.peer).map(|opt_out| opt_out.number),
            status: super::letter(chat.status),
            mute: u8::from(muted.is_some()),
            last_message: last.map(|message| message.body.as_str()),
            direction: last.map(|message| match message.direction {
                Direction::Mo => "i",
                Direction::Mt => "o",
            }),
            reply_options_type: None,
            from: None,
            muted_until: ends.map(Stamp),
            time_left_mute: ends.map_or(0, |until| (until.get() - details.now.get()) / 1_000_000),
            country: CountryObject::of(country),
            pinned: false,
            kind: "sms",
            sms_price: Amount(details.rates.rate(&chat.peer, country, &Network::default()).price),
            mms_price: 0,
            tags: [],
        }
    }
}
