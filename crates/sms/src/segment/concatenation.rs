//! The concatenation header of a segment (3GPP TS 23.040 §9.2.3.24.1 with an 8-bit reference, §9.2.3.24.8
//! with a 16-bit one), and the text of a message whose segments have arrived.

use crate::coding::{self, Coding};

/// Information element: concatenated short messages, 8-bit reference number.
const IEI_EIGHT: u8 = 0x00;
/// Information element: concatenated short messages, 16-bit reference number.
const IEI_SIXTEEN: u8 = 0x08;

/// How wide a concatenation reference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceSize {
    /// 8 bits: a header of 6 octets, understood by every handset.
    Eight,
    /// 16 bits: a header of 7 octets, fewer collisions.
    Sixteen,
}

/// Which segment of which message: what a concatenation header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Concatenation {
    /// The same in every segment of one message.
    pub reference: u16,
    /// How many segments the message has, from 1.
    pub total: u8,
    /// Which one this is, from 1 to `total`.
    pub index: u8,
}

impl Concatenation {
    /// The whole user data header, its length octet first. With [`ReferenceSize::Eight`] only the low octet
    /// of the reference is carried.
    pub fn encode(self, size: ReferenceSize) -> Vec<u8> {
        let [high, low] = self.reference.to_be_bytes();
        match size {
            ReferenceSize::Eight => vec![5, IEI_EIGHT, 3, low, self.total, self.index],
            ReferenceSize::Sixteen => vec![6, IEI_SIXTEEN, 4, high, low, self.total, self.index],
        }
    }

    /// Finds the concatenation among the elements of a user data header, which begins with its length octet
    /// and may be followed by the text. `None` when there is none. As §9.2.3.24 asks, an element that is not
    /// sensible (a total or an index of 0, an index past the total, a wrong length) is passed over and the
    /// last of several counts; a header cut short is read as far as it goes.
    pub fn decode(header: &[u8]) -> Option<Self> {
        let (length, rest) = header.split_first()?;
        let mut elements = rest.get(..usize::from(*length)).unwrap_or(rest);
        let mut found = None;
        while let [identifier, length, rest @ ..] = elements {
            let Some((value, others)) = rest.split_at_checked(usize::from(*length)) else { break };
            found = Self::element(*identifier, value).or(found);
            elements = others;
        }
        found
    }

    fn element(identifier: u8, value: &[u8]) -> Option<Self> {
        let (reference, total, index) = match (identifier, value) {
            (IEI_EIGHT, &[reference, total, index]) => (u16::from(reference), total, index),
            (IEI_SIXTEEN, &[high, low, total, index]) => (u16::from_be_bytes([high, low]), total, index),
            _ => return None,
        };
        (1..=total).contains(&index).then_some(Self { reference, total, index })
    }
}

/// One segment as it arrived, its header taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Which segment it is.
    pub place: Concatenation,
    /// How its octets are to be read.
    pub coding: Coding,
    /// Unpacked septets, or UTF-16BE.
    pub octets: &'a [u8],
}

/// Why segments do not make a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RejoinError {
    /// There are no segments at all.
    #[error("no segments")]
    Empty,
    /// They differ in reference or total, so they are of different messages.
    #[error("segments of different messages")]
    Mixed,
    /// A segment has not arrived.
    #[error("segment {0} is missing")]
    Missing(u8),
}

/// The text of a message, from its segments in any order. Of a segment that came twice the first counts.
/// Neighbours of one coding are read together, so that a pair which a careless sender cut in two survives.
pub fn rejoin(pieces: &[Piece<'_>]) -> Result<String, RejoinError> {
    let first = pieces.first().ok_or(RejoinError::Empty)?.place;
    let foreign = |place: Concatenation| place.reference != first.reference || place.total != first.total;
    if pieces.iter().any(|piece| foreign(piece.place)) {
        return Err(RejoinError::Mixed);
    }
    let mut text = String::new();
    let mut octets = Vec::new();
    let mut reading = None;
    for index in 1..=first.total {
        let piece = pieces.iter().find(|piece| piece.place.index == index);
        let piece = piece.ok_or(RejoinError::Missing(index))?;
        if reading.is_some_and(|coding| coding != piece.coding) {
            text.push_str(&decode(reading, &octets));
            octets.clear();
        }
        reading = Some(piece.coding);
        octets.extend_from_slice(piece.octets);
    }
    text.push_str(&decode(reading, &octets));
    Ok(text)
}

fn decode(coding: Option<Coding>, octets: &[u8]) -> String {
    match coding {
        Some(Coding::Gsm7) => coding::decode_gsm(octets),
        Some(Coding::Ucs2) => coding::decode_ucs2(octets),
        None => String::new(),
    }
}
