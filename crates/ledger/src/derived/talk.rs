//! Questions about peers: which chats hold a text, what an MO answers.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use sms::{Direction, Number};

use super::state::Derived;
use crate::query::MessageQuery;

/// As many MO are looked up one by one; more share one pass.
const FEW: usize = 16;

impl Derived {
    /// The chats in which a visible message contains `text`.
    pub fn chats_with_text(&self, text: &str) -> RoaringBitmap {
        let query = MessageQuery { text: Some(text.to_owned()), ..MessageQuery::default() };
        let chat_of = |number| {
            let peer = match self.order.position_of(number) {
                Some(position) => self.peer.get(position),
                None => self.side.iter().find(|(_, waiting, _)| *waiting == number)?.2.peer,
            };
            Some(self.chats.peer(peer).chat).filter(|chat| *chat != 0)
        };
        self.matching(&query, None).iter().filter_map(chat_of).collect()
    }

    /// What chats are sorted by for their newest MO: its date and number; zero for none.
    pub fn last_inbound_key(&self, chat: Number) -> u64 {
        let Some(state) = self.chats.chat(chat) else { return 0 };
        match self.chats.peer(state.peer).last_inbound {
            0 => 0,
            number => u64::from(self.date_of(number).unwrap_or(0)) << 32 | u64::from(number),
        }
    }

    /// For each MO the newest visible MT that was submitted to its peer before it. Where messages came in
    /// order that is nearly always the one noted when the MO came; for the rest, one pass back over the
    /// peers' column serves all of them.
    pub fn answered(&self, replies: &[Number]) -> HashMap<Number, Number> {
        let mut found = HashMap::with_capacity(replies.len());
        let mut rest = Vec::new();
        for reply in replies {
            let noted = self.hints.of(*reply).filter(|mt| {
                let position = self.order.position_of(*mt);
                self.came_in_order(*reply) && position.is_some_and(|position| self.is_submitted_mt(position))
            });
            match noted {
                Some(mt) => drop(found.insert(*reply, mt)),
                None => rest.push(*reply),
            }
        }
        // In order, an MO without a note came before any MT to its peer.
        rest.retain(|reply| !self.came_in_order(*reply) || self.hints.of(*reply).is_some());
        if rest.len() <= FEW && rest.iter().all(|reply| self.came_in_order(*reply)) {
            found.extend(rest.iter().filter_map(|reply| Some((*reply, self.search_one(*reply)?))));
        } else {
            self.search_back(&rest, &mut found);
        }
        found
    }

    /// The newest `most` visible MT that were submitted to a peer, newest first.
    pub fn sent_to(&self, peer: &str, most: usize) -> Vec<Number> {
        let mut found = Vec::new();
        let Some(peer) = self.addresses.code(peer) else { return found };
        let (mut end, mut width) = (self.order.len() + 1, 1 << 16);
        while end > 1 && found.len() < most {
            let start = end.saturating_sub(width).max(1);
            let places = self.peer.positions_of(peer, start, end).into_iter().rev();
            let places = places.filter(|place| self.is_submitted_mt(*place)).take(most - found.len());
            found.extend(places.map(|place| self.order.number_at(place)));
            (end, width) = (start, width.saturating_mul(2));
        }
        found
    }

    /// What one MO answers: its peer's places are looked for in ever wider stretches before it.
    fn search_one(&self, reply: Number) -> Option<Number> {
        let mut end = self.order.position_of(reply)?;
        if !self.sets.mo.contains(end) {
            return None;
        }
        let peer = self.peer.get(end);
        let mut width = 1 << 16;
        while end > 1 {
            let start = end.saturating_sub(width).max(1);
            let places = self.peer.positions_of(peer, start, end);
            if let Some(place) = places.into_iter().rev().find(|place| self.is_submitted_mt(*place)) {
                return Some(self.order.number_at(place));
            }
            (end, width) = (start, width.saturating_mul(2));
        }
        None
    }

    /// Whether all that lies before a message in the order came before it, too.
    fn came_in_order(&self, number: Number) -> bool {
        self.order.is_identity() && self.order.position_of(number).is_some()
    }

    fn search_back(&self, replies: &[Number], found: &mut HashMap<Number, Number>) {
        let mut open: Vec<(u32, Number)> = replies
            .iter()
            .filter_map(|number| Some((self.order.position_of(*number)?, *number)))
            .filter(|(position, _)| self.sets.mo.contains(*position))
            .collect();
        open.sort_unstable();
        open.dedup();
        let mut search = Search::new(self.addresses.len(), found);
        // What is dated ahead comes after everything that has a position.
        for (_, number, fact) in self.side.iter().rev().filter(|(.., fact)| fact.visible) {
            match fact.direction {
                Direction::Mo if replies.contains(&number) => search.ask(fact.peer, number),
                Direction::Mt if fact.outcome.was_submitted() => search.meet(fact.peer, || number),
                Direction::Mo | Direction::Mt => {}
            }
        }
        let from =
            if search.waiting.is_empty() { open.last().map_or(0, |last| last.0) } else { self.order.len() };
        for position in (1..=from).rev() {
            let peer = self.peer.get(position);
            if open.last().is_some_and(|(at, _)| *at == position) {
                let number = open.pop().map_or(0, |(_, number)| number);
                search.ask(peer, number);
            } else if search.wanted[peer as usize] && self.is_submitted_mt(position) {
                search.meet(peer, || self.order.number_at(position));
            }
            if open.is_empty() && search.waiting.is_empty() {
                break;
            }
        }
    }

    fn is_submitted_mt(&self, position: u32) -> bool {
        self.sets.live.contains(position)
            && !self.sets.mo.contains(position)
            && self.sets.outcome_at(position).is_some_and(sms::Outcome::was_submitted)
    }
}

/// MO that wait for an MT further back, by peer.
struct Search<'a> {
    waiting: HashMap<u32, Vec<Number>>,
    /// Whether a peer's MO wait, by its code.
    wanted: Vec<bool>,
    found: &'a mut HashMap<Number, Number>,
}

impl<'a> Search<'a> {
    fn new(peers: usize, found: &'a mut HashMap<Number, Number>) -> Self {
        Self { waiting: HashMap::new(), wanted: vec![false; peers], found }
    }

    fn ask(&mut self, peer: u32, reply: Number) {
        self.waiting.entry(peer).or_default().push(reply);
        self.wanted[peer as usize] = true;
    }

    fn meet(&mut self, peer: u32, number: impl FnOnce() -> Number) {
        if let Some(replies) = self.waiting.remove(&peer) {
            let number = number();
            self.found.extend(replies.into_iter().map(|reply| (reply, number)));
            self.wanted[peer as usize] = false;
        }
    }
}
