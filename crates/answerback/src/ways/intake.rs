//! Between the gateway and what takes MO in; and word of links that broke.

use std::sync::Arc;

use async_trait::async_trait;
use carriers::Carrier;
use carriers::carrier::{LinkState, MessageIn};
use service::Service;
use service::gateway::TakesMessages;

/// Takes MO into the ledger.
pub(crate) struct Intake(pub(crate) Service);

#[async_trait]
impl TakesMessages for Intake {
    async fn take(&self, carrier: &str, message: MessageIn) -> service::Result<()> {
        // Received, waiting for its other segments, repeated or nobody's: in each case it is on disk.
        self.0.receive_segment(carrier, message).await.map(|_taken| ())
    }

    async fn clear_stale(&self) -> service::Result<u64> {
        self.0.clear_stale_segments().await
    }
}

/// Tells the service when a session of a carrier ends, until the carrier is closed: our answers to what it
/// brought may be lost, so that the same MO may come again. Sessions that began are counted, too: the end of
/// one and the beginning of another may look like no change.
pub(super) fn tell_of_breaks(service: Service, carrier: &Arc<dyn Carrier>) {
    let (name, mut watch) = (carrier.name().to_owned(), carrier.watch());
    let mut binds = carrier.figures().binds;
    // Not held: it is closed when nobody else holds it.
    let gone = Arc::downgrade(carrier);
    tokio::spawn(async move {
        let sessions = |state: &LinkState| match state {
            LinkState::Up { sessions, .. } => *sessions,
            LinkState::Down { .. } | LinkState::Paused | LinkState::Closed => 0,
        };
        let mut before = sessions(&watch.borrow_and_update());
        // An error means that the carrier is gone.
        while watch.changed().await.is_ok() {
            let state = watch.borrow_and_update().clone();
            let Some(carrier) = gone.upgrade() else { return };
            let (now, bound) = (sessions(&state), carrier.figures().binds);
            let begun = usize::try_from(bound.saturating_sub(binds)).unwrap_or(usize::MAX);
            if before.saturating_add(begun) > now {
                service.carrier_link_lost(&name);
            }
            if state == LinkState::Closed {
                return;
            }
            (before, binds) = (now, bound);
        }
    });
}
