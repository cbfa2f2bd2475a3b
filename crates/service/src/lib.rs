//! Use cases, one verb a file: no HTTP, no SQL, no PDU, no vendor's word.
//!
//! A dialect authenticates a request ([`authenticate`]), then asks or changes things through [`Service`].
//! What is kept and asked is described by the ledger's own types, passed on in [`model`] and [`query`].
//!
//! * out: [`plan`] makes a submission of a request, without I/O; [`submit`] takes it in; [`schedules`] bring
//!   about what is sent later; [`cancel`] withdraws; [`gateway`] works the carriers, from the queue to the last
//!   receipt;
//! * in: [`receive_message`] takes what people write, [`numbers`] says whose it is, [`opt_outs`] keeps STOP;
//! * to customers' servers: [`webhooks`];
//! * what an account decides and keeps: [`account_settings`], [`rates`], [`senders`], [`templates`], [`lists`],
//!   [`auto_replies`], and the `contact_…` files;
//! * history: [`mod@import`], [`mod@export`], [`interchange`]; a made-up one: [`generate`].
//!
//! Two things run by themselves, [`gateway::Gateway`] and [`webhooks::Webhooks`]; whoever has a [`Service`]
//! starts them once a process.
#![forbid(unsafe_code)]

pub mod account_settings;
pub mod authenticate;
pub mod auto_replies;
pub mod cancel;
pub mod contact_fields;
pub mod contact_import;
pub mod contact_notes;
pub mod contact_values;
mod contacts;
mod documents;
pub mod export;
mod fresh;
pub mod gateway;
pub mod generate;
pub mod import;
pub mod interchange;
mod key_labels;
pub mod large;
pub mod lists;
pub mod manage;
pub mod moderate;
pub mod numbers;
pub mod opt_outs;
pub mod plan;
pub mod profile;
mod quarantine;
pub mod quiet;
pub mod rates;
pub mod read;
pub mod receive_message;
mod rules;
pub mod schedules;
pub mod secret;
pub mod senders;
pub mod submit;
pub mod take_in;
pub mod templates;
mod together;
pub mod unassigned;
mod wake;
pub mod webhooks;
pub mod write;
pub mod zones;

use std::sync::Arc;

pub use authenticate::{Access, AuthFailure, Credential};
pub use ledger::{
    Ledger, LedgerError, Refusal, Result, change, check, history, hooks, inbound, model, outbound, people,
    query, row,
};
pub use secret::ServerKey;

/// What every use case works with: the ledger, the server key and the clock.
#[derive(Clone)]
pub struct Service {
    ledger: Arc<dyn Ledger>,
    server_key: Arc<ServerKey>,
    clock: Arc<dyn Clock>,
    throttle: Arc<authenticate::Throttle>,
    rules: Arc<fresh::Fresh<sms::AccountId, Arc<rules::Rules>>>,
    keys: Arc<fresh::Fresh<[u8; 32], model::Key>>,
    agenda: Arc<tokio::sync::Mutex<schedules::Agenda>>,
    numbers: Arc<numbers::Numbers>,
    breaks: Arc<receive_message::Breaks>,
    wake: Arc<wake::Wake>,
    door: Arc<gateway::straight::Door>,
    /// Held, by the contact's number, while what is kept of one is read, changed and written again.
    people: Arc<[tokio::sync::Mutex<()>; 32]>,
    bell: Arc<webhooks::Bell>,
    plans: Arc<submit::Room>,
}

/// Where the present comes from; tests stand still.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> sms::Micros;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> sms::Micros {
        sms::Micros::now()
    }
}

impl Service {
    /// A service over a ledger.
    pub fn new(ledger: Arc<dyn Ledger>, server_key: ServerKey) -> Self {
        Self::with_clock(ledger, server_key, Arc::new(SystemClock))
    }

    /// The same with another clock.
    pub fn with_clock(ledger: Arc<dyn Ledger>, server_key: ServerKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            breaks: Arc::new(receive_message::Breaks::new(clock.now())),
            ledger,
            server_key: Arc::new(server_key),
            clock,
            throttle: Arc::default(),
            rules: Arc::default(),
            keys: Arc::default(),
            agenda: Arc::default(),
            numbers: Arc::default(),
            wake: Arc::default(),
            door: Arc::default(),
            people: Arc::default(),
            bell: Arc::default(),
            plans: Arc::default(),
        }
    }

    /// The same, where every key may make this many requests a second (and as many at once); `None` is
    /// no limit.
    #[must_use]
    pub fn with_rate_limit(self, per_second: Option<u32>) -> Self {
        Self { throttle: Arc::new(authenticate::Throttle::new(per_second)), ..self }
    }

    /// Keeps changes of one contact apart: the second would else undo the first.
    pub(crate) async fn alone_with(&self, contact: sms::Number) -> tokio::sync::MutexGuard<'_, ()> {
        self.people[contact as usize % self.people.len()].lock().await
    }

    /// Rung when webhooks were changed.
    pub(crate) fn bell(&self) -> &webhooks::Bell {
        &self.bell
    }

    /// The present.
    pub fn now(&self) -> sms::Micros {
        self.clock.now()
    }
}
