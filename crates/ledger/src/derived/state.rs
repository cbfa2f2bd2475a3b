//! The whole of an account's derived state, and how news is applied to it.

use std::path::Path;
use std::sync::OnceLock;

use sms::{BatchKey, Direction, Number, Outcome};

use super::addresses::Addresses;
use super::batches::Batches;
use super::chats::{ChatState, Chats, Hints};
use super::column::Column;
use super::growth::push;
use super::order::{Order, Side, SideFact};
use super::sets::Sets;
use super::text::TextSegment;
use crate::model::Message;

/// As many peers are looked for one by one; a pass over everything costs about as much as these.
const FEW: usize = 4;

/// What derived state wants to know of a message.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// Its number: the next one.
    pub number: Number,
    /// Its date in seconds.
    pub date: u32,
    /// When it was made, in seconds.
    pub created: u32,
    /// Its direction.
    pub direction: Direction,
    /// Its newest outcome.
    pub outcome: Outcome,
    /// Country of the handset, by [`sms::Country::code`].
    pub country: u16,
    /// Its program.
    pub program: Number,
    /// The other party.
    pub peer: &'a str,
    /// Our side: of an MT the sender given (empty for none), of an MO the number written to.
    pub own: &'a str,
    /// Its batch.
    pub batch: BatchKey,
    /// Whether it is shown.
    pub visible: bool,
    /// Its text.
    pub body: &'a str,
}

impl<'a> Fact<'a> {
    /// The facts of a message.
    pub fn of(message: &'a Message) -> Self {
        Self {
            number: message.number,
            date: message.date,
            created: message.created.seconds(),
            direction: message.direction,
            outcome: message.outcome,
            country: message.country.code(),
            program: message.program,
            peer: message.peer(),
            own: own_side(message.direction, message.sender.as_deref(), &message.recipient),
            batch: message.batch,
            visible: !message.hidden,
            body: &message.body,
        }
    }
}

/// Our side of a message: of an MT the sender given, of an MO the number written to.
pub fn own_side<'a>(direction: Direction, sender: Option<&'a str>, recipient: &'a str) -> &'a str {
    match direction {
        Direction::Mt => sender.unwrap_or_default(),
        Direction::Mo => recipient,
    }
}

/// Everything held in memory of one account. Columns are by position; their index 0 is unused.
#[derive(Debug)]
pub struct Derived {
    /// Positions and numbers.
    pub order: Order,
    /// What has no position yet.
    pub side: Side,
    /// The date of each position, in seconds; never falling.
    pub dates: Vec<u32>,
    /// The addresses that columns refer to.
    pub addresses: Addresses,
    /// The other party of each position.
    pub peer: Column,
    /// Our side of each position.
    pub own: Column,
    /// The sets.
    pub sets: Sets,
    /// Peers and chats.
    pub chats: Chats,
    /// What MO answer.
    pub hints: Hints,
    /// Batches.
    pub batches: Batches,
    /// Bodies.
    pub text: TextSegment,
    /// The highest number given.
    pub highest: Number,
    /// The clock at the last settling, in seconds: a date past it is in the future.
    pub(super) settled_at: u32,
    /// Peers whose newest message was hidden.
    stale: Vec<u32>,
    ranks: OnceLock<Vec<u32>>,
}

impl Derived {
    /// The state of an account without messages; the text segment's file is in `directory`.
    pub fn new(directory: &Path) -> Self {
        let unused = || {
            let mut column = Column::default();
            column.push(0);
            column
        };
        Self {
            order: Order::default(),
            side: Side::default(),
            dates: vec![0],
            addresses: Addresses::default(),
            peer: unused(),
            own: unused(),
            sets: Sets::default(),
            chats: Chats::default(),
            hints: Hints::default(),
            batches: Batches::default(),
            text: TextSegment::new(directory),
            highest: 0,
            settled_at: 0,
            stale: Vec::new(),
            ranks: OnceLock::new(),
        }
    }

    /// Makes room for so many messages that are about to be added.
    pub fn reserve(&mut self, messages: usize) {
        self.dates.reserve_exact(messages);
        self.peer.reserve(messages);
        self.own.reserve(messages);
    }

