//! The clients of a centre: what waits for each, what each has in hand, and how fast it submits.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use sms::Micros;

use super::{Centre, Delivery, DeliveryKey, Due, Parcel, after};
use crate::simulator::dice::Dice;
use crate::simulator::fate::Topic;
use crate::simulator::recent::Recent;

/// All clients that are bound or have something waiting.
#[derive(Debug)]
pub(super) struct Clients {
    known: HashMap<Arc<str>, Client>,
    /// Clients with a receiver, the longest bound first; one entry a receiver.
    receivers: Vec<Arc<str>>,
    /// MO of nobody, for whoever binds next.
    unclaimed: VecDeque<Parcel>,
    /// What was handed out and is not acknowledged.
    in_hand: HashMap<DeliveryKey, Parcel>,
    /// Who sends from which number.
    numbers: Recent<String, Option<Arc<str>>>,
}

#[derive(Debug, Default)]
struct Client {
    links: usize,
    ready: VecDeque<Parcel>,
    /// The time up to which its submissions are paid for, in nanoseconds.
    paid_until: i128,
}

impl Clients {
    pub(super) fn new(remember: usize) -> Self {
        Self {
            known: HashMap::new(),
            receivers: Vec::new(),
            unclaimed: VecDeque::new(),
            in_hand: HashMap::new(),
            numbers: Recent::new(remember),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// The client's name, as every parcel shares it.
    pub(super) fn name(&self, system_id: &str) -> Arc<str> {
        self.known.get_key_value(system_id).map_or_else(|| Arc::from(system_id), |(name, _)| Arc::clone(name))
    }

    /// Remembers that replies to `number` are this client's.
    pub(super) fn sends_from(&mut self, number: &str, owner: &Arc<str>) {
        let same = |known: &Option<Arc<str>>| known.as_ref() == Some(owner);
        if !self.numbers.get(&number.to_owned()).is_some_and(same) {
            self.numbers.set(number.to_owned(), Some(Arc::clone(owner)));
        }
    }

    /// Whose an MO to `number` is.
    pub(super) fn owner_of(&self, number: &str) -> Option<Arc<str>> {
        let sender = self.numbers.get(&number.to_owned()).cloned().flatten();
        sender.or_else(|| self.receivers.first().cloned())
    }

    /// Whether a submission is within the rate; counts it if it is. A tenth of a second's worth, at least
    /// one, may come at once.
    pub(super) fn within_rate(&mut self, system_id: &str, now: Micros, rate: u32) -> bool {
        if rate == 0 {
            return true;
        }
        let Some(client) = self.known.get_mut(system_id) else { return true };
        let (now, each) = (i128::from(now.get()) * 1_000, 1_000_000_000 / i128::from(rate));
        let paid_until = client.paid_until.max(now);
        let within = paid_until - now <= each * i128::from(rate / 10);
        if within {
            client.paid_until = paid_until + each;
        }
        within
    }

    /// A parcel's time has come.
    pub(super) fn ready(&mut self, mut parcel: Parcel) {
        let owner = parcel.owner.clone().or_else(|| self.receivers.first().cloned());
        match owner {
            Some(owner) => {
                parcel.owner = Some(Arc::clone(&owner));
                self.known.entry(owner).or_default().ready.push_back(parcel);
            }
            None => self.unclaimed.push_back(parcel),
        }
    }

    /// Takes out what nobody took in time.
    pub(super) fn sweep(&mut self, now: Micros) -> Vec<Parcel> {
        let mut gone = Vec::new();
        let queues = self.known.values_mut().map(|client| &mut client.ready);
        for queue in queues.chain([&mut self.unclaimed]) {
            let (kept, expired) = queue.drain(..).partition(|parcel| parcel.expires > now);
            *queue = kept;
            gone.extend::<VecDeque<Parcel>>(expired);
        }
        self.known.retain(|_, client| client.links > 0 || !client.ready.is_empty());
        gone
    }
}

impl Centre {
    /// A client has bound over one more connection; `receives` where it takes deliveries there.
    pub fn bound(&mut self, system_id: &str, receives: bool) {
        self.counters.binds += 1;
        let name = self.clients.name(system_id);
        let client = self.clients.known.entry(Arc::clone(&name)).or_default();
        client.links += 1;
        if receives {
            for mut parcel in self.clients.unclaimed.drain(..) {
                parcel.owner = Some(Arc::clone(&name));
                client.ready.push_back(parcel);
            }
            self.clients.receivers.push(name);
        }
    }

    /// A bind was refused.
    pub fn bind_refused(&mut self) {
        self.counters.binds_refused += 1;
    }

    /// A bound connection of a client has ended.
    pub fn unbound(&mut self, now: Micros, system_id: &str, received: bool) {
        if let Some(client) = self.clients.known.get_mut(system_id) {
            client.links = client.links.saturating_sub(1);
            let paid = client.paid_until <= i128::from(now.get()) * 1_000;
            if client.links == 0 && client.ready.is_empty() && paid {
                self.clients.known.remove(system_id);
            }
        }
        if received && let Some(place) = self.clients.receivers.iter().rposition(|name| **name == *system_id)
        {
            self.clients.receivers.remove(place);
        }
    }

    /// Whether something waits for a client.
    pub fn has_delivery(&self, system_id: &str) -> bool {
        self.clients.known.get(system_id).is_some_and(|client| !client.ready.is_empty())
    }

    /// The next receipt or MO for a client, which has it in hand until it is acknowledged, refused, dropped
    /// or released.
    pub fn take(&mut self, now: Micros, system_id: &str) -> Option<Delivery> {
        let name = self.clients.name(system_id);
        loop {
            let parcel = self.clients.known.get_mut(system_id)?.ready.pop_front()?;
            if parcel.expires <= now {
                self.expire(&parcel);
                continue;
            }
            let delivery = parcel.delivery(&name, self.profile.answered_ids);
            let counters = &mut self.counters;
            let sent = if parcel.is_receipt() { &mut counters.receipts_sent } else { &mut counters.mo_sent };
            *sent += 1;
            counters.redelivered += u64::from(parcel.attempts > 0);
            let attempts = parcel.attempts.saturating_add(1);
            self.clients.in_hand.insert(parcel.key, Parcel { attempts, ..parcel });
            return Some(delivery);
        }
    }

    /// A client has acknowledged a delivery. A key that is not in hand is passed over.
    pub fn acknowledge(&mut self, key: DeliveryKey) {
        let Some(parcel) = self.clients.in_hand.remove(&key) else { return };
        self.pending -= 1;
        let counters = &mut self.counters;
        let count = if parcel.is_receipt() {
            &mut counters.receipts_acknowledged
        } else {
            &mut counters.mo_acknowledged
        };
        *count += 1;
    }

    /// A client has refused a delivery for good.
    pub fn give_up(&mut self, key: DeliveryKey) {
        let Some(parcel) = self.clients.in_hand.remove(&key) else { return };
        self.pending -= 1;
        let counters = &mut self.counters;
        let count =
            if parcel.is_receipt() { &mut counters.receipts_refused } else { &mut counters.mo_refused };
        *count += 1;
    }

    /// A client has refused a delivery for now: it is made again, after a while.
    pub fn refused(&mut self, now: Micros, key: DeliveryKey) {
        let Some(parcel) = self.clients.in_hand.remove(&key) else { return };
        let mut dice = Dice::keyed(self.seed, &[Topic::Wire as u64, key.0, u64::from(parcel.attempts)]);
        let delay = dice.within(self.profile.link.redeliver_after);
        self.agenda.enter(after(now, delay), Due::Parcel(parcel));
    }

    /// A delivery was not acknowledged in time, or its connection ended: it is the next to be made again.
    pub fn release(&mut self, key: DeliveryKey) {
        let Some(parcel) = self.clients.in_hand.remove(&key) else { return };
        let Some(owner) = parcel.owner.clone() else { return self.clients.ready(parcel) };
        self.clients.known.entry(owner).or_default().ready.push_front(parcel);
    }

    pub(super) fn expire(&mut self, parcel: &Parcel) {
        self.pending -= 1;
        let counters = &mut self.counters;
        let count =
            if parcel.is_receipt() { &mut counters.receipts_expired } else { &mut counters.mo_expired };
        *count += 1;
    }
}
