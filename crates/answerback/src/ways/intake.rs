//! Between the gateway and what takes MO in; and word of links that broke.

use std::sync::Arc;

use async_trait::async_trait;
use carriers::Carrier;
use carriers::carrier::{LinkState, MessageIn};
use carriers::smpp::link::RECEIVING_ONLY;
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
        let mut before = bound(&watch.borrow_and_update());
        // An error means that the carrier is gone.
        while watch.changed().await.is_ok() {
            let state = watch.borrow_and_update().clone();
            let Some(carrier) = gone.upgrade() else { return };
            let (now, made) = (bound(&state), carrier.figures().binds);
            let begun = usize::try_from(made.saturating_sub(binds)).unwrap_or(usize::MAX);
            let ended = before.saturating_add(begun).saturating_sub(now);
            if ended > 0 {
                service.carrier_link_lost(&name, ended);
            }
            if state == LinkState::Closed {
                return;
            }
            (before, binds) = (now, made);
        }
    });
}

/// Sessions that are bound, as far as a state tells: what falls is a break. A pause lets them stay, and a link
/// that only receives counts as one.
fn bound(state: &LinkState) -> usize {
    match state {
        LinkState::Up { sessions, .. } | LinkState::Paused { sessions } => *sessions,
        LinkState::Down { reason } => usize::from(reason == RECEIVING_ONLY),
        LinkState::Closed => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_no_break() {
        let up = |sessions| LinkState::Up { sessions, throttled: false };
        let down = |reason: &str| LinkState::Down { reason: reason.to_owned() };
        let breaks = |from: &LinkState, to: &LinkState| bound(to) < bound(from);
        assert!(!breaks(&up(2), &LinkState::Paused { sessions: 2 }));
        assert!(!breaks(&LinkState::Paused { sessions: 2 }, &up(2)));
        assert!(breaks(&LinkState::Paused { sessions: 2 }, &LinkState::Paused { sessions: 1 }));
        assert!(breaks(&up(2), &up(1)));
        assert!(breaks(&up(1), &down("connection refused")));
        assert!(breaks(&up(2), &down(RECEIVING_ONLY)), "the transmitter of a pair");
        assert!(breaks(&down(RECEIVING_ONLY), &down("connection refused")));
        assert!(!breaks(&down("connection refused"), &down(RECEIVING_ONLY)));
        assert!(breaks(&up(1), &LinkState::Closed));
    }
}
