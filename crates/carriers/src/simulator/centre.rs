//! The simulated message centre: pure, told the time with every call.
//!
//! Submissions go in ([`Centre::submit`]); what is to be done comes out of [`Centre::poll`] (answers, cut
//! connections) and [`Centre::take`] (receipts and MO, when a client has room for them). Time passes by
//! [`Centre::advance`], at the latest at [`Centre::next_due`]. Everything it keeps is bounded by the profile.

mod clients;
mod duplicates;
mod parcel;
mod writing;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use sms::Micros;

use super::agenda::Agenda;
use super::answer::Answer;
use super::counters::Counters;
use super::delivery::{Delivery, DeliveryKey};
use super::fate::{Content, Fate, Topic, Wanted};
use super::message_id::MessageId;
use super::profile::Profile;
use super::recent::Recent;
use super::segment::Segment;
use super::state::{Ending, State};
use crate::smpp::pdu::{ShortMessage, Status};
use clients::Clients;
use parcel::{Accepted, Load, Parcel};

pub use duplicates::Duplicate;
pub use writing::WriteError;

pub(super) use super::receipt::after;

/// Names a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// Something to be done to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answer a submission.
    Answer {
        /// Over which connection it came.
        link: LinkId,
        /// The number its submitter gave it.
        token: u64,
        /// What it is answered.
        verdict: Verdict,
        /// Whether the answer is sent twice.
        twice: bool,
    },
    /// Never answer a submission; it may be forgotten.
    Forget {
        /// Over which connection it came.
        link: LinkId,
        /// The number its submitter gave it.
        token: u64,
    },
    /// Cut the connection, without ado.
    Cut {
        /// Which.
        link: LinkId,
    },
}

/// The answer to a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted, with this id; empty where it is kept secret.
    Accepted(String),
    /// Refused.
    Refused(Status),
}

/// What is known of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its state now.
    pub state: State,
    /// The operator's code, 0 where all is well.
    pub error: u16,
    /// When it became final, if it is.
    pub final_at: Option<Micros>,
}

/// A simulated message centre.
#[derive(Debug)]
pub struct Centre {
    profile: Arc<Profile>,
    seed: u64,
    began: Micros,
    agenda: Agenda<Due>,
    actions: VecDeque<Action>,
    attempts: Recent<u64, Attempts>,
    messages: Recent<MessageId, Option<Message>>,
    duplicates: HashMap<u64, Duplicate>,
    clients: Clients,
    /// Receipts and MO parts anywhere in here.
    pending: usize,
    next_key: u64,
    next_reference: u16,
    counters: Counters,
}

/// What was done about one content.
#[derive(Clone, Copy, Debug, Default)]
struct Attempts {
    made: u32,
    /// The id it was first taken under.
    taken: Option<MessageId>,
}

/// A message that was taken.
#[derive(Clone, Copy, Debug)]
struct Message {
    ending: Ending,
    error: u16,
    final_at: Micros,
}

#[derive(Debug)]
enum Due {
    Action(Action),
    Parcel(Parcel),
    Script { index: usize, round: u64 },
    Sweep,
}

impl Centre {
    /// A centre that begins now. Fates follow from the seed alone; the ids it gives also from the time, so
    /// that a restart does not give them again.
    pub fn new(profile: Arc<Profile>, seed: u64, now: Micros) -> Self {
        let mut centre = Self {
            seed,
            began: now,
            agenda: Agenda::new(),
            actions: VecDeque::new(),
            attempts: Recent::new(profile.remember),
            messages: Recent::new(profile.remember),
            duplicates: HashMap::new(),
            clients: Clients::new(profile.remember),
            pending: 0,
            next_key: 0,
            next_reference: 1,
            counters: Counters::default(),
            profile,
        };
        centre.begin_script();
        centre.agenda.enter(after(now, centre.sweep_every()), Due::Sweep);
        centre
    }

