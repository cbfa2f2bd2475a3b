//! `/ping` and `/user`: who is asking.

mod update;
mod zone;

use serde::Serialize;
use service::model::Account;
use service::profile::Profile;
use sms::phone::country_of;
use sms::{Currency, Money};

use super::call::{Answer, Call, ok};
use super::error::Failure;
use super::values::{Amount, CountryObject, Stamp};

pub(super) use update::update;
pub(super) use zone::{name_of as zone_of_number, timezones};

use zone::Zone;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pong {
    user_id: u32,
    ping: &'static str,
    utc_date_time: Stamp,
}

/// `GET /ping`.
pub(super) async fn ping(call: &Call<'_>) -> Answer {
    let pong = Pong { user_id: call.account().get(), ping: "pong", utc_date_time: Stamp(call.service.now()) };
    Ok(ok(&pong))
}

/// The person that an account looks like: what the account says of the one behind it, and the key's user name.
pub(super) struct Person {
    account: Account,
    username: String,
    profile: Profile,
    zone: Zone,
}

impl Person {
    /// Looks up who asks.
    pub(super) async fn of(call: &Call<'_>) -> Result<Self, Failure> {
        let account = call.access.account.clone();
        let profile = call.service.profile(account.id).await?;
        let settings = call.service.settings(account.id).await?;
        let zone = Zone::of(&settings.timezone, call.service.now());
        Ok(Self { account, username: call.access.username.clone(), profile, zone })
    }

    fn company(&self) -> &str {
        self.profile.company.as_deref().unwrap_or(&self.account.name)
    }
}

/// A user as this API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserObject<'a> {
    id: u32,
    username: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    status: &'static str,
    balance: Amount,
    company: &'a str,
    currency: CurrencyObject<'a>,
    timezone: &'a Zone,
    subaccount_type: &'static str,
    email: &'a str,
    phone: Option<&'a str>,
    country: Option<CountryObject>,
    email_accepted: bool,
    phone_accepted: bool,
    avatar: Option<()>,
    display_time_format: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CurrencyObject<'a> {
    id: &'a str,
    html_symbol: &'a str,
    unicode_symbol: &'a str,
}

impl<'a> UserObject<'a> {
    /// Writes a person.
    pub(super) fn of(person: &'a Person) -> Self {
        let Person { account, username, profile, zone } = person;
        let (html_symbol, unicode_symbol) = symbols(&account.currency);
        let phone = profile.phone.as_deref();
        Self {
            id: account.id.get(),
            username,
            first_name: &profile.first_name,
            last_name: &profile.last_name,
            status: "A",
            balance: Amount(if account.prepaid { account.balance } else { Money::ZERO }),
            company: person.company(),
            currency: CurrencyObject { id: account.currency.as_str(), html_symbol, unicode_symbol },
            timezone: zone,
            subaccount_type: "P",
            email: &profile.email,
            phone,
            country: phone.and_then(|phone| CountryObject::of(country_of(phone))),
            // Nobody looks at whether these are really theirs.
            email_accepted: false,
            phone_accepted: false,
            avatar: None,
            display_time_format: "24h",
        }
    }
}

/// `GET /user`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let person = Person::of(call).await?;
    Ok(ok(&UserObject::of(&person)))
}

/// A currency's sign as an HTML entity and as text; the code itself where no sign is its own.
fn symbols(currency: &Currency) -> (&str, &str) {
    match currency.as_str() {
        "EUR" => ("&euro;", "€"),
        "GBP" => ("&pound;", "£"),
        "JPY" => ("&yen;", "¥"),
        "USD" => ("&#36;", "$"),
        code => (code, code),
    }
}
