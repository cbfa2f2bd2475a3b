//! What is sent later: hidden behind its schedule, visible in it, withdrawn with it.

use serde_json::{Value, json};
use service::account_settings::AccountSettings;
use service::model::Contact;

use super::sending::sent;
use super::world::{JOHN, MARIA, NOW, With, World, request};

const HOUR: u32 = 3600;

async fn later(world: &World, rest: &str) -> Value {
    sent(&world.post("/messages", &format!("text=hi&phones={JOHN}&{rest}")).await)
}

async fn at(world: &World, seconds: u32) -> Value {
    later(world, &format!("sendingTime={}", NOW + seconds)).await
}

#[tokio::test]
async fn once() {
    let world = World::empty().await;
    let body = at(&world, 2 * HOUR).await;
    let answer = json!({"id":1,"href":"/api/v2/schedules/1","type":"schedule","sessionId":null,"bulkId":null,
        "messageId":null,"scheduleId":1,"chatId":null});
    assert_eq!(body, answer);
    let schedule = world.read("/schedules/1").await;
    assert_eq!(schedule["nextSend"], "2024-06-15T14:00:00+0000");
    assert_eq!((&schedule["rrule"], &schedule["type"]), (&Value::Null, &"Once".into()));
    assert_eq!((&schedule["session"]["id"], &schedule["session"]["source"]), (&1.into(), &"A".into()));
    assert_eq!(
        (&schedule["session"]["text"], &schedule["session"]["numbersCount"]),
        (&"hi".into(), &1.into())
    );
    assert_eq!((&schedule["completed"], &schedule["lastSent"]), (&false.into(), &Value::Null));
    let message = world.read("/messages/1").await;
    assert_eq!((&message["status"], &message["messageTime"]), (&"s".into(), &schedule["nextSend"]));
    assert_eq!(world.read("/schedules").await["resources"][0], schedule);
    world.pass(i64::from(2 * HOUR));
    let done = world.read("/schedules/1").await;
    assert_eq!((&done["completed"], &done["lastSent"]), (&true.into(), &schedule["nextSend"]));
    assert_eq!(done["nextSend"], schedule["nextSend"], "it allows no null");
    world.get("/schedules/2000000000").await.refusal(404);
}

#[tokio::test]
async fn times_in_their_zones() {
    let world = World::empty().await;
    let next = async |rest: &str| {
        let id = later(&world, rest).await["scheduleId"].clone();
        world.read(&format!("/schedules/{id}")).await
    };
    let tallinn = next("sendingDateTime=2024-07-01+12:00:05&sendingTimezone=Europe/Tallinn").await;
    assert_eq!(
        (&tallinn["nextSend"], &tallinn["timezone"]),
        (&"2024-07-01T09:00:05+0000".into(), &"Europe/Tallinn".into())
    );
    assert_eq!(tallinn["summary"], "1 July 2024 at 12:00 (Europe/Tallinn)");
    let utc = next("sendingDateTime=2024-07-01+12:00:00").await;
    assert_eq!((&utc["nextSend"], &utc["timezone"]), (&"2024-07-01T12:00:00+0000".into(), &"UTC".into()));
    let settings = AccountSettings { timezone: "America/New_York".to_owned(), ..AccountSettings::default() };
    world.service.put_settings(world.alice.account.id, &settings).await.expect("kept");
    let own = next("sendingDateTime=2024-07-01+12:00:00&sendingTime=1").await;
    assert_eq!(
        (&own["nextSend"], &own["timezone"]),
        (&"2024-07-01T16:00:00+0000".into(), &"America/New_York".into())
    );
    let number = next("sendingDateTime=2024-07-01+12:00:00&sendingTimezone=1").await;
    assert_eq!(
        (&number["nextSend"], &number["timezone"]),
        (&"2024-07-01T12:00:00+0000".into(), &"UTC".into())
    );
    let past = later(&world, "sendingDateTime=2020-05-27+13:02:33").await;
    assert_eq!(past["type"], "message", "what is past is now");
    for (field, rest) in [
        ("sendingTime", "sendingTime=soon"),
        ("sendingTime", "sendingTime=-1"),
        ("sendingTime", "sendingTime=99999999999"),
        ("sendingDateTime", "sendingDateTime=tomorrow"),
        ("sendingDateTime", "sendingDateTime=2024-13-01+12:00:00"),
        ("sendingTimezone", "sendingTimezone=Mars/Base"),
        ("sendingTimezone", "sendingTimezone=-1&sendingTime=4000000000"),
        ("rrule", "rrule=FREQ%3DDAILY"),
        ("rrule", "rrule=DAILY&sendingTime=1800000000"),
        ("rrule", "rrule=FREQ%3DMINUTELY&sendingTime=1800000000"),
        ("rrule", "rrule=FREQ%3DDAILY;UNTIL%3D20200101&sendingTime=1500000000"),
    ] {
        let reply = world.post("/messages", &format!("text=hi&phones={JOHN}&{rest}")).await;
        assert_eq!(reply.blamed(), [field], "{rest}");
    }
}

