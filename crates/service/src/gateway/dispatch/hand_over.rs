//! Leases are written, then what was still to be had is handed over.

use std::sync::Arc;

use ledger::outbound::{Lease, Place};
use sms::AccountId;

use crate::gateway::Inner;
use crate::gateway::figures::count;
use crate::gateway::lane::Lane;
use crate::gateway::parcel::{Parcel, place_of};

/// Leases parcels, and offers each to its lane; what is not to be had any more is passed over.
pub(super) async fn hand_over(inner: &Inner, account: AccountId, by_lane: Vec<(Arc<Lane>, Vec<Parcel>)>) {
    let leases =
        |parcels: &[Parcel]| parcels.iter().flat_map(|parcel| parcel.leases.clone()).collect::<Vec<_>>();
    let wanted: Vec<Lease> = by_lane.iter().flat_map(|(_, parcels)| leases(parcels)).collect();
    let first = wanted.iter().map(place_of).min();
    let taken = match inner.service.ledger.lease(account, wanted, inner.service.now()).await {
        Ok(taken) => taken,
        Err(error) => {
            tracing::error!(%account, %error, "leases cannot be written");
            by_lane.iter().for_each(|(lane, parcels)| lane.release(parcels.len()));
            tokio::time::sleep(inner.pace.tick).await;
            inner.service.wake.again(account, first.unwrap_or(Place { due: 0, number: 0, part: 0 }));
            return;
        }
    };
    faults::place("dispatch.leased");
    // What was taken comes in the order in which it was asked for.
    let mut taken = taken.into_iter().peekable();
    for (lane, parcels) in by_lane {
        let mut kept = Vec::with_capacity(parcels.len());
        let wanted = parcels.len();
        for parcel in parcels {
            let had = parcel.leases.iter().filter(|lease| taken.next_if(|taken| taken == *lease).is_some());
            if had.count() > 0 {
                if parcel.resend {
                    count(&inner.tally.resends);
                }
                kept.push(parcel);
            }
        }
        lane.release(wanted - kept.len());
        if !kept.is_empty() {
            lane.offer(inner, kept).await;
        }
    }
}
