//! Adding and changing contacts.

use service::contact_values::FieldValues;
use service::model::Contact;
use sms::{Country, Number};

use super::super::call::{Answer, Call, created};
use super::super::error::{Failure, Problems};
use super::super::fields::{Fields, Wrong};
use super::super::forms::{BLANK, country, home, phone, short};
use super::super::values::Link;
use super::{of_path, values, with_phone};

/// `POST /contacts`, `/contacts/normalized`. A phone that a contact has already changes that one, and puts it
/// into the lists named besides those it is in.
pub(in super::super) async fn create(call: &Call<'_>) -> Answer {
    let form = Form::read(call).await?;
    let before = with_phone(call, &form.phone).await?;
    let before = before.unwrap_or_else(|| Contact { created: call.service.now(), ..Contact::default() });
    put(call, before, form, false).await
}

/// `PUT /contacts/{id}`, `/contacts/{id}/normalized`. What is not given stays; the lists are those named.
pub(in super::super) async fn update(call: &Call<'_>) -> Answer {
    let before = of_path(call).await?;
    let form = Form::read(call).await?;
    if form.phone != before.phone && with_phone(call, &form.phone).await?.is_some() {
        return Err(Problems::of("phone", "Another contact has this phone."));
    }
    put(call, before, form, true).await
}

async fn put(call: &Call<'_>, before: Contact, form: Form, only_these_lists: bool) -> Answer {
    let (service, account) = (call.service, call.account());
    values::check(call, &form.values).await?;
    let (lists, values) = (form.lists.clone(), form.values.clone());
    let number = service.put_contact(account, form.over(before)).await?;
    service.put_in_lists(account, number, &lists, only_these_lists).await?;
    service.put_field_values(account, number, &values).await?;
    Ok(created(&Link::to("contacts", number)))
}

/// What a caller says of a contact.
#[derive(Debug, Default, PartialEq)]
struct Form {
    phone: String,
    lists: Vec<Number>,
    first_name: Option<String>,
    last_name: Option<String>,
    company: Option<String>,
    email: Option<String>,
    favorite: Option<bool>,
    blocked: Option<bool>,
    values: FieldValues,
}

impl Form {
    /// Reads the whole form, so that the refusal names everything that is wrong with it.
    async fn read(call: &Call<'_>) -> Result<Self, Failure> {
        let body = call.body()?;
        let home = home(call, &body).await?;
        Self::of(&body, home)
    }

    fn of(body: &Fields, home: Option<Country>) -> Result<Self, Failure> {
        let mut problems = Problems::default();
        let form = Self {
            phone: problems.noted(phone(body, home)).unwrap_or_default(),
            lists: problems.noted(lists(body)).unwrap_or_default(),
            first_name: problems.noted(short(body, "firstName")),
            last_name: problems.noted(short(body, "lastName")),
            company: problems.noted(short(body, "companyName")),
            email: problems.noted(short(body, "email")),
            favorite: problems.noted(body.flag("favorited")),
            blocked: problems.noted(body.flag("blocked")),
            values: problems.noted(values::read(body)).unwrap_or_default(),
        };
        // The country is told by the phone, and the kind of line by nobody; what is no such thing is refused.
        problems.noted(country(body));
        problems.noted(body.word("type", &["-1", "0", "1"]));
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
            favorite: self.favorite.unwrap_or(before.favorite),
            blocked: self.blocked.unwrap_or(before.blocked),
            ..before
        }
    }
}

/// The lists, needed; ids that are no list's are passed over later.
fn lists(body: &Fields) -> Result<Option<Vec<Number>>, Wrong> {
    body.ids("lists")?.map(Some).ok_or_else(|| body.wrong("lists", BLANK))
}