#[tokio::test]
async fn what_waits_stands_where_it_was_made() {
    let world = World::empty().await;
    let now = async || sent(&world.post("/messages", &format!("text=hi&phones={JOHN}")).await);
    at(&world, 2 * HOUR).await;
    assert_eq!(world.read("/messages").await["resources"][0]["id"], 1);
    assert_eq!(now().await["id"], 2);
    at(&world, HOUR).await;
    world.pass(60);
    assert_eq!(now().await["id"], 4);
    for path in ["/messages", "/messages/search", "/messages/search?query=hi", "/messages/search?lastId=5"] {
        assert_eq!(world.ids(path).await, [4, 3, 2, 1], "{path}");
    }
    assert_eq!(world.ids("/messages?limit=1&page=2").await, [3]);
    assert_eq!(world.ids("/messages/search?statuses=s").await, [3, 1]);
    // What was due stands where its time was; what is sent after that is newer.
    world.pass(i64::from(HOUR));
    assert_eq!(world.ids("/messages").await, [3, 4, 2, 1]);
    assert_eq!(now().await["id"], 5);
    assert_eq!(world.ids("/messages").await, [5, 3, 4, 2, 1]);
}

#[tokio::test]
async fn zones_by_their_numbers() {
    let world = World::empty().await;
    let zones = world.read("/timezones?full=1").await;
    let last = zones.as_array().and_then(|zones| zones.last()).expect("zones").clone();
    let tallinn =
        zones.as_array().and_then(|zones| zones.iter().find(|it| it["timezone"] == "Europe/Tallinn"));
    for zone in [tallinn.expect("Tallinn"), &last] {
        let rest = format!("sendingDateTime=2024-07-01+12:00:00&sendingTimezone={}", zone["id"]);
        let schedule = later(&world, &rest).await["scheduleId"].clone();
        let schedule = world.read(&format!("/schedules/{schedule}")).await;
        assert_eq!(schedule["timezone"], zone["timezone"]);
    }
    assert_eq!(world.read("/schedules/1").await["nextSend"], "2024-07-01T09:00:00+0000");
    let past = last["id"].as_u64().expect("an id") + 1;
    for bad in [0, past] {
        let rest = format!("text=hi&phones={JOHN}&sendingTime=4000000000&sendingTimezone={bad}");
        assert_eq!(world.post("/messages", &rest).await.blamed(), ["sendingTimezone"]);
    }
}

#[tokio::test]
async fn again_and_again() {
    let world = World::empty().await;
    let rule = "FREQ=DAILY;INTERVAL=2;COUNT=3;";
    let encoded = dialects::kit::params::encode(rule);
    let body = later(&world, &format!("sendingTime={}&rrule={encoded}", NOW + HOUR)).await;
    assert_eq!((&body["type"], &body["sessionId"]), (&"schedule".into(), &Value::Null));
    let schedule = world.read("/schedules/1").await;
    assert_eq!((&schedule["rrule"], &schedule["type"]), (&rule.into(), &"Daily".into()));
    assert_eq!(
        (&schedule["nextSend"], &schedule["lastOccurrence"]),
        (&"2024-06-15T13:00:00+0000".into(), &"2024-06-19T13:00:00+0000".into())
    );
    assert_eq!((&schedule["session"]["id"], world.ids("/messages").await), (&1.into(), vec![1]));
    world.pass(i64::from(HOUR));
    assert_eq!(world.service.materialise_due().await.expect("a round").made, 1);
    let next = world.read("/schedules/1").await;
    assert_eq!(
        (&next["nextSend"], &next["lastSent"]),
        (&"2024-06-17T13:00:00+0000".into(), &schedule["nextSend"])
    );
    assert_eq!((&next["session"]["id"], &next["completed"]), (&2.into(), &false.into()));
    assert_eq!(world.ids("/messages").await, [2, 1], "each occurrence has its message");
    assert_eq!(world.read("/messages/2").await["status"], "s");
    assert_eq!(next["parameters"]["recipients"]["numbers"], json!([JOHN]));
    assert_eq!(world.delete("/schedules/1").await.status, 204);
    assert_eq!(world.read("/messages/2").await["status"], "e");
    world.pass(i64::from(100 * HOUR));
    assert_eq!(world.service.materialise_due().await.expect("a round").made, 0);
    // The name that price and preview have for it.
    assert_eq!(
        later(&world, &format!("sendingTime={}&rule=FREQ%3DWEEKLY", NOW + 200 * HOUR)).await["type"],
        "schedule"
    );
}

