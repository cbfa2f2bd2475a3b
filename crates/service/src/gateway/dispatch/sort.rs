//! What becomes of segments that are due: leased to a carrier, ended, or passed for now. No waiting, no I/O.

use std::sync::Arc;

use carriers::carrier::{Cutting, OutgoingSegment};
use ledger::model::Message;
use ledger::outbound::{Attempt, AttemptResult, Due, Lease};
use sms::phone::Phone;
use sms::segment::{Concatenation, ReferenceSize, split_with};
use sms::sender::Sender;
use sms::{AccountId, Micros, Outcome};

use super::queue::Queue;
use crate::gateway::offer::{Offer, Route, route};
use crate::gateway::pace::Pace;
use crate::gateway::parcel::{AttemptKey, Parcel, reference};
use crate::plan::next_opening;
use crate::quiet::after_quiet;
use crate::rules::Rules;

/// How often a moment is moved from quiet hours into a window and back before it is taken as it is.
const MOST_MOVES: usize = 8;

/// What is known while segments are sorted.
pub(in crate::gateway) struct Sorter<'a> {
    pub(in crate::gateway) account: AccountId,
    pub(in crate::gateway) offers: &'a [Offer],
    /// Whether the carriers have been the same for so long that what none of them takes has no route.
    pub(in crate::gateway) settled: bool,
    pub(in crate::gateway) rules: &'a Rules,
    pub(in crate::gateway) pace: &'a Pace,
    pub(in crate::gateway) now: Micros,
    /// The only carrier looked at; `None` for all.
    pub(in crate::gateway) only: Option<&'a str>,
}

/// What was found.
#[derive(Default)]
pub(in crate::gateway) struct Sorted {
    /// By offer: what is to be leased.
    pub(in crate::gateway) parcels: Vec<(usize, Parcel)>,
    /// What ended here.
    pub(in crate::gateway) ended: Vec<Attempt>,
    /// How many segments were passed and wait for a carrier.
    pub(in crate::gateway) waiting: u64,
    /// How many rows were looked at: fewer than were read where the only carrier has no more room, or the
    /// last message is not there with all its segments.
    pub(in crate::gateway) looked: usize,
}

/// When a segment may go.
enum Time {
    Now,
    From(u32),
    Over(&'static str),
}

impl Sorter<'_> {
    /// Sorts rows, in the order of the queue. `whole` says whether the queue was read to its end.
    pub(in crate::gateway) fn sort(&self, rows: &[Due], whole: bool, queue: &mut Queue) -> Sorted {
        let mut sorted = Sorted::default();
        let mut room: Vec<usize> = self.offers.iter().map(|offer| offer.lane.room()).collect();
        while let Some(first) = rows.get(sorted.looked) {
            let rest = &rows[sorted.looked..];
            let same = |due: &&Due| due.message.number == first.message.number && due.due == first.due;
            let bundle = &rest[..rest.iter().take_while(same).count()];
            let cut_off =
                bundle.len() == rest.len() && !whole && bundle.len() < first.message.segments.into();
            if cut_off && sorted.looked > 0 && self.takes_whole() {
                break;
            }
            if !self.bundle(bundle, &mut room, queue, &mut sorted) {
                break;
            }
        }
        sorted
    }

    fn takes_whole(&self) -> bool {
        self.offers.iter().any(|offer| offer.cutting == Cutting::Whole)
    }

    /// Sorts the rows of one message; `false` where the only carrier has no more room.
    fn bundle(&self, bundle: &[Due], room: &mut [usize], queue: &mut Queue, sorted: &mut Sorted) -> bool {
        let Some(first) = bundle.first() else { return true };
        let end = |sorted: &mut Sorted, outcome, words: String| {
            let ended = bundle.iter().map(|due| self.ended(due, outcome, words.clone()));
            sorted.ended.extend(ended);
        };
        match self.time(first) {
            Time::Now => {}
            Time::From(second) => {
                queue.opens_at(second);
                sorted.looked += bundle.len();
                return true;
            }
            Time::Over(words) => {
                // Of an attempt that may have succeeded nobody can say that it was never sent.
                let doubtful = is_doubtful(first);
                let outcome = if doubtful { Outcome::Unknown } else { Outcome::ExpiredUnsent };
                end(sorted, outcome, words.to_owned());
                sorted.looked += bundle.len();
                return true;
            }
        }
        let place = match route(self.offers, self.account, &first.message) {
            Route::Over(place) => place,
            Route::Nowhere if self.settled => {
                end(sorted, Outcome::Failed, "no route".to_owned());
                sorted.looked += bundle.len();
                return true;
            }
            Route::Nowhere | Route::Waits => {
                sorted.waiting += bundle.len() as u64;
                sorted.looked += bundle.len();
                return true;
            }
        };
        let offer = &self.offers[place];
        let name = offer.lane.name.as_str();
        let passed = match self.only {
            Some(only) => only != name,
            None => queue.held_up.contains_key(name),
        };
        if passed {
            sorted.looked += bundle.len();
            return true;
        }
        match self.parcels(bundle, offer) {
            Err(words) => end(sorted, Outcome::Failed, words),
            Ok(parcels) => {
                for parcel in parcels {
                    if room[place] == 0 {
                        if self.only.is_some() {
                            return false;
                        }
                        if let Some(lease) = parcel.leases.first() {
                            queue.hold_up(name, crate::gateway::parcel::place_of(lease));
                        }
                        break;
                    }
                    room[place] -= 1;
                    if self.only.is_some() {
                        sorted.looked += parcel.leases.len();
                    }
                    sorted.parcels.push((place, parcel));
                }
                if self.only.is_some() {
                    return true;
                }
            }
        }
        sorted.looked += bundle.len();
        true
    }

