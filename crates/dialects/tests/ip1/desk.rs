//! A caller at an empty account, and what sending takes.

use http::Method;
use serde_json::{Value, json};
use service::account_settings::AccountSettings;
use service::rates::{Rate, Rates};
use sms::Money;

use crate::story::text;
use crate::world::{Answer, Caller, World};

/// Three recipients.
pub(crate) const R: [&str; 3] = ["46701740605", "46701740606", "46701740607"];

pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) tester: Caller,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        Self { world, tester }
    }

    /// A call with a JSON body and headers beside the credential.
    pub(crate) async fn call(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let bearer = self.tester.bearer();
        let mut all = vec![("authorization", bearer.as_str())];
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/json"));
        }
        all.extend_from_slice(headers);
        Answer::new(self.world.call(method, target, &all, body).await)
    }

    pub(crate) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.call(Method::POST, target, &[], body.to_string().as_bytes()).await
    }

    /// As the vendor's SDKs do: the type of a body that is not there.
    pub(crate) async fn without_body(&self, method: Method, target: &str) -> Answer {
        self.call(method, target, &[], b"").await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.without_body(Method::GET, target).await
    }

    /// Sends a batch; the answer.
    pub(crate) async fn send(&self, batch: &Value) -> Answer {
        self.post("/v2/batches", batch).await
    }

    /// Sends a batch, which must be taken in; its document.
    pub(crate) async fn sent(&self, batch: &Value) -> Value {
        let answer = self.send(batch).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    /// The messages of a batch document.
    pub(crate) async fn messages(&self, batch: &Value) -> Vec<Value> {
        self.get(&format!("/v2/batches/{}/messages?limit=1000", text(&batch["id"]))).await.list()
    }

    /// The newest code of each message of a batch document.
    pub(crate) async fn codes(&self, batch: &Value) -> Vec<u64> {
        let messages = self.messages(batch).await;
        messages.iter().filter_map(|message| message["statuses"][0]["code"].as_u64()).collect()
    }

    /// What a segment costs.
    pub(crate) async fn charge(&self, price: i64) {
        let default = Rate { price: Money::from_millionths(price), ..Rate::default() };
        let rates = Rates { default, high_priority: Money::from_millionths(10_000), rows: Vec::new() };
        self.world.service.put_rates(self.tester.id, &rates).await.expect("rates");
    }

    /// From now on the account's senders must be registered.
    pub(crate) async fn register_senders(&self) {
        let settings = AccountSettings { registers_senders: true, ..AccountSettings::default() };
        self.world.service.put_settings(self.tester.id, &settings).await.expect("settings");
    }

    /// A desk whose account pays beforehand.
    pub(crate) async fn prepaid(balance: &str) -> Self {
        let mut desk = Self::new().await;
        let service = &desk.world.service;
        let euro = "EUR".parse().expect("a currency");
        let made = service.create_account("Prepaid", Some("prepaid"), euro, true).await;
        let (account, secret) = made.expect("an account");
        service.fund(account.id, balance.parse().expect("an amount")).await.expect("funded");
        let username = "prepaid".to_owned();
        desk.tester = Caller { id: account.id, username, secret, program: account.default_program };
        desk
    }
}

/// A batch with these recipients.
pub(crate) fn batch(recipients: &Value, body: &str) -> Value {
    json!({"sender": "iP1", "recipients": recipients, "body": body})
}