    /// Adds the message of the next number. `now` is in seconds: what is dated later waits on the side.
    pub fn add(&mut self, fact: &Fact<'_>, now: u32) {
        let number = fact.number;
        self.highest = self.highest.max(number);
        let known = self.addresses.len();
        let peer = self.addresses.intern(fact.peer);
        let own = self.addresses.intern(fact.own);
        if self.addresses.len() != known {
            self.ranks = OnceLock::new();
        }
        self.text.push(fact.body);
        self.batches.join(fact.batch, number);
        if let BatchKey::Mo(_) = fact.batch
            && fact.outcome != Outcome::Incomplete
        {
            self.batches.add(fact.created, fact.batch, fact.visible);
        }
        let last = self.dates.last().copied().unwrap_or(0);
        if fact.date > now.max(self.settled_at) || fact.date < last {
            let side = SideFact {
                made: fact.created,
                outcome: fact.outcome,
                direction: fact.direction,
                country: fact.country,
                program: fact.program,
                peer,
                own,
                batch: fact.batch,
                visible: fact.visible,
            };
            self.side.insert(fact.date, number, side);
        } else {
            let position = self.order.push(number);
            push(&mut self.dates, fact.date);
            self.peer.push(peer);
            self.own.push(own);
            if fact.visible {
                self.sets.push(position, fact.direction, fact.outcome, fact.country, fact.program);
            }
        }
        if fact.visible {
            self.hints.note(peer, number, fact.direction);
            self.count(peer, number, fact.date, fact.direction);
        }
    }

    fn count(&mut self, peer: u32, number: Number, date: u32, direction: Direction) {
        let (order, side, dates) = (&self.order, &self.side, &self.dates);
        let key = |other| (date_of(order, side, dates, other).unwrap_or(0), other);
        self.chats.count(peer, number, direction, |other| (date, number) > key(other));
    }

    /// Moves a message, made in the second `created`, from one outcome to another. An MO becomes a batch
    /// once its parts are complete.
    pub fn change(&mut self, number: Number, created: u32, from: Outcome, to: Outcome) {
        if from == Outcome::Incomplete && to != Outcome::Incomplete {
            let visible = match self.order.position_of(number) {
                Some(position) => self.sets.live.contains(position),
                None => self.side.get_mut(number).is_some_and(|(_, fact)| fact.visible),
            };
            self.batches.add(created, BatchKey::Mo(number), visible);
        }
        match self.order.position_of(number) {
            Some(position) if self.sets.live.contains(position) => self.sets.change(position, from, to),
            Some(_) => {}
            None => {
                if let Some((_, fact)) = self.side.get_mut(number) {
                    fact.outcome = to;
                }
            }
        }
    }

    /// Hides a message. The newest of its peer is known again after [`Derived::refresh`].
    pub fn hide(&mut self, number: Number, created: u32) {
        let (peer, direction) = match self.order.position_of(number) {
            Some(position) if self.sets.live.contains(position) => {
                let direction = self.direction_at(position);
                self.sets.hide(position);
                (self.peer.get(position), direction)
            }
            Some(_) => return,
            None => match self.side.get_mut(number) {
                Some((_, fact)) if fact.visible => {
                    fact.visible = false;
                    (fact.peer, fact.direction)
                }
                _ => return,
            },
        };
        if direction == Direction::Mo {
            self.batches.hide(created, BatchKey::Mo(number));
        }
        let figures = self.chats.peer(peer);
        let unread = direction == Direction::Mo && number > self.chats.read_up_to(peer);
        let changed = self.chats.peer_mut(peer);
        changed.count -= 1;
        changed.unread -= u32::from(unread && changed.unread > 0);
        if figures.last == number || figures.last_inbound == number {
            self.stale.push(peer);
        }
    }

    /// Opens a chat or changes its marks.
    pub fn set_chat(&mut self, number: Number, peer: &str, state: impl FnOnce(u32) -> ChatState) {
        let known = self.addresses.len();
        let code = self.addresses.intern(peer);
        if self.addresses.len() != known {
            self.ranks = OnceLock::new();
        }
        let before = self.chats.chat(number).map(|chat| chat.read_up_to);
        let state = state(code);
        self.chats.set(number, state);
        if before != Some(state.read_up_to) {
            self.recount_unread(code);
        }
    }

