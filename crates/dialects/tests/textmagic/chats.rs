//! Chats: lists, by phone, by id, their messages.

use serde_json::Value;
use sms::Outcome;

use super::prices::charge;
use super::world::{JOHN, MARIA, NOW, PAUL, World, ids};

#[tokio::test]
async fn the_list() {
    let world = World::filled().await;
    let list = world.read("/chats").await;
    assert_eq!(ids(&list), [2, 1], "falling id; sending alone opens none");
    let (maria, john) = (&list["resources"][0], &list["resources"][1]);
    assert_eq!(
        (&john["phone"], &john["unread"], &john["updatedAt"]),
        (&JOHN.into(), &1.into(), &"2024-06-15T12:00:02+0000".into())
    );
    assert_eq!((&john["lastMessage"], &john["direction"]), (&"Thanks".into(), &"o".into()));
    assert_eq!((&maria["lastMessage"], &maria["direction"]), (&"Tack så mycket".into(), &"i".into()));
    assert_eq!(maria["contact"], Value::Null);
    let contact: Vec<_> = john["contact"].as_object().expect("a contact").keys().take(8).collect();
    let classic = ["id", "firstName", "lastName", "companyName", "phone", "email", "country", "customFields"];
    assert_eq!(contact, classic);
    assert_eq!(john["country"], serde_json::json!({"id": "GB", "name": "United Kingdom"}));
    let page = world.read("/chats?page=2&limit=1").await;
    assert_eq!((ids(&page), &page["pageCount"]), (vec![1], &2.into()));
}