    /// How it behaves.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// The seed of its fates.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        Counters { pending: self.pending as u64, clients: self.clients.len() as u64, ..self.counters }
    }

    /// A client submits a message; the answer comes out of [`Centre::poll`], at once or later, under
    /// `token`. `system_id` is whose it is.
    pub fn submit(&mut self, now: Micros, system_id: &str, link: LinkId, token: u64, message: &ShortMessage) {
        self.counters.submitted += 1;
        if !self.clients.within_rate(system_id, now, self.profile.rate) {
            self.counters.over_rate += 1;
            return self.refuse(link, token, Status::THROTTLED);
        }
        let segment = Segment::of(message);
        let content = Content::of(&segment);
        let profile = Arc::clone(&self.profile);
        let behaviour = profile.behaviour_for(segment.sender, segment.recipient);
        let attempt = self.attempts.get(&content.digest()).map_or(0, |attempts| attempts.made);
        let fate = Fate::draw(behaviour, self.seed, content, attempt);
        let owed = fate.owed(Wanted::of(message.registered_delivery)).count();
        if self.pending + owed > profile.pending {
            self.counters.over_pending += 1;
            return self.refuse(link, token, Status::QUEUE_FULL);
        }
        let given = fate.answer.taken().then(|| self.id_of(content, attempt));
        let attempts = self.attempts.entry(content.digest(), Attempts::default);
        attempts.made += 1;
        let earlier = attempts.taken;
        attempts.taken = earlier.or(given);
        let mut id = None;
        if let Some(given) = given {
            if let Some(earlier) = earlier {
                self.note_duplicate(content, &segment, earlier, given);
            }
            id = Some(self.accept(now, system_id, message, &segment, &fate, given));
            // Whom it does not reach does not answer it.
            if fate.ending == Ending::Delivered {
                self.reply(now, system_id, &segment, content, attempt, fate.final_after);
            }
        }
        self.answer(now, link, token, &fate, id);
    }

    /// What a message has become; `id` as the centre writes it.
    pub fn query(&mut self, now: Micros, id: &str) -> Option<Standing> {
        self.counters.queries += 1;
        let id = MessageId::parse(id, self.profile.answered_ids)?;
        let message = self.messages.get(&id).copied().flatten()?;
        let state = message.ending.state().filter(|_| message.final_at <= now);
        Some(match state {
            Some(state) => Standing { state, error: message.error, final_at: Some(message.final_at) },
            None => Standing { state: State::Enroute, error: 0, final_at: None },
        })
    }

    /// The next thing to be done to a connection.
    pub fn poll(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When [`Centre::advance`] has something to do next.
    pub fn next_due(&self) -> Option<Micros> {
        self.agenda.next_time()
    }

    /// Time has passed.
    pub fn advance(&mut self, now: Micros) {
        while let Some((at, due)) = self.agenda.take_due(now) {
            match due {
                Due::Action(action) => self.actions.push_back(action),
                Due::Parcel(parcel) => self.clients.ready(parcel),
                Due::Script { index, round } => self.play(at, index, round),
                Due::Sweep => {
                    let gone = self.clients.sweep(now);
                    for parcel in gone {
                        self.expire(&parcel);
                    }
                    self.agenda.enter(after(now, self.sweep_every()), Due::Sweep);
                }
            }
        }
    }

    fn refuse(&mut self, link: LinkId, token: u64, status: Status) {
        self.counters.refused += 1;
        self.actions.push_back(Action::Answer {
            link,
            token,
            verdict: Verdict::Refused(status),
            twice: false,
        });
    }

    /// An id that no remembered message has.
    fn id_of(&self, content: Content, attempt: u32) -> MessageId {
        let epoch = self.seed ^ self.began.get() as u64;
        let mut id = MessageId::new(content.dice(epoch, attempt, Topic::Id).draw());
        while self.messages.contains(&id) {
            id = id.next();
        }
        id
    }

    /// Takes a message: remembers it and schedules its receipts. Gives the id as answers write it.
    fn accept(
        &mut self,
        now: Micros,
        system_id: &str,
        message: &ShortMessage,
        segment: &Segment<'_>,
        fate: &Fate,
        id: MessageId,
    ) -> String {
        let owner = self.clients.name(system_id);
        self.clients.sends_from(segment.sender, &owner);
        let error =
            fate.receipts.iter().find(|receipt| receipt.state.is_final()).map_or(0, |last| last.error);
        let final_at = after(now, fate.final_after);
        self.messages.set(id, Some(Message { ending: fate.ending, error, final_at }));
        self.counters.receipts_lost += u64::from(fate.lost);
        let accepted = Arc::new(Accepted {
            id,
            source: message.source.clone(),
            destination: message.destination.clone(),
            submitted: now,
            text: segment.text().chars().take(20).collect(),
        });
        for receipt in fate.owed(Wanted::of(message.registered_delivery)) {
            self.counters.receipts_planned += 1;
            let load = Load::Receipt { accepted: Arc::clone(&accepted), receipt: *receipt };
            self.schedule(after(now, receipt.after), Some(Arc::clone(&owner)), load);
        }
        self.profile.answered_ids.write(id)
    }

    fn schedule(&mut self, at: Micros, owner: Option<Arc<str>>, load: Load) {
        self.pending += 1;
        self.next_key += 1;
        let expires = after(at, self.profile.link.keep.longest());
        let parcel = Parcel { key: DeliveryKey(self.next_key), owner, load, expires, attempts: 0 };
        self.agenda.enter(at, Due::Parcel(parcel));
    }

    fn answer(&mut self, now: Micros, link: LinkId, token: u64, fate: &Fate, id: Option<String>) {
        let accepted = |id| Action::Answer { link, token, verdict: Verdict::Accepted(id), twice: false };
        let id = id.unwrap_or_default();
        match fate.answer {
            Answer::Refuse(_) => self.counters.refused += 1,
            Answer::Silent { taken: true } | Answer::Disconnect { taken: true } => {
                self.counters.taken_untold += 1;
            }
            Answer::Silent { taken: false } | Answer::Disconnect { taken: false } => {
                self.counters.unanswered += 1;
            }
            Answer::Accept | Answer::AcceptTwice | Answer::AcceptWithoutId | Answer::AcceptThenDisconnect => {
                self.counters.accepted += 1;
            }
        }
        let cut = matches!(fate.answer, Answer::AcceptThenDisconnect | Answer::Disconnect { .. });
        self.counters.cuts += u64::from(cut);
        let action = match fate.answer {
            Answer::Accept | Answer::AcceptThenDisconnect => accepted(id),
            Answer::AcceptTwice => {
                Action::Answer { link, token, verdict: Verdict::Accepted(id), twice: true }
            }
            Answer::AcceptWithoutId => accepted(String::new()),
            Answer::Refuse(status) => {
                Action::Answer { link, token, verdict: Verdict::Refused(status), twice: false }
            }
            Answer::Silent { .. } => Action::Forget { link, token },
            Answer::Disconnect { .. } => Action::Cut { link },
        };
        self.act(now, fate.answer_after, action);
        if fate.answer == Answer::AcceptThenDisconnect {
            self.act(now, fate.answer_after, Action::Cut { link });
        }
    }

    fn act(&mut self, now: Micros, delay: Duration, action: Action) {
        if delay.is_zero() {
            self.actions.push_back(action);
        } else {
            self.agenda.enter(after(now, delay), Due::Action(action));
        }
    }

    fn sweep_every(&self) -> Duration {
        (self.profile.link.keep.longest() / 8).max(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests;
