//! What messages may be sent from: sender ids, which are words, and numbers of one's own. Both are the
//! account's registered senders.

use serde::Serialize;
use service::senders::{RegisteredSender, SenderRefused, SenderStatus};
use sms::phone::country_of;
use sms::{Country, Number};

use super::call::{Answer, Call, created, no_content, ok};
use super::error::{Failure, Problems};
use super::fields::{Fields, Wrong};
use super::forms::BLANK;
use super::paging::Paging;
use super::user::{Person, UserObject};
use super::values::{Amount, CountryObject, Link, Stamp};

/// The longest sender id, in characters.
const LONGEST: usize = 11;

/// The end of what does not end, for a date that may not be `null`.
const NEVER: &str = "9999-12-31T23:59:59+0000";

fn is_number(sender: &str) -> bool {
    sender.bytes().all(|octet| octet.is_ascii_digit())
}

fn is_word(sender: &str) -> bool {
    !is_number(sender)
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sources {
    dedicated: Vec<String>,
    user: [(); 0],
    shared: Vec<String>,
    sender_ids: Vec<String>,
    user_carrier_twilio: [(); 0],
    user_carrier_vonage: [(); 0],
    user_carrier_sinch: [(); 0],
}

/// `GET /sources`: what may be used now. The account's usual sender and its registered ones; and, unless only
/// registered ones may be used, the numbers that people write to it at: those that a keyword claims are `shared`.
/// `country` leaves numbers of other countries out.
pub(super) async fn sources(call: &Call<'_>) -> Answer {
    let country = country(&call.query())?;
    let settings = call.service.settings(call.account()).await?;
    let senders = call.service.senders(call.account()).await?;
    let usable = senders.into_iter().filter(|sender| sender.status == SenderStatus::Active);
    let all = usable.map(|sender| sender.sender).chain(settings.default_sender);
    let (mut dedicated, sender_ids): (Vec<_>, _) = all.partition(|sender| is_number(sender));
    let mut shared = Vec::new();
    if !settings.registers_senders {
        for claim in call.service.claimed_numbers(call.account()).await? {
            if claim.keyword.is_none() { dedicated.push(claim.number) } else { shared.push(claim.number) }
        }
    }
    let of_country = |number: &String| country.is_none_or(|country| country_of(number) == country);
    dedicated.retain(of_country);
    shared.retain(of_country);
    let (dedicated, shared, sender_ids) = (in_order(dedicated), in_order(shared), in_order(sender_ids));
    Ok(ok(&Sources { dedicated, shared, sender_ids, ..Sources::default() }))
}

/// Each once, sorted.
fn in_order(mut senders: Vec<String>) -> Vec<String> {
    senders.sort_unstable();
    senders.dedup();
    senders
}

fn country(query: &Fields) -> Result<Option<Country>, Wrong> {
    let Some(text) = query.text("country")? else { return Ok(None) };
    let country = Country::parse(text.trim());
    country.map(Some).ok_or_else(|| query.wrong("country", "This value is not a valid country."))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SenderId<'a> {
    id: Number,
    sender_id: &'a str,
    user: UserObject<'a>,
    status: &'static str,
}

impl<'a> SenderId<'a> {
    fn of(sender: &'a RegisteredSender, owner: &'a Person) -> Self {
        let status = match sender.status {
            SenderStatus::Active => "A",
            SenderStatus::Pending => "P",
            SenderStatus::Rejected => "R",
        };
        Self { id: sender.number, sender_id: &sender.sender, user: UserObject::of(owner), status }
    }
}

/// `GET /senderids`.
pub(super) async fn list_ids(call: &Call<'_>) -> Answer {
    let (paging, total, senders) = page(call, is_word).await?;
    let owner = Person::of(call).await?;
    let resources = senders.iter().map(|sender| SenderId::of(sender, &owner)).collect();
    Ok(ok(&paging.envelope(total, resources)))
}

/// `GET /senderids/{id}`.
pub(super) async fn get_id(call: &Call<'_>) -> Answer {
    let sender = find(call, is_word).await?;
    Ok(ok(&SenderId::of(&sender, &Person::of(call).await?)))
}

/// `POST /senderids`. One that is there already is answered as it is.
pub(super) async fn create_id(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let mut problems = Problems::default();
    let sender = problems.noted(sender_id(&body)).unwrap_or_default();
    let explanation = problems.noted(needed(&body, "explanation")).unwrap_or_default();
    problems.check()?;
    match call.service.register_sender(call.account(), &sender, &explanation).await {
        Ok(sender) => Ok(created(&Link::to("senderids", sender.number))),
        Err(SenderRefused::Sender(error)) => Err(Problems::of("senderId", &format!("{error}."))),
        Err(SenderRefused::Ledger(error)) => Err(error.into()),
    }
}

/// `DELETE /senderids/{id}`.
pub(super) async fn delete_id(call: &Call<'_>) -> Answer {
    delete(call, is_word).await
}

fn sender_id(body: &Fields) -> Result<Option<String>, Wrong> {
    let text = needed(body, "senderId")?.unwrap_or_default();
    let plain = text.bytes().all(|octet| octet.is_ascii_alphanumeric());
    if !plain || text.len() > LONGEST || is_number(&text) {
        let sentence = "This value should be 1 to 11 Latin letters and digits, one letter at least.";
        return Err(body.wrong("senderId", sentence));
    }
    Ok(Some(text))
}

fn needed(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    let text = body.text(name)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    text.map(Some).ok_or_else(|| body.wrong(name, BLANK))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnNumber<'a> {
    id: Number,
    user: UserObject<'a>,
    purchased_at: Stamp,
    expire_at: &'static str,
    phone: &'a str,
    country: Option<CountryObject>,
    status: &'static str,
}

impl<'a> OwnNumber<'a> {
    fn of(sender: &'a RegisteredSender, owner: &'a Person) -> Self {
        Self {
            id: sender.number,
            user: UserObject::of(owner),
            purchased_at: Stamp(sender.created),
            expire_at: NEVER,
            phone: &sender.sender,
            country: CountryObject::of(country_of(&sender.sender)),
            status: if sender.status == SenderStatus::Active { "A" } else { "U" },
        }
    }
}

/// `GET /numbers`.
pub(super) async fn list_numbers(call: &Call<'_>) -> Answer {
    let (paging, total, senders) = page(call, is_number).await?;
    let owner = Person::of(call).await?;
    let resources = senders.iter().map(|sender| OwnNumber::of(sender, &owner)).collect();
    Ok(ok(&paging.envelope(total, resources)))
}

/// `GET /numbers/{id}`.
pub(super) async fn get_number(call: &Call<'_>) -> Answer {
    let sender = find(call, is_number).await?;
    Ok(ok(&OwnNumber::of(&sender, &Person::of(call).await?)))
}

/// `DELETE /numbers/{id}`: it may not be used as a sender any more.
pub(super) async fn delete_number(call: &Call<'_>) -> Answer {
    delete(call, is_number).await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    numbers: [&'static str; 0],
    price: Amount,
    gift_type: &'static str,
}

/// `GET /numbers/available`: none, since no numbers are sold here.
pub(super) async fn available(call: &Call<'_>) -> Answer {
    let query = call.query();
    country(&query)?.ok_or_else(|| query.wrong("country", BLANK))?;
    query.flag("tollfree")?;
    Ok(ok(&Offer { numbers: [], price: Amount::default(), gift_type: "none" }))
}

/// `POST /numbers`: whatever is asked for is not on offer.
pub(super) async fn buy(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let mut problems = Problems::default();
    let phone = problems.noted(needed(&body, "phone"));
    problems.noted(needed(&body, "country"));
    problems.noted(needed(&body, "userId"));
    if phone.is_some() {
        problems.field("phone", "This number is not available.");
    }
    Err(Failure::Invalid(problems))
}

/// A page of the senders of one kind, newest first, and how many there are.
async fn page(
    call: &Call<'_>,
    is_one: fn(&str) -> bool,
) -> Result<(Paging, u64, Vec<RegisteredSender>), Failure> {
    let paging = Paging::of(&call.query());
    let mut senders = call.service.senders(call.account()).await?;
    senders.retain(|sender| is_one(&sender.sender));
    senders.sort_unstable_by_key(|sender| std::cmp::Reverse(sender.number));
    let total = senders.len() as u64;
    let offset = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let senders = senders.into_iter().skip(offset).take(paging.limit as usize).collect();
    Ok((paging, total, senders))
}

/// The sender of one kind that the path names.
async fn find(call: &Call<'_>, is_one: fn(&str) -> bool) -> Result<RegisteredSender, Failure> {
    let sender = call.service.sender_of_number(call.account(), call.id()?).await?;
    sender.filter(|sender| is_one(&sender.sender)).ok_or(Failure::NotFound)
}

async fn delete(call: &Call<'_>, is_one: fn(&str) -> bool) -> Answer {
    let sender = find(call, is_one).await?;
    call.service.remove_sender(call.account(), sender.number).await?;
    Ok(no_content())
}