    /// The direction of a visible message at a position.
    pub fn direction_at(&self, position: u32) -> Direction {
        if self.sets.mo.contains(position) { Direction::Mo } else { Direction::Mt }
    }

    /// The date of a number.
    pub fn date_of(&self, number: Number) -> Option<u32> {
        date_of(&self.order, &self.side, &self.dates, number)
    }

    /// The rank of every address by text.
    pub fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| self.addresses.ranks())
    }

    /// Visible messages of a peer: number and direction, those with a position first.
    fn of_peer(&self, peer: u32) -> impl Iterator<Item = (Number, Direction)> {
        let placed = self.peer.positions_of(peer, 1, self.order.len() + 1);
        let placed = placed.into_iter().filter(|position| self.sets.live.contains(*position));
        let waiting = self.side.iter().filter(move |(_, _, fact)| fact.visible && fact.peer == peer);
        placed
            .map(|position| (self.order.number_at(position), self.direction_at(position)))
            .chain(waiting.map(|(_, number, fact)| (number, fact.direction)))
    }

    fn recount_unread(&mut self, peer: u32) {
        let read = self.chats.read_up_to(peer);
        let unread = if self.chats.peer(peer).last_inbound == 0 || read >= self.highest {
            0
        } else {
            let past =
                |(number, direction): &(Number, Direction)| *direction == Direction::Mo && *number > read;
            self.of_peer(peer).filter(past).count() as u32
        };
        self.chats.peer_mut(peer).unread = unread;
    }

    /// Finds the newest messages of peers that lost theirs; called after the last of the news of a commit.
    pub fn refresh(&mut self) {
        let mut stale = std::mem::take(&mut self.stale);
        stale.sort_unstable();
        stale.dedup();
        if stale.len() <= FEW {
            stale.into_iter().for_each(|peer| self.find_last(peer));
            return;
        }
        // One pass for all of them. `place` is where in `stale` a peer stands, from 1.
        let mut place = vec![0u32; self.addresses.len()];
        for (peer, at) in stale.iter().zip(1..) {
            place[*peer as usize] = at;
        }
        let mut newest = vec![[(0, 0); 2]; stale.len() + 1];
        let mut meet = |peer: u32, key: (u32, Number), direction: Direction| {
            let [last, inbound] = &mut newest[place[peer as usize] as usize];
            *last = key.max(*last);
            if direction == Direction::Mo {
                *inbound = key.max(*inbound);
            }
        };
        for position in &self.sets.live {
            let key = (self.dates[position as usize], self.order.number_at(position));
            meet(self.peer.get(position), key, self.direction_at(position));
        }
        for (date, number, fact) in self.side.iter().filter(|(.., fact)| fact.visible) {
            meet(fact.peer, (date, number), fact.direction);
        }
        for (peer, [last, inbound]) in stale.into_iter().zip(newest.into_iter().skip(1)) {
            let figures = self.chats.peer_mut(peer);
            (figures.last, figures.last_inbound) = (last.1, inbound.1);
        }
    }

    fn find_last(&mut self, peer: u32) {
        let (mut last, mut last_inbound) = ((0, 0), (0, 0));
        for (number, direction) in self.of_peer(peer) {
            let key = (self.date_of(number).unwrap_or(0), number);
            last = last.max(key);
            if direction == Direction::Mo {
                last_inbound = last_inbound.max(key);
            }
        }
        let figures = self.chats.peer_mut(peer);
        (figures.last, figures.last_inbound) = (last.1, last_inbound.1);
    }

    /// Moves pushed bodies to the mapped file.
    pub fn flush(&mut self) {
        self.text.flush();
    }

    /// Octets of memory held, about; the mapped text segment apart.
    pub fn memory(&self) -> usize {
        self.order.memory()
            + self.side.memory()
            + self.dates.capacity() * 4
            + self.addresses.memory()
            + self.peer.memory()
            + self.own.memory()
            + self.sets.memory()
            + self.chats.memory()
            + self.hints.memory()
            + self.batches.memory()
            + self.text.memory()
            + self.ranks.get().map_or(0, |ranks| ranks.capacity() * 4)
    }
}

fn date_of(order: &Order, side: &Side, dates: &[u32], number: Number) -> Option<u32> {
    match order.position_of(number) {
        Some(position) => dates.get(position as usize).copied(),
        None => side.date_of(number),
    }
}
