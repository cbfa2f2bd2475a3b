//! Thousands of texts that people really sent, through coding, cutting, headers and back.

use std::path::PathBuf;

use sms::coding::{
    Coding, decode_gsm, decode_ucs2, encode_gsm, encode_ucs2, measure, pack_septets, unpack_septets,
};
use sms::segment::{Concatenation, Piece, ReferenceSize, rejoin, split};

/// The octets of a user data field (3GPP TS 23.040 §9.2.3.24).
const USER_DATA: usize = 140;

/// The collection's lines, or `None` with a printed reason.
fn collection() -> Option<String> {
    let shared = std::env::var_os("ANSWERBACK_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = shared.join("data/sms-collection.tsv");
    match std::fs::read_to_string(&path) {
        Ok(lines) => Some(lines),
        Err(error) => {
            println!("skipped: no collection of texts at {}: {error}", path.display());
            None
        }
    }
}

#[test]
fn every_real_text_survives() {
    let Some(lines) = collection() else { return };
    let mut texts = 0;
    for line in lines.lines() {
        let (_, text) = line.split_once('\t').expect("label and text");
        survives(text);
        texts += 1;
    }
    assert_eq!(texts, 5_574);
}

fn survives(text: &str) {
    let measure = measure(text);
    let pieces = split(text, measure.coding);
    assert_eq!(pieces.len(), usize::from(measure.segments), "{text}");
    assert_eq!(pieces.concat(), text);
    let total = u8::try_from(pieces.len()).expect("a short text");
    let mut arrived = Vec::new();
    for (index, piece) in (1..=u8::MAX).zip(&pieces) {
        let place = Concatenation { reference: 0x5A, total, index };
        let header = if total == 1 { Vec::new() } else { place.encode(ReferenceSize::Eight) };
        let octets = through_the_air(piece, measure.coding, header.len());
        assert!(total == 1 || Concatenation::decode(&header) == Some(place));
        assert_eq!(read(&octets, measure.coding), *piece);
        arrived.push((place, octets));
    }
    let pieces: Vec<Piece<'_>> = arrived
        .iter()
        .rev()
        .map(|(place, octets)| Piece { place: *place, coding: measure.coding, octets })
        .collect();
    assert_eq!(rejoin(&pieces).as_deref(), Ok(text));
}

/// Encodes a piece into a user data field behind `header` octets and reads its units back.
fn through_the_air(piece: &str, coding: Coding, header: usize) -> Vec<u8> {
    match coding {
        Coding::Gsm7 => {
            let septets = encode_gsm(piece).expect("the coding was measured");
            let packed = pack_septets(&septets, header);
            assert!(header + packed.len() <= USER_DATA, "{piece}");
            unpack_septets(&packed, header, septets.len())
        }
        Coding::Ucs2 => {
            let octets = encode_ucs2(piece);
            assert!(header + octets.len() <= USER_DATA, "{piece}");
            octets
        }
    }
}

fn read(octets: &[u8], coding: Coding) -> String {
    match coding {
        Coding::Gsm7 => decode_gsm(octets),
        Coding::Ucs2 => decode_ucs2(octets),
    }
}
