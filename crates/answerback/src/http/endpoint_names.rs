//! The name of the endpoint a request is for, as figures are kept by it.

use std::collections::HashMap;

use dialects::kit::{Endpoint, Found, Request, Router, find};

/// Names by dialect; whatever is no endpoint is `other`, so that callers cannot make up new ones.
pub(super) struct EndpointNames(HashMap<&'static str, Vec<Endpoint<()>>>);

impl EndpointNames {
    pub(super) fn of(router: &Router) -> Self {
        let endpoints = |dialect: &dyn dialects::kit::Dialect| {
            let all = dialect.endpoints().into_iter();
            all.map(|(name, method, paths)| Endpoint { name, method, paths, handler: () }).collect()
        };
        Self(router.dialects().map(|dialect| (dialect.id(), endpoints(dialect))).collect())
    }

    /// The name, doubled and final slashes aside.
    pub(super) fn name(&self, dialect: &str, request: &Request) -> &'static str {
        let Some(endpoints) = self.0.get(dialect) else { return "other" };
        let segments: Vec<String> =
            request.segments().into_iter().filter(|segment| !segment.is_empty()).collect();
        match find(endpoints, &request.method, &segments) {
            Found::Endpoint(endpoint, _) => endpoint.name,
            Found::OtherMethods(_) | Found::Nothing => "other",
        }
    }
}
