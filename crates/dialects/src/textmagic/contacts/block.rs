//! Blocked contacts: those that nothing is sent to.

use service::model::Contact;
use service::query::ContactQuery;

use super::super::bulk::Which;
use super::super::call::{Answer, Call, created, no_content};
use super::super::error::{Failure, Problems};
use super::super::forms::{BLANK, phone};
use super::super::values::{Link, phone_of};
use super::{numbers, of_number, one, page, with_phone};

/// `GET /contacts/block/list`.
pub(in super::super) async fn blocked(call: &Call<'_>) -> Answer {
    let query = call.query();
    let text = query.text("query")?.map(Into::into);
    page(call, &query, ContactQuery { text, blocked: Some(true), ..ContactQuery::default() }).await
}

/// `GET /contacts/block/phone`: the contact of `phone`, if it is blocked.
pub(in super::super) async fn blocked_phone(call: &Call<'_>) -> Answer {
    let query = call.query();
    let phone = query.text("phone")?.ok_or_else(|| query.wrong("phone", BLANK))?;
    let contact = with_phone(call, &phone_of(&phone)).await?.filter(|contact| contact.blocked);
    one(call, &contact.ok_or(Failure::NotFound)?).await
}

/// `POST /contacts/block`: the contact of `phone`, which is made if there is none.
pub(in super::super) async fn block(call: &Call<'_>) -> Answer {
    let phone = phone(&call.body()?, None)?.unwrap_or_default();
    let number = block_phone(call, phone).await?;
    Ok(created(&Link::to("contacts", number)))
}

/// Blocks the contact of a phone, which is made if there is none; its number.
pub(in super::super) async fn block_phone(call: &Call<'_>, phone: String) -> Result<sms::Number, Failure> {
    let known = with_phone(call, &phone).await?;
    let known = known.unwrap_or_else(|| Contact { phone, created: call.service.now(), ..Contact::default() });
    Ok(call.service.put_contact(call.account(), Contact { blocked: true, ..known }).await?)
}

/// `POST /contacts/unblock`.
pub(in super::super) async fn unblock(call: &Call<'_>) -> Answer {
    let phone = phone(&call.body()?, None)?.unwrap_or_default();
    let contact = with_phone(call, &phone).await?.filter(|contact| contact.blocked);
    let contact = contact.ok_or_else(|| Problems::of("phone", "This phone is not blocked."))?;
    call.service.put_contact(call.account(), Contact { blocked: false, ..contact }).await?;
    Ok(no_content())
}

/// `POST /contacts/unblock/bulk`: those of `ids` that are blocked, or all.
pub(in super::super) async fn unblock_many(call: &Call<'_>) -> Answer {
    let which = Which::of(&call.body()?)?;
    let query = ContactQuery { numbers: which.ids(), blocked: Some(true), ..ContactQuery::default() };
    for number in numbers(call, query).await? {
        if let Some(contact) = of_number(call, number).await? {
            call.service.put_contact(call.account(), Contact { blocked: false, ..contact }).await?;
        }
    }
    Ok(no_content())
}
