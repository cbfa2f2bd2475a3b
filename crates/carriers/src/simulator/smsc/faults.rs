//! What goes wrong on a connection: unanswered enquiries, octets that nobody expects.

use crate::simulator::dice::Dice;
use crate::simulator::fate::Topic;
use crate::simulator::profile::LinkProfile;
use crate::smpp::pdu::{Body, Command, Pdu, Status};

/// A command that no version of SMPP has.
const UNKNOWN: Command = Command(0x0000_7777);

/// A sequence number that no client uses: the last of the range.
const NEVER_USED: u32 = 0x7FFF_FFFF;

/// The faults of one connection, drawn one after the other.
#[derive(Debug)]
pub(super) struct Faults {
    dice: Dice,
    profile: LinkProfile,
}

impl Faults {
    pub(super) fn new(profile: LinkProfile, seed: u64, link: u64) -> Self {
        Self { dice: Dice::keyed(seed, &[Topic::Wire as u64, link]), profile }
    }

    /// Whether an enquiry goes unanswered.
    pub(super) fn deaf(&mut self) -> bool {
        self.dice.happens(self.profile.deaf)
    }

    /// How long the answer to a bind takes.
    pub(super) fn bind_delay(&mut self) -> std::time::Duration {
        self.dice.within(self.profile.bind_after)
    }

    /// The pause behind a chunk.
    pub(super) fn chunk_pause(&mut self) -> std::time::Duration {
        self.dice.within(self.profile.chunk_pause)
    }

    /// Appends what comes before an answer, if anything does.
    pub(super) fn garbage(&mut self, out: &mut Vec<u8>) {
        let garbage = self.profile.garbage;
        if self.dice.happens(garbage.unknown_command) {
            Pdu::request(NEVER_USED, Body::Other(UNKNOWN, b"\0\x01".to_vec())).encode(out);
        }
        if self.dice.happens(garbage.stray_response) {
            Pdu::response(NEVER_USED, Status::OK, Body::SubmitSmResp("stray".to_owned())).encode(out);
        }
        if self.dice.happens(garbage.broken_length) {
            out.extend_from_slice(b"\xFF\xFF\xFF\xFF this is no PDU");
        }
    }
}
