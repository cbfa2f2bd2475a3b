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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn headers_are_reversible(reference: u16, total in 1u8.., part: u8) {
            let place = Concatenation { reference, total, index: part % total + 1 };
            prop_assert_eq!(Concatenation::decode(&place.encode(ReferenceSize::Sixteen)), Some(place));
            let narrow = Concatenation { reference: reference & 0xFF, ..place };
            prop_assert_eq!(Concatenation::decode(&place.encode(ReferenceSize::Eight)), Some(narrow));
        }

        #[test]
        fn any_octets_are_read_or_refused(header: Vec<u8>) {
            if let Some(place) = Concatenation::decode(&header) {
                prop_assert!(1 <= place.index && place.index <= place.total);
            }
        }

        #[test]
        fn pieces_rejoin_in_any_order(text in "\\PC{1,400}", reference: u16, turn in 0usize..10, width in 1usize..70) {
            // Cut by octets, as a careless sender does, so that surrogate pairs are torn apart.
            let octets = coding::encode_ucs2(&text);
            let parts: Vec<&[u8]> = octets.chunks(width * 2).collect();
            prop_assume!(parts.len() <= 255);
            let total = parts.len() as u8;
            let mut pieces: Vec<Piece<'_>> = (1..=u8::MAX)
                .zip(&parts)
                .map(|(index, octets)| Piece {
                    place: Concatenation { reference, total, index },
                    coding: Coding::Ucs2,
                    octets,
                })
                .collect();
            let turn = turn % pieces.len();
            pieces.rotate_left(turn);
            pieces.push(pieces[0]);
            prop_assert_eq!(rejoin(&pieces), Ok(text));
        }
    }

    #[test]
    fn known_headers() {
        let place = Concatenation { reference: 0x1234, total: 3, index: 2 };
        assert_eq!(place.encode(ReferenceSize::Eight), [0x05, 0x00, 0x03, 0x34, 0x03, 0x02]);
        assert_eq!(place.encode(ReferenceSize::Sixteen), [0x06, 0x08, 0x04, 0x12, 0x34, 0x03, 0x02]);
    }

    #[test]
    fn other_elements_are_passed_over() {
        let place = Some(Concatenation { reference: 0xCC, total: 2, index: 1 });
        // Ports before it, text behind the header.
        let ports = [0x0B, 0x05, 0x04, 0x15, 0x8A, 0x00, 0x00, 0x00, 0x03, 0xCC, 0x02, 0x01, b'h', b'i'];
        assert_eq!(Concatenation::decode(&ports), place);
        // Of two, the last; unless it is not sensible.
        let two = [0x0A, 0x00, 0x03, 0x01, 0x02, 0x02, 0x00, 0x03, 0xCC, 0x02, 0x01];
        assert_eq!(Concatenation::decode(&two), place);
        let second_bad = [0x0A, 0x00, 0x03, 0xCC, 0x02, 0x01, 0x00, 0x03, 0x01, 0x00, 0x00];
        assert_eq!(Concatenation::decode(&second_bad), place);
        // A last element that claims more than there is.
        let torn = [0x07, 0x00, 0x03, 0xCC, 0x02, 0x01, 0x24, 0x09];
        assert_eq!(Concatenation::decode(&torn), place);
        // A header that claims more than there is.
        assert_eq!(Concatenation::decode(&[0x20, 0x00, 0x03, 0xCC, 0x02, 0x01]), place);
    }

    #[test]
    fn senseless_headers_are_none() {
        for header in [
            &[][..],
            &[0],
            &[5, 0, 3, 9, 2, 3],
            &[5, 0, 3, 9, 0, 0],
            &[5, 0, 3, 9, 2, 0],
            &[4, 0, 2, 9, 2],
            &[5, 8, 3, 9, 2, 1],
            &[2, 0, 3],
        ] {
            assert_eq!(Concatenation::decode(header), None, "{header:?}");
        }
    }

    #[test]
    fn what_does_not_make_a_text() {
        let piece = |reference, total, index| Piece {
            place: Concatenation { reference, total, index },
            coding: Coding::Gsm7,
            octets: b"x",
        };
        assert_eq!(rejoin(&[]), Err(RejoinError::Empty));
        assert_eq!(rejoin(&[piece(1, 2, 1), piece(2, 2, 2)]), Err(RejoinError::Mixed));
        assert_eq!(rejoin(&[piece(1, 2, 1), piece(1, 3, 2)]), Err(RejoinError::Mixed));
        assert_eq!(rejoin(&[piece(1, 3, 1), piece(1, 3, 3)]), Err(RejoinError::Missing(2)));
    }

    #[test]
    fn codings_may_change_between_segments() {
        let place = |index| Concatenation { reference: 7, total: 4, index };
        let pieces = [
            Piece { place: place(4), coding: Coding::Ucs2, octets: &[0xDE, 0x00] },
            Piece { place: place(1), coding: Coding::Gsm7, octets: b"1 \x1B" },
            Piece { place: place(2), coding: Coding::Gsm7, octets: b"e" },
            Piece { place: place(3), coding: Coding::Ucs2, octets: &[0x04, 0x36, 0xD8, 0x3D] },
        ];
        assert_eq!(rejoin(&pieces), Ok("1 €ж😀".to_owned()));
    }
}
