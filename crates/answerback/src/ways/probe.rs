//! Trying a carrier: whether it binds, and what the peer said.

use std::sync::Arc;
use std::time::{Duration, Instant};

use carriers::Carrier;
use carriers::carrier::LinkState;
use carriers::smpp::link::RECEIVING_ONLY;

/// What a trial found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The state at its end.
    pub(crate) state: LinkState,
    /// Whether it is bound as it is to be. A paused one is as its operator wants it, and is not tried.
    pub(crate) bound: bool,
    /// How long it took to come to it.
    pub(crate) took: Duration,
}

/// Waits until a carrier is bound, is refused, or the time is over. The first words of a peer end it: they
/// are what the operator wants to read.
pub(crate) async fn probe(carrier: &Arc<dyn Carrier>, receives_only: bool, time: Duration) -> Found {
    let started = Instant::now();
    let mut watch = carrier.watch();
    let settled = watch.wait_for(|state| match state {
        // The transmitter of a pair may be on its way.
        LinkState::Down { reason } if reason == RECEIVING_ONLY => receives_only,
        LinkState::Down { reason } => !reason.is_empty(),
        LinkState::Up { .. } | LinkState::Paused { .. } | LinkState::Closed => true,
    });
    // Over or not, the state at the end is what is told.
    let _settled = tokio::time::timeout(time, settled).await;
    let state = carrier.state();
    let bound = match &state {
        LinkState::Up { .. } => true,
        LinkState::Down { reason } => receives_only && reason == RECEIVING_ONLY,
        LinkState::Paused { .. } | LinkState::Closed => false,
    };
    Found { state, bound, took: started.elapsed() }
}
