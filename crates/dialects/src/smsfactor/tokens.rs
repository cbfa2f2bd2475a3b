//! Tokens: the keys of an account (reference 2.9).

use std::collections::HashMap;

use http::StatusCode;
use service::LedgerError;
use service::manage::{KeyError, KeyRequest};
use service::model::Key;
use sms::Micros;

use super::answer::Answer;
use super::body::items;
use super::call::{Call, Done, member};
use super::error::Failure;
use super::local_time::LocalTime;

/// The longest lifetime, in seconds: a hundred years.
const LONGEST: i64 = 100 * 366 * 86_400;
/// The most addresses that a token may have.
const MOST_ADDRESSES: usize = 100;
/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// `POST /token`: the one time that its secret is shown.
pub(super) async fn create(call: &Call<'_>) -> Done {
    let (service, account) = (call.service, call.account());
    let fields = call.fields(&["token"])?;
    let name = member(fields, "name")?.filter(|name| name.chars().count() <= LONGEST_NAME);
    let name = name.ok_or(Failure::Data { parameter: "name", problem: "is missing, or too long" })?;
    let expires = match member(fields, "ttl")? {
        None => None,
        Some(text) => {
            let seconds = text.parse().ok().filter(|seconds| (1..=LONGEST).contains(seconds));
            let problem = "is not a number of seconds";
            let seconds = seconds.ok_or(Failure::Data { parameter: "ttl", problem })?;
            Some(Micros::new(service.now().get() + seconds * 1_000_000))
        }
    };
    let problem = "is not a list of addresses and ranges";
    let wrong = || Failure::Data { parameter: "allowed_ips", problem };
    let given = fields.get("allowed_ips").filter(|ips| !ips.is_null()).map(items).unwrap_or_default();
    let texts = given.iter().map(|ip| ip.as_str().map(|ip| ip.trim().to_owned()));
    let addresses: Vec<String> = texts.collect::<Option<_>>().ok_or_else(wrong)?;
    let addresses: Vec<String> = addresses.into_iter().filter(|ip| !ip.is_empty()).collect();
    if addresses.len() > MOST_ADDRESSES {
        return Err(wrong());
    }
    let request = KeyRequest { username: Some(call.access.username.clone()), expires, addresses };
    let (key, secret) = service.create_key(account, request).await.map_err(|error| match error {
        KeyError::Address(_) => wrong(),
        KeyError::Ledger(error) => error.into(),
        error @ (KeyError::Weak | KeyError::Random(_)) => {
            Failure::Ledger(LedgerError::Store(error.to_string()))
        }
    })?;
    service.label_key(account, key.id, &name).await?;
    let mut answer = call.success();
    answer.text("token", &secret);
    answer.digits("token_id", key.id);
    addresses_of(&mut answer, &key);
    Ok(answer.finish(StatusCode::OK))
}

fn addresses_of(answer: &mut Answer, key: &Key) {
    match key.addresses.as_slice() {
        [] => answer.null("allowed_ips"),
        some => answer.texts("allowed_ips", some.iter().map(String::as_str)),
    }
}

/// The keys of the account that were not revoked, by number.
async fn keys(call: &Call<'_>) -> Result<Vec<Key>, Failure> {
    let keys = call.service.keys(call.account()).await?;
    Ok(keys.into_iter().filter(|key| !key.revoked).collect())
}

/// The key of the path.
async fn find(call: &Call<'_>) -> Result<Key, Failure> {
    let number = call.number()?;
    let found = keys(call).await?.into_iter().find(|key| key.id == number);
    found.ok_or(Failure::Resource("there is no such token"))
}

/// `GET /token`.
pub(super) async fn list(call: &Call<'_>) -> Done {
    let keys = keys(call).await?;
    let labels = call.service.key_labels(call.account()).await?;
    let (mut local, now) = (LocalTime::default(), call.service.now());
    let mut answer = call.success();
    answer.list("tokens", &keys, |answer, key| write(answer, key, &labels, now, &mut local));
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /token/{id}`.
pub(super) async fn show(call: &Call<'_>) -> Done {
    let key = find(call).await?;
    let labels = call.service.key_labels(call.account()).await?;
    let (mut local, now) = (LocalTime::default(), call.service.now());
    let mut answer = call.success();
    answer.object("token", |answer| write(answer, &key, &labels, now, &mut local));
    Ok(answer.finish(StatusCode::OK))
}

/// A key that was made elsewhere has its user name for a name.
fn write(answer: &mut Answer, key: &Key, labels: &HashMap<u32, String>, now: Micros, local: &mut LocalTime) {
    answer.text("name", labels.get(&key.id).unwrap_or(&key.username));
    answer.integer("api_token_id", key.id);
    answer.text("created_at", &local.text(key.created.seconds()));
    let expired_at = key.expires.map(|expires| local.text(expires.seconds()));
    answer.text_or_null("expired_at", expired_at.as_deref());
    match key.expires {
        // A key is made a moment after its end was reckoned, which is part of its last second.
        Some(expires) => answer.integer("ttl", (expires.get() - key.created.get() + 999_999) / 1_000_000),
        None => answer.null("ttl"),
    }
    let active = key.expires.is_none_or(|expires| expires > now);
    answer.text("is_active", if active { "1" } else { "0" });
    addresses_of(answer, key);
}

/// `DELETE /token/{id}`: whoever has it is nobody from now on.
pub(super) async fn remove(call: &Call<'_>) -> Done {
    let key = find(call).await?;
    call.service.revoke_key(call.account(), key.id).await?;
    let mut answer = call.success();
    answer.digits("deleted_token", key.id);
    Ok(answer.finish(StatusCode::OK))
}
