//! One caller does everything, one thing after the other, on one account: what was done before is left over each
//! time, as it is for a customer, and nothing of it may show where it does not belong.

use http::Method;
use serde_json::{Value, json};
use sms::Outcome;

use super::people::{linked, made, put};
use super::sending::sent;
use super::world::{JOHN, MARIA, NOW, NOWHERE, With, World, ids, request};

const HOUR: u32 = 3600;
const MESSAGE: [&str; 12] = [
    "id",
    "receiver",
    "messageTime",
    "status",
    "text",
    "charset",
    "firstName",
    "lastName",
    "country",
    "sender",
    "price",
    "partsCount",
];
const CHAT_MESSAGE: [&str; 9] =
    ["id", "direction", "sender", "messageTime", "text", "receiver", "status", "firstName", "lastName"];

#[tokio::test]
async fn from_the_first_session_to_the_last_deletion() {
    let world = World::empty().await;
    sessions(&world).await;
    submissions(&world).await;
    refusals(&world).await;
    messages(&world).await;
    chats(&world).await;
    people(&world).await;
    schedules(&world).await;
    opt_outs_and_figures(&world).await;
    deletions(&world).await;
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

async fn send(world: &World, form: &str) -> Value {
    sent(&world.post("/messages", form).await)
}

/// The id of the one message that a submission makes.
async fn one(world: &World, form: &str) -> u64 {
    let body = send(world, form).await;
    assert_eq!((&body["type"], &body["messageId"]), (&"message".into(), &body["id"]), "{body}");
    body["id"].as_u64().expect("an id")
}

async fn falling(world: &World, path: &str) -> Vec<u64> {
    let mut all = Vec::new();
    for page in 1.. {
        let envelope = world.read(&format!("{path}?limit=100&page={page}")).await;
        assert_eq!(keys(&envelope), ["page", "limit", "pageCount", "resources"]);
        all.extend(ids(&envelope));
        if envelope["pageCount"].as_u64().expect("a count") <= page {
            break;
        }
    }
    assert!(all.is_sorted_by(|a, b| a > b), "{path}: {all:?}");
    all
}

async fn sessions(world: &World) {
    assert_eq!(world.get("/sessions").await.text, r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#);
    one(world, &format!("text=one&phones={JOHN}")).await;
    let two = send(world, &format!("text=two&phones={JOHN},{MARIA},{JOHN}&referenceId=ref-1")).await;
    let id = &two["sessionId"];
    let page = world.read("/sessions?page=2&limit=1").await;
    assert_eq!((ids(&page), &page["pageCount"]), (vec![1], &2.into()));
    for (limit, kept) in [("101", 10), ("0", 10), ("abc", 10), ("100", 100)] {
        assert_eq!(world.read(&format!("/sessions?limit={limit}")).await["limit"], kept);
    }
    let session = world.read(&format!("/sessions/{id}")).await;
    assert_eq!(world.read(&format!("/session/{id}")).await, session);
    let shown = ["source", "numbersCount", "text", "referenceId"].map(|key| session[key].clone());
    assert_eq!(json!(shown), json!(["A", 2, "two", "ref-1"]));
    let messages = world.read(&format!("/sessions/{id}/messages?id={id}")).await;
    assert_eq!(ids(&messages), [3, 2]);
    assert!(messages["resources"].as_array().expect("some").iter().all(|it| keys(it)[..12] == MESSAGE));
    assert_eq!(world.read(&format!("/sessions/{id}/messages?page=2&limit=1")).await["pageCount"], 2);
    assert_eq!(world.delete(&format!("/sessions/{id}")).await.status, 204);
    for gone in [format!("/sessions/{id}"), "/messages/2".to_owned(), "/messages/3".to_owned()] {
        world.get(&gone).await.refusal(404);
        world.delete(&gone).await.refusal(404);
    }
    assert_eq!(falling(world, "/sessions").await, [1]);
}

async fn submissions(world: &World) {
    let phones: Vec<String> = (0..1001).map(|shift| (447_860_100_000_u64 + shift).to_string()).collect();
    let bulk = send(world, &format!("text=bulk&phones={}", phones.join(","))).await;
    assert_eq!((&bulk["type"], &bulk["bulkId"]), (&"bulk".into(), &bulk["id"]));
    assert_eq!(world.read(&format!("/bulks/{}", bulk["id"])).await["itemsTotal"], 1001);
    let thousand = send(world, &format!("text=many&phones={}", phones[1..].join(","))).await;
    assert_eq!((&thousand["type"], &thousand["messageId"]), (&"session".into(), &Value::Null));
    let later = format!("text=later&phones={JOHN}&sendingTime={}", NOW + 2 * HOUR);
    let later = send(world, &later).await;
    assert_eq!((&later["type"], &later["sessionId"]), (&"schedule".into(), &Value::Null));
    let plus = one(world, &format!("text=a%2Bb%26c%3Dd&phones=%2B{JOHN}")).await;
    let plus = world.read(&format!("/messages/{plus}")).await;
    assert_eq!((&plus["receiver"], &plus["text"]), (&JOHN.into(), &"a+b&c=d".into()));
    let empty = "templateId=&contacts=&lists=&sendingTime=&from=&rrule=&partsCount=&referenceId=";
    one(world, &format!("text=e&phones={JOHN}&{empty}")).await;
    let json = json!({"text": "Привет 你好 🎉", "phones": JOHN, "rrule": null, "referenceId": 7}).to_string();
    let body = sent(&world.post_json("/messages", &json).await);
    assert_eq!(world.read(&format!("/messages/{}", body["id"])).await["text"], "Привет 你好 🎉");
    assert_eq!(world.read(&format!("/sessions/{}", body["sessionId"])).await["referenceId"], "7");
}

async fn refusals(world: &World) {
    let before = world.read("/messages?limit=1").await;
    let long = "x".repeat(919);
    for form in [
        format!("phones={JOHN}"),
        format!("text=&phones={JOHN}"),
        "text=x".to_owned(),
        "text=x&phones=abc".to_owned(),
        format!("templateId={NOWHERE}&phones={JOHN}"),
        format!("text={long}&phones={JOHN}"),
        format!("text={}&phones={JOHN}&partsCount=1", &long[..161]),
        format!("text=x&phones={JOHN}&rrule=FREQ%3DDAILY"),
    ] {
        let reply = world.post("/messages", &form).await;
        assert_eq!(reply.refusal(400)["message"], "Validation Failed", "{form}");
    }
    world.post_json("/messages", r#"{"text":"#).await.refusal(400);
    let stranger = request(Method::POST, "/messages").form(&format!("text=x&phones={JOHN}"));
    world.raw(stranger).await.refusal(401);
    let dummy = world.post("/messages", &format!("text=x&phones={JOHN}&dummy=1")).await;
    assert_eq!((dummy.status, keys(&dummy.json())), (200, vec!["total", "parts", "countries"]));
    assert_eq!(world.read("/messages?limit=1").await, before);
}

async fn messages(world: &World) {
    let list = linked(&world.post("/lists", "name=First").await, "lists");
    made(world, "contacts", &format!("phone={MARIA}&lists={list}&firstName=Maria&lastName=Lind")).await;
    let template = made(world, "templates", "name=T&content=Hello+%7BFirst+name%7D!").await;
    let hello = send(world, &format!("templateId={template}&phones={MARIA}")).await;
    let message = world.read(&format!("/messages/{}", hello["id"])).await;
    assert_eq!(
        json!([message["text"], message["firstName"], message["lastName"]]),
        json!(["Hello Maria!", "Maria", "Lind"])
    );
    assert_eq!(world.read(&format!("/sessions/{}", hello["sessionId"])).await["text"], "Hello {First name}!");
    let newest = one(world, &format!("text=uniqueword&phones={JOHN}")).await;
    // One still waits for its time, and a thousand went before.
    let all = falling(world, "/messages").await;
    assert_eq!((all[0], all.len()), (newest, 2008));
    world.news(newest as u32, Outcome::Submitted).await;
    world.news(newest as u32, Outcome::Delivered).await;
    world.news(newest as u32, Outcome::Undelivered).await;
    assert_eq!(world.read(&format!("/messages/{newest}")).await["status"], "d", "final is final");
    assert_eq!(world.ids("/messages?page=1&limit=1&search=False").await, [newest]);
    assert_eq!(world.ids("/messages?page=2&limit=1").await, [newest - 1]);
    assert_eq!(world.ids("/messages/search?query=uniqueword").await, [newest]);
    assert_eq!(world.ids("/messages/search?query=nosuchword").await, [0_u64; 0]);
    assert_eq!(world.ids(&format!("/messages/search?ids=1,{newest}")).await, [newest, 1]);
    assert_eq!(world.ids(&format!("/messages?lastId={newest}&page=3&limit=1")).await, [newest - 1]);
    let session = hello["sessionId"].as_u64().expect("an id");
    assert_eq!(world.ids(&format!("/messages/search?sessionId={session}")).await, [newest - 1]);
    assert_eq!(world.delete(&format!("/messages/{}", newest - 1)).await.status, 204);
    world.delete(&format!("/messages/{}", newest - 1)).await.refusal(404);
    assert_eq!(falling(world, "/messages").await[..2], [newest, newest - 2]);
    assert_eq!(world.read(&format!("/sessions/{session}")).await["numbersCount"], 0, "it stays");
}

async fn chats(world: &World) {
    assert_eq!(world.ids("/chats").await, [0_u64; 0], "sending alone opens none");
    for _ in 0..2 {
        one(world, &format!("text=open&phones={MARIA}&createChat=1")).await;
    }
    world.pass(10);
    let first = world.reply(&world.alice, JOHN, "First").await;
    let second = world.reply(&world.alice, JOHN, "Second").await;
    assert_eq!(world.ids("/chats").await, [2, 1]);
    let chat = world.read("/chats").await["resources"][0].clone();
    assert_eq!(keys(&chat)[..5], ["id", "phone", "contact", "unread", "updatedAt"]);
    assert_eq!((&chat["unread"], &chat["updatedAt"]), (&2.into(), &"2024-06-15T12:00:10+0000".into()));
    let talk = world.read(&format!("/chats/{JOHN}?limit=100&phone={JOHN}")).await;
    let talk = talk["resources"].as_array().expect("messages").clone();
    let times: Vec<_> = talk.iter().map(|it| it["messageTime"].as_str().expect("a date")).collect();
    assert!(times.is_sorted(), "{times:?}");
    for message in &talk {
        assert_eq!(keys(message), CHAT_MESSAGE);
        let (collection, inbound) =
            if message["direction"] == "in" { ("replies", true) } else { ("messages", false) };
        assert_eq!(message["status"].is_null(), inbound);
        assert_eq!(message[if inbound { "sender" } else { "receiver" }], JOHN);
        world.read(&format!("/{collection}/{}", message["id"])).await;
    }
    assert_eq!(world.ids(&format!("/chats/{JOHN}?page=2&limit=1")).await[0], talk[1]["id"]);
    assert_eq!(world.ids("/replies/search?query=second").await, [u64::from(second)]);
    assert_eq!(world.delete(&format!("/replies/{second}")).await.status, 204);
    assert_eq!(world.read("/chats/2").await["unread"], 1);
    assert_eq!(world.ids("/replies").await, [u64::from(first)]);
    assert_eq!(world.post_json("/chats/read/bulk", r#"{"ids":"2"}"#).await.status, 204);
    assert_eq!(world.read(&format!("/chats/{JOHN}/by/phone")).await["unread"], 0);
    let typed = world.read("/chats/2/message?limit=100").await;
    for message in typed["resources"].as_array().expect("messages") {
        for key in ["status", "firstName", "lastName", "receiver", "text"] {
            assert!(message[key].is_string(), "{message}");
        }
    }
}

async fn people(world: &World) {
    let list = linked(&world.post("/lists", "name=Second").await, "lists");
    let other = world.ids("/contacts").await[0];
    let contact = made(world, "contacts", &format!("phone={JOHN}&lists={list}")).await;
    let fresh = world.read(&format!("/contacts/{contact}")).await;
    assert_eq!((&fresh["country"]["id"], &fresh["customFields"]), (&"GB".into(), &json!([])));
    let path = format!("/lists/{list}/contacts");
    for place in 0..4 {
        assert_eq!(linked(&put(world, &path, &format!("contacts={other}")).await, "lists"), list);
        assert_eq!(world.ids(&path).await.len(), 2, "it was added");
        let form = format!("contacts={other}");
        let delete = |path: &str| request(Method::DELETE, path).by(&world.alice);
        let reply = match place {
            0 => world.raw(delete(&path).form(&form)).await,
            1 => world.raw(delete(&path).json(&format!(r#"{{"contacts":"{other}"}}"#))).await,
            2 => world.raw(delete(&format!("{path}?{form}"))).await,
            _ => {
                let mut bare = delete(&path);
                bare.body = form.into();
                world.raw(bare).await
            }
        };
        assert_eq!((reply.status, world.ids(&path).await), (204, vec![contact]), "{place}");
    }
    assert_eq!(world.ids("/lists/1/contacts").await, [other], "the other list keeps it");
    let field = made(world, "customfields", "name=DOB").await;
    let path = format!("/customfields/{field}/update");
    let told = put(world, &path, &format!("contactId={contact}&value=1983")).await;
    assert_eq!(linked(&told, "contacts"), contact);
    let value = world.read(&format!("/contacts/{contact}")).await["customFields"][0].clone();
    assert_eq!((&value["value"], &value["name"]), (&"1983".into(), &"DOB".into()));
    let chats = world.read("/chats").await;
    assert_eq!(chats["resources"][0]["contact"]["id"], contact, "chats know it at once");
}

async fn schedules(world: &World) {
    let schedule = world.read("/schedules/1").await;
    assert_eq!(keys(&schedule)[..4], ["id", "nextSend", "session", "rrule"]);
    assert_eq!(schedule["nextSend"], "2024-06-15T14:00:00+0000");
    let waiting = world.ids("/messages/search?statuses=s").await[0];
    assert_eq!(world.delete("/schedules/1").await.status, 204);
    world.delete("/schedules/1").await.refusal(404);
    assert_eq!(world.read(&format!("/messages/{waiting}")).await["status"], "e", "it never leaves");
    let soon = send(world, &format!("text=soon&phones={JOHN}&sendingTime={}", NOW + HOUR)).await;
    world.pass(i64::from(HOUR));
    assert_eq!(world.read(&format!("/schedules/{}", soon["id"])).await["completed"], true);
    let newest = one(world, &format!("text=after+it&phones={JOHN}")).await;
    assert_eq!(world.ids("/messages?limit=1").await, [newest]);
}

async fn opt_outs_and_figures(world: &World) {
    let opted = made(world, "unsubscribers", "phone=447860021170").await;
    assert_eq!(world.read(&format!("/unsubscribers/{opted}")).await["phone"], "447860021170");
    let refused = one(world, "text=x&phones=447860021170").await;
    let refused = world.read(&format!("/messages/{refused}")).await;
    assert_eq!((&refused["status"], &refused["rejectReason"]), (&"j".into(), &"g".into()));
    let figures = world.read("/stats/messaging").await;
    assert_eq!((figures[0]["date"].clone(), keys(&figures[0]).len()), (Value::Null, 11));
    let user = put(world, "/user", "firstName=A&lastName=B&company=C").await;
    assert_eq!((user.status, user.text.as_str()), (201, r#"{"href":"/api/v2/user"}"#));
    for path in ["/bulks", "/invoices", "/numbers", "/subaccounts", "/senderids", "/stats/spending"] {
        assert_eq!(keys(&world.read(path).await), ["page", "limit", "pageCount", "resources"], "{path}");
    }
    let reply = world.ids("/replies").await[0];
    let own =
        ["/messages/1", "/sessions/1", "/chats/2", "/schedules/2", "/bulks/1", "/contacts/1", "/lists/1"];
    let own = own.map(str::to_owned).into_iter();
    for path in own.chain([format!("/replies/{reply}"), format!("/chats/{JOHN}")]) {
        world.read(&path).await;
        world.raw(request(Method::GET, &path).by(&world.bob)).await.refusal(404);
    }
}

async fn deletions(world: &World) {
    let newest = world.ids("/messages?limit=2").await;
    let two = json!({"ids": format!("{},{}", newest[0], newest[1])}).to_string();
    assert_eq!(world.post_json("/messages/delete", &two).await.status, 204);
    world.get(&format!("/messages/{}", newest[0])).await.refusal(404);
    assert_eq!(world.post_json("/messages/delete", r#"{"all":1}"#).await.status, 204);
    assert_eq!(world.ids("/messages").await, [0_u64; 0]);
    assert_eq!(world.ids("/replies").await.len(), 1, "replies are no messages here");
    assert!(!falling(world, "/sessions").await.is_empty(), "sessions stay");
    assert_eq!(world.post_json("/sessions/delete", r#"{"all":1}"#).await.status, 204);
    assert_eq!(world.ids("/sessions").await, [0_u64; 0]);
}
