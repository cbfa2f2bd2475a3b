//! `GET /ping` and `GET /user`: who is asking.

use serde::Serialize;
use sms::{Currency, Money};

use super::call::{Answer, Call, ok};
use super::values::{Amount, CountryObject, Stamp};

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

/// The user that an account looks like. There are no people behind an account here, so its name stands for
/// the company's and what is known of a person stays empty.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    id: u32,
    username: &'a str,
    first_name: &'static str,
    last_name: &'static str,
    status: &'static str,
    balance: Amount,
    company: &'a str,
    currency: CurrencyObject<'a>,
    timezone: Timezone,
    subaccount_type: &'static str,
    email: &'static str,
    phone: Option<&'static str>,
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

/// Times are UTC everywhere; the vendor's own numbers of time zones are not public, so this is the only one.
#[derive(Serialize)]
struct Timezone {
    id: u32,
    area: &'static str,
    dst: u8,
    offset: i32,
    timezone: &'static str,
}

/// `GET /user`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let account = &call.access.account;
    let (html_symbol, unicode_symbol) = symbols(&account.currency);
    let user = User {
        id: account.id.get(),
        username: &call.access.username,
        first_name: "",
        last_name: "",
        status: "A",
        balance: Amount(if account.prepaid { account.balance } else { Money::ZERO }),
        company: &account.name,
        currency: CurrencyObject { id: account.currency.as_str(), html_symbol, unicode_symbol },
        timezone: Timezone { id: 1, area: "UTC", dst: 0, offset: 0, timezone: "UTC" },
        subaccount_type: "P",
        email: "",
        phone: None,
        country: None,
        email_accepted: false,
        phone_accepted: false,
        avatar: None,
        display_time_format: "24h",
    };
    Ok(ok(&user))
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
