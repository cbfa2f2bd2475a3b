//! Messages sent: list, search, one, history, deletion.

use sms::{Coding, Outcome};

use super::world::{JOHN, MARIA, NOWHERE, World, batch, ids};

#[tokio::test]
async fn the_list_and_one() {
    let world = World::filled().await;
    assert_eq!(world.ids("/messages").await, [7, 6, 3, 2, 1], "newest first, without replies");
    assert_eq!(
        world.get("/messages/1").await.text,
        concat!(
            r#"{"id":1,"receiver":"447860021130","messageTime":"2024-06-15T12:00:00+0000","status":"d","#,
            r#""text":"Hello John!","charset":"ISO-8859-1","firstName":"John","lastName":"Conway","country":"GB","#,
            r#""sender":"447624800500","price":0.25,"partsCount":1,"contactId":1,"sessionId":1,"avatar":null,"#,
            r#""charsetLabel":"ISO-8859-1","deleted":false,"phone":"447860021130"}"#
        )
    );
    let stranger = world.read("/messages/2").await;
    assert!(
        stranger["firstName"].is_null() && stranger["lastName"].is_null() && stranger["contactId"].is_null()
    );
    assert_eq!(stranger["country"], "SE");
    let unicode = world.read("/messages/3").await;
    assert_eq!((&unicode["charset"], &unicode["charsetLabel"]), (&"UTF-16BE".into(), &"UTF-16BE".into()));
    assert_eq!(unicode["text"], "Привет, мир");
    let refused = world.read("/messages/7").await;
    assert_eq!((&refused["status"], &refused["rejectReason"]), (&"j".into(), &"g".into()));
    world.get("/messages/4").await.refusal(404);
    world.get(&format!("/messages/{NOWHERE}")).await.refusal(404);
}

#[tokio::test]
async fn pages() {
    let world = World::filled().await;
    let (one, two) =
        (world.read("/messages?page=1&limit=1").await, world.read("/messages?page=2&limit=1").await);
    assert_eq!((ids(&one), ids(&two)), (vec![7], vec![6]));
    assert_eq!((&one["pageCount"], &two["pageCount"]), (&5.into(), &5.into()));
    assert_eq!(
        world.get("/messages?search=False&page=1").await.text,
        world.get("/messages?page=1").await.text
    );
    world.send(&world.alice, world.mt(JOHN, "newest", Outcome::Queued)).await;
    assert_eq!(world.read("/messages").await["resources"][0]["text"], "newest");
}

#[tokio::test]
async fn every_outcome_has_its_letter() {
    let world = World::empty().await;
    let table = [
        (Outcome::Scheduled, "s"),
        (Outcome::Held, "q"),
        (Outcome::Queued, "q"),
        (Outcome::Sending, "q"),
        (Outcome::Submitted, "r"),
        (Outcome::Acknowledged, "a"),
        (Outcome::Radio, "a"),
        (Outcome::Buffered, "b"),
        (Outcome::Uncertain, "r"),
        (Outcome::Delivered, "d"),
        (Outcome::Undelivered, "f"),
        (Outcome::Expired, "f"),
        (Outcome::ExpiredUnsent, "e"),
        (Outcome::RefusedByCarrier, "j"),
        (Outcome::Rejected, "j"),
        (Outcome::Failed, "e"),
        (Outcome::DeniedSender, "e"),
        (Outcome::DeniedRecipient, "e"),
        (Outcome::DeniedBody, "e"),
        (Outcome::DeniedFunds, "e"),
        (Outcome::DeniedOptOut, "j"),
        (Outcome::DeniedCountry, "e"),
        (Outcome::DeniedFlood, "e"),
        (Outcome::DeniedModerator, "e"),
        (Outcome::Canceled, "e"),
        (Outcome::Unknown, "u"),
    ];
    let mut by_letter = std::collections::BTreeMap::<&str, Vec<u64>>::new();
    for (outcome, letter) in table {
        let (_, id) = world.send(&world.alice, world.mt(MARIA, "x", outcome)).await;
        let message = world.read(&format!("/messages/{id}")).await;
        assert_eq!(message["status"], letter, "{outcome}");
        assert_eq!(message.get("rejectReason").is_some(), outcome == Outcome::DeniedOptOut);
        by_letter.entry(letter).or_default().insert(0, id.into());
    }
    for (letter, expected) in &by_letter {
        assert_eq!(
            world.ids(&format!("/messages/search?statuses={letter}&limit=100")).await,
            *expected,
            "{letter}"
        );
    }
    let both = world.ids("/messages/search?statuses=d,u&limit=100").await;
    assert_eq!(both, [by_letter["u"].clone(), by_letter["d"].clone()].concat());
    for unknown in ["i", "p", "h", "g"] {
        assert!(world.ids(&format!("/messages/search?statuses={unknown}")).await.is_empty());
    }
}

