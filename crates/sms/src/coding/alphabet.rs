//! The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1 and §6.2.1.1), one table
//! from septet to character, and the reverse derived from it at compile time.

/// The septet that announces a character of the extension table.
pub(super) const ESCAPE: u8 = 0x1B;

/// What `U+0020` is as a septet; shown for an escape that leads nowhere.
pub(super) const SPACE: char = ' ';

/// Septet to character of the default alphabet. The escape shows as a space, as the standard asks of a
/// receiver that can do nothing with it.
pub(super) const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', // 0x00
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', SPACE, 'Æ', 'æ', 'ß', 'É', // 0x10
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', // 0x20
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', // 0x30
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', // 0x40
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', // 0x50
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', // 0x60
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à', // 0x70
];

/// The extension table: the septet after the escape, and its character.
pub(super) const EXTENSION: [(u8, char); 10] = [
    (0x0A, '\u{0C}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2F, '\\'),
    (0x3C, '['),
    (0x3D, '~'),
    (0x3E, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// In a [`place`]: the character stands in the extension table.
const EXTENDED: u8 = 0x80;
/// In a [`place`]: the alphabet lacks the character. (As an extended septet it would be 0x7F, which is free.)
const ABSENT: u8 = 0xFF;

/// Places of the characters below `U+0100`, which hold all but the Greek capitals and the euro sign.
static LATIN: [u8; 256] = latin();
/// Places of `U+0380` to `U+03FF`.
static GREEK: [u8; 128] = greek();

const fn latin() -> [u8; 256] {
    let mut places = [ABSENT; 256];
    let mut septet = 0;
    while septet < BASIC.len() {
        let point = BASIC[septet] as usize;
        if point < places.len() && septet != ESCAPE as usize {
            places[point] = septet as u8;
        }
        septet += 1;
    }
    let mut row = 0;
    while row < EXTENSION.len() {
        let point = EXTENSION[row].1 as usize;
        if point < places.len() {
            places[point] = EXTENSION[row].0 | EXTENDED;
        }
        row += 1;
    }
    places
}

const fn greek() -> [u8; 128] {
    let mut places = [ABSENT; 128];
    let mut septet = 0;
    while septet < BASIC.len() {
        let point = BASIC[septet] as usize;
        if point >= 0x380 && point < 0x400 {
            places[point - 0x380] = septet as u8;
        }
        septet += 1;
    }
    places
}

/// Where a character stands in the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// One septet.
    Basic(u8),
    /// The escape and this septet.
    Extended(u8),
}

/// The place of `c`, or `None` when the alphabet lacks it.
pub(super) fn place(c: char) -> Option<Place> {
    let code = match c as usize {
        point @ 0..0x100 => LATIN[point],
        point @ 0x380..0x400 => GREEK[point - 0x380],
        0x20AC => 0x65 | EXTENDED,
        _ => ABSENT,
    };
    match code {
        ABSENT => None,
        code if code & EXTENDED != 0 => Some(Place::Extended(code & !EXTENDED)),
        code => Some(Place::Basic(code)),
    }
}

/// In [`ASCII_COST`]: the alphabet lacks the character, or the octet is no character by itself.
pub(super) const FORBIDDEN: u8 = 0x80;

/// Septets of each ASCII character, so that a text is measured by one branchless pass over its octets.
/// Octets past ASCII are [`FORBIDDEN`], which sends the caller to the slower walk by characters.
pub(super) static ASCII_COST: [u8; 256] = ascii_cost();

const fn ascii_cost() -> [u8; 256] {
    let places = latin();
    let mut costs = [FORBIDDEN; 256];
    let mut octet = 0;
    while octet < 128 {
        if places[octet] != ABSENT {
            costs[octet] = 1 + places[octet] / EXTENDED;
        }
        octet += 1;
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_each_others_reverse() {
        let mut known = 0;
        for point in 0..=0xFFFFu32 {
            let Some(c) = char::from_u32(point) else { continue };
            match place(c) {
                Some(Place::Basic(septet)) => assert_eq!(BASIC[usize::from(septet)], c),
                Some(Place::Extended(septet)) => assert!(EXTENSION.contains(&(septet, c)), "{c:?}"),
                None => continue,
            }
            known += 1;
        }
        // 128 septets less the escape, and ten extended characters.
        assert_eq!(known, 127 + 10);
        assert_eq!(place(' '), Some(Place::Basic(0x20)));
        assert_eq!(place('Ω'), Some(Place::Basic(0x15)));
    }

    #[test]
    fn ascii_costs_agree_with_the_places() {
        for octet in 0..=255u8 {
            let expected = match place(char::from(octet)) {
                Some(Place::Basic(_)) if octet.is_ascii() => 1,
                Some(Place::Extended(_)) if octet.is_ascii() => 2,
                _ => FORBIDDEN,
            };
            assert_eq!(ASCII_COST[usize::from(octet)], expected, "{octet:#x}");
        }
    }
}
