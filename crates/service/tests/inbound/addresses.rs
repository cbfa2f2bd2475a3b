//! Whatever stands where a number should stand.

use service::export::ExportFormat;
use service::import::ImportOptions;
use service::query::MessageQuery;
use sms::Direction;

use super::world::{HANDSET, NUMBER, World};

#[tokio::test]
async fn odd_addresses_are_kept_so_that_an_export_reads_back() {
    let world = World::new().await;
    let long = "x".repeat(64);
    for (sender, recipient) in [
        ("", NUMBER),
        (HANDSET, ""),
        ("", ""),
        (long.as_str(), NUMBER),
        (HANDSET, long.as_str()),
        ("\u{7f}BANK\u{1} ", NUMBER),
        ("\u{1}\u{2}", NUMBER),
        ("nineteen characters and a blank", NUMBER),
        ("+46 70 174 06 05", "72 250"),
        ("1234567890123456789012345", NUMBER),
    ] {
        world.write_from(sender, recipient, &format!("{sender} to {recipient}")).await;
    }
    let taken = world.messages(world.account, Direction::Mo).await;
    assert_eq!(taken.len(), 10, "nothing is refused to a carrier");
    let senders: Vec<&str> = taken.iter().filter_map(|message| message.sender.as_deref()).collect();
    assert!(senders.contains(&"BANK") && senders.contains(&HANDSET), "{senders:?}");

    let mut written = Vec::new();
    let all = MessageQuery::default();
    let exported =
        world.service.export(world.account, all, ExportFormat::Ndjson, &mut written, &mut |_| {}).await;
    assert_eq!(exported.expect("written").rows, 10);
    let other = world.another("second").await;
    let mut input = written.as_slice();
    let options = ImportOptions { lenient: false };
    let imported = world.service.import(other, &mut input, options, &mut |_| {}).await.expect("read back");
    assert_eq!(imported.added, 10);
    let ends = |messages: &[service::model::Message]| -> Vec<_> {
        let mut ends: Vec<_> = messages
            .iter()
            .map(|one| (one.sender.clone(), one.recipient.clone(), one.body.clone()))
            .collect();
        ends.sort();
        ends
    };
    assert_eq!(ends(&world.messages(other, Direction::Mo).await), ends(&taken));
    world.sound().await;
}
