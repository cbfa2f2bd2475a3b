//! Taking in what people write: put together, read, given to its account, on disk before its carrier is told so.
//!
//! * `fold` and `command`: texts as words, and the words that stop, start and ask for help;
//! * `reading`: the text of an MO from its octets;
//! * `route`: whose it is; `unrouted`: what is nobody's yet;
//! * `answer`: what is answered by itself.
//!
//! Nothing that a carrier brings is refused to it: what cannot be read is kept as octets, what nobody claims is
//! kept as nobody's, what an account cannot take likewise.

mod answer;
mod breaks;
pub(crate) mod command;
pub(crate) mod fold;
mod reading;
mod route;
mod unrouted;

use std::sync::atomic::Ordering;
use std::time::Duration;

use carriers::carrier::MessageIn;
use ledger::inbound::{Consent, Delivery, MoPart, Origin, PartFate, Segments, TakeIn, Unrouted};
use ledger::{LedgerError, Result};
use sha2::{Digest, Sha256};
use sms::phone::Phone;
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::interchange::party;
use answer::Asked;
pub(crate) use breaks::Breaks;
use command::command;
pub use command::{Command, LANGUAGES, Language};
use reading::{Octets, Reading};
use route::Route;

/// A second in microseconds.
const SECOND: i64 = 1_000_000;
/// How long an MO waits for its segments after the newest came. What has not come by then has been given up by
/// the networks between, too.
pub const SEGMENT_TIMEOUT: i64 = 24 * 3600 * SECOND;
/// How long a whole MO waits for its carrier to bring its last segment again, when the process ended between
/// that segment and its message.
const WHOLE_TIMEOUT: i64 = 60 * SECOND;
/// Within this an MO of one piece may be one that its carrier brings again.
const REPEATED_WITHIN: i64 = 600 * SECOND;
/// An answer that took this long may have been too late for the carrier.
const SLOW: i64 = 5 * SECOND;
/// How long news of a break is waited for before an MO counts as written again.
const HESITATION: Duration = Duration::from_millis(500);
/// How long a person waits for an answer.
const AWAITED: i64 = 3600 * SECOND;
/// How long repetitions and answers are remembered.
const REMEMBERED: i64 = 24 * 3600 * SECOND;
/// How often what need not be remembered is looked for.
const FORGETS_EVERY: i64 = 600 * SECOND;
/// Incomplete MO taken in at once.
const AT_ONCE: u32 = 200;

/// What became of what a carrier brought. In every case it is on disk and may be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// It is a message now.
    Received {
        /// Whose.
        account: AccountId,
        /// Its number.
        number: Number,
    },
    /// It waits for its other segments.
    Waiting,
    /// It was taken in before.
    Repeated,
    /// It is nobody's yet: see [`Service::unrouted`].
    Unrouted {
        /// Its number among those.
        number: u64,
    },
}

/// An MO that is ready to be taken in.
#[derive(Clone, Debug)]
struct Arrival {
    carrier: String,
    sender: String,
    recipient: String,
    reading: Reading,
    received: Micros,
    /// Whether somebody waits for an answer: not for what comes a day late.
    prompt: bool,
}

