//! Credentials: `X-TM-Username` with `X-TM-Key`, or HTTP Basic; both at once must agree. Who asks for a token
//! has them in the body.

use http::HeaderMap;
use service::{Access, AuthFailure, Credential, Service};

use super::error::Failure;
use super::tokens;
use crate::kit::Request;
use crate::kit::auth::{Authorization, authorization};

/// The vendor's words for every failed log-in.
const WRONG: &str = "Wrong username and token combination.";

/// Recognises the sender of a request. No challenge header goes with the refusal: a classic client would
/// send the request once more for it.
pub(super) async fn authenticate(service: &Service, request: &Request) -> Result<Access, Failure> {
    let credentials = if tokens::asks(request) {
        tokens::credential(request)?.map(|credential| vec![credential])
    } else {
        credentials(request)
    };
    let credentials = credentials.ok_or(Failure::Unauthorized(WRONG))?;
    service.authenticate(&credentials, request.remote).await.map_err(|failure| match failure {
        AuthFailure::Missing | AuthFailure::Wrong => Failure::Unauthorized(WRONG),
        AuthFailure::Address => Failure::Unauthorized("This key may not be used from this address."),
        AuthFailure::TooMany(seconds) => Failure::TooMany(seconds),
        AuthFailure::Ledger(error) => error.into(),
    })
}

/// The credentials a request carries, none included; `None` when one of them can never be right: half of
/// the pair of headers, a header sent twice, another scheme.
fn credentials(request: &Request) -> Option<Vec<Credential>> {
    let mut found = Vec::new();
    match (single(&request.headers, "x-tm-username"), single(&request.headers, "x-tm-key")) {
        (Header::Absent, Header::Absent) => {}
        (Header::Text(username), Header::Text(key)) => found.push(Credential::pair(username, key)),
        _ => return None,
    }
    match authorization(request) {
        None => {}
        Some(Authorization::Basic(username, key)) => found.push(Credential::pair(username, key)),
        Some(Authorization::Bearer(_) | Authorization::Unusable) => return None,
    }
    Some(found)
}

#[derive(Debug, PartialEq)]
enum Header {
    Absent,
    Text(String),
    Unusable,
}

/// A header that may stand once. Its octets are read as UTF-8, which is what user names are kept in.
fn single(headers: &HeaderMap, name: &str) -> Header {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Header::Absent };
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) if !text.trim().is_empty() && values.next().is_none() => {
            Header::Text(text.trim().to_owned())
        }
        _ => Header::Unusable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, Method};

    fn request(headers: &[(&'static str, &[u8])]) -> Request {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_bytes(value).expect("a header value"));
        }
        Request {
            method: Method::GET,
            path: "/api/v2/ping".to_owned(),
            query: String::new(),
            headers: map,
            body: bytes::Bytes::new(),
            remote: std::net::IpAddr::from([127, 0, 0, 1]),
            origin: "http://localhost".to_owned(),
        }
    }

    #[test]
    fn both_schemes_and_their_ruins() {
        let pair = |user: &str, key: &str| Credential::pair(user, key);
        let is = |headers: &[(&'static str, &[u8])], expected| {
            assert_eq!(credentials(&request(headers)), expected, "{headers:?}");
        };
        is(&[], Some(vec![]));
        is(&[("x-tm-username", b"u"), ("x-tm-key", b"k")], Some(vec![pair("u", "k")]));
        is(&[("authorization", b"Basic dTpr")], Some(vec![pair("u", "k")]));
        is(
            &[("x-tm-username", b"a"), ("x-tm-key", b"b"), ("authorization", b"Basic dTpr")],
            Some(vec![pair("a", "b"), pair("u", "k")]),
        );
        is(&[("x-tm-username", "é".as_bytes()), ("x-tm-key", b"k")], Some(vec![pair("é", "k")]));
        is(&[("x-tm-username", b"u")], None);
        is(&[("x-tm-key", b"k")], None);
        is(&[("x-tm-username", b""), ("x-tm-key", b"k")], None);
        is(&[("x-tm-username", b"u"), ("x-tm-key", b"k"), ("x-tm-key", b"k")], None);
        is(&[("x-tm-username", b"\xff"), ("x-tm-key", b"k")], None);
        is(&[("authorization", b"Bearer k")], None);
        is(&[("authorization", b"Basic !")], None);
        is(&[("x-tm-username", b"u"), ("x-tm-key", b"k"), ("authorization", b"Bearer k")], None);
    }
}
