//! Who pays beforehand pays the same through whichever API he sends, is refused by each in its own words when
//! nothing is left, and reads in each what it cost.

use http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, Caller, World};

const TO: &str = "46701740605";

struct Purse {
    world: World,
    caller: Caller,
}

impl Purse {
    /// An account without any rates, and with this balance.
    async fn of(balance: &str) -> Self {
        let world = World::new().await;
        let euro = "EUR".parse().expect("a currency");
        let made = world.service.create_account("Prepaid", Some("prepaid"), euro, true).await;
        let (account, secret) = made.expect("an account");
        world.service.fund(account.id, balance.parse().expect("an amount")).await.expect("funded");
        let (username, program) = ("prepaid".to_owned(), account.default_program);
        Self { caller: Caller { id: account.id, username, secret, program }, world }
    }

    async fn call(&self, method: Method, target: &str, body: &str) -> Answer {
        let bearer = self.caller.bearer();
        let mut headers = vec![("content-type", "application/json"), ("accept", "application/json")];
        if target.starts_with("/api/v2") {
            headers.push(("x-tm-username", self.caller.username.as_str()));
            headers.push(("x-tm-key", self.caller.secret.as_str()));
        } else {
            headers.push(("authorization", bearer.as_str()));
        }
        Answer::new(self.world.call(method, target, &headers, body.as_bytes()).await)
    }

    /// Sends one segment through each API that sends: HTTP code and answer.
    async fn send(&self) -> [(u16, Value); 4] {
        let requests = [
            ("/api/v2/messages", json!({ "text": "Hi", "phones": TO })),
            ("/v2/batches", json!({ "sender": "Acme", "body": "Hi", "recipients": [TO] })),
            ("/api/sms/send", json!({ "From": "Acme", "Message": "Hi", "Numbers": [TO] })),
            ("/send", json!({ "sms": { "message": { "text": "Hi" }, "recipients": { "gsm": [TO] } } })),
        ];
        let mut answers = Vec::new();
        for (target, body) in requests {
            let answer = self.call(Method::POST, target, &body.to_string()).await;
            answers.push((answer.status, answer.json()));
        }
        answers.try_into().expect("four of them")
    }

    async fn read(&self, target: &str) -> Value {
        self.call(Method::GET, target, "").await.ok()
    }

    /// What is left, as two APIs show it.
    async fn left(&self) -> (Value, Value) {
        let balance = self.read("/api/v2/user").await["balance"].clone();
        (balance, self.read("/credits").await["credits"].clone())
    }
}

#[tokio::test]
async fn nothing_is_free_for_who_has_nothing() {
    let purse = Purse::of("0").await;
    let [sessions, batches, old, campaigns] = purse.send().await;
    assert_eq!(sessions.0, 400, "{sessions:?}");
    assert_eq!((batches.0, &batches.1["status"]), (201, &json!(402)), "{batches:?}");
    assert_eq!(old.0, 403, "{old:?}");
    assert_eq!((campaigns.0, &campaigns.1["status"]), (200, &json!(-3)), "{campaigns:?}");
}

#[tokio::test]
async fn every_way_costs_the_same() {
    let purse = Purse::of("6").await;
    let [sessions, batches, old, campaigns] = purse.send().await;
    assert_eq!((sessions.0, batches.0, old.0, &campaigns.1["credits"]), (201, 201, 200, &json!(2)));
    assert_eq!(purse.left().await, (json!(2), json!("2")));
    assert_eq!((&batches.1["priceSummary"]["total"], &old.1[0]["TotalPrice"]), (&json!(1), &json!(1)));
    let page = purse.read("/api/v2/messages").await;
    let prices: Vec<&Value> =
        page["resources"].as_array().expect("a list").iter().map(|it| &it["price"]).collect();
    assert_eq!(prices, [&json!(1); 4]);
    let list = purse.read(&format!("/v2/conversations/{TO}")).await;
    let prices: Vec<&Value> = list.as_array().expect("a list").iter().map(|it| &it["price"]).collect();
    assert_eq!(prices, [&json!(1); 4]);
    let period = "date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00";
    let page = purse.read(&format!("/messages?{period}")).await;
    let costs: Vec<&Value> =
        page["messages"].as_array().expect("a list").iter().map(|it| &it["cost"]).collect();
    assert_eq!(costs, [&json!(1); 4]);
}