#[tokio::test]
async fn news_is_read_at_once() {
    let world = World::filled().await;
    for (outcome, letter) in [
        (Outcome::Submitted, "r"),
        (Outcome::Buffered, "b"),
        (Outcome::Delivered, "d"),
        (Outcome::Rejected, "d"),
    ] {
        world.pass(1);
        world.news(3, outcome).await;
        assert_eq!(world.read("/messages/3").await["status"], letter, "a final status never changes");
    }
    assert_eq!(world.ids("/messages/search?statuses=d").await, [6, 3, 1]);
}

#[tokio::test]
async fn parts_and_charsets() {
    let world = World::empty().await;
    let cases = [
        ("a".repeat(160), 1, "ISO-8859-1"),
        ("a".repeat(161), 2, "ISO-8859-1"),
        ("a".repeat(306), 2, "ISO-8859-1"),
        ("a".repeat(307), 3, "ISO-8859-1"),
        ("я".repeat(70), 1, "UTF-16BE"),
        ("я".repeat(71), 2, "UTF-16BE"),
        ("я".repeat(134), 2, "UTF-16BE"),
        ("я".repeat(135), 3, "UTF-16BE"),
        (format!("{}€", "a".repeat(159)), 2, "ISO-8859-1"),
    ];
    for (text, parts, charset) in cases {
        let (_, id) = world.send(&world.alice, world.mt(JOHN, &text, Outcome::Delivered)).await;
        let message = world.read(&format!("/messages/{id}")).await;
        assert_eq!((&message["partsCount"], &message["charset"]), (&parts.into(), &charset.into()), "{text}");
    }
    let mut long = world.mt(JOHN, "x", Outcome::Delivered);
    (long.segments, long.coding) = (255, Coding::Gsm7);
    let (_, id) = world.send(&world.alice, long).await;
    assert_eq!(world.read(&format!("/messages/{id}")).await["partsCount"], 255);
}

#[tokio::test]
async fn senders_and_test_numbers() {
    let world = World::empty().await;
    let mut message = world.mt("999000001", "x", Outcome::Delivered);
    message.sender = None;
    let (_, id) = world.send(&world.alice, message).await;
    let read = world.read(&format!("/messages/{id}")).await;
    assert_eq!((&read["country"], &read["sender"]), (&"ZZ".into(), &serde_json::Value::Null));
    let mut message = world.mt(JOHN, "x", Outcome::Delivered);
    message.sender_used = Some("HotRod".to_owned());
    let (_, id) = world.send(&world.alice, message).await;
    assert_eq!(world.read(&format!("/messages/{id}")).await["sender"], "HotRod");
}

