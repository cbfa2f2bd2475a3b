//! Credentials as HTTP carries them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Request;

/// What an `Authorization` header says. Scheme names are matched without regard to case.
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// `Basic`: user and password, split at the first colon.
    Basic(String, String),
    /// `Bearer`: a token.
    Bearer(String),
    /// Another scheme, an empty value, or one that cannot be decoded: a credential that is never right.
    Unusable,
}

/// The request's `Authorization`, if it has one. Two such headers are unusable.
pub fn authorization(request: &Request) -> Option<Authorization> {
    let mut values = request.headers.get_all(http::header::AUTHORIZATION).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Authorization::Unusable);
    }
    Some(value.to_str().ok().and_then(read).unwrap_or(Authorization::Unusable))
}

fn read(value: &str) -> Option<Authorization> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if rest.is_empty() {
        return None;
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Authorization::Bearer(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Authorization::Basic(user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(value: &str, expected: Option<Authorization>) {
        assert!(read(value) == expected, "{value}");
    }

    #[test]
    fn schemes() {
        is("Bearer abc", Some(Authorization::Bearer("abc".to_owned())));
        is("bearer   abc", Some(Authorization::Bearer("abc".to_owned())));
        is("basic dTpwOnE=", Some(Authorization::Basic("u".to_owned(), "p:q".to_owned())));
        for bad in ["Bearer", "Bearer ", "Basic !!!", "Basic dTo", "Digest x", "", "Basic dXA="] {
            is(bad, None);
        }
    }
}
