//! What a commit changes in derived state.

use sms::{BatchKey, Number, Outcome};

use crate::derived::chats::ChatState;
use crate::derived::{Derived, Fact};
use crate::model::{ChatStatus, Message};

/// One piece of news for derived state, applied after its commit.
#[derive(Debug)]
pub(super) enum Effect {
    /// Messages of the next numbers.
    Added(Vec<Message>),
    /// A submission's batch, made in this second.
    BatchMade { created: u32, batch: Number },
    /// A batch is no range any more: it had `count` numbers from `first`, and these joined.
    Scattered { batch: Number, first: Number, count: u32, joined: Vec<Number> },
    /// A submission's batch was hidden.
    BatchHidden { created: u32, batch: Number },
    /// A message went from one outcome to another.
    Changed { number: Number, created: u32, from: Outcome, to: Outcome },
    /// A message was hidden.
    Hidden { number: Number, created: u32 },
    /// A chat was opened or marked.
    Chat { number: Number, peer: String, marks: Marks },
}

/// A chat's marks as its row has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
    pub(super) read_up_to: Number,
    pub(super) marked_unread: bool,
    pub(super) status: ChatStatus,
}

impl Marks {
    pub(super) fn state(self, peer: u32) -> ChatState {
        ChatState {
            peer,
            read_up_to: self.read_up_to,
            marked_unread: self.marked_unread,
            status: self.status,
        }
    }
}

/// Applies the news of one commit, at `now` in seconds.
pub(super) fn apply(derived: &mut Derived, effects: &[Effect], now: u32) {
    for effect in effects {
        match effect {
            Effect::Added(messages) => {
                for message in messages {
                    derived.add(&Fact::of(message), now);
                }
            }
            Effect::BatchMade { created, batch } => derived.batches.add(*created, BatchKey::Mt(*batch), true),
            Effect::Scattered { batch, first, count, joined } => {
                derived.batches.scatter(*batch, *first, *count);
                for number in joined {
                    derived.batches.join(BatchKey::Mt(*batch), *number);
                }
            }
            Effect::BatchHidden { created, batch } => derived.batches.hide(*created, BatchKey::Mt(*batch)),
            Effect::Changed { number, created, from, to } => derived.change(*number, *created, *from, *to),
            Effect::Hidden { number, created } => derived.hide(*number, *created),
            Effect::Chat { number, peer, marks } => {
                derived.set_chat(*number, peer, |code| marks.state(code));
            }
        }
    }
    derived.refresh();
}