/// An MO that no carrier brought.
pub(crate) struct Told {
    pub(crate) account: AccountId,
    pub(crate) program: Number,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Service {
    /// Takes in an MO, or a segment of one. When it returns, what came is on disk, and its carrier may be told
    /// so. An error says that it is not, or that nobody knows; the carrier is to bring it again.
    pub async fn receive_segment(&self, carrier: &str, message: MessageIn) -> Result<Intake> {
        let message = MessageIn {
            sender: plain(&message.sender),
            recipient: plain(&message.recipient),
            at: if message.at.in_range() { message.at } else { self.now() },
            ..message
        };
        let fingerprint = fingerprint(carrier, &message);
        let MessageIn { sender, recipient, place, coding, octets, data_coding, header, at } = message;
        if let Some(place) = place.filter(|place| place.total > 1) {
            let part = MoPart {
                carrier: carrier.to_owned(),
                sender,
                recipient,
                reference: place.reference,
                total: place.total,
                index: place.index,
                coding,
                data_coding,
                header,
                octets,
                fingerprint,
                received: at,
            };
            return match self.ledger.mo_part(part).await? {
                PartFate::Repeated => Ok(Intake::Repeated),
                PartFate::Waits => Ok(Intake::Waiting),
                PartFate::Whole(segments) => {
                    faults::place("message.gathered");
                    self.receive_parts(segments).await
                }
            };
        }
        let reading = reading::whole(Octets { coding, data_coding, header: &header, octets: &octets });
        let arrived = self.breaks.came(fingerprint, self.now());
        let mut turn = arrived.turn.lock().await;
        let stands = self.hesitate(carrier, arrived.before.map(|before| before.max(*turn))).await;
        // A break that made this one come again excuses no other.
        *turn = stands.unwrap_or(*turn);
        let delivery = Delivery {
            fingerprint,
            received: stands.map_or(at, |stands| stands.max(at)),
            since: Micros::new(at.get().saturating_sub(REPEATED_WITHIN)),
            doubted: self.breaks.last(carrier),
            slow: SLOW,
        };
        let carrier = carrier.to_owned();
        let arrival = Arrival { carrier, sender, recipient, reading, received: at, prompt: true };
        self.bring(arrival, Origin::Whole(delivery)).await
    }

    /// Waits a moment for news of a break, where the very same MO came `before` and no break is known since:
    /// it may be brought again over one session before we see that another broke. Returns the moment behind
    /// the break that made it come again, so that this break excuses no other.
    async fn hesitate(&self, carrier: &str, before: Option<Micros>) -> Option<Micros> {
        let before = before?;
        if self.breaks.last(carrier) < before {
            tokio::time::sleep(HESITATION).await;
        }
        let broke = self.breaks.first_after(carrier, before)?;
        Some(Micros::new(broke.get().saturating_add(1)))
    }

    /// Takes note that so many sessions with a carrier ended since it was told last: what was brought before may
    /// come again, because our answer may have been lost, and over several of them several times.
    pub fn carrier_link_lost(&self, carrier: &str, sessions: usize) {
        self.breaks.lost(carrier, sessions, self.now());
    }

    /// The upkeep of the receiving side, for now and then and at the start. MO whose newest segment came
    /// [`SEGMENT_TIMEOUT`] ago become messages with what is there and a mark for what is missing; whole ones
    /// that a crash left behind become messages; answers that are still owed are sent; what need not be
    /// remembered is forgotten. Returns how many messages were made.
    pub async fn clear_stale_segments(&self) -> Result<u64> {
        let now = self.now().get();
        let ago = |time: i64| Micros::new(now.saturating_sub(time));
        let mut made = 0;
        loop {
            let stale = self.ledger.stale_mo_parts(ago(SEGMENT_TIMEOUT), ago(WHOLE_TIMEOUT), AT_ONCE).await?;
            let before = made;
            for segments in stale {
                match self.receive_parts(segments).await? {
                    Intake::Received { .. } | Intake::Unrouted { .. } => made += 1,
                    // A segment came just now.
                    Intake::Waiting | Intake::Repeated => {}
                }
            }
            if made == before {
                break;
            }
        }
        self.send_owed_replies().await?;
        if now - self.breaks.forgot.load(Ordering::Relaxed) >= FORGETS_EVERY {
            self.ledger.forget_intake(ago(REMEMBERED)).await?;
            self.breaks.forgot.store(now, Ordering::Relaxed);
        }
        Ok(made)
    }

    /// Takes in what is there of an MO's segments.
    async fn receive_parts(&self, segments: Segments) -> Result<Intake> {
        let Some(newest) = segments.parts.iter().max_by_key(|part| part.received) else {
            return Ok(Intake::Repeated);
        };
        let reading = reading::parts(&segments.parts);
        let late = self.now().get() - newest.received.get() > AWAITED;
        let arrival = Arrival {
            carrier: newest.carrier.clone(),
            sender: newest.sender.clone(),
            recipient: newest.recipient.clone(),
            prompt: reading.complete && !late,
            reading,
            received: newest.received,
        };
        self.bring(arrival, Origin::Segments(segments)).await
    }

    /// Gives an MO to whom it belongs.
    async fn bring(&self, arrival: Arrival, origin: Origin) -> Result<Intake> {
        let words = arrival.words();
        match self.route(&arrival.sender, &arrival.recipient, &words).await? {
            Some(route) => self.give(arrival, origin, &words, route).await,
            None => self.keep(arrival, origin).await,
        }
    }

    /// What goes into the commit of an account's MO: the opt-out that it asks for and the answer that it is owed.
    async fn taking(
        &self,
        arrival: &Arrival,
        origin: Origin,
        words: &[String],
        route: Route,
    ) -> Result<TakeIn> {
        let Route { account, program, asked, rest } = route;
        let settings = self.rules(account).await?.settings.clone();
        let asked = asked.or_else(|| settings.own_stop_word(&rest).then_some(Command::Stop));
        let reply = if arrival.prompt {
            let asked = Asked { account, program, command: asked, words };
            self.reply_to(arrival, &asked, &settings).await?
        } else {
            None
        };
        let ends = (arrival.sender.clone(), arrival.recipient.clone());
        let message = reading::message(arrival.reading.clone(), ends, program, arrival.received, self.now());
        let mut consent = asked.and_then(|command| consent(command, &arrival.sender));
        if let Some(Consent::Withdrawn { phone, waiting, .. }) = &mut consent {
            *waiting = self.waiting_for(account, phone).await?;
        }
        Ok(TakeIn { message, origin, consent, reply })
    }

    /// The same of an MO that is told whole, and whose account and program are known.
    pub(crate) async fn taking_told(&self, told: Told, origin: Origin) -> Result<TakeIn> {
        let Told { account, program, from, to, text } = told;
        let reading = reading::told(text);
        let carrier = String::new();
        let arrival =
            Arrival { carrier, sender: from, recipient: to, reading, received: self.now(), prompt: true };
        let words = arrival.words();
        let route = Route { account, program, asked: command(&words), rest: words.clone() };
        self.taking(&arrival, origin, &words, route).await
    }

    /// Gives an MO to an account.
    async fn give(&self, arrival: Arrival, origin: Origin, words: &[String], route: Route) -> Result<Intake> {
        let account = route.account;
        let now = self.now();
        let take = self.taking(&arrival, origin.clone(), words, route).await?;
        let body = take.reply.as_ref().map(|reply| reply.body.clone());
        match self.ledger.take_in(account, take).await {
            Ok(Some(taken)) => {
                let number = taken.received.number;
                if let Some(body) = body.filter(|_| taken.owed) {
                    faults::place("reply.owed");
                    self.send_reply_now(account, number, now, &body).await;
                }
                Ok(Intake::Received { account, number })
            }
            Ok(None) => Ok(Intake::Repeated),
            Err(LedgerError::Refused(refusal)) => {
                tracing::error!(%account, %refusal, "an account cannot take what was written to it");
                match origin {
                    // It is kept already.
                    Origin::Unrouted(number) => Ok(Intake::Unrouted { number }),
                    origin => self.keep(arrival, origin).await,
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps an MO that is nobody's.
    async fn keep(&self, arrival: Arrival, origin: Origin) -> Result<Intake> {
        let Arrival { carrier, sender, recipient, reading, received, .. } = arrival;
        let Reading { body, coding, segments, complete, text } = reading;
        let lost = Unrouted {
            number: 0,
            carrier,
            sender,
            recipient,
            body,
            coding,
            segments,
            received,
            complete,
            text,
        };
        let kept = self.ledger.keep_unrouted(lost, origin).await?;
        Ok(kept.map_or(Intake::Repeated, |number| Intake::Unrouted { number }))
    }
}

impl Arrival {
    /// Its words; none where it is no text, or not all of it.
    fn words(&self) -> Vec<String> {
        let Reading { body, complete, text, .. } = &self.reading;
        if *complete && *text { fold::words(body) } else { Vec::new() }
    }
}

/// What a command says about being written to. Only a telephone can be written to at all.
fn consent(command: Command, sender: &str) -> Option<Consent> {
    let phone = Phone::parse(sender).ok().filter(Phone::is_possible)?.to_string();
    match command {
        Command::Stop => Some(Consent::Withdrawn { phone, source: "stop".to_owned(), waiting: Vec::new() }),
        Command::Start => Some(Consent::Given { phone }),
        Command::Help => None,
    }
}

/// A number without what it is written with; anything else as far as it can be read and addressed, so that an
/// export of it reads back.
fn plain(number: &str) -> String {
    Phone::parse(number).map_or_else(|_| party::kept(number), |phone| phone.to_string())
}

/// A hash of all of it but the time.
fn fingerprint(carrier: &str, message: &MessageIn) -> [u8; 32] {
    let MessageIn { sender, recipient, place, coding, octets, data_coding, header, at: _ } = message;
    let place = place.map_or([0; 4], |place| {
        let [high, low] = place.reference.to_be_bytes();
        [high, low, place.total, place.index]
    });
    let coding = coding.map_or(u8::MAX, sms::Coding::code);
    let mut hash = Sha256::new();
    for part in [
        carrier.as_bytes(),
        sender.as_bytes(),
        recipient.as_bytes(),
        &place,
        &[coding, *data_coding],
        header,
        octets,
    ] {
        // The length before each part: the same octets cut elsewhere are another message.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
