//! Any text, in any order, with anything doubled, is the text that was written.

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use service::receive_message::Intake;
use sms::Coding;
use sms::coding::encode_ucs2;

use super::world::World;

/// Brings pieces in the order of the keys, some of them twice.
async fn bring(world: &World, pieces: Vec<carriers::carrier::MessageIn>, keys: &[u32]) {
    let twice = pieces.iter().zip(keys).filter(|(_, key)| **key % 3 == 0).map(|(piece, _)| piece.clone());
    let twice: Vec<_> = twice.collect();
    let keyed = pieces.into_iter().chain(twice).zip(keys.iter().cycle().enumerate());
    let mut keyed: Vec<_> =
        keyed.map(|(piece, (place, key))| (key.wrapping_mul(place as u32 + 1), piece)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    for (_, piece) in keyed {
        world.bring(piece).await;
    }
}

#[test]
fn split_shuffled_doubled() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(World::new());
    let texts = prop_oneof!["\\PC{1,500}", "[a-zåäöÅÄÖ€{}\\[\\]^| ]{1,700}", "([a-z ]|😀|👩‍👧|é|ш){1,200}"];
    let strategy = (texts, proptest::collection::vec(any::<u32>(), 16), proptest::option::of(1usize..67));
    let mut runner = TestRunner::new(Config::with_cases(200));
    let reference = std::cell::Cell::new(0u16);
    let run = runner.run(&strategy, |(text, keys, careless)| {
        reference.set(reference.get().wrapping_add(1));
        let pieces = match careless {
            // Cut by octets, whatever stands there.
            Some(units) => {
                let units = units.max(text.encode_utf16().count().div_ceil(250));
                let octets = encode_ucs2(&text).chunks(units * 2).map(<[u8]>::to_vec).collect();
                world.cut(octets, Coding::Ucs2, reference.get())
            }
            None => world.pieces(&text, reference.get()),
        };
        let before = runtime.block_on(world.received()).len();
        runtime.block_on(bring(&world, pieces, &keys));
        let after = runtime.block_on(world.received());
        prop_assert!(after.len() > before, "nothing came");
        prop_assert_eq!(after.last(), Some(&text));
        Ok(())
    });
    run.expect("every text");
    runtime.block_on(world.sound());
}

#[tokio::test]
async fn real_texts() {
    let shared = std::env::var_os("ANSWERBACK_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = shared.join("data/sms-collection.tsv");
    let content = match std::fs::read_to_string(&path) {
        Ok(content) => content,
        Err(error) => {
            println!("skipped: no collection of texts at {}: {error}", path.display());
            return;
        }
    };
    let world = World::new().await;
    let texts: Vec<&str> = content.lines().filter_map(|line| Some(line.split_once('\t')?.1)).collect();
    assert!(texts.len() > 5000);
    let mut commands = 0;
    // Every fiftieth, and all the long ones.
    let chosen = texts.iter().enumerate().filter(|(place, text)| place % 50 == 0 || text.len() > 400);
    let mut expected = Vec::new();
    for (place, text) in chosen {
        let mut pieces = world.pieces(text, place as u16);
        pieces.reverse();
        let mut last = Intake::Waiting;
        for piece in pieces {
            last = world.bring(piece).await;
        }
        assert!(matches!(last, Intake::Received { .. }), "{text}");
        expected.push((*text).to_owned());
        commands += world.opted_out(world.account).await.len();
    }
    assert_eq!(world.received().await, expected);
    assert_eq!(commands, 0, "nobody in real life meant STOP");
}
