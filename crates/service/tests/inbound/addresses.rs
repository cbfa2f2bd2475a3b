//! Whatever stands where a number should stand.

use service::export::ExportFormat;
use service::import::ImportOptions;
use service::plan::{Policy, Recipient, SubmitRequest, Text};
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

    // Of what is sent, recipients that are none are kept as well.
    let nonsense = [
        "a".repeat(100),
        "+33 or so".to_owned(),
        "\u{1}".to_owned(),
        "+4".to_owned(),
        " x\u{7}y ".to_owned(),
    ];
    let request = SubmitRequest {
        text: Text::Plain("Hello".to_owned()),
        recipients: nonsense.iter().map(Recipient::of).collect(),
        sender: Some("Acme".to_owned()),
        ..SubmitRequest::default()
    };
    let answer = world.service.submit(world.account, request, &Policy::default(), None).await.expect("taken");
    assert_eq!(answer.summary.counts.invalid, 5);

    let mut written = Vec::new();
    let all = MessageQuery::default();
    let exported =
        world.service.export(world.account, all, ExportFormat::Ndjson, &mut written, &mut |_| {}).await;
    assert_eq!(exported.expect("written").rows, 15);
    let other = world.another("second").await;
    let mut input = written.as_slice();
    let options = ImportOptions { lenient: false };
    let imported = world.service.import(other, &mut input, options, &mut |_| {}).await.expect("read back");
    assert_eq!(imported.added, 15);
    let ends = |messages: &[service::model::Message]| -> Vec<_> {
        let mut ends: Vec<_> = messages
            .iter()
            .map(|one| (one.sender.clone(), one.recipient.clone(), one.body.clone()))
            .collect();
        ends.sort();
        ends
    };
    assert_eq!(ends(&world.messages(other, Direction::Mo).await), ends(&taken));
    let sent = ends(&world.messages(world.account, Direction::Mt).await);
    assert_eq!(ends(&world.messages(other, Direction::Mt).await), sent);
    let again = world.service.import(world.account, &mut written.as_slice(), options, &mut |_| {}).await;
    assert_eq!(again.expect("its own").known, 15, "what it gave is known");
    world.sound().await;
}
