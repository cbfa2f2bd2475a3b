//! A request as a dialect sees it.

use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderMap, Method};

/// A request, read whole.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path as sent, percent-encoded, without a public prefix that a proxy put before it.
    pub path: String,
    /// The query as sent, without the question mark; empty when there is none.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Where the caller is.
    pub remote: IpAddr,
    /// Scheme, host, port and prefix under which the caller reached the server, without a final slash:
    /// what links to ourselves begin with.
    pub origin: String,
}

impl Request {
    /// A header's text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The path's segments, percent-decoded; empty ones (doubled or final slashes) are kept.
    /// A segment that is not UTF-8 is replaced by one that matches nothing.
    pub fn segments(&self) -> Vec<String> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').map(decode_segment).collect()
    }
}

fn decode_segment(segment: &str) -> String {
    match percent_encoding::percent_decode_str(segment).decode_utf8() {
        Ok(text) => text.into_owned(),
        Err(_) => char::REPLACEMENT_CHARACTER.to_string(),
    }
}

/// Why a request is answered before a dialect read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// The body is larger than the listener takes.
    BodyTooLarge,
    /// The body did not arrive in time.
    Slow,
    /// The request could not be read.
    Malformed,
    /// Too many requests are under way.
    Overloaded,
    /// The handler took too long, or broke.
    Internal,
    /// The dialect is switched off, or bound to another host.
    NotServed,
}

impl Early {
    /// The status that says so in HTTP; a dialect may answer otherwise.
    pub fn status(self) -> http::StatusCode {
        match self {
            Self::BodyTooLarge => http::StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => http::StatusCode::REQUEST_TIMEOUT,
            Self::Malformed => http::StatusCode::BAD_REQUEST,
            Self::Overloaded => http::StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => http::StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotServed => http::StatusCode::NOT_FOUND,
        }
    }

    /// A sentence for the caller.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::BodyTooLarge => "The request body is too large.",
            Self::Slow => "The request did not arrive in time.",
            Self::Malformed => "The request could not be read.",
            Self::Overloaded => "Too many requests are under way; try again.",
            Self::Internal => "The server failed.",
            Self::NotServed => "Nothing is served here.",
        }
    }
}
