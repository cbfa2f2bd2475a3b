//! `PUT /user`.

use http::StatusCode;
use serde::Serialize;
use service::profile::Profile;

use super::super::call::{Answer, Call};
use super::super::error::{Failure, JSON, Problems};
use super::super::fields::{Fields, Wrong};
use super::super::forms::{needed_short, phone, short};
use super::super::values::PREFIX;
use super::{Person, zone};
use crate::kit::reply;

/// What the classic clients read.
#[derive(Serialize)]
struct Href {
    href: String,
}

/// What the generated clients read: exactly what may be changed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed<'a> {
    username: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    phone: Option<&'a str>,
    company: &'a str,
    timezone: usize,
}

/// `PUT /user`. Names and company are needed; what else is not given stays. A user name is its key's and stays
/// as it is.
pub(in super::super) async fn update(call: &Call<'_>) -> Answer {
    let (service, account) = (call.service, call.account());
    let (profile, zone) = read(call, service.profile(account).await?)?;
    if let Some(timezone) = zone {
        let settings = service.settings(account).await?;
        let settings = service::account_settings::AccountSettings { timezone, ..settings };
        service.put_settings(account, &settings).await?;
    }
    service.put_profile(account, &profile).await?;
    let body = if call.request.header("x-tm-username").is_some() {
        reply::json(&Href { href: format!("{PREFIX}/user") })
    } else {
        let person = Person::of(call).await?;
        reply::json(&Changed {
            username: &person.username,
            first_name: &person.profile.first_name,
            last_name: &person.profile.last_name,
            email: &person.profile.email,
            phone: person.profile.phone.as_deref(),
            company: person.company(),
            timezone: person.zone.id(),
        })
    };
    Ok(reply::with_body(StatusCode::CREATED, JSON, body))
}

/// The profile with what the body says of it, and the name of the time zone if it names one.
fn read(call: &Call<'_>, before: Profile) -> Result<(Profile, Option<String>), Failure> {
    let body = call.body()?;
    let mut problems = Problems::default();
    let first_name = problems.noted(needed_short(&body, "firstName"));
    let last_name = problems.noted(needed_short(&body, "lastName"));
    let company = problems.noted(needed_short(&body, "company"));
    let email = problems.noted(short(&body, "email"));
    let given = match body.text("phone") {
        Ok(None) => Ok(None),
        Ok(Some(_)) => phone(&body, None),
        Err(wrong) => Err(wrong),
    };
    let phone = problems.noted(given);
    let zone = problems.noted(timezone(&body));
    let username = problems.noted(short(&body, "username"));
    if username.is_some_and(|username| username != call.access.username) {
        problems.field("username", "The user name belongs to the key and cannot be changed.");
    }
    problems.check()?;
    let profile = Profile {
        first_name: first_name.unwrap_or(before.first_name),
        last_name: last_name.unwrap_or(before.last_name),
        company: company.or(before.company),
        email: email.unwrap_or(before.email),
        phone: phone.or(before.phone),
    };
    Ok((profile, zone))
}

fn timezone(body: &Fields) -> Result<Option<String>, Wrong> {
    let Some(id) = body.integer("timezone")? else { return Ok(None) };
    let name = zone::name_of(id);
    name.map(Some).ok_or_else(|| body.wrong("timezone", "There is no time zone with this id."))
}
