//! Who asks: every place this vendor's clients put a credential in (reference 1.2). All that a request carries
//! must agree; a request that contradicts itself is nobody's.

use service::{Access, AuthFailure, Credential, Service};

use super::body::Body;
use super::error::{Failure, Given};
use crate::kit::auth::{Authorization, authorization};
use crate::kit::{Params, Request};

/// Recognises the sender of a request.
pub(super) async fn authenticate(
    service: &Service,
    request: &Request,
    query: &Params,
    body: &Body,
) -> Result<Access, Failure> {
    let claims = Claims::of(request, query, body);
    let refused = Failure::Credentials(claims.given());
    let Some(credential) = claims.agreed() else { return Err(refused) };
    match service.authenticate(&[credential], request.remote).await {
        Ok(access) => Ok(access),
        Err(AuthFailure::Missing | AuthFailure::Wrong | AuthFailure::Address) => Err(refused),
        Err(AuthFailure::TooMany(seconds)) => Err(Failure::TooMany(seconds)),
        Err(AuthFailure::Ledger(error)) => Err(error.into()),
    }
}

/// All that a request says about its sender.
#[derive(Default)]
struct Claims {
    tokens: Vec<String>,
    usernames: Vec<String>,
    passwords: Vec<String>,
    /// A token was given that can never be right: another scheme, or octets that are no text.
    bad_token: bool,
    /// A login was given that can never be right: half a pair, or octets that are no text.
    bad_login: bool,
}

impl Claims {
    fn of(request: &Request, query: &Params, body: &Body) -> Self {
        let mut claims = Self::default();
        match authorization(request) {
            Some(Authorization::Bearer(token)) => claims.tokens.push(token),
            Some(Authorization::Basic(..) | Authorization::Unusable) => claims.bad_token = true,
            None => {}
        }
        for token in query.all("token") {
            match token {
                Ok(token) => claims.tokens.extend(filled(token)),
                Err(_) => claims.bad_token = true,
            }
        }
        match ["sfusername", "sfpassword"].map(|name| in_headers(request, name)) {
            [Some(usernames), Some(passwords)] => claims.login(usernames, passwords),
            _ => claims.bad_login = true,
        }
        match ["username", "password"].map(|name| in_query(query, name)) {
            [Some(usernames), Some(passwords)] => claims.login(usernames, passwords),
            _ => claims.bad_login = true,
        }
        for login in body.logins() {
            claims.tokens.extend(login.token);
            claims.login(login.username.into_iter().collect(), login.password.into_iter().collect());
        }
        claims
    }

    /// Takes in names and passwords from one place, where neither is anything without the other.
    fn login(&mut self, usernames: Vec<String>, passwords: Vec<String>) {
        self.bad_login |= usernames.is_empty() != passwords.is_empty();
        self.usernames.extend(usernames);
        self.passwords.extend(passwords);
    }

    /// What a refusal speaks of: a login only where nothing else was given.
    fn given(&self) -> Given {
        let login = self.bad_login || !self.usernames.is_empty();
        if login && !self.bad_token && self.tokens.is_empty() { Given::Login } else { Given::Token }
    }

    /// The one credential that all of it amounts to. A secret belongs to one key, so that two different ones
    /// never agree, nor do two names.
    fn agreed(self) -> Option<Credential> {
        if self.bad_token || self.bad_login {
            return None;
        }
        let secret = only(self.tokens.into_iter().chain(self.passwords))?;
        if self.usernames.is_empty() {
            return Some(Credential::bearer(secret));
        }
        Some(Credential::pair(only(self.usernames)?, secret))
    }
}

