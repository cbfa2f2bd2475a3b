//! Adding and changing contacts.

use service::model::Contact;
use sms::phone::Phone;

use super::super::call::{Answer, Call, created};
use super::super::error::{Failure, Problems};
use super::super::fields::{Fields, Wrong};
use super::super::values::Link;
use super::find;

const BLANK: &str = "This value should not be blank.";

/// The longest name, company or address kept, in characters.
const LONGEST: usize = 255;

/// `POST /contacts`, `/contacts/normalized`. A phone that a contact has already changes that one.
pub(in super::super) async fn create(call: &Call<'_>) -> Answer {
    let form = Form::read(&call.body()?)?;
    let known = call.service.contacts_by_phone(call.account(), vec![form.phone.clone()]).await?;
    let before = known.into_values().next();
    let before = before.unwrap_or_else(|| Contact { created: call.service.now(), ..Contact::default() });
    put(call, form.over(before)).await
}

/// `PUT /contacts/{id}`, `/contacts/{id}/normalized`. What is not given stays.
pub(in super::super) async fn update(call: &Call<'_>) -> Answer {
    let before = find(call).await?;
    let form = Form::read(&call.body()?)?;
    if form.phone != before.phone {
        let taken = call.service.contacts_by_phone(call.account(), vec![form.phone.clone()]).await?;
        if !taken.is_empty() {
            return Err(Problems::of("phone", "Another contact has this phone."));
        }
    }
    put(call, form.over(before)).await
}

async fn put(call: &Call<'_>, contact: Contact) -> Answer {
    let number = call.service.put_contact(call.account(), contact).await?;
    Ok(created(&Link::to("contacts", number)))
}

/// What a caller says of a contact.
#[derive(Debug, Default, PartialEq)]
struct Form {
    phone: String,
    first_name: Option<String>,
    last_name: Option<String>,
    company: Option<String>,
    email: Option<String>,
}

impl Form {
    /// Reads the whole form, so that the refusal names everything that is wrong with it.
    fn read(body: &Fields) -> Result<Self, Failure> {
        let mut problems = Problems::default();
        let form = Self {
            phone: noted(phone(body), &mut problems).unwrap_or_default(),
            first_name: noted(short(body, "firstName"), &mut problems),
            last_name: noted(short(body, "lastName"), &mut problems),
            company: noted(short(body, "companyName"), &mut problems),
            email: noted(short(body, "email"), &mut problems),
        };
        // Membership of lists is not kept yet, but what is no list of ids is refused as it will be then.
        noted(lists(body), &mut problems);
        noted(country(body), &mut problems);
        problems.check()?;
        Ok(form)
    }

    /// The contact with what this form says of it.
    fn over(self, before: Contact) -> Contact {
        Contact {
            phone: self.phone,
            first_name: self.first_name.or(before.first_name),
            last_name: self.last_name.or(before.last_name),
            company: self.company.or(before.company),
            email: self.email.or(before.email),
            ..before
        }
    }
}

/// The value, or `None` with its refusal noted.
fn noted<T>(result: Result<Option<T>, Wrong>, problems: &mut Problems) -> Option<T> {
    result.unwrap_or_else(|wrong| {
        problems.field(wrong.name, wrong.sentence);
        None
    })
}

/// The phone, needed: an international number of a length that exists, or one of the vendor's test numbers.
fn phone(body: &Fields) -> Result<Option<String>, Wrong> {
    let text = body.text("phone")?.ok_or_else(|| body.wrong("phone", BLANK))?;
    if body.flag("local")? == Some(true) {
        return Err(body.wrong("local", "Local numbers are not supported yet."));
    }
    let phone = Phone::parse(&text).ok();
    let phone = phone.filter(|phone| phone.is_possible() || phone.as_str().starts_with("999"));
    let phone = phone.ok_or_else(|| body.wrong("phone", "This value is not a valid phone number."))?;
    Ok(Some(phone.as_str().to_owned()))
}

/// The lists, needed.
fn lists(body: &Fields) -> Result<Option<()>, Wrong> {
    body.ids("lists")?.ok_or_else(|| body.wrong("lists", BLANK))?;
    Ok(None)
}

/// The country is told by the phone; one given beside it must at least be a country.
fn country(body: &Fields) -> Result<Option<()>, Wrong> {
    match body.text("country")? {
        Some(text) if sms::Country::parse(&text).is_none() => {
            Err(body.wrong("country", "This value is not a valid country."))
        }
        _ => Ok(None),
    }
}

fn short(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    let text = body.text(name)?;
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(body.wrong(name, "This value is too long: 255 characters at most."));
    }
    Ok(text.map(Into::into))
}
