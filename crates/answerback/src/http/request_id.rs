//! A name for every request, in the answer and in the log.

use http::HeaderMap;

/// The header that carries it.
pub(super) const HEADER: &str = "x-request-id";

/// The name a trusted proxy gave, if it is a plain one, else a fresh one of 128 random bits.
pub(super) fn request_id(headers: &HeaderMap, trusted: bool) -> String {
    let given = headers.get(HEADER).filter(|_| trusted).and_then(|value| value.to_str().ok());
    match given.filter(|id| is_plain(id)) {
        Some(id) => id.to_owned(),
        None => format!("{:032x}", rand::random::<u128>()),
    }
}

fn is_plain(id: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_may_name_a_request() {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, http::HeaderValue::from_static("abc-1"));
        assert_eq!(request_id(&headers, true), "abc-1");
        let fresh = request_id(&headers, false);
        assert!(fresh.len() == 32 && fresh != request_id(&headers, false));
        headers.insert(HEADER, http::HeaderValue::from_static("a b\"c"));
        assert_eq!(request_id(&headers, true).len(), 32);
    }
}
