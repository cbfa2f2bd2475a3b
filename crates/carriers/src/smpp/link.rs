//! An SMPP link: ESME sessions over TCP or TLS, as a [`Carrier`].
//!
//! Each session is one task that drives one [`super::session::Session`]. All of them take from one bounded
//! queue, so a session that is slow or throttled leaves its share to the others. A queued segment that no
//! session has taken can be withdrawn without doubt; once a session has taken it, it counts as written.

mod backoff;
mod compose;
mod connect;
mod drive;
mod incoming;
mod job;
mod options;
mod rate;
mod settings;
mod shared;
mod values;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sms::Micros;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub use options::{OptionInfo, OptionRefused, Options};
pub use settings::{BindMode, LinkSettings};
pub use shared::RECEIVING_ONLY;
pub use values::{Flash, GsmCoding, IncomingAlphabet, LongMessages, NumberForm, Tls, ValidityForm};

use super::pdu::{Body, Class, Query, Status};
use super::session::Answer;
use crate::carrier::{
    Carrier, Cutting, Events, Figures, LinkState, OutgoingSegment, QueryError, Question, SubmitError,
    Submitted,
};
use crate::receipt::ReceiptIn;
use connect::Connector;
use job::{Failure, Job};
use shared::{Mode, Shared};

/// How many events wait between a link and whoever takes them.
const EVENTS: usize = 1_024;

/// A link to one SMSC.
pub struct SmppLink {
    shared: Arc<Shared>,
    jobs: mpsc::Sender<Job>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
}

/// A link that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The operator's certificates cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
}

impl SmppLink {
    /// Why a link of these settings could not be started, found without starting it.
    pub fn fault(settings: &LinkSettings) -> Option<LinkError> {
        Connector::new(settings).err().map(LinkError::Tls)
    }

    /// Makes the link and starts its sessions, which connect at once and as often as it takes. Must be
    /// called within a tokio runtime with time and I/O.
    ///
    /// # Errors
    /// [`LinkError`] where the settings cannot work. An SMSC that is away is no error.
    pub fn start(settings: LinkSettings) -> Result<(Self, Events), LinkError> {
        let connector = Connector::new(&settings).map_err(LinkError::Tls)?;
        let binds = settings.sessions();
        let room = settings.window.max(1).saturating_mul(binds.len().max(1));
        let (jobs, queue) = mpsc::channel(room);
        let (events, taken) = mpsc::channel(EVENTS);
        let shared = Arc::new(Shared::new(settings, binds.len(), queue, events));
        let mut tasks = JoinSet::new();
        for (index, kind) in binds.into_iter().enumerate() {
            tasks.spawn(drive::keep(Arc::clone(&shared), connector.clone(), index, kind));
        }
        Ok((Self { shared, jobs, tasks: tokio::sync::Mutex::new(tasks) }, taken))
    }

    /// Its settings.
    pub fn settings(&self) -> &LinkSettings {
        &self.shared.settings
    }

    /// Queues a request and waits for its answer, for as long as it can be answered.
    async fn ask(&self, key: u128, body: Body) -> Result<Answer, Failure> {
        let mut state = self.shared.watch();
        if let Some(reason) = refusal(&state.borrow_and_update()) {
            return Err(Failure::NotSent(reason));
        }
        let limit = tokio::time::sleep(self.shared.settings.options.queue_timeout);
        tokio::pin!(limit);
        let room = tokio::select! {
            room = self.jobs.reserve() => room.map_err(|_| Failure::NotSent("the link is closed".to_owned()))?,
            reason = refused(&mut state) => return Err(Failure::NotSent(reason)),
            () = &mut limit => return Err(Failure::Busy),
        };
        let (job, mut waiter) = Job::new(key, body);
        room.send(job);
        let failure = tokio::select! {
            answer = waiter.answer() => return answer,
            reason = refused(&mut state) => Failure::NotSent(reason),
            () = &mut limit => Failure::Busy,
        };
        // Once a session has taken it, only the session knows how it ends, and it ends it in time.
        if waiter.withdraw() { Err(failure) } else { waiter.answer().await }
    }
}

#[async_trait]
impl Carrier for SmppLink {
    fn name(&self) -> &str {
        &self.shared.settings.name
    }

    async fn submit(&self, segment: OutgoingSegment) -> Result<Submitted, SubmitError> {
        let message = compose::submission(&segment, &self.shared.settings.options, Micros::now())?;
        let result = self.ask(segment.key, Body::SubmitSm(Box::new(message))).await;
        let result = result.map_err(SubmitError::from).and_then(|answer| self.shared.judge(answer));
        self.shared.count(&result);
        result
    }

    async fn query(&self, question: Question) -> Result<ReceiptIn, QueryError> {
        if !self.shared.settings.options.query {
            return Err(QueryError::Unsupported);
        }
        let source = compose::source(question.sender.as_ref(), &self.shared.settings.options);
        let query = Query { message_id: question.id, source };
        match self.ask(0, Body::QuerySm(query)).await {
            Ok(Answer { status: Status::OK, body: Body::QuerySmResp(resp) }) => {
                Ok(incoming::queried(resp, self.shared.settings.options.receipt_zone, Micros::now()))
            }
            Ok(Answer { status, .. }) if matches!(status.class(), Class::Throttled | Class::Retry) => {
                Err(QueryError::Unavailable(status.to_string()))
            }
            Ok(Answer { status, .. }) => Err(QueryError::Refused(status.to_string())),
            Err(failure) => Err(QueryError::Unavailable(failure.to_string())),
        }
    }

    fn cutting(&self) -> Cutting {
        self.shared.settings.options.long.cutting()
    }

    fn window(&self) -> usize {
        self.shared.settings.transmitters().saturating_mul(self.shared.settings.window).max(1)
    }

    fn watch(&self) -> watch::Receiver<LinkState> {
        self.shared.watch()
    }

    fn figures(&self) -> Figures {
        self.shared.figures()
    }

    fn pause(&self) {
        self.shared.switch(Mode::Paused);
    }

    fn resume(&self) {
        self.shared.switch(Mode::Running);
    }

    async fn close(&self) {
        self.shared.switch(Mode::Closed);
        let options = &self.shared.settings.options;
        let limit = options.drain_timeout.0 + options.bind_timeout + Duration::from_secs(1);
        let mut tasks = self.tasks.lock().await;
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(limit, all).await.is_err() {
            tracing::warn!(carrier = self.name(), "sessions did not end in time and are cut");
            tasks.shutdown().await;
        }
    }
}

impl Drop for SmppLink {
    fn drop(&mut self) {
        self.shared.switch(Mode::Closed);
    }
}

/// Waits until the link takes no more segments; gives the reason.
async fn refused(state: &mut watch::Receiver<LinkState>) -> String {
    match state.wait_for(|state| !state.takes_segments()).await {
        Ok(state) => refusal(&state).unwrap_or_default(),
        Err(_) => "the link is closed".to_owned(),
    }
}

/// Why a link in this state takes no segments; `None` where it does.
fn refusal(state: &LinkState) -> Option<String> {
    match state {
        LinkState::Up { .. } => None,
        LinkState::Down { reason } if reason.is_empty() => Some("not bound".to_owned()),
        LinkState::Down { reason } => Some(format!("not bound: {reason}")),
        LinkState::Paused { .. } => Some("paused".to_owned()),
        LinkState::Closed => Some("the link is closed".to_owned()),
    }
}
