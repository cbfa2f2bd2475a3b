//! `GET` and `PUT /callback/settings`: where pushes go, and in which format.
//!
//! Behind them stand two targets of the account's, named for what they are told of.

use std::collections::BTreeMap;

use serde::Serialize;
use service::webhooks::target::url_fault;
use service::webhooks::{Target, TargetError, Wants};
use service::{LedgerError, Service};
use sms::AccountId;

use super::call::{Answer, Call, ok};
use super::error::{Failure, Problems};
use super::webhook::{FORMAT, FORMATS, ID, USUAL};

/// The names of the two targets.
const OUT: &str = "textmagic outUrl";
const IN: &str = "textmagic inUrl";

/// The settings; all three keys are required.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    out_url: Option<String>,
    in_url: Option<String>,
    format: String,
}

/// `GET /callback/settings`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    Ok(ok(&read(call.service, call.account()).await?.0))
}

/// `PUT /callback/settings`. A parameter that is absent stays as it is; one that is empty or `null` is taken
/// away. An address that was stopped for its failures is tried again.
pub(super) async fn put(call: &Call<'_>) -> Answer {
    let fields = call.body()?;
    let (known, [out, inbound]) = read(call.service, call.account()).await?;
    let format = fields.word("format", &FORMATS)?.map_or(known.format, str::to_owned);
    let mut problems = Problems::default();
    let mut urls = Vec::with_capacity(2);
    for (name, old) in [("outUrl", known.out_url), ("inUrl", known.in_url)] {
        let url = match fields.text(name)? {
            Some(url) => Some(url.trim().to_owned()),
            None if fields.has(name) => None,
            None => old,
        };
        if url.as_deref().and_then(url_fault).is_some() {
            problems.field(name, "This value is not a valid URL.");
        }
        urls.push(url);
    }
    problems.check()?;
    let (service, account) = (call.service, call.account());
    let options = BTreeMap::from([(FORMAT.to_owned(), format)]);
    service.put_webhook_options(account, ID, &options).await?;
    let wants = [Wants { mt: true, ..Wants::default() }, Wants { mo: true, ..Wants::default() }];
    for (((name, url), known), wants) in [OUT, IN].into_iter().zip(urls).zip([out, inbound]).zip(wants) {
        match (url, known) {
            (Some(url), known) => {
                let number = known.map_or(0, |target| target.number);
                let target = Target {
                    number,
                    name: Some(name.to_owned()),
                    options: options.clone(),
                    ..Target::new(ID, &url, wants)
                };
                service.put_webhook(account, target).await?;
            }
            (None, Some(known)) => service.remove_webhook(account, known.number).await?,
            (None, None) => {}
        }
    }
    Ok(ok(&read(service, account).await?.0))
}

/// The settings, and the targets behind the two addresses.
async fn read(service: &Service, account: AccountId) -> Result<(Settings, [Option<Target>; 2]), LedgerError> {
    let targets = service.webhooks(account).await?;
    let named = |name| targets.iter().find(|target| target.name.as_deref() == Some(name)).cloned();
    let (out, inbound) = (named(OUT), named(IN));
    let format = service.webhook_options(account, ID).await?.remove(FORMAT);
    let url = |target: &Option<Target>| target.as_ref().map(|target| target.url.clone());
    let settings = Settings {
        out_url: url(&out),
        in_url: url(&inbound),
        format: format.unwrap_or_else(|| USUAL.to_owned()),
    };
    Ok((settings, [out, inbound]))
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        LedgerError::from(error).into()
    }
}
