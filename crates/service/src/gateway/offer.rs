//! The carriers as a round of dispatching sees them, and the choice between them.

use std::sync::Arc;
use std::time::Duration;

use carriers::carrier::Cutting;
use ledger::model::Message;
use sms::AccountId;
use sms::segment::{ReferenceSize, split_with};

use super::lane::Lane;
use super::routing::{Claim, Routing};

/// A carrier, as it was when the round began.
pub(super) struct Offer {
    pub(super) lane: Arc<Lane>,
    pub(super) routing: Arc<Routing>,
    /// Whether it takes segments.
    pub(super) up: bool,
    pub(super) cutting: Cutting,
}

impl Offer {
    pub(super) fn of(lane: &Arc<Lane>, shy: Duration) -> Self {
        let (routing, _) = lane.rules();
        Self { routing, up: lane.is_up(shy), cutting: lane.carrier.cutting(), lane: Arc::clone(lane) }
    }

    /// Whether the same carrier takes the same things as before.
    fn is_like(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lane, &other.lane)
            && Arc::ptr_eq(&self.routing, &other.routing)
            && self.up == other.up
    }
}

/// Whether nothing changed that decides over which carrier a message goes.
pub(super) fn alike(before: &[Offer], now: &[Offer]) -> bool {
    before.len() == now.len() && before.iter().zip(now).all(|(before, now)| before.is_like(now))
}

/// Where a message goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Over the offer of this place.
    Over(usize),
    /// Nowhere until a carrier that may take it is up.
    Waits,
    /// There are carriers, and none of them may take it.
    Nowhere,
}

/// Chooses. Offers are in the order of their names.
pub(super) fn route(offers: &[Offer], account: AccountId, message: &Message) -> Route {
    let claim =
        |offer: &Offer| offer.routing.claim(account, message).filter(|_| fits(offer.cutting, message));
    choose(offers.iter().map(|offer| (offer.up, claim(offer))))
}

/// Whether a message takes as many segments as it was planned and paid with: the wider reference leaves a
/// character less to each.
fn fits(cutting: Cutting, message: &Message) -> bool {
    match cutting {
        Cutting::Segments(size @ ReferenceSize::Sixteen) if message.segments > 1 => {
            let pieces = split_with(&message.body, message.coding, size);
            pieces.is_ok_and(|pieces| pieces.len() == usize::from(message.segments))
        }
        Cutting::Segments(_) | Cutting::Whole => true,
    }
}

/// The lowest claim of a carrier that is up; of equal ones the first.
fn choose(claims: impl Iterator<Item = (bool, Option<Claim>)>) -> Route {
    let mut best: Option<(Claim, usize)> = None;
    let (mut any, mut claimed) = (false, false);
    for (place, (up, claim)) in claims.enumerate() {
        any = true;
        let Some(claim) = claim else { continue };
        claimed = true;
        if up && best.as_ref().is_none_or(|(known, _)| claim < *known) {
            best = Some((claim, place));
        }
    }
    match best {
        Some((_, place)) => Route::Over(place),
        None if claimed || !any => Route::Waits,
        None => Route::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::conformance::mt;
    use proptest::prelude::*;
    use sms::Micros;

    fn account(number: u32) -> AccountId {
        AccountId::new(number).expect("in range")
    }

    fn routing() -> impl Strategy<Value = Routing> {
        let accounts = proptest::collection::vec((1_u32..4).prop_map(account), 0..2);
        let prefixes = proptest::collection::vec("4[67]?0?", 0..3);
        let senders = proptest::collection::vec("[Aa]|Öl|öL", 0..2);
        (accounts, prefixes, senders, 0_u8..3, 98_u16..102, 0_u64..3).prop_map(
            |(accounts, prefixes, senders, least_priority, rank, cost)| Routing {
                accounts,
                prefixes,
                senders,
                least_priority,
                rank,
                cost,
            },
        )
    }

    fn message(recipient: &str, sender: &str, priority: u8) -> Message {
        let mut message = mt(recipient, "Hello", Micros::from_seconds(1_700_000_000));
        message.sender = Some(sender.to_owned());
        message.priority = priority;
        message
    }

    /// The order that the documentation of [`Routing`] gives, written as it reads.
    fn before(a: &Routing, b: &Routing, account: AccountId, message: &Message) -> std::cmp::Ordering {
        let named = |r: &Routing| u8::from(!r.accounts.contains(&account));
        let sent = |r: &Routing| {
            let sender = message.shown_sender().to_lowercase();
            u8::from(!r.senders.iter().any(|known| known.to_lowercase() == sender))
        };
        let prefix = |r: &Routing| {
            let fits = r.prefixes.iter().filter(|prefix| message.recipient.starts_with(*prefix));
            usize::MAX - fits.map(String::len).max().unwrap_or(0)
        };
        named(a)
            .cmp(&named(b))
            .then(sent(a).cmp(&sent(b)))
            .then(prefix(a).cmp(&prefix(b)))
            .then(a.rank.cmp(&b.rank))
            .then(a.cost.cmp(&b.cost))
    }

    fn may(r: &Routing, account: AccountId, message: &Message) -> bool {
        let sender = message.shown_sender().to_lowercase();
        (r.accounts.is_empty() || r.accounts.contains(&account))
            && (r.prefixes.is_empty() || r.prefixes.iter().any(|p| message.recipient.starts_with(p)))
            && (r.senders.is_empty() || r.senders.iter().any(|s| s.to_lowercase() == sender))
            && r.least_priority <= message.priority
    }

    proptest! {
        #[test]
        fn the_chosen_one_may_take_it_and_none_that_is_up_goes_before(
            ways in proptest::collection::vec((any::<bool>(), routing()), 0..6),
            of in (1_u32..4).prop_map(account),
            recipient in "4[67]0?[0-9]{4}",
            sender in "a|A|öl|ÖL|b",
            priority in 1_u8..3,
        ) {
            let message = message(&recipient, &sender, priority);
            let claims = ways.iter().map(|(up, routing)| (*up, routing.claim(of, &message)));
            match choose(claims) {
                Route::Over(place) => {
                    let (up, chosen) = &ways[place];
                    prop_assert!(*up && may(chosen, of, &message));
                    for (other, (up, routing)) in ways.iter().enumerate() {
                        if *up && other != place && may(routing, of, &message) {
                            let order = before(chosen, routing, of, &message);
                            prop_assert!(order.is_lt() || (order.is_eq() && place < other));
                        }
                    }
                }
                Route::Waits => {
                    let fitting = ways.iter().filter(|(_, routing)| may(routing, of, &message));
                    prop_assert!(fitting.clone().all(|(up, _)| !up));
                    prop_assert!(ways.is_empty() || fitting.count() > 0);
                }
                Route::Nowhere => {
                    prop_assert!(!ways.is_empty());
                    prop_assert!(!ways.iter().any(|(_, routing)| may(routing, of, &message)));
                }
            }
        }
    }

    #[test]
    fn a_carrier_without_rules_takes_what_no_other_claims() {
        let all = Routing { rank: 100, ..Routing::default() };
        let sweden = Routing { prefixes: vec!["46".to_owned()], ..all.clone() };
        let claim = |routing: &Routing, to: &str| routing.claim(account(1), &message(to, "a", 1));
        assert!(claim(&sweden, "46701740605") < claim(&all, "46701740605"));
        assert_eq!(claim(&sweden, "33612345678"), None);
        assert!(claim(&all, "33612345678").is_some());
    }
}
