//! The carrier's side of the connection to its centre.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Shared, count, incoming, open};
use crate::carrier::{Ack, Event, LinkState, Settled, Verdict};
use crate::simulator::centre::Action;
use crate::simulator::delivery::DeliveryKey;
use crate::simulator::switchboard::Handle;
use crate::smpp::pdu::Bind;

/// How long the carrier asks for less after it was throttled.
pub(super) const THROTTLE_PAUSE: Duration = Duration::from_secs(1);
/// From the end of a connection to the next.
const RECONNECT: Duration = Duration::from_millis(500);

/// One connection after the other.
pub(super) struct Session {
    shared: Arc<Shared>,
    events: mpsc::Sender<Event>,
    handle: Handle,
    /// Deliveries that wait for their acknowledgement.
    in_hand: HashSet<DeliveryKey>,
    answers: mpsc::Sender<(u64, Verdict)>,
    /// Late answers that wait for room among the events.
    settled: std::collections::VecDeque<Settled>,
}

impl Session {
    /// Connects, and connects again, until it is aborted or nobody takes its events any more.
    pub(super) async fn run(shared: Arc<Shared>, events: mpsc::Sender<Event>) {
        let board = Arc::clone(&shared.board);
        let sessions = async {
            while !events.is_closed() {
                let reason = Self::connect(&shared, &events).await;
                shared.state.send_replace(LinkState::Down { reason });
                tokio::time::sleep(RECONNECT).await;
            }
        };
        tokio::select! {
            () = sessions => {}
            () = board.pump() => {}
        }
    }

    /// One connection, from bind to end; gives why it ended.
    async fn connect(shared: &Arc<Shared>, events: &mpsc::Sender<Event>) -> String {
        let board = &shared.board;
        let Some(handle) = board.open() else { return "too many connections".to_owned() };
        // Where the profile names who may bind, this is the first of them.
        let named = board.profile.binds.first();
        let bind = Bind {
            system_id: named.map_or_else(|| "answerback".to_owned(), |named| named.system_id.clone()),
            password: named.map(|named| named.password.clone()).unwrap_or_default(),
            ..Bind::default()
        };
        if let Err(status) = board.bind(handle.link, &bind, true) {
            board.close(handle.link);
            return format!("the bind was refused: {status}");
        }
        let room = board.profile.link.deliver_window;
        let (answers, verdicts) = mpsc::channel(room);
        let mut session = Self {
            shared: Arc::clone(shared),
            events: events.clone(),
            handle,
            in_hand: HashSet::new(),
            answers,
            settled: std::collections::VecDeque::new(),
        };
        shared.open.set_link(Some(session.handle.link));
        shared.up();
        let reason = session.serve(verdicts).await;
        session.end(&reason);
        reason
    }

    async fn serve(&mut self, mut verdicts: mpsc::Receiver<(u64, Verdict)>) -> String {
        let events = self.events.clone();
        loop {
            while let Some(order) = self.shared.board.order(self.handle.link) {
                if let Some(reason) = self.obey(order) {
                    return reason;
                }
            }
            let wanted = !self.settled.is_empty() || self.has_room();
            tokio::select! {
                biased;
                Some((ticket, verdict)) = verdicts.recv() => self.judged(DeliveryKey(ticket), verdict),
                () = self.handle.bell.notified() => {}
                room = events.reserve(), if wanted && self.may_deliver() => {
                    let Ok(room) = room else { return "nobody takes the events".to_owned() };
                    if let Some(event) = self.next_event() {
                        room.send(event);
                    }
                }
                () = events.closed() => return "nobody takes the events".to_owned(),
            }
        }
    }

    fn has_room(&self) -> bool {
        self.in_hand.len() < self.shared.board.profile.link.deliver_window
    }

    /// Whether there is something to report.
    fn may_deliver(&self) -> bool {
        !self.settled.is_empty() || (self.has_room() && self.shared.board.has_delivery(self.handle.link))
    }

    fn next_event(&mut self) -> Option<Event> {
        if let Some(settled) = self.settled.pop_front() {
            return Some(Event::Settled(settled));
        }
        let delivery = self.shared.board.take(self.handle.link)?;
        self.in_hand.insert(delivery.key);
        let ack = Ack::new(delivery.key.0, self.answers.clone());
        let event = incoming::event(delivery, self.shared.board.clock.now(), ack);
        let figures = &self.shared.figures;
        count(if matches!(event, Event::Receipt(..)) { &figures.receipts } else { &figures.messages });
        Some(event)
    }

    fn judged(&mut self, key: DeliveryKey, verdict: Verdict) {
        if !self.in_hand.remove(&key) {
            return;
        }
        match verdict {
            Verdict::Taken => self.shared.board.acknowledge(key),
            Verdict::Never => self.shared.board.give_up(key),
            Verdict::Later => self.shared.board.refused(key),
        }
    }

    /// Carries out an order; gives the reason where it ends the connection.
    fn obey(&mut self, order: Action) -> Option<String> {
        match order {
            Action::Answer { token, verdict, .. } => {
                let late = self.shared.open.settle(token, open::outcome(verdict));
                if let Some((key, result)) = late {
                    self.shared.figures.late.fetch_add(1, Ordering::Relaxed);
                    self.settled.push_back(Settled { key, result });
                }
                None
            }
            Action::Forget { token, .. } => {
                self.shared.open.forget(token);
                None
            }
            Action::Cut { .. } => Some("cut by the simulator".to_owned()),
        }
    }

    /// What is open is uncertain; what is in hand comes again.
    fn end(&mut self, reason: &str) {
        self.shared.open.lose_all(reason);
        for key in self.in_hand.drain() {
            self.shared.board.release(key);
        }
        self.shared.board.close(self.handle.link);
    }
}
