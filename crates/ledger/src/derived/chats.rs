//! What derived state knows of peers and of the chats with them.

use roaring::RoaringBitmap;
use sms::{Direction, Number};

use super::growth::push;
use crate::model::ChatStatus;

/// Figures of one peer, chat or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// Visible messages either way.
    pub count: u32,
    /// Visible MO with a number past the chat's read mark.
    pub unread: u32,
    /// The newest visible message by (date, number); zero for none.
    pub last: Number,
    /// The newest visible MO; zero for none.
    pub last_inbound: Number,
    /// The chat; zero for none.
    pub chat: Number,
}

/// What each MO most likely answers: the MT to its peer that was the newest when it came. A hint only; who
/// uses it sees that the MT is still there. Pairs of MO and MT, by rising MO.
#[derive(Debug, Default)]
pub struct Hints {
    newest: Vec<Number>,
    pairs: Vec<(Number, Number)>,
}

impl Hints {
    /// Notes a visible message of a peer as it is added.
    pub fn note(&mut self, peer: u32, number: Number, direction: Direction) {
        let index = peer as usize;
        match direction {
            Direction::Mt => {
                if index >= self.newest.len() {
                    self.newest.resize(index + 1, 0);
                }
                self.newest[index] = number;
            }
            Direction::Mo => {
                if let Some(newest) = self.newest.get(index).filter(|newest| **newest != 0) {
                    push(&mut self.pairs, (number, *newest));
                }
            }
        }
    }

    /// The MT noted for an MO.
    pub fn of(&self, mo: Number) -> Option<Number> {
        let at = self.pairs.binary_search_by_key(&mo, |(number, _)| *number).ok()?;
        Some(self.pairs[at].1)
    }

    /// Octets of memory held.
    pub fn memory(&self) -> usize {
        self.newest.capacity() * 4 + self.pairs.capacity() * 8
    }
}

/// A chat's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatState {
    /// Code of the peer's address.
    pub peer: u32,
    /// Everything up to this number is read.
    pub read_up_to: Number,
    /// Marked as unread by a person, whatever was read.
    pub marked_unread: bool,
    /// How it stands.
    pub status: ChatStatus,
}

/// Peers by address code, chats by number.
#[derive(Debug, Default)]
pub struct Chats {
    peers: Vec<Peer>,
    chats: Vec<ChatState>,
}

impl Chats {
    /// The figures of a peer.
    pub fn peer(&self, code: u32) -> Peer {
        self.peers.get(code as usize).copied().unwrap_or_default()
    }

    /// The figures of a peer, to be changed.
    pub fn peer_mut(&mut self, code: u32) -> &mut Peer {
        let index = code as usize;
        if index >= self.peers.len() {
            self.peers.resize(index + 1, Peer::default());
        }
        &mut self.peers[index]
    }

    /// Opens the next chat, or changes the marks of one that exists.
    pub fn set(&mut self, number: Number, state: ChatState) {
        let index = number as usize - 1;
        if index == self.chats.len() {
            self.chats.push(state);
        } else {
            self.chats[index] = state;
        }
        self.peer_mut(state.peer).chat = number;
    }

    /// A chat's marks.
    pub fn chat(&self, number: Number) -> Option<ChatState> {
        self.chats.get((number as usize).checked_sub(1)?).copied()
    }

    /// Everything up to which number the chat of a peer is read; everything, where there is no chat.
    pub fn read_up_to(&self, peer: u32) -> Number {
        self.chat(self.peer(peer).chat).map_or(Number::MAX, |chat| chat.read_up_to)
    }

    /// Unread MO of a chat as shown: a chat marked unread shows at least one, if it has any MO.
    pub fn unread(&self, number: Number) -> u32 {
        let Some(chat) = self.chat(number) else { return 0 };
        let peer = self.peer(chat.peer);
        if chat.marked_unread && peer.last_inbound != 0 { peer.unread.max(1) } else { peer.unread }
    }

    /// Counts a visible message that was added. `is_newer` tells whether its (date, number) is past that of
    /// another number.
    pub fn count(
        &mut self,
        code: u32,
        number: Number,
        direction: Direction,
        is_newer: impl Fn(Number) -> bool,
    ) {
        let unread = direction == Direction::Mo && number > self.read_up_to(code);
        let peer = self.peer_mut(code);
        peer.count += 1;
        if peer.last == 0 || is_newer(peer.last) {
            peer.last = number;
        }
        if direction == Direction::Mo && (peer.last_inbound == 0 || is_newer(peer.last_inbound)) {
            peer.last_inbound = number;
        }
        peer.unread += u32::from(unread);
    }

    /// The chats of a status (or all but the deleted), as a set of numbers.
    pub fn of_status(&self, status: Option<ChatStatus>) -> RoaringBitmap {
        let kept = |chat: &ChatState| match status {
            Some(status) => chat.status == status,
            None => chat.status != ChatStatus::Deleted,
        };
        let numbers = self.chats.iter().zip(1..).filter(|(chat, _)| kept(chat)).map(|(_, number)| number);
        RoaringBitmap::from_sorted_iter(numbers).unwrap_or_default()
    }

    /// How many chats there are.
    pub fn len(&self) -> usize {
        self.chats.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chats.is_empty()
    }

    /// Octets of memory held.
    pub fn memory(&self) -> usize {
        self.peers.capacity() * size_of::<Peer>() + self.chats.capacity() * size_of::<ChatState>()
    }
}
