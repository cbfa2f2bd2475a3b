//! `POST /messages`: its answer, and what stands in the ledger when it comes.

use http::Method;
use serde_json::{Value, json};
use service::account_settings::AccountSettings;
use service::lists::List;
use service::opt_outs::OptOutSource;

use super::world::{JOHN, MARIA, NOWHERE, OURS, PAUL, Reply, With, World, request};

const KEYS: [&str; 8] = ["id", "href", "type", "sessionId", "bulkId", "messageId", "scheduleId", "chatId"];

/// The body of a submission that was taken in.
pub(crate) fn sent(reply: &Reply) -> Value {
    assert_eq!(reply.status, 201, "{}", reply.text);
    let body = reply.json();
    let keys: Vec<_> = body.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, KEYS);
    body
}

/// Reads the one message that a submission made.
async fn message(world: &World, reply: &Reply) -> Value {
    let body = sent(reply);
    assert_eq!(body["type"], "message", "{body}");
    world.read(&format!("/messages/{}", body["id"])).await
}

#[tokio::test]
async fn one_recipient_is_a_message() {
    let world = World::empty().await;
    let reply = world.post("/messages", &format!("text=hi&phones={JOHN}")).await;
    let answer = r#"{"id":1,"href":"/api/v2/messages/1","type":"message","sessionId":1,"bulkId":null,"#;
    let answer = format!("{answer}\"messageId\":1,\"scheduleId\":null,\"chatId\":null}}");
    assert_eq!(sent(&reply), serde_json::from_str::<Value>(&answer).expect("JSON"));
    assert_eq!(reply.text, answer);
    let message = world.read("/messages/1").await;
    assert_eq!((&message["receiver"], &message["text"]), (&JOHN.into(), &"hi".into()));
    assert_eq!((&message["status"], &message["sessionId"]), (&"q".into(), &1.into()));
    assert_eq!((&message["country"], &message["partsCount"]), (&"GB".into(), &1.into()));
    assert_eq!(world.ids("/messages").await, [1]);
    let session = world.read("/sessions/1").await;
    assert_eq!((&session["source"], &session["numbersCount"]), (&"A".into(), &1.into()));
    assert_eq!((&session["text"], &session["price"]), (&"hi".into(), &0.into()));
    let json = format!(r#"{{"text":"hi","phones":"{JOHN}"}}"#);
    assert_eq!(sent(&world.post_json("/messages", &json).await)["messageId"], 2);
}

#[tokio::test]
async fn several_recipients_are_a_session() {
    let world = World::empty().await;
    let reply = world.post("/messages", &format!("text=hi&phones={JOHN}%2C+{MARIA},%2B{JOHN},")).await;
    let body = sent(&reply);
    let session = json!({"id":1,"href":"/api/v2/sessions/1","type":"session","sessionId":1,"bulkId":null,
        "messageId":null,"scheduleId":null,"chatId":null});
    assert_eq!(body, session, "a repeated phone counts once");
    assert_eq!(world.read("/sessions/1").await["numbersCount"], 2);
    assert_eq!(world.ids("/sessions/1/messages").await, [2, 1]);
}

#[tokio::test]
async fn texts_survive_both_encodings() {
    let world = World::empty().await;
    for text in
        ["Привет, мир", "你好", "🎉 emoji 👩‍👩‍👧", "a+b&c=d", "{ } [ ] ~ ^ € \\ |", "line\nbreak", "  kept  "]
    {
        let json = json!({"text": text, "phones": JOHN}).to_string();
        assert_eq!(message(&world, &world.post_json("/messages", &json).await).await["text"], text);
        let form = format!("text={}&phones={JOHN}", dialects::kit::params::encode(text));
        assert_eq!(message(&world, &world.post("/messages", &form).await).await["text"], text);
    }
    let plain = world.post("/messages", &format!("text=a+b&phones={JOHN}")).await;
    assert_eq!(message(&world, &plain).await["text"], "a b");
}

#[tokio::test]
async fn parts_are_counted_limited_and_cut() {
    let world = World::empty().await;
    let parts = async |text: String, rest: Value| {
        let mut body = json!({"text": text, "phones": JOHN});
        body.as_object_mut().expect("an object").extend(rest.as_object().cloned().unwrap_or_default());
        world.post_json("/messages", &body.to_string()).await
    };
    for (text, count, charset) in [
        ("a".repeat(160), 1, "ISO-8859-1"),
        ("a".repeat(161), 2, "ISO-8859-1"),
        ("a".repeat(306), 2, "ISO-8859-1"),
        ("a".repeat(307), 3, "ISO-8859-1"),
        ("a".repeat(918), 6, "ISO-8859-1"),
        (format!("{}€", "a".repeat(159)), 2, "ISO-8859-1"),
        ("ж".repeat(70), 1, "UTF-16BE"),
        ("ж".repeat(71), 2, "UTF-16BE"),
        ("ж".repeat(134), 2, "UTF-16BE"),
        ("ж".repeat(135), 3, "UTF-16BE"),
    ] {
        let message = message(&world, &parts(text, json!({})).await).await;
        assert_eq!((&message["partsCount"], &message["charset"]), (&count.into(), &charset.into()));
    }
    let before = world.ids("/messages").await;
    assert_eq!(parts("a".repeat(919), json!({})).await.blamed(), ["text"]);
    assert_eq!(parts("a".repeat(161), json!({"partsCount": 1})).await.blamed(), ["text"]);
    for wrong in [json!(0), json!(7), json!("x"), json!(-1)] {
        assert_eq!(parts("a".to_owned(), json!({"partsCount": wrong})).await.blamed(), ["partsCount"]);
    }
    assert_eq!(world.ids("/messages").await, before);
    for cut in [json!(1), json!(true), json!("True"), json!("1")] {
        let reply = parts("b".repeat(200), json!({"partsCount": "1", "cutExtra": cut})).await;
        assert_eq!(message(&world, &reply).await["text"], "b".repeat(160));
    }
    let six = parts("c".repeat(2000), json!({"cutExtra": 1})).await;
    assert_eq!(message(&world, &six).await["partsCount"], 6);
}

#[tokio::test]
async fn what_is_no_submission() {
    let world = World::filled().await;
    let before = world.get("/messages").await.text;
    let refused = async |form: &str| {
        let reply = world.post("/messages", form).await;
        let body = reply.refusal(400);
        assert_eq!(body["message"], "Validation Failed", "{form}");
        body["errors"].clone()
    };
    for form in [format!("phones={JOHN}"), format!("text=&phones={JOHN}"), format!("text=++&phones={JOHN}")] {
        assert_eq!(refused(&form).await["common"], json!(["Either text or templateId is needed."]));
    }
    for form in ["text=hi", "text=hi&phones=,", "text=hi&phones=&contacts=&lists="] {
        assert!(refused(form).await["common"][0].as_str().is_some_and(|text| text.contains("recipients")));
    }
    let fields: [(&str, String); 16] = [
        ("phones", "text=hi&phones=abc".to_owned()),
        ("phones", format!("text=hi&phones={JOHN},12")),
        ("templateId", format!("templateId={NOWHERE}&phones={JOHN}")),
        ("templateId", format!("text=hi&templateId={NOWHERE}&phones={JOHN}")),
        ("templateId", format!("templateId=x&phones={JOHN}")),
        ("contacts", format!("text=hi&contacts={NOWHERE}")),
        ("contacts", "text=hi&contacts=1,4294967296".to_owned()),
        ("lists", format!("text=hi&phones={JOHN}&lists={NOWHERE}")),
        ("lists", "text=hi&lists=x".to_owned()),
        ("cutExtra", format!("text=hi&phones={JOHN}&cutExtra=maybe")),
        ("referenceId", format!("text=hi&phones={JOHN}&referenceId={}", "r".repeat(256))),
        ("tts", format!("text=hi&phones={JOHN}&tts=1")),
        ("destination", format!("text=hi&phones={JOHN}&destination=mms")),
        ("destination", format!("text=hi&phones={JOHN}&destination=pigeon")),
        ("resources", format!("text=hi&phones={JOHN}&resources=photo.jpg")),
        ("text", format!("text=%ff&phones={JOHN}")),
    ];
    for (field, form) in fields {
        let errors = refused(&form).await;
        let named: Vec<_> = errors["fields"].as_object().expect("fields").keys().cloned().collect();
        assert_eq!(named, [field], "{form}");
    }
    let all = refused("text=hi&phones=1&partsCount=9&cutExtra=x&tts=1").await;
    assert_eq!(all["fields"].as_object().expect("fields").len(), 3, "everything is named: {all}");
    let broken = world.raw(request(Method::POST, "/messages").by(&world.alice).json("{\"text\":")).await;
    broken.refusal(400);
    let stranger = request(Method::POST, "/messages").form(&format!("text=hi&phones={JOHN}"));
    world.raw(stranger.header("x-tm-username", "tester").header("x-tm-key", "wrong")).await.refusal(401);
    assert_eq!(world.get("/messages").await.text, before, "nothing was sent");
}

#[tokio::test]
async fn empty_parameters_are_absent() {
    let world = World::empty().await;
    let empty = "templateId=&contacts=&lists=&sendingTime=&from=&rrule=&partsCount=&referenceId=&cutExtra=";
    let form = format!("{empty}&text=hi&phones={JOHN}&dummy=&createChat=&unknown=x");
    assert_eq!(sent(&world.post("/messages", &form).await)["type"], "message");
    let json = json!({"text": "hi", "phones": JOHN, "templateId": null, "sendingTime": null, "rrule": ""});
    assert_eq!(sent(&world.post_json("/messages", &json.to_string()).await)["type"], "message");
}

#[tokio::test]
async fn references_are_text() {
    let world = World::empty().await;
    world.post("/messages", &format!("text=hi&phones={JOHN}&referenceId=ref-1")).await;
    assert_eq!(world.read("/sessions/1").await["referenceId"], "ref-1");
    let json = format!(r#"{{"text":"hi","phones":"{JOHN}","referenceId":7}}"#);
    world.post_json("/messages", &json).await;
    assert_eq!(world.read("/sessions/2").await["referenceId"], "7");
    world.post("/messages", &format!("text=hi&phones={JOHN}")).await;
    let reference = world.read("/sessions/3").await["referenceId"].clone();
    assert!(reference.as_str().is_some_and(|text| text.starts_with("A_tester_")), "{reference}");
}

#[tokio::test]
async fn senders_fall_back_in_silence() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    let sender = async |from: &str| {
        let reply = world.post("/messages", &format!("text=hi&phones={JOHN}&from={from}")).await;
        message(&world, &reply).await["sender"].clone()
    };
    assert_eq!(sender("").await, Value::Null);
    assert_eq!(sender("Acme").await, "Acme", "any sender, unless senders are registered");
    assert_eq!(sender("much+too+long+for+a+sender").await, Value::Null);
    let settings = AccountSettings { registers_senders: true, ..AccountSettings::default() };
    world.service.put_settings(account, &settings).await.expect("kept");
    assert_eq!(sender("Acme").await, Value::Null);
    world.service.register_sender(account, OURS, "").await.expect("registered");
    assert_eq!(sender("Acme").await, OURS);
    let settings = AccountSettings { default_sender: Some("House".to_owned()), ..settings };
    world.service.put_settings(account, &settings).await.expect("kept");
    assert_eq!((sender("Acme").await, sender(OURS).await), (json!("House"), json!(OURS)));
}

#[tokio::test]
async fn chats_are_opened_on_wish() {
    let world = World::empty().await;
    let form = format!("text=hi&phones={JOHN}");
    assert_eq!(sent(&world.post("/messages", &form).await)["chatId"], Value::Null);
    assert_eq!(world.ids("/chats").await, [0_u64; 0]);
    assert_eq!(sent(&world.post("/messages", &format!("{form}&createChat=1")).await)["chatId"], 1);
    assert_eq!(sent(&world.post("/messages", &format!("{form}&createChat=1")).await)["chatId"], 1);
    assert_eq!(sent(&world.post("/messages", &form).await)["chatId"], 1, "it is known now");
    let chats = world.read("/chats").await;
    assert_eq!(
        (&chats["resources"][0]["phone"], chats["resources"].as_array().map(Vec::len)),
        (&JOHN.into(), Some(1))
    );
    assert_eq!(world.ids(&format!("/chats/{JOHN}")).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn who_opted_out_is_not_written_to() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    world.service.opt_out(account, JOHN, OptOutSource::Api).await.expect("kept");
    let message = message(&world, &world.post("/messages", &format!("text=hi&phones={JOHN}")).await).await;
    assert_eq!((&message["status"], &message["rejectReason"]), (&"j".into(), &"g".into()));
    let list = List { name: "All".to_owned(), ..List::default() };
    let list = world.service.put_list(account, list).await.expect("kept");
    let empty = world.post("/messages", &format!("text=hi&lists={list}")).await;
    assert!(empty.refusal(400)["errors"]["common"][0].as_str().is_some(), "a list without members");
    let both = sent(&world.post("/messages", &format!("text=hi&phones={JOHN},{PAUL}")).await);
    assert_eq!((&both["type"], world.ids("/sessions/2/messages").await.len()), (&"session".into(), 2));
}