#[tokio::test]
async fn orders_and_statuses() {
    let world = World::filled().await;
    world.pass(1);
    world.reply(&world.alice, JOHN, "and more").await;
    world.post("/chats/status", "id=2&status=c").await;
    let cases: &[(&str, &[u64])] = &[
        ("", &[2, 1]),
        ("orderBy=id", &[2, 1]),
        ("orderBy=messageTime", &[1, 2]),
        ("orderBy=unread", &[1, 2]),
        ("status=a", &[1]),
        ("status=c", &[2]),
        ("status=d", &[]),
        ("status=", &[2, 1]),
        ("voice=1&flat=1", &[2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/chats?{query}")).await, *expected, "{query}");
    }
    for bad in ["status=x", "status=active", "orderBy=phone", "status=%ff", "orderBy=%27%20OR%201=1--"] {
        world.get(&format!("/chats?{bad}")).await.refusal(400);
    }
    world.pass(1);
    world.reply(&world.alice, MARIA, "still there?").await;
    assert_eq!(world.ids("/chats?status=a").await, [2, 1], "a reply opens it again");
}

#[tokio::test]
async fn a_reply_makes_and_moves_a_chat() {
    let world = World::filled().await;
    world.get(&format!("/chats/{PAUL}")).await.refusal(404);
    world.reply(&world.alice, PAUL, "Bonjour").await;
    let chat = world.read(&format!("/chats/{PAUL}/by/phone")).await;
    assert_eq!((&chat["id"], &chat["unread"]), (&3.into(), &1.into()));
    assert_eq!(chat["updatedAt"], "2024-06-15T12:00:06+0000");
    world.pass(1);
    world.reply(&world.alice, PAUL, "Salut").await;
    let chat = world.read("/chats/3").await;
    assert_eq!((&chat["unread"], &chat["updatedAt"]), (&2.into(), &"2024-06-15T12:00:07+0000".into()));
    assert_eq!(world.ids(&format!("/chats/{PAUL}")).await, [7, 8, 9], "earlier messages belong to it too");
    assert_eq!(world.ids("/chats").await, [3, 2, 1]);
    assert_eq!(world.read("/chats/unread/count").await, serde_json::json!({"total": 4}));
}

#[tokio::test]
async fn the_conversation_by_phone() {
    let world = World::filled().await;
    let expected = concat!(
        r#"{"page":1,"limit":10,"pageCount":1,"resources":["#,
        r#"{"id":1,"direction":"out","sender":"447624800500","messageTime":"2024-06-15T12:00:00+0000","#,
        r#""text":"Hello John!","receiver":"447860021130","status":"d","firstName":"John","lastName":"Conway"},"#,
        r#"{"id":3,"direction":"out","sender":"447624800500","messageTime":"2024-06-15T12:00:01+0000","#,
        r#""text":"Привет, мир","receiver":"447860021130","status":"q","firstName":"John","lastName":"Conway"},"#,
        r#"{"id":4,"direction":"in","sender":"447860021130","messageTime":"2024-06-15T12:00:02+0000","#,
        r#""text":"Test reply","receiver":"447624800500","status":null,"firstName":"John","lastName":"Conway"},"#,
        r#"{"id":6,"direction":"out","sender":"447624800500","messageTime":"2024-06-15T12:00:04+0000","#,
        r#""text":"Thanks","receiver":"447860021130","status":"d","firstName":"John","lastName":"Conway"}]}"#,
    );
    assert_eq!(world.get(&format!("/chats/{JOHN}")).await.text, expected);
    for same in
        ["%2B447860021130", "+447860021130", "447860021130?phone=447860021130", "+44%207860%20021-130"]
    {
        assert_eq!(world.get(&format!("/chats/{same}")).await.text, expected, "{same}");
    }
    let page = world.read(&format!("/chats/{JOHN}?page=2&limit=1")).await;
    assert_eq!(
        (ids(&page), &page["page"], &page["limit"], &page["pageCount"]),
        (vec![3], &2.into(), &1.into(), &4.into())
    );
    let maria = world.read(&format!("/chats/{MARIA}")).await;
    assert_eq!(maria["resources"][1]["firstName"], Value::Null);
    for stranger in ["33612345679", "INFO", "%27%20OR%201=1%20--"] {
        world.get(&format!("/chats/{stranger}")).await.refusal(404);
    }
}

#[tokio::test]
async fn a_phone_goes_before_an_id() {
    let world = World::filled().await;
    assert_eq!(world.read("/chats/1").await["phone"], JOHN);
    world.reply(&world.alice, "1", "from a short code").await;
    let page = world.read("/chats/1").await;
    assert_eq!(page["resources"][0]["text"], "from a short code");
    assert_eq!(world.read("/chats/2").await["phone"], MARIA);
}

#[tokio::test]
async fn the_conversation_by_id() {
    let world = World::filled().await;
    let expected = concat!(
        r#"{"id":4,"direction":"in","sender":"447860021130","messageTime":"2024-06-15T12:00:02+0000","#,
        r#""text":"Test reply","receiver":"447624800500","status":"d","firstName":"John","lastName":"Conway","#,
        r#""sessionId":null}"#
    );
    let reply = world.get("/chats/1/message?query=test").await;
    assert_eq!(reply.text, format!(r#"{{"page":1,"limit":10,"pageCount":1,"resources":[{expected}]}}"#));
    let maria = world.read("/chats/2/message").await;
    for message in maria["resources"].as_array().expect("resources") {
        for key in ["status", "firstName", "lastName", "receiver", "text"] {
            assert!(message[key].is_string(), "{key}");
        }
    }
    assert_eq!(maria["resources"][1]["sessionId"], 1);
    let cases: &[(&str, &[u64])] = &[
        ("", &[6, 4, 3, 1]),
        ("direction=asc", &[1, 3, 4, 6]),
        ("direction=desc&page=2&limit=3", &[1]),
        ("start=1718452801&end=1718452802", &[4, 3]),
        ("start=1718452802&end=1718452801", &[]),
        ("start=-5&end=99999999999999999999", &[6, 4, 3, 1]),
        ("voice=1&includeNotes=1", &[6, 4, 3, 1]),
        ("query=nothing", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/chats/1/message?{query}")).await, *expected, "{query}");
    }
    for bad in ["start=1", "end=1", "start=x&end=1", "start=1&end=%ff", "direction=x", "query=%ff"] {
        world.get(&format!("/chats/1/message?{bad}")).await.refusal(400);
    }
    world.get("/chats/2000000000/message").await.refusal(404);
    world.get(&format!("/chats/{JOHN}/message")).await.refusal(404);
}

#[tokio::test]
async fn by_phone_with_upsert_and_reopen() {
    let world = World::filled().await;
    let by = |phone: &str, query: &str| format!("/chats/{phone}/by/phone{query}");
    assert_eq!(world.read(&by(JOHN, "")).await["id"], 1);
    assert_eq!(world.read(&by("+447860021130", "?upsert=1")).await["id"], 1);
    for query in ["", "?upsert=0", "?reopen=1", "?upsert=False"] {
        world.get(&by(PAUL, query)).await.refusal(404);
    }
    let made = world.read(&by(PAUL, "?upsert=1")).await;
    assert_eq!((&made["id"], &made["unread"], &made["status"]), (&3.into(), &0.into(), &"a".into()));
    assert_eq!(made["updatedAt"], "2024-06-15T12:00:06+0000", "its opening, since nobody wrote");
    assert_eq!((&made["lastMessage"], &made["direction"]), (&"Bonjour".into(), &"o".into()));
    assert_eq!(world.read(&by(PAUL, "?upsert=1")).await["id"], 3, "made once");
    let fresh = world.read(&by("46701740999", "?upsert=true")).await;
    assert_eq!((&fresh["lastMessage"], &fresh["direction"]), (&Value::Null, &Value::Null));
    assert_eq!(world.ids("/chats/46701740999").await, [0_u64; 0]);
    world.post("/chats/close/bulk", "ids=1").await;
    assert_eq!(world.read(&by(JOHN, "?upsert=1")).await["status"], "c");
    assert_eq!(world.read(&by(JOHN, "?reopen=1")).await["status"], "a");
    world.post("/chats/delete", "ids=1").await;
    assert_eq!(world.read(&by(JOHN, "")).await["status"], "d");
    assert_eq!(world.read(&by(JOHN, "?reopen=1")).await["status"], "a");
    for bad in ["abc", "%27%20OR%201=1", "12345678901234567"] {
        world.get(&by(bad, "?upsert=1")).await.refusal(400);
        world.get(&by(bad, "")).await.refusal(404);
    }
    world.get(&by(JOHN, "?upsert=x")).await.refusal(400);
    world.get(&by(JOHN, "?reopen=%ff")).await.refusal(400);
}

#[tokio::test]
async fn searches() {
    let world = World::filled().await;
    let cases: &[(&str, &[u64])] = &[
        ("search", &[2, 1]),
        ("search?query=hello", &[2, 1]),
        ("search?query=THANKS", &[1]),
        ("search?query=tack", &[2]),
        ("search?query=bonjour", &[]),
        ("search?query=%25", &[]),
        ("search/ids", &[2, 1]),
        ("search/ids?ids=1", &[1]),
        ("search/ids?ids=2,+1,9", &[2, 1]),
        ("search/ids?ids=9", &[]),
        ("search/recipients", &[2, 1]),
        ("search/recipients?query=7860", &[1]),
        ("search/recipients?query=%2B44+7860", &[1]),
        ("search/recipients?query=conway", &[1]),
        ("search/recipients?query=Example+Ltd", &[1]),
        ("search/recipients?query=0", &[2, 1]),
        ("search/recipients?query=0&orderBy=messageTime", &[2, 1]),
        ("search/recipients?query=nobody", &[]),
        ("search/recipients?query=%27%20OR%201=1%20--", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/chats/{query}")).await, *expected, "{query}");
    }
    for bad in
        ["search?query=%ff", "search/ids?ids=x", "search/recipients?query=%ff", "search/recipients?orderBy=x"]
    {
        world.get(&format!("/chats/{bad}")).await.refusal(400);
    }
    world.post("/chats/delete", "ids=1").await;
    for query in ["search?query=hello", "search/ids?ids=1,2", "search/recipients?query=0"] {
        assert_eq!(world.ids(&format!("/chats/{query}")).await, [2], "{query}");
    }
}

#[tokio::test]
async fn unread_messages_of_many_chats() {
    let world = World::empty().await;
    assert_eq!(world.read("/chats/unread/count").await["total"], 0);
    for peer in 0..1100 {
        world.reply(&world.alice, &format!("4670{peer:07}"), "hej").await;
    }
    world.reply(&world.alice, "46700000000", "hej igen").await;
    assert_eq!(world.read("/chats/unread/count").await["total"], 1101);
    world.post("/chats/delete", "ids=1").await;
    assert_eq!(world.read("/chats/unread/count").await["total"], 1099, "a deleted chat counts no more");
    world.send(&world.alice, world.mt("46700000001", "svar", Outcome::Delivered)).await;
    assert_eq!(world.read("/chats/unread/count").await["total"], 1099);
}

/// What is still to be sent is not the last that was said, unless nothing else was.
#[tokio::test]
async fn what_waits_is_not_the_last_message() {
    let world = World::empty().await;
    let last = async || {
        let chat = world.read(&format!("/chats/{JOHN}/by/phone")).await;
        (chat["lastMessage"].clone(), chat["direction"].clone())
    };
    let form = format!("text=later&phones={JOHN}&createChat=1&sendingTime={}", NOW + 3600);
    assert_eq!(world.post("/messages", &form).await.status, 201);
    assert_eq!(last().await, ("later".into(), "o".into()));
    world.reply(&world.alice, JOHN, "Test reply").await;
    assert_eq!(last().await, ("Test reply".into(), "i".into()));
    assert_eq!(world.read("/chats").await["resources"][0]["lastMessage"], "Test reply");
    world.pass(3600);
    assert_eq!(last().await, ("later".into(), "o".into()));
}

/// What a part to the partner costs.
#[tokio::test]
async fn prices_of_chats() {
    let world = World::filled().await;
    let prices = async || {
        let page = world.read("/chats").await;
        let chats = page["resources"].as_array().expect("chats").clone();
        chats.iter().map(|chat| (chat["phone"].clone(), chat["smsPrice"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(prices().await, [(MARIA.into(), 0.into()), (JOHN.into(), 0.into())]);
    charge(&world, world.alice.account.id).await;
    assert_eq!(prices().await, [(MARIA.into(), 0.05.into()), (JOHN.into(), 0.04.into())]);
}
