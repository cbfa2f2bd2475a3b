//! Where one PDU ends and the next begins.

use bytes::{Buf, BytesMut};

/// Octets of a PDU's header.
pub const HEADER: usize = 16;

/// The longest PDU taken: far above what a short message with its parameters takes, and small enough that a
/// hostile length costs nothing.
pub const MAX_LENGTH: usize = 64 * 1024;

/// A length that no PDU has: the stream is not, or no longer, SMPP, and cannot be found back into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PDU of {length} octets; 16 to 65536 are taken")]
pub struct FrameError {
    /// The length the peer named.
    pub length: u32,
}

/// Takes the first whole PDU off what was received; `None` until all of it is there. The buffer never needs
/// more than [`MAX_LENGTH`] octets for one.
pub fn take(received: &mut BytesMut) -> Result<Option<BytesMut>, FrameError> {
    let Some(field) = received.first_chunk::<4>() else { return Ok(None) };
    let length = u32::from_be_bytes(*field);
    let octets = usize::try_from(length).unwrap_or(usize::MAX);
    if !(HEADER..=MAX_LENGTH).contains(&octets) {
        return Err(FrameError { length });
    }
    if received.remaining() < octets {
        return Ok(None);
    }
    Ok(Some(received.split_to(octets)))
}
