//! One origin for all: finds the dialect whose path it is.

use std::collections::HashMap;

use service::Service;

use super::{Dialect, Early, Request, Response};

/// The dialects, and which hosts they are bound to.
pub struct Router {
    dialects: Vec<Box<dyn Dialect>>,
    hosts: HashMap<String, &'static str>,
    off: Vec<&'static str>,
}

impl Router {
    /// Routes to these dialects; the last takes every path that no other owns.
    pub fn new(dialects: Vec<Box<dyn Dialect>>) -> Self {
        Self { dialects, hosts: HashMap::new(), off: Vec::new() }
    }

    /// Switches a dialect off: its paths answer, in its own shape, that nothing is there. `false` when there
    /// is no such dialect.
    pub fn switch_off(&mut self, id: &str) -> bool {
        let found = self.id(id);
        self.off.extend(found);
        found.is_some()
    }

    /// Binds a host name to a dialect: every path there is that vendor's. `false` when there is no such
    /// dialect.
    pub fn bind_host(&mut self, host: &str, id: &str) -> bool {
        let found = self.id(id);
        if let Some(id) = found {
            self.hosts.insert(host.to_ascii_lowercase(), id);
        }
        found.is_some()
    }

    /// The dialects, for documentation and tests.
    pub fn dialects(&self) -> impl Iterator<Item = &dyn Dialect> {
        self.dialects.iter().map(AsRef::as_ref)
    }

    /// Whose request this is to answer; `None` only when there are no dialects.
    pub fn owner(&self, request: &Request) -> Option<&dyn Dialect> {
        let host = host_of(&request.origin).to_ascii_lowercase();
        if let Some(id) = self.hosts.get(&host) {
            return self.dialects.iter().find(|dialect| dialect.id() == *id).map(AsRef::as_ref);
        }
        let owner = self.dialects.iter().find(|dialect| dialect.owns(&request.path));
        owner.or(self.dialects.last()).map(AsRef::as_ref)
    }

    /// Answers a request.
    pub async fn serve(&self, service: &Service, request: Request) -> Response {
        match self.owner(&request) {
            Some(dialect) if self.off.contains(&dialect.id()) => dialect.refuse(&Early::NotServed, &request),
            Some(dialect) => dialect.serve(service, request).await,
            None => super::reply::empty(http::StatusCode::NOT_FOUND),
        }
    }

    /// Answers a request that was refused before it was read.
    pub fn refuse(&self, early: &Early, request: &Request) -> Response {
        match self.owner(request) {
            Some(dialect) => dialect.refuse(early, request),
            None => super::reply::empty(early.status()),
        }
    }

    fn id(&self, id: &str) -> Option<&'static str> {
        self.dialects.iter().map(|dialect| dialect.id()).find(|known| *known == id)
    }
}

/// The host in an origin, without port and prefix; an IPv6 address keeps its brackets.
fn host_of(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    &authority[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_cut_out_of_origins() {
        for (origin, host) in [
            ("http://a.example", "a.example"),
            ("https://a.example:8443/prefix", "a.example"),
            ("http://[2001:db8::1]:80", "[2001:db8::1]"),
            ("http://[2001:db8::1]/x", "[2001:db8::1]"),
            ("", ""),
        ] {
            assert_eq!(host_of(origin), host, "{origin}");
        }
    }
}
