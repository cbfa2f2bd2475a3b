//! The `Idempotency-Key` header, which every dialect takes with everything that sends.

use service::plan::RequestKey;

use super::Request;

/// The header's name.
pub const HEADER: &str = "idempotency-key";

/// The header cannot be a key: doubled, empty, too long, or no plain visible text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Idempotency-Key header must be one text of 1 to {} visible octets", service::plan::LONGEST_KEY)]
pub struct BadKey;

/// The key of a request, made of the header and of all that makes the request what it is: method, path,
/// query as sent without the credentials that `secret` names (a rotated secret is still the same request),
/// and body. `None` without the header.
///
/// # Errors
/// [`BadKey`], to be refused in the dialect's own shape before anything is written.
pub fn request_key(request: &Request, secret: &[&str]) -> Result<Option<RequestKey>, BadKey> {
    let mut values = request.headers.get_all(HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(BadKey);
    }
    let value = value.to_str().map_err(|_| BadKey)?;
    let query: Vec<&str> = request.query.split('&').filter(|pair| !names(pair, secret)).collect();
    let query = query.join("&");
    let parts: [&[u8]; 4] =
        [request.method.as_str().as_bytes(), request.path.as_bytes(), query.as_bytes(), &request.body];
    RequestKey::new(value, &parts).map(Some).ok_or(BadKey)
}

fn names(pair: &str, secret: &[&str]) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    secret.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;

    fn request(query: &str, body: &'static str, keys: &[&'static str]) -> Request {
        let mut headers = HeaderMap::new();
        for key in keys {
            headers.append(HEADER, HeaderValue::from_static(key));
        }
        Request {
            method: Method::POST,
            path: "/send".to_owned(),
            query: query.to_owned(),
            headers,
            body: Bytes::from_static(body.as_bytes()),
            remote: IpAddr::V4(Ipv4Addr::LOCALHOST),
            origin: "http://localhost".to_owned(),
        }
    }

    #[test]
    fn keys_cover_the_request_but_not_its_secret() {
        let key = |query, body| request_key(&request(query, body, &["k"]), &["token"]).expect("a key");
        assert_eq!(key("a=1&token=x", "b"), key("token=y&a=1", "b"));
        assert_ne!(key("a=1", "b"), key("a=2", "b"));
        assert_ne!(key("a=1", "b"), key("a=1", "c"));
        assert_eq!(request_key(&request("", "", &[]), &[]), Ok(None));
        assert_eq!(request_key(&request("", "", &["a", "b"]), &[]), Err(BadKey));
        assert_eq!(request_key(&request("", "", &[""]), &[]), Err(BadKey));
    }
}
