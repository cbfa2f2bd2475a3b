//! What is sent later is a schedule in one API. Through whichever it was sent, and through whichever it is
//! withdrawn or deleted, that schedule has nothing more to come, and says of nothing that it was sent.

use http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, World};

/// When it is due: two hours after every world begins.
const DUE: (u64, &str) = (1_748_779_200, "2025-06-01 14:00:00");
const TO: &str = "46701740605";

struct Table {
    world: World,
    tester: Caller,
}

impl Table {
    async fn new() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        Self { world, tester }
    }

    async fn call(&self, method: Method, target: &str, body: &str) -> Answer {
        let bearer = self.tester.bearer();
        let mut headers = vec![("content-type", "application/json"), ("accept", "application/json")];
        if target.starts_with("/api/v2") {
            headers.push(("x-tm-username", self.tester.username.as_str()));
            headers.push(("x-tm-key", self.tester.secret.as_str()));
        } else {
            headers.push(("authorization", bearer.as_str()));
        }
        let answer = Answer::new(self.world.call(method, target, &headers, body.as_bytes()).await);
        assert!((200..300).contains(&answer.status), "{target} {body}: {answer:?}");
        answer
    }

    async fn get(&self, target: &str) -> Value {
        self.call(Method::GET, target, "").await.json()
    }

    /// Sends it through the API that calls this a session, or a campaign.
    async fn send(&self, as_campaign: bool, rule: Option<&str>) {
        let (target, body) = if as_campaign {
            let message = json!({ "text": "Later", "delay": DUE.1 });
            ("/send", json!({ "sms": { "message": message, "recipients": { "gsm": [TO] } } }))
        } else {
            let body = json!({ "text": "Later", "phones": TO, "sendingTime": DUE.0, "rrule": rule });
            ("/api/v2/messages", body)
        };
        self.call(Method::POST, target, &body.to_string()).await;
    }

    /// Everything that its owner may do against it.
    async fn end(&self, way: &str) {
        let session = &self.get("/api/v2/messages").await["resources"][0]["sessionId"];
        let target = match way {
            "batch" => {
                format!("/v2/batches/{}", self.get("/v2/batches").await[0]["id"].as_str().expect("an id"))
            }
            "campaign" => format!("/send/{session}"),
            "message" => "/api/v2/messages/1".to_owned(),
            "session" => format!("/api/v2/sessions/{session}"),
            way => panic!("{way}"),
        };
        self.call(Method::DELETE, &target, "").await;
    }

    /// How many schedules have something to come.
    async fn active(&self) -> usize {
        let page = self.get("/api/v2/schedules?status=a").await;
        let listed = page["resources"].as_array().expect("a list").len();
        let all = self.get("/api/v2/schedules").await;
        let going_on =
            all["resources"].as_array().expect("a list").iter().filter(|it| it["completed"] == false);
        assert_eq!(going_on.count(), listed, "{all}");
        listed
    }
}

#[tokio::test]
async fn what_was_withdrawn_anywhere_is_nowhere_still_to_come() {
    for as_campaign in [false, true] {
        for way in ["batch", "campaign", "message", "session"] {
            let table = Table::new().await;
            table.send(as_campaign, None).await;
            assert_eq!(table.active().await, 1);
            table.end(way).await;
            assert_eq!(table.active().await, 0, "{way}");
            // Nor was it ever sent.
            for _ in 0..2 {
                let all = table.get("/api/v2/schedules").await;
                let sent = all["resources"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter(|it| !it["lastSent"].is_null());
                assert_eq!(sent.count(), 0, "{way}: {all}");
                table.world.wait(3 * 3600);
            }
        }
    }
}

#[tokio::test]
async fn of_what_recurs_only_the_waiting_occurrence_goes() {
    for way in ["batch", "campaign", "message", "session"] {
        let table = Table::new().await;
        table.send(false, Some("FREQ=DAILY;COUNT=3")).await;
        table.end(way).await;
        assert_eq!(table.active().await, 1, "{way}");
        table.world.wait(3 * 3600);
        let made = table.world.service.materialise_due().await.expect("made");
        assert_eq!(made.made, 1, "{way}");
        let later = table.get("/api/v2/schedules").await["resources"][0]["nextSend"].clone();
        assert_eq!(later, "2025-06-02T12:00:00+0000", "{way}");
    }
}

#[tokio::test]
async fn what_was_sent_says_so() {
    let table = Table::new().await;
    table.send(true, None).await;
    table.world.wait(3 * 3600);
    assert_eq!(table.active().await, 0);
    let all = table.get("/api/v2/schedules").await;
    assert_eq!(all["resources"][0]["lastSent"], "2025-06-01T12:00:00+0000");
}
