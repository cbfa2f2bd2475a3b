//! HTTP/1.1 on a socket: listening, limits, TLS, and who the caller is; what is said is the dialects'.
//!
//! A connection ([`connection`]) is read by hyper; each request goes through [`exchange`], which locates the
//! caller ([`origin`]), reads the body within limits ([`body`]), asks the router, and writes the log line
//! and the figures ([`metrics`]).

mod body;
mod connection;
mod endpoint_names;
mod exchange;
mod forwarded;
pub(crate) mod host;
mod listener;
mod metrics;
pub(crate) mod origin;
mod own;
mod request_id;
mod stall;
mod tls;
mod unwind;

use std::sync::Arc;

use dialects::kit::Router;
use service::Service;
use service::webhooks::Webhooks;
use tokio::sync::Semaphore;

pub(crate) use listener::{Listener, bind};
pub(crate) use tls::acceptor;

use crate::config::{Config, Limits};
use crate::figures::Source;
use crate::store::StoreFigures;
use crate::ways::Fleet;
use endpoint_names::EndpointNames;
use metrics::Metrics;
use origin::Origins;

/// What all connections share.
pub(crate) struct Front {
    service: Service,
    router: Router,
    names: EndpointNames,
    origins: Origins,
    limits: Limits,
    metrics: Metrics,
    /// Whoever has figures to tell.
    sources: Vec<Box<dyn Source>>,
    fleet: Fleet,
    /// Whether the server is ready only while a carrier takes messages.
    ready_needs_carrier: bool,
    /// A place for each request that may be under way.
    requests: Semaphore,
}

impl Front {
    /// A front for this service and its carriers, as configured; `store` measures its store.
    pub(crate) fn new(
        service: Service,
        store: StoreFigures,
        fleet: &Fleet,
        webhooks: &Webhooks,
        config: &Config,
    ) -> Arc<Self> {
        let router = router(config);
        let bound_hosts = config.dialects.values().filter_map(|dialect| dialect.host.clone()).collect();
        Arc::new(Self {
            service,
            names: EndpointNames::of(&router),
            metrics: Metrics::default(),
            sources: vec![Box::new(store), Box::new(fleet.clone()), Box::new(webhooks.clone())],
            fleet: fleet.clone(),
            ready_needs_carrier: config.ready_needs_carrier,
            requests: Semaphore::new(config.limits.requests),
            limits: config.limits.clone(),
            origins: Origins {
                public_url: config.public_url.clone(),
                trusted_proxies: config.trusted_proxies.clone(),
                bound_hosts,
                tls: config.tls.certificate.is_some(),
            },
            router,
        })
    }
}

fn router(config: &Config) -> Router {
    let mut router = Router::new(dialects::all());
    for (id, dialect) in &config.dialects {
        // The ids come from the same list, so both always find their dialect.
        if !dialect.enabled {
            let _known = router.switch_off(id);
        }
        if let Some(host) = &dialect.host {
            let _known = router.bind_host(host, id);
        }
    }
    router
}
