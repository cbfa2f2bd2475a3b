//! Cutting a text into segments, and putting segments together again.
//!
//! A text that fits one message goes whole: 160 septets or 70 UTF-16 units, the 140 octets of 3GPP TS 23.040
//! §9.2.3.16. A longer one goes in segments that each carry a concatenation header (§9.2.3.24.1 and .8),
//! which leaves 153 or 67, or 152 or 66 with the 16-bit reference.

mod concatenation;
mod cutting;

use crate::coding::Coding;

pub use concatenation::{Concatenation, Piece, ReferenceSize, RejoinError, rejoin};
pub(crate) use cutting::count;
pub use cutting::{cut, split, split_with};

/// Septets of a message that goes whole.
pub const GSM_SINGLE: u32 = 160;
/// Septets of a segment behind an 8-bit concatenation header.
pub const GSM_PART: u32 = 153;
/// Septets of a segment behind a 16-bit concatenation header.
pub const GSM_PART_SIXTEEN: u32 = 152;
/// UTF-16 units of a message that goes whole.
pub const UCS2_SINGLE: u32 = 70;
/// UTF-16 units of a segment behind an 8-bit concatenation header.
pub const UCS2_PART: u32 = 67;
/// UTF-16 units of a segment behind a 16-bit concatenation header.
pub const UCS2_PART_SIXTEEN: u32 = 66;
/// The most segments a concatenated message can have: the header counts them in one octet.
pub const MAX_SEGMENTS: u16 = 255;

/// Units of a message that goes whole.
pub fn single_limit(coding: Coding) -> u32 {
    match coding {
        Coding::Gsm7 => GSM_SINGLE,
        Coding::Ucs2 => UCS2_SINGLE,
    }
}

/// Units of one segment of several.
pub fn part_limit(coding: Coding, size: ReferenceSize) -> u32 {
    match (coding, size) {
        (Coding::Gsm7, ReferenceSize::Eight) => GSM_PART,
        (Coding::Gsm7, ReferenceSize::Sixteen) => GSM_PART_SIXTEEN,
        (Coding::Ucs2, ReferenceSize::Eight) => UCS2_PART,
        (Coding::Ucs2, ReferenceSize::Sixteen) => UCS2_PART_SIXTEEN,
    }
}

/// A text needs more segments than a concatenated message can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text takes {segments} segments, a message at most 255")]
pub struct TooManySegments {
    /// How many it would take.
    pub segments: usize,
}
