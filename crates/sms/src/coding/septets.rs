//! Septets packed into octets, least significant bit first (3GPP TS 23.038 §6.1.2.1), behind a user data
//! header where there is one: the text then begins at the next septet border (TS 23.040 §9.2.3.24).

/// Zero bits between a header of `header_octets` (its length octet included) and the first septet: 0 to 6.
pub fn fill_bits(header_octets: usize) -> u8 {
    // (header_octets % 7) * 8 is at most 48, so nothing is lost in the narrowing.
    let past_border = (header_octets % 7 * 8 % 7) as u8;
    (7 - past_border) % 7
}

/// Packs `septets` (one per octet; the top bit is ignored) into octets, with the fill bits that a header of
/// `header_octets` octets asks for (0 when there is none). The header itself is not part of the result, and
/// the last octet is padded with zero bits.
pub fn pack_septets(septets: &[u8], header_octets: usize) -> Vec<u8> {
    let mut octets = Vec::with_capacity((septets.len() * 7).div_ceil(8) + 1);
    let mut waiting = 0u16;
    let mut bits = fill_bits(header_octets);
    for septet in septets {
        waiting |= u16::from(septet & 0x7F) << bits;
        bits += 7;
        if bits >= 8 {
            octets.push(waiting as u8);
            waiting >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 && !septets.is_empty() {
        octets.push(waiting as u8);
    }
    octets
}

/// Reads up to `count` septets from `octets`, which follow a header of `header_octets` octets. Gives fewer
/// when the octets end early; `count` is what tells seven padding bits from a last `@`.
pub fn unpack_septets(octets: &[u8], header_octets: usize, count: usize) -> Vec<u8> {
    let first = usize::from(fill_bits(header_octets));
    let there = (octets.len() * 8).saturating_sub(first) / 7;
    let septet = |index: usize| {
        let bit = first + index * 7;
        let low = octets.get(bit / 8).copied().unwrap_or(0);
        let high = octets.get(bit / 8 + 1).copied().unwrap_or(0);
        (u16::from_le_bytes([low, high]) >> (bit % 8)) as u8 & 0x7F
    };
    (0..count.min(there)).map(septet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_is_reversible(
            septets in proptest::collection::vec(0u8..128, 0..200),
            header in 0usize..20,
        ) {
            let octets = pack_septets(&septets, header);
            let bits = septets.len() * 7 + usize::from(fill_bits(header));
            let expected = if septets.is_empty() { 0 } else { bits.div_ceil(8) };
            prop_assert_eq!(octets.len(), expected);
            prop_assert_eq!(unpack_septets(&octets, header, septets.len()), septets);
        }

        #[test]
        fn any_octets_are_read(octets: Vec<u8>, header in 0usize..300, count in 0usize..400) {
            let septets = unpack_septets(&octets, header, count);
            prop_assert!(septets.len() <= count && septets.iter().all(|septet| *septet < 128));
        }
    }

    #[test]
    fn known_packings() {
        assert_eq!(pack_septets(b"hello", 0), [0xE8, 0x32, 0x9B, 0xFD, 0x06]);
        // Eight septets fill seven octets exactly.
        assert_eq!(pack_septets(&[0x7F; 8], 0), [0xFF; 7]);
        // One fill bit behind the six octets of an 8-bit concatenation header, none behind the seven of a 16-bit.
        assert_eq!((fill_bits(0), fill_bits(6), fill_bits(7)), (0, 1, 0));
        assert_eq!(pack_septets(b"hello", 6), [0xD0, 0x65, 0x36, 0xFB, 0x0D]);
        // 153 septets behind 6 octets of header, and 152 behind 7, fill the 140 octets.
        assert_eq!(pack_septets(&[0; 153], 6).len() + 6, 140);
        assert_eq!(pack_septets(&[0; 152], 7).len() + 7, 140);
    }
}