#[tokio::test]
async fn search() {
    let world = World::filled().await;
    let cases: &[(&str, &[u64])] = &[
        ("", &[7, 6, 3, 2, 1]),
        ("sessionId=1", &[2, 1]),
        ("sessionId=1&search=True", &[2, 1]),
        ("sessionId=", &[7, 6, 3, 2, 1]),
        ("sessionId=2000000000", &[]),
        ("sessionId=0", &[]),
        ("sessionId=-1", &[]),
        ("sessionId=2147483649", &[]),
        ("sessionId=99999999999999999999", &[]),
        ("ids=1", &[1]),
        ("ids=1,3", &[3, 1]),
        ("ids=3,+1,1", &[3, 1]),
        ("ids=4", &[]),
        ("ids=2000000000,99999999999", &[]),
        ("ids=1&ids=2", &[2]),
        ("query=hello", &[2, 1]),
        ("query=HELLO+JOHN", &[1]),
        ("query=%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82", &[3]),
        ("query=nobody+wrote+this", &[]),
        ("query=%25", &[]),
        ("query=' OR 1=1 --", &[]),
        ("query=<b>%26", &[]),
        ("statuses=d", &[6, 1]),
        ("statuses=f&query=hello&sessionId=1&ids=1,2,3", &[2]),
        ("statuses=d&query=hello&sessionId=2", &[]),
        ("includeDeleted=1", &[7, 6, 3, 2, 1]),
        ("lastId=3", &[2, 1]),
        ("lastId=3&page=2&limit=1", &[2]),
        ("query=hello&lastId=2", &[1]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/messages/search?{query}")).await, *expected, "{query}");
    }
    for bad in [
        "ids=x",
        "ids=1,",
        "ids=,",
        "ids=-1",
        "ids=1;2",
        "ids=1+2",
        "ids=%ff",
        "sessionId=x",
        "sessionId=1.5",
        "sessionId=%ff",
        "query=%ff",
        "statuses=x",
        "statuses=D",
        "statuses=%27%20OR%201=1--",
        "lastId=x",
        "includeDeleted=2",
    ] {
        world.get(&format!("/messages/search?{bad}")).await.refusal(400);
    }
    let refusal = world.get("/messages/search?sessionId=x").await.refusal(400);
    assert!(refusal["message"].as_str().is_some_and(|message| message.contains("sessionId")));
}

#[tokio::test]
async fn last_id_ignores_the_page() {
    let world = World::filled().await;
    let page = world.read("/messages?lastId=6&page=9&limit=2").await;
    assert_eq!((ids(&page), &page["page"], &page["pageCount"]), (vec![3, 2], &1.into(), &2.into()));
    let cases: &[(&str, &[u64])] = &[
        ("lastId=1", &[]),
        ("lastId=0", &[]),
        ("lastId=-5", &[]),
        ("lastId=2147483647", &[7, 6, 3, 2, 1]),
        ("lastId=99999999999999999999", &[7, 6, 3, 2, 1]),
        ("lastId=", &[7, 6, 3, 2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/messages?{query}")).await, *expected, "{query}");
    }
    world.get("/messages?lastId=abc").await.refusal(400);
}

#[tokio::test]
async fn history() {
    let world = World::filled().await;
    let first = world.read("/history?limit=2").await;
    let keys: Vec<_> = first.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["lastId", "nextLastId", "limit", "resources"]);
    assert_eq!((&first["lastId"], &first["nextLastId"], &first["limit"]), (&().into(), &6.into(), &2.into()));
    let second = world.read("/history?limit=2&lastId=6").await;
    assert_eq!((ids(&second), &second["lastId"], &second["nextLastId"]), (vec![3, 2], &6.into(), &2.into()));
    let end = world.read("/history?lastId=1").await;
    assert_eq!((ids(&end).len(), &end["nextLastId"]), (0, &0.into()));
    let cases: &[(&str, &[u64])] = &[
        ("direction=asc", &[1, 2, 3, 6, 7]),
        ("query=hello", &[2, 1]),
        ("orderBy=messageTime", &[7, 6, 3, 2, 1]),
        ("orderBy=phone&direction=asc", &[7, 1, 3, 6, 2]),
        ("orderBy=sender&direction=asc", &[1, 2, 3, 6, 7]),
        ("orderBy=firstName", &[7, 6, 3, 2, 1]),
        ("page=7", &[7, 6, 3, 2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/history?{query}")).await, *expected, "{query}");
    }
    for bad in ["orderBy=text", "direction=up", "direction=ASC", "lastId=x", "query=%ff"] {
        world.get(&format!("/history?{bad}")).await.refusal(400);
    }
}

#[tokio::test]
async fn deletion() {
    let world = World::filled().await;
    let reply = world.delete("/messages/1").await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    world.get("/messages/1").await.refusal(404);
    world.delete("/messages/1").await.refusal(404);
    world.delete("/messages/4").await.refusal(404);
    assert_eq!(world.get("/replies/4").await.status, 200, "a reply is no message to be deleted here");
    assert_eq!(world.ids("/messages").await, [7, 6, 3, 2]);
    assert_eq!(world.ids("/sessions/1/messages").await, [2]);
    assert_eq!(world.read("/sessions/1").await["numbersCount"], 1);
    assert_eq!(world.delete("/messages/2").await.status, 204);
    let session = world.read("/sessions/1").await;
    assert_eq!((&session["numbersCount"], &session["price"]), (&0.into(), &0.into()), "the session stays");
}

#[tokio::test]
async fn deletion_of_many() {
    let world = World::filled().await;
    assert_eq!(world.post_json("/messages/delete", r#"{"ids":"1,2,4,2000000000"}"#).await.status, 204);
    assert_eq!(world.ids("/messages").await, [7, 6, 3]);
    assert_eq!(world.ids("/replies").await, [5, 4], "an id of a reply is passed over");
    assert_eq!(world.post("/messages/delete", "ids=&all=").await.blamed(), ["ids"]);
    assert_eq!(world.post_json("/messages/delete", "{}").await.blamed(), ["ids"]);
    assert_eq!(world.post_json("/messages/delete", r#"{"ids":[1]}"#).await.blamed(), ["ids"]);
    assert_eq!(world.post("/messages/delete", "ids=1;2").await.blamed(), ["ids"]);
    assert_eq!(world.post("/messages/delete", "all=perhaps&ids=1").await.blamed(), ["all"]);
    world.post_json("/messages/delete", "{").await.refusal(400);
    world.post_json("/messages/delete", "[]").await.refusal(400);
    assert_eq!(world.ids("/messages").await, [7, 6, 3]);
    assert_eq!(world.post_json("/messages/delete", r#"{"ids":7}"#).await.status, 204);
    assert_eq!(world.post_json("/messages/delete", r#"{"all":true}"#).await.status, 204);
    assert!(world.ids("/messages").await.is_empty());
    assert_eq!(world.ids("/sessions").await, [4, 3, 2, 1]);
}

#[tokio::test]
async fn deletion_of_all() {
    let world = World::filled().await;
    let many = (0..2345).map(|_| world.mt(MARIA, "x", Outcome::Delivered)).collect();
    world.submit(&world.alice, batch("x"), many).await;
    assert_eq!(world.delete("/message/all").await.status, 204);
    assert!(world.ids("/messages").await.is_empty());
    assert_eq!(world.ids("/replies").await, [5, 4]);
    assert_eq!(world.delete("/message/all").await.status, 204);
}
