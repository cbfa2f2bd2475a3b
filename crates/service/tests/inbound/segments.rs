//! Messages in several segments.

use carriers::carrier::MessageIn;
use service::receive_message::Intake;
use sms::coding::encode_ucs2;
use sms::{Coding, Direction, Outcome};

use super::world::{ALL, HANDSET, World};

fn long(word: &str) -> String {
    format!("{word} ").repeat(400 / (word.len() + 1))
}

#[tokio::test]
async fn segments_out_of_order() {
    let world = World::new().await;
    let text = long("späť");
    let mut pieces = world.pieces(&text, 9);
    assert!(pieces.len() > 3);
    pieces.rotate_left(2);
    let last = pieces.pop().expect("some");
    for piece in pieces {
        assert_eq!(world.bring(piece).await, Intake::Waiting);
        world.pass(1);
    }
    let intake = world.bring(last).await;
    assert_eq!(intake, Intake::Received { account: world.account, number: 1 });
    let message = world.messages(world.account, Direction::Mo).await.remove(0);
    assert_eq!((message.body.as_str(), message.sender.as_deref()), (text.as_str(), Some(HANDSET)));
    assert_eq!((message.coding, message.forced_by), (Coding::Ucs2, Some('ť')));
    assert!(message.segments > 3 && message.outcome == Outcome::Received);
    assert_eq!(message.country.as_str(), "SE");
    assert_eq!(world.service.unread(world.account).await.expect("read"), 1);
    world.sound().await;
}

#[tokio::test]
async fn segment_doubled() {
    let world = World::new().await;
    let text = long("double");
    let pieces = world.pieces(&text, 9);
    for piece in &pieces[..pieces.len() - 1] {
        assert_eq!(world.bring(piece.clone()).await, Intake::Waiting);
        assert_eq!(world.bring(piece.clone()).await, Intake::Waiting);
    }
    assert!(matches!(world.bring(pieces[pieces.len() - 1].clone()).await, Intake::Received { .. }));
    // The carrier did not see the answers.
    for piece in &pieces {
        assert_eq!(world.bring(piece.clone()).await, Intake::Repeated);
    }
    world.pass(90_000);
    assert_eq!(world.service.clear_stale_segments().await.expect("cleared"), 0);
    assert_eq!(world.received().await, [text]);
}

#[tokio::test]
async fn part_missing_forever() {
    let world = World::new().await;
    let text = long("gone");
    let mut pieces = world.pieces(&text, 9);
    assert_eq!(pieces.len(), 3);
    pieces.remove(1);
    for piece in pieces {
        world.bring(piece).await;
        world.pass(60);
    }
    world.pass(23 * 3600);
    assert_eq!(world.service.clear_stale_segments().await.expect("too early"), 0);
    assert_eq!(world.received().await, Vec::<String>::new());
    world.pass(3600);
    assert_eq!(world.service.clear_stale_segments().await.expect("cleared"), 1);
    assert_eq!(world.service.clear_stale_segments().await.expect("once"), 0);
    let message = world.messages(world.account, Direction::Mo).await.remove(0);
    let expected = format!("{}[segment 2 of 3 is missing]{}", &text[..152], &text[304..]);
    assert_eq!((message.body, message.segments), (expected, 3));
    let story: Vec<_> = message.history.iter().filter_map(ledger::history::Entry::outcome).collect();
    assert_eq!(story, [Outcome::Incomplete, Outcome::Received]);
    assert_eq!(message.date, world.service.now().seconds(), "whoever reads what is new reads it");
    world.sound().await;
}

#[tokio::test]
async fn kill_between_parts() {
    let mut world = World::new().await;
    let text = long("kill");
    for piece in world.pieces(&text, 9) {
        world.bring(piece).await;
        world = world.restart();
    }
    assert_eq!(world.received().await, [text]);
}

