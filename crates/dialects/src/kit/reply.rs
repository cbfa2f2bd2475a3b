//! Building answers.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::Response;

/// An answer of this status, content type and body.
pub fn with_body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// Adds a header whose value is made at run time; a value that HTTP cannot carry is left out.
pub fn add_header(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A serialisable value as JSON octets.
pub fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // Serialisation of our own types (string keys, no foreign code) cannot fail.
    serde_json::to_vec(value).unwrap_or_else(|_| b"null".to_vec())
}
