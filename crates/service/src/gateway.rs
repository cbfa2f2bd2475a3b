//! The way out and back: carriers, what is dispatched to them, what they report.
//!
//! One [`Gateway`] a process. Its ways are put in and taken out while it runs; [`Gateway::run`] takes what is
//! due from the ledger, leases it, hands it to the carrier that [`Routing`] chooses, and records what became
//! of it; beside that it commits receipts and MO and only then acknowledges them.

mod routing;

use std::sync::Arc;

use carriers::carrier::{Figures, LinkState};
use carriers::{Carrier, Events};
pub use routing::{Doubt, Routing};

use crate::Service;

/// A carrier as its operator set it up.
pub struct Way {
    /// The carrier.
    pub carrier: Arc<dyn Carrier>,
    /// What it reports.
    pub events: Events,
    /// What goes over it.
    pub routing: Routing,
    /// What becomes of attempts whose answer never came.
    pub doubt: Doubt,
}

/// A carrier as it is just now.
#[derive(Clone, Debug)]
pub struct WayReport {
    /// Its name.
    pub name: String,
    /// Whether it takes segments.
    pub state: LinkState,
    /// Its counts.
    pub figures: Figures,
    /// How many submissions it has open at most.
    pub window: usize,
    /// What goes over it.
    pub routing: Routing,
    /// What becomes of its uncertain attempts.
    pub doubt: Doubt,
}

/// The carriers of a process and the work with them. Clones are the same gateway.
#[derive(Clone)]
pub struct Gateway {
    service: Service,
}

impl Gateway {
    /// A gateway without carriers: what is due waits.
    pub fn new(service: Service) -> Self {
        Self { service }
    }

    /// Puts a carrier in, in the place of the one of its name if there is one, which is closed once its
    /// answers are in.
    pub async fn install(&self, way: Way) {
        let _ = (way, &self.service);
        todo!("dispatch")
    }

    /// Takes a carrier out and closes it; `false` when there is none of this name.
    pub async fn remove(&self, name: &str) -> bool {
        let _ = name;
        todo!("dispatch")
    }

    /// Gives a carrier other rules; `false` when there is none of this name.
    pub fn reroute(&self, name: &str, routing: Routing, doubt: Doubt) -> bool {
        let _ = (name, routing, doubt);
        todo!("dispatch")
    }

    /// The carrier of a name, to pause, to resume, to ask.
    pub fn carrier(&self, name: &str) -> Option<Arc<dyn Carrier>> {
        let _ = name;
        todo!("dispatch")
    }

    /// Every carrier, by name.
    pub fn ways(&self) -> Vec<WayReport> {
        todo!("dispatch")
    }

    /// Works until `stop` is ready: what is due goes out, what comes in is recorded, schedules are brought
    /// about, the old is cleared away. Then takes no more, waits a bounded time for the answers that are
    /// out, closes the carriers and returns. Runs once a process.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let _ = stop.await;
        todo!("dispatch")
    }
}
