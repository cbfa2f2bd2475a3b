//! Questions about peers: which chats hold a text, what an MO answers.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use sms::{Direction, Number};

use super::state::Derived;
use crate::query::MessageQuery;

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
                self.order.is_identity() && position.is_some_and(|position| self.is_submitted_mt(position))
            });
            match noted {
                Some(mt) => drop(found.insert(*reply, mt)),
                None => rest.push(*reply),
            }
        }
        // In order, an MO without a note came before any MT to its peer.
        if self.order.is_identity() {
            rest.retain(|reply| self.hints.of(*reply).is_some());
        }
        self.search_back(&rest, &mut found);
        found
    }

    fn search_back(&self, replies: &[Number], found: &mut HashMap<Number, Number>) {
        let mut open: Vec<(u32, Number)> = replies
            .iter()
            .filter_map(|number| Some((self.order.position_of(*number)?, *number)))
            .filter(|(position, _)| self.direction_at(*position) == Direction::Mo)
            .collect();
        open.sort_unstable();
        let Some((highest, _)) = open.last().copied() else { return };
        // By peer: the MO that wait for an MT further back.
        let mut waiting: HashMap<u32, Vec<Number>> = HashMap::new();
        let mut wanted = vec![false; self.addresses.len()];
        for position in (1..=highest).rev() {
            let peer = self.peer.get(position);
            if open.last().is_some_and(|(at, _)| *at == position) {
                let number = open.pop().map_or(0, |(_, number)| number);
                waiting.entry(peer).or_default().push(number);
                wanted[peer as usize] = true;
            } else if wanted[peer as usize] && self.is_submitted_mt(position) {
                let number = self.order.number_at(position);
                let answered = waiting.remove(&peer).unwrap_or_default();
                found.extend(answered.into_iter().map(|reply| (reply, number)));
                wanted[peer as usize] = false;
            }
            if open.is_empty() && waiting.is_empty() {
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