    /// When a segment may go, by its validity, its delivery windows and the account's quiet hours.
    fn time(&self, due: &Due) -> Time {
        let now = self.now.seconds();
        let extra = due.extra.as_deref();
        if now >= self.expires(due) {
            return Time::Over("its validity has passed");
        }
        let windows = extra.map_or(&[][..], |extra| &extra.windows);
        let quiet = &self.rules.settings.quiet;
        if windows.is_empty() && quiet.is_empty() {
            return Time::Now;
        }
        let promotional = extra.is_some_and(|extra| extra.promotional);
        let mut second = now;
        for _ in 0..MOST_MOVES {
            let Some(open) = next_opening(windows, second) else {
                return Time::Over("every window is over");
            };
            let awake = after_quiet(open, quiet, promotional, &self.rules.zone);
            if awake == second {
                break;
            }
            second = awake;
        }
        if second > now { Time::From(second) } else { Time::Now }
    }

    /// The second at which it is not worth sending any more.
    fn expires(&self, due: &Due) -> u32 {
        let validity = due.extra.as_deref().and_then(|extra| extra.validity).unwrap_or(self.pace.validity);
        due.message.date.saturating_add(validity)
    }

    fn ended(&self, due: &Due, outcome: Outcome, words: String) -> Attempt {
        Attempt {
            lease: lease(due, ""),
            at: self.now,
            result: AttemptResult::Ended(outcome),
            code: None,
            text: Some(words),
        }
    }

    /// The submissions of a message's segments over a carrier, or why there are none.
    fn parcels(&self, bundle: &[Due], offer: &Offer) -> Result<Vec<Parcel>, String> {
        let Some(first) = bundle.first() else { return Ok(Vec::new()) };
        let message = &first.message;
        let draft = self.draft(message, first)?;
        let segments = usize::from(message.segments);
        let carrier = offer.lane.name.as_str();
        let parcel = |dues: &[Due], part: u8, text: &str, place| {
            let leading = &dues[0];
            let key = AttemptKey {
                account: self.account,
                number: message.number,
                due: leading.due,
                part,
                attempts: leading.attempts,
            };
            Parcel {
                account: self.account,
                leases: dues.iter().map(|due| lease(due, carrier)).collect(),
                segment: OutgoingSegment { key: key.pack(), text: text.to_owned(), place, ..draft.clone() },
                attempts: leading.attempts,
                resend: is_doubtful(leading),
            }
        };
        let size = match offer.cutting {
            _ if segments <= 1 => return Ok(vec![parcel(bundle, 1, &message.body, None)]),
            Cutting::Whole if bundle.len() == segments => {
                return Ok(vec![parcel(bundle, 0, &message.body, None)]);
            }
            // The rest of a message whose other segments went over another carrier.
            Cutting::Whole => ReferenceSize::Eight,
            Cutting::Segments(size) => size,
        };
        let pieces = split_with(&message.body, message.coding, size).map_err(|error| error.to_string())?;
        if pieces.len() != segments {
            let took = pieces.len();
            return Err(format!("the text takes {took} segments over {carrier}, not {segments} as planned"));
        }
        let total = u8::try_from(segments).map_err(|_| "too many segments".to_owned())?;
        let reference = reference(message.number);
        let one = |due: &Due| {
            let text = pieces.get(usize::from(due.part).wrapping_sub(1)).copied().unwrap_or_default();
            let place = Concatenation { reference, total, index: due.part };
            parcel(std::slice::from_ref(due), due.part, text, Some(place))
        };
        Ok(bundle.iter().map(one).collect())
    }

    /// What all segments of a message have in common.
    fn draft(&self, message: &Arc<Message>, due: &Due) -> Result<OutgoingSegment, String> {
        let sender = match message.shown_sender() {
            "" => None,
            sender => Some(Sender::parse(sender).map_err(|error| format!("the sender: {error}"))?),
        };
        Ok(OutgoingSegment {
            key: 0,
            sender,
            recipient: Phone::parse(&message.recipient).map_err(|error| format!("the recipient: {error}"))?,
            text: String::new(),
            coding: message.coding,
            place: None,
            flash: message.flash,
            // 1 is normal here and 0 on the wire.
            priority: message.priority.saturating_sub(1),
            valid_until: Some(Micros::from_seconds(self.expires(due))),
            receipt: true,
        })
    }
}

/// Whether an attempt at it is uncertain.
fn is_doubtful(due: &Due) -> bool {
    due.message.outcome == Outcome::Uncertain && due.attempts > 0
}

fn lease(due: &Due, carrier: &str) -> Lease {
    Lease { number: due.message.number, part: due.part, due: due.due, carrier: carrier.to_owned() }
}
