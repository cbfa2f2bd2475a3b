//! Logging in: for clients that ask for a token by a user name and a password. Here there are no passwords: the
//! password is a key's secret, and the token they get is the same secret.

use http::Method;
use serde::Serialize;
use service::Credential;

use super::call::{Answer, Call, created, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::values::{PREFIX, Stamp};
use crate::kit::Request;

/// Whether a request asks for a token: what else it carries of credentials is not looked at then, because one
/// client sends headers with whatever it was made with.
pub(super) fn asks(request: &Request) -> bool {
    let path = request.path.strip_prefix(PREFIX);
    request.method == Method::POST && matches!(path, Some("/tokens" | "/auth"))
}

/// The user name and the password in the body; `None` when one of them is missing.
pub(super) fn credential(request: &Request) -> Result<Option<Credential>, Failure> {
    let body = Fields::of_body(request)?;
    let (Some(username), Some(password)) = (text(&body, "username")?, text(&body, "password")?) else {
        return Ok(None);
    };
    Ok(Some(Credential::pair(username, password)))
}

fn text(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    Ok(body.text(name)?.map(Into::into))
}

#[derive(Serialize)]
struct Token<'a> {
    username: &'a str,
    token: String,
    expires: Option<Stamp>,
}

impl<'a> Token<'a> {
    async fn of(call: &'a Call<'_>) -> Result<Self, Failure> {
        let keys = call.service.keys(call.account()).await?;
        let key = keys.into_iter().find(|key| key.id == call.access.key);
        Ok(Self {
            username: &call.access.username,
            token: text(&call.body()?, "password")?.unwrap_or_default(),
            expires: key.and_then(|key| key.expires).map(Stamp),
        })
    }
}

/// `POST /tokens`.
pub(super) async fn create(call: &Call<'_>) -> Answer {
    Ok(created(&Token::of(call).await?))
}

/// `GET /tokens/refresh`: a key lasts as long as it lasts, so there is nothing to do.
pub(super) async fn refresh(_call: &Call<'_>) -> Answer {
    Ok(no_content())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Login<'a> {
    #[serde(flatten)]
    token: Token<'a>,
    min_versions: Versions,
    disallowed_rules: [&'static str; 0],
}

/// The least versions of the vendor's own programs: any will do.
#[derive(Serialize)]
struct Versions {
    ios: &'static str,
    android: &'static str,
    desktop: &'static str,
}

/// `POST /auth`.
pub(super) async fn log_in(call: &Call<'_>) -> Answer {
    let min_versions = Versions { ios: "0", android: "0", desktop: "0" };
    Ok(ok(&Login { token: Token::of(call).await?, min_versions, disallowed_rules: [] }))
}