#[tokio::test]
async fn deletion_withdraws() {
    let world = World::empty().await;
    for hours in 1..6 {
        at(&world, hours * HOUR).await;
    }
    assert_eq!(world.delete("/schedules/1").await.status, 204);
    world.delete("/schedules/1").await.refusal(404);
    world.get("/schedules/1").await.refusal(404);
    assert_eq!(world.read("/messages/1").await["status"], "e");
    world.pass(i64::from(2 * HOUR));
    assert_eq!(world.ids("/schedules?status=a").await, [5, 4, 3]);
    assert_eq!(world.ids("/schedules?status=c").await, [2]);
    assert_eq!(world.post("/schedules/delete", "").await.blamed(), ["ids"]);
    assert_eq!(world.post("/schedules/delete", "ids=3,+2000000000").await.status, 204);
    assert_eq!(world.ids("/schedules").await, [5, 4, 2]);
    assert_eq!(world.post_json("/schedules/delete", r#"{"status":"c","all":true}"#).await.status, 204);
    assert_eq!(world.ids("/schedules").await, [5, 4]);
    let bobs = request(http::Method::DELETE, "/schedules/4").by(&world.bob);
    world.raw(bobs).await.refusal(404);
    assert_eq!(world.post_json("/schedules/delete", r#"{"all":1}"#).await.status, 204);
    assert_eq!(world.ids("/schedules").await, [0_u64; 0]);
    assert_eq!(world.ids("/messages/search?statuses=e").await.len(), 5, "nothing had left yet");
}

#[tokio::test]
async fn lists_and_searches() {
    let world = World::empty().await;
    at(&world, 3 * HOUR).await;
    at(&world, HOUR).await;
    let text = format!("text=Other+words&phones={MARIA}&sendingTime={}", NOW + 2 * HOUR);
    sent(&world.post("/messages", &text).await);
    assert_eq!(world.ids("/schedules").await, [3, 2, 1]);
    assert_eq!(world.ids("/schedules?direction=asc").await, [1, 2, 3]);
    assert_eq!(world.ids("/schedules?orderBy=nextSend&direction=asc").await, [2, 3, 1]);
    assert_eq!(world.ids("/schedules?orderBy=nextSend&limit=1&page=2").await, [3]);
    assert_eq!(world.ids("/schedules?orderBy=lastSend").await, [3, 2, 1]);
    assert_eq!(world.ids("/schedules/search?query=OTHER").await, [3]);
    assert_eq!(world.ids("/schedules/search?ids=1,2&query=hi&status=x").await, [2, 1]);
    assert_eq!(world.read("/schedules?limit=2").await["pageCount"], 2);
    for bad in ["status=z", "orderBy=x", "direction=up"] {
        world.get(&format!("/schedules?{bad}")).await.refusal(400);
    }
    world.get("/schedules/search?ids=x").await.refusal(400);
}

#[tokio::test]
async fn recipients_are_named() {
    let world = World::empty().await;
    let contact = Contact {
        phone: JOHN.to_owned(),
        first_name: Some("Charles".to_owned()),
        last_name: Some("Conway".to_owned()),
        created: world.now(),
        ..Contact::default()
    };
    let contact = world.service.put_contact(world.alice.account.id, contact).await.expect("kept");
    let time = NOW + HOUR;
    for (rest, name) in [
        (format!("phones={JOHN}"), "Charles Conway"),
        (format!("contacts={contact}"), "Charles Conway"),
        (format!("phones={MARIA}"), MARIA),
        (format!("phones={MARIA}&contacts={contact}"), "2 recipients"),
    ] {
        let body = sent(&world.post("/messages", &format!("text=hi&sendingTime={time}&{rest}")).await);
        let schedule = world.read(&format!("/schedules/{}", body["id"])).await;
        assert_eq!(schedule["contactName"], name, "{rest}");
    }
    let recipients = world.read("/schedules/4").await["parameters"]["recipients"].clone();
    assert_eq!(
        recipients,
        json!({"contacts": [contact], "groups": [], "numbers": [MARIA], "filteredViews": []})
    );
    // Without its session it is still a schedule.
    assert_eq!(world.delete("/sessions/1").await.status, 204);
    assert_eq!(world.read("/schedules/1").await["session"], Value::Null);
}