#[tokio::test]
async fn kill_between_the_last_part_and_its_message() {
    let world = World::new().await;
    let text = long("almost");
    let parts = world.pieces(&text, 9);
    let last = parts.len() - 1;
    // What the last segment's write leaves behind when nothing follows it.
    for (place, piece) in parts.iter().enumerate() {
        if place < last {
            world.bring(piece.clone()).await;
        }
    }
    let place = parts[last].place.expect("a segment");
    let part = ledger::inbound::MoPart {
        carrier: "north".to_owned(),
        sender: HANDSET.to_owned(),
        recipient: parts[last].recipient.clone(),
        reference: place.reference,
        total: place.total,
        index: place.index,
        coding: parts[last].coding,
        data_coding: 0,
        header: Vec::new(),
        octets: parts[last].octets.clone(),
        fingerprint: [9; 32],
        received: parts[last].at,
    };
    ledger::WayIn::mo_part(world.ledger.as_ref(), part).await.expect("kept");
    let world = world.restart();
    assert_eq!(world.received().await, Vec::<String>::new());
    world.pass(61);
    assert_eq!(world.service.clear_stale_segments().await.expect("found"), 1);
    assert_eq!(world.received().await, [text]);
}

#[tokio::test]
async fn emoji_split_between_segments() {
    let world = World::new().await;
    let text = "x".repeat(66) + "👩‍👩‍👧‍👦 and 👍";
    // A careless telephone cuts after 67 units, in the middle of a pair.
    let octets = encode_ucs2(&text).chunks(134).map(<[u8]>::to_vec).collect();
    for piece in world.cut(octets, Coding::Ucs2, 9) {
        world.bring(piece).await;
    }
    assert_eq!(world.received().await, [text]);
}

#[tokio::test]
async fn septet_escape_split_between_segments() {
    let world = World::new().await;
    let octets = vec![b"costs 5\x1B".to_vec(), b"e or so".to_vec()];
    for piece in world.cut(octets, Coding::Gsm7, 9) {
        world.bring(piece).await;
    }
    assert_eq!(world.received().await, ["costs 5€ or so"]);
}

#[tokio::test]
async fn mixed_references() {
    let world = World::new().await;
    let texts = [long("one"), long("two")];
    let [one, two] = [world.pieces(&texts[0], 1), world.pieces(&texts[1], 2)];
    for (one, two) in one.into_iter().zip(two) {
        world.bring(one).await;
        world.bring(two).await;
    }
    assert_eq!(world.received().await, texts);
}

#[tokio::test]
async fn one_reference_for_everything() {
    let world = World::new().await;
    let texts = [long("one"), long("two")];
    let [one, two] = texts.each_ref().map(|text| world.pieces(text, 0));
    for (one, two) in one.into_iter().zip(two) {
        world.bring(one).await;
        world.bring(two).await;
    }
    assert_eq!(world.received().await, texts);
    world.service.clear_stale_segments().await.expect("nothing");
    assert_eq!(world.received().await.len(), 2);
}

#[tokio::test]
async fn segments_of_other_coding() {
    let world = World::new().await;
    let mut pieces = world.cut(vec![b"seven, ".to_vec(), encode_ucs2("шестнадцать")], Coding::Gsm7, 9);
    pieces[1].coding = Some(Coding::Ucs2);
    for piece in pieces.into_iter().rev() {
        world.bring(piece).await;
    }
    let message = world.messages(world.account, Direction::Mo).await.remove(0);
    assert_eq!((message.body.as_str(), message.coding), ("seven, шестнадцать", Coding::Ucs2));
}

#[tokio::test]
async fn what_is_no_text() {
    let world = World::new().await;
    world.claim(world.account, Some("no"), 0).await;
    let message = MessageIn {
        sender: HANDSET.to_owned(),
        recipient: "36000".to_owned(),
        place: None,
        coding: None,
        octets: vec![0x06, 0x05, 0xFF],
        data_coding: 0xF5,
        header: vec![0x06, 0x05, 0x04, 0x15, 0x8A, 0x00, 0x00],
        at: world.service.now(),
    };
    assert!(matches!(world.bring(message).await, Intake::Received { .. }));
    assert_eq!(
        world.received().await,
        ["[no text, length 3, data coding 0xF5, header 060504158A0000] 0605FF"]
    );
}

#[tokio::test]
async fn segments_of_nobody() {
    let world = World::new().await;
    world.another("second").await;
    let pieces = world.pieces(&long("lost"), 9);
    world.bring(pieces[0].clone()).await;
    world.pass(86_401);
    assert_eq!(world.service.clear_stale_segments().await.expect("cleared"), 1);
    let lost = world.service.unrouted(ALL).await.expect("read").items.remove(0);
    assert!(!lost.complete && lost.body.ends_with("[segments 2 to 3 of 3 are missing]"), "{}", lost.body);
    world.sound().await;
}