/// The value that all of them are; `None` when there is none, or when two differ.
fn only(values: impl IntoIterator<Item = String>) -> Option<String> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// The value, unless it is empty, which is as good as absent.
fn filled(value: &str) -> Option<String> {
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// Every value of a parameter that is not empty; `None` when one is no text.
fn in_query(query: &Params, name: &str) -> Option<Vec<String>> {
    let texts: Option<Vec<&str>> = query.all(name).map(Result::ok).collect();
    Some(texts?.into_iter().filter_map(filled).collect())
}

/// The same for a header. Passwords may go beyond ASCII.
fn in_headers(request: &Request, name: &str) -> Option<Vec<String>> {
    let values = request.headers.get_all(name).iter();
    let texts: Option<Vec<&str>> = values.map(|value| std::str::from_utf8(value.as_bytes()).ok()).collect();
    Some(texts?.into_iter().filter_map(filled).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a GET request with these headers, this query and this body amounts to, as `user:secret`.
    fn claims(headers: &[(&str, &str)], query: &str, body: &'static str) -> (Option<String>, Given) {
        let mut request = Request {
            method: http::Method::GET,
            path: "/credits".to_owned(),
            query: query.to_owned(),
            headers: http::HeaderMap::new(),
            body: body.into(),
            remote: std::net::Ipv4Addr::LOCALHOST.into(),
            origin: "http://localhost".to_owned(),
        };
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().expect("a name");
            let value = http::HeaderValue::from_bytes(value.as_bytes()).expect("a value");
            request.headers.append(name, value);
        }
        let claims = Claims::of(&request, &Params::parse(query.as_bytes()), &Body::read(&request.body));
        let given = claims.given();
        let shown = |credential: Credential| {
            format!("{}:{}", credential.username.unwrap_or_default(), credential.secret)
        };
        (claims.agreed().map(shown), given)
    }

    const BEARER: (&str, &str) = ("authorization", "Bearer s");

    #[test]
    fn every_place() {
        let body = r#"{"sms":{"authentication":{"username":"u","password":"s"}}}"#;
        for (headers, query, body, expected) in [
            (&[BEARER][..], "", "", ":s"),
            (&[("authorization", "bearer s")], "", "", ":s"),
            (&[], "token=s", "", ":s"),
            (&[], "username=u&password=s", "", "u:s"),
            (&[("sfusername", "u"), ("sfpassword", "s")], "", "", "u:s"),
            (&[("sfusername", "é"), ("sfpassword", "ö")], "", "", "é:ö"),
            (&[], "", r#"{"sms":{"authentication":{"token":"s"}}}"#, ":s"),
            (&[], "", body, "u:s"),
            (&[BEARER], "token=s", "", ":s"),
            (&[BEARER], "token=&username=&password=", "[]", ":s"),
            (&[BEARER], "username=u&password=s", body, "u:s"),
            (&[], "token=s&token=s", "", ":s"),
        ] {
            let (credential, _) = claims(headers, query, body);
            assert_eq!(credential.as_deref(), Some(expected), "{headers:?} {query} {body}");
        }
    }

    #[test]
    fn what_can_never_be_right() {
        let body = r#"{"sms":{"authentication":{"username":"u","password":"x"}}}"#;
        for (headers, query, body, given) in [
            (&[][..], "", "", Given::Token),
            (&[("authorization", "Basic dTpz")], "", "", Given::Token),
            (&[("authorization", "Bearer ")], "", "", Given::Token),
            (&[("authorization", "Basic dTpz")], "token=s", "", Given::Token),
            (&[BEARER], "token=x", "", Given::Token),
            (&[BEARER], "token=%ff", "", Given::Token),
            (&[BEARER, ("authorization", "Bearer x")], "", "", Given::Token),
            (&[BEARER], "username=u&password=x", "", Given::Token),
            (&[BEARER], "", body, Given::Token),
            (&[], "token=s&token=x", "", Given::Token),
            (&[], "username=u", "", Given::Login),
            (&[], "password=s", "", Given::Login),
            (&[], "username=u&password=%ff", "", Given::Login),
            (&[], "username=u&username=v&password=s", "", Given::Login),
            (&[("sfusername", "u")], "", "", Given::Login),
            (&[("sfusername", "u"), ("sfpassword", "s")], "", body, Given::Login),
        ] {
            assert_eq!(claims(headers, query, body), (None, given), "{headers:?} {query} {body}");
        }
    }
}
