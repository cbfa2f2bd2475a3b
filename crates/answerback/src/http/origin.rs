//! Under which address a caller reached us, and from where: behind a proxy both are what the proxy says,
//! if it is one that may say so.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::uri::Uri;
use service::authenticate::address_matches;

use super::forwarded::{Hop, forwarded, read_address, x_forwarded};
use super::host::Authority;

/// The address that callers use, as configured: scheme, host, port and perhaps a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    origin: String,
    prefix: String,
}

impl PublicUrl {
    /// Reads `http(s)://host[:port][/prefix]`; a final slash is dropped. Anything else is `None`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !matches!(scheme, "http" | "https") {
            return None;
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = Authority::parse(authority)?;
        let prefix = read_prefix(path)?;
        Some(Self { origin: format!("{scheme}://{}", authority.shown(scheme)), prefix })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.prefix)
    }
}

/// A path that may stand before ours: segments of plain letters, without the final slash.
fn read_prefix(path: &str) -> Option<String> {
    let path = path.trim_end_matches('/');
    let plain =
        |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'/' | b'-' | b'_' | b'.' | b'~');
    let sound = path.is_empty() || (path.starts_with('/') && !path.contains("//") && path.bytes().all(plain));
    sound.then(|| path.to_owned())
}

/// What is fixed for a listener.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    pub(super) public_url: Option<PublicUrl>,
    pub(super) trusted_proxies: Vec<String>,
    /// Hosts that belong to one dialect: they stay in the links, whatever the public address is.
    pub(super) bound_hosts: Vec<String>,
    /// Whether callers speak TLS with us.
    pub(super) tls: bool,
}

/// What is known of one request before its body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival<'a> {
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) peer: IpAddr,
    pub(super) local: SocketAddr,
    /// Whether the protocol demands a host (HTTP/1.1).
    pub(super) host_needed: bool,
}

/// The result: where the caller is, what links begin with, and the path that is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) remote: IpAddr,
    pub(super) origin: String,
    pub(super) path: String,
    /// Whether the peer is a proxy that is believed.
    pub(super) trusted: bool,
}

/// A host, a target or a forwarding header that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misleading;

impl Origins {
    /// Works it out for one request.
    pub(super) fn locate(&self, arrival: Arrival<'_>) -> Result<Located, Misleading> {
        let asked = asked_host(arrival)?;
        let trusted = self.is_trusted(arrival.peer);
        let (remote, hop) = if trusted { self.caller(arrival)? } else { (arrival.peer, Hop::default()) };
        let path = match arrival.uri.path() {
            "" => return Err(Misleading),
            path => path,
        };
        let host = match hop.host {
            Some(host) => Authority::parse(&host).ok_or(Misleading)?,
            None => asked,
        };
        let is_bound = self.bound_hosts.iter().any(|bound| bound.eq_ignore_ascii_case(&host.host));
        if let Some(url) = self.public_url.as_ref().filter(|_| !is_bound) {
            let path = without_prefix(path, &url.prefix);
            return Ok(Located { remote, origin: url.to_string(), path: path.to_owned(), trusted });
        }
        let scheme = match hop.scheme.map(|scheme| scheme.to_ascii_lowercase()).as_deref() {
            None => self.scheme(),
            Some("http") => "http",
            Some("https") => "https",
            Some(_) => return Err(Misleading),
        };
        let prefix = if trusted { forwarded_prefix(arrival.headers)? } else { String::new() };
        let origin = format!("{scheme}://{}{prefix}", host.shown(scheme));
        Ok(Located { remote, origin, path: path.to_owned(), trusted })
    }

    /// What links would begin with if nothing the caller said can be used.
    pub(super) fn fallback(&self, local: SocketAddr) -> String {
        self.public_url.as_ref().map_or_else(|| format!("{}://{local}", self.scheme()), ToString::to_string)
    }

    /// The scheme when no proxy names one: the public address', else the listener's own.
    fn scheme(&self) -> &'static str {
        let public = self.public_url.as_ref().map(|url| url.origin.starts_with("https:"));
        if public.unwrap_or(self.tls) { "https" } else { "http" }
    }

    fn is_trusted(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|range| address_matches(range, address))
    }

    /// Follows the chain of proxies from the nearest outward, as far as each is believed: the caller, and
    /// what the outermost believed proxy wrote about it.
    fn caller(&self, arrival: Arrival<'_>) -> Result<(IpAddr, Hop), Misleading> {
        let standard = forwarded(arrival.headers).map_err(|_| Misleading)?;
        let older = x_forwarded(arrival.headers).map_err(|_| Misleading)?;
        let standard = standard.map(|hops| self.walk(arrival.peer, hops)).transpose()?;
        let older = older.map(|hops| self.walk(arrival.peer, hops)).transpose()?;
        match (standard, older) {
            // A proxy writes one of them; the other may come from the caller. Where they name different
            // callers nobody can tell which is forged, and a key's allowed addresses depend on it.
            (Some(one), Some(other)) if one.0 != other.0 => Err(Misleading),
            (Some((remote, standard)), Some((_, older))) => {
                let hop = Hop {
                    address: None,
                    scheme: standard.scheme.or(older.scheme),
                    host: standard.host.or(older.host),
                };
                Ok((remote, hop))
            }
            (Some(one), None) | (None, Some(one)) => Ok(one),
            (None, None) => Ok((arrival.peer, Hop::default())),
        }
    }

    fn walk(&self, peer: IpAddr, hops: Vec<Hop>) -> Result<(IpAddr, Hop), Misleading> {
        let mut caller = (peer, Hop::default());
        for hop in hops.into_iter().rev() {
            let address = match hop.address.as_deref() {
                // A proxy that hides the address, or wrote none: nothing further out can be told.
                None => return Ok((caller.0, hop)),
                Some(text) if text.eq_ignore_ascii_case("unknown") || text.starts_with('_') => {
                    return Ok((caller.0, hop));
                }
                Some(text) => read_address(text).ok_or(Misleading)?,
            };
            caller = (address, hop);
            if !self.is_trusted(address) {
                break;
            }
        }
        Ok(caller)
    }
}

/// The host the request itself names: in its target if that is absolute, else in its `Host` header.
fn asked_host(arrival: Arrival<'_>) -> Result<Authority, Misleading> {
    let mut values = arrival.headers.get_all(http::header::HOST).iter();
    let header = values.next();
    if values.next().is_some() {
        return Err(Misleading);
    }
    if header.is_none() && arrival.host_needed {
        return Err(Misleading);
    }
    let header = header.map(|value| value.to_str().map_err(|_| Misleading)).transpose()?;
    match arrival.uri.authority().map(http::uri::Authority::as_str).or(header) {
        Some(text) => Authority::parse(text).ok_or(Misleading),
        // Before HTTP/1.1 nobody had to name a host.
        None => Authority::parse(&arrival.local.to_string()).ok_or(Misleading),
    }
}

fn forwarded_prefix(headers: &HeaderMap) -> Result<String, Misleading> {
    match headers.get("x-forwarded-prefix") {
        None => Ok(String::new()),
        Some(value) => value.to_str().ok().and_then(read_prefix).ok_or(Misleading),
    }
}

/// The path without the configured prefix, for proxies that pass it on; those that cut it off did it already.
fn without_prefix<'a>(path: &'a str, prefix: &str) -> &'a str {
    match path.strip_prefix(prefix) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        Some(_) | None => path,
    }
}

#[cfg(test)]
mod tests;
