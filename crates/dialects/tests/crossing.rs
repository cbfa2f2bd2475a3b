//! What is sent through one API is read in every other: one batch, followed from its acceptance to its ends,
//! with its text, its segments, its price, its answer, and the word that each API has for each end.

#[path = "crossing/every_way.rs"]
mod every_way;
#[path = "crossing/paying.rs"]
mod paying;
#[allow(unreachable_pub, reason = "written for any test program")]
mod support;
#[path = "crossing/withdrawing.rs"]
mod withdrawing;
#[allow(unused_imports, reason = "what it hands on is each test program's part too")]
mod world;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use service::opt_outs::OptOutSource;
use service::rates::{Rate, Rates};
use sms::{Money, Outcome};

use world::{Answer, Caller, World, mo};

/// Recipients, and what becomes of the message to each.
const R: [&str; 7] = [
    "46701740600",
    "46701740601",
    "46701740602",
    "46701740603",
    "46701740604",
    "46701740605",
    // No possible number.
    "0612345678",
];

/// What each API says of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    /// The text after templating.
    body: String,
    /// The word or number for what became of it.
    word: Value,
}

struct Crossing {
    world: World,
    tester: Caller,
    batch: Value,
}

impl Crossing {
    /// A batch of all recipients, sent through the API that templates.
    async fn new() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        let default = Rate { price: Money::from_millionths(50_000), credits: 1 };
        let rates = Rates { default, ..Rates::default() };
        world.service.put_rates(tester.id, &rates).await.expect("rates");
        world.service.opt_out(tester.id, R[5], OptOutSource::Api).await.expect("opted out");
        let mut recipients = json!({"default": {"name": "friend"}});
        for (index, to) in R.iter().enumerate() {
            let name = if index == 1 { "Жук".to_owned() } else { format!("No. {index}") };
            recipients[*to] = json!({"name": name});
        }
        let body = json!({
            "sender": "Acme", "recipients": recipients, "body": "Hej {name}", "reference": "ref-1",
        });
        let bearer = tester.bearer();
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = world.call(Method::POST, "/v2/batches", &headers, body.to_string().as_bytes()).await;
        let answer = Answer::new(answer);
        assert_eq!(answer.status, 201, "{}", answer.text);
        Self { batch: answer.json(), world, tester }
    }

    /// What carriers and handsets say of the first five.
    async fn happens(&self) {
        self.world.wait(1);
        use Outcome::{Delivered, Expired, Failed, Sending, Submitted, Undelivered};
        let ways: [&[Outcome]; 5] = [
            &[Sending, Submitted, Delivered],
            &[Sending, Submitted],
            &[Sending, Submitted, Undelivered],
            &[Sending, Submitted, Expired],
            &[Sending, Failed],
        ];
        for (number, way) in (1..).zip(ways) {
            for outcome in way {
                self.world.step(&self.tester, number, *outcome).await;
            }
        }
    }

    /// A successful answer; `headers` say who asks.
    async fn read(&self, target: &str, headers: &[(&str, &str)]) -> Value {
        let answer = Answer::new(self.world.call(Method::GET, target, headers, b"").await);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text);
        answer.json()
    }

    async fn by_bearer(&self, target: &str) -> Value {
        self.read(target, &[("authorization", &self.tester.bearer()), ("accept", "application/json")]).await
    }

    async fn by_key(&self, target: &str) -> Value {
        let headers = [("x-tm-username", self.tester.username.as_str()), ("x-tm-key", &self.tester.secret)];
        self.read(target, &headers).await
    }

    /// Where it was sent: batches, with codes.
    async fn in_batches(&self) -> BTreeMap<String, Said> {
        let id = self.batch["id"].as_str().expect("an id");
        let messages = self.by_bearer(&format!("/v2/batches/{id}/messages")).await;
        said(&messages, "recipient", "body", |message| message["statuses"][0]["code"].clone())
    }

    /// Where messages belong to sessions, with letters.
    async fn in_sessions(&self) -> BTreeMap<String, Said> {
        let page = self.by_key("/api/v2/messages?limit=100").await;
        said(&page["resources"], "receiver", "text", |message| message["status"].clone())
    }

    /// Where messages belong to programs, with words.
    async fn in_programs(&self) -> BTreeMap<String, Said> {
        let target = format!("/api/messages/program/{}", self.tester.program);
        let page = self.read(&target, &[("authorization", &self.tester.basic())]).await;
        said(&page["data"]["messages"], "number", "body", |message| message["deliveryStatus"].clone())
    }

    /// Where messages are listed by period, with words.
    async fn in_period(&self) -> BTreeMap<String, Said> {
        let period = "date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00";
        let page = self.by_bearer(&format!("/messages?{period}&length=100")).await;
        assert_eq!(page["status"], 1, "{page}");
        said(&page["messages"], "destination", "message", |message| message["status"].clone())
    }
}

fn said(
    messages: &Value,
    recipient: &str,
    body: &str,
    word: impl Fn(&Value) -> Value,
) -> BTreeMap<String, Said> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let messages = messages.as_array().unwrap_or_else(|| panic!("an array: {messages}"));
    let all = messages
        .iter()
        .map(|message| (text(&message[recipient]), Said { body: text(&message[body]), word: word(message) }));
    let all: BTreeMap<String, Said> = all.collect();
    assert_eq!(all.len(), messages.len(), "each recipient once");
    all
}

/// What is expected: the body of each recipient with the word of each.
fn expected(words: [Value; 7]) -> BTreeMap<String, Said> {
    let bodies = ["Hej No. 0", "Hej Жук", "Hej No. 2", "Hej No. 3", "Hej No. 4", "Hej No. 5", "Hej No. 6"];
    let all = R.iter().zip(bodies).zip(words);
    all.map(|((to, body), word)| ((*to).to_owned(), Said { body: body.to_owned(), word })).collect()
}

/// Five times the one word, then those of the two who are refused at once.
fn waiting(word: Value, opted_out: Value, impossible: Value) -> BTreeMap<String, Said> {
    let [first, second, third, fourth] = std::array::from_fn(|_| word.clone());
    expected([first, second, third, fourth, word, opted_out, impossible])
}

#[tokio::test]
async fn accepted_here_is_accepted_everywhere() {
    let crossing = Crossing::new().await;
    assert_eq!(crossing.in_batches().await, waiting(json!(102), json!(406), json!(404)));
    assert_eq!(crossing.in_sessions().await, waiting(json!("q"), json!("j"), json!("e")));
    let processing = waiting(json!("Processing"), json!("Undelivered"), json!("Undelivered"));
    assert_eq!(crossing.in_programs().await, processing);
    assert_eq!(crossing.in_period().await, waiting(json!("WAITING"), json!("NOT_SENT"), json!("NOT_SENT")));
}

#[tokio::test]
async fn every_end_has_its_word_in_each() {
    let crossing = Crossing::new().await;
    crossing.happens().await;
    let codes = [201, 111, 501, 202, 502, 406, 404].map(|code| json!(code));
    assert_eq!(crossing.in_batches().await, expected(codes));
    assert_eq!(
        crossing.in_sessions().await,
        expected(["d", "r", "f", "f", "e", "j", "e"].map(|word| json!(word)))
    );
    let words = ["Delivered", "Sent", "Error", "Error", "Undelivered", "Undelivered", "Undelivered"];
    assert_eq!(crossing.in_programs().await, expected(words.map(|word| json!(word))));
    let words = ["DELIVERED", "SENT", "UNDELIVERED", "UNDELIVERED", "NOT_SENT", "NOT_SENT", "NOT_SENT"];
    assert_eq!(crossing.in_period().await, expected(words.map(|word| json!(word))));
}

#[tokio::test]
async fn sender_segments_price_and_batch_are_the_same() {
    let crossing = Crossing::new().await;
    let first = crossing.by_key("/api/v2/messages/1").await;
    assert_eq!((&first["sender"], &first["partsCount"]), (&json!("Acme"), &json!(1)));
    assert_eq!(first["price"], json!(0.05));
    assert_eq!((&first["charset"], &first["sessionId"]), (&json!("ISO-8859-1"), &json!(1)));
    let session = crossing.by_key("/api/v2/sessions/1").await;
    assert_eq!((&session["text"], &session["referenceId"]), (&json!("Hej {name}"), &json!("ref-1")));
    let period = "date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00";
    let page = crossing.by_bearer(&format!("/messages?{period}&length=100")).await;
    let messages = page["messages"].as_array().expect("messages");
    let of_first = messages.iter().find(|message| message["message_id"] == 1).expect("the first");
    assert_eq!((&of_first["sender"], &of_first["campaign_id"]), (&json!("Acme"), &json!(1)));
    assert_eq!((&of_first["client_message_id"], &of_first["cost"]), (&json!("ref-1"), &json!(1)));
    assert_eq!(crossing.batch["priceSummary"]["total"], json!(0.25), "five of seven are sent");
}

#[tokio::test]
async fn an_answer_is_heard_everywhere() {
    let crossing = Crossing::new().await;
    crossing.happens().await;
    let (world, tester) = (&crossing.world, &crossing.tester);
    world.wait(60);
    world.receive(tester, mo(world.now(), tester.program, R[0], "Tack!")).await;
    let conversation = crossing.by_bearer(&format!("/v2/conversations/{}", R[0])).await;
    let bodies: Vec<&Value> =
        conversation.as_array().expect("an array").iter().map(|message| &message["body"]).collect();
    assert_eq!(bodies, ["Hej No. 0", "Tack!"]);
    let chats = crossing.by_key("/api/v2/chats").await;
    assert_eq!(chats["resources"].as_array().map(Vec::len), Some(1), "the answer opened one: {chats}");
    assert_eq!(chats["resources"][0]["phone"], R[0]);
    let chat = &chats["resources"][0]["id"];
    let talk = crossing.by_key(&format!("/api/v2/chats/{chat}/message")).await;
    assert_eq!(talk["resources"].as_array().map(Vec::len), Some(2), "{talk}");
    let target = format!("/api/messages/program/{}?messageType=mo", tester.program);
    let page = crossing.read(&target, &[("authorization", &tester.basic())]).await;
    assert_eq!(page["data"]["messages"][0]["body"], "Tack!");
    let replies = "/messages/mo?date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00";
    let replies = crossing.by_bearer(replies).await;
    assert!(replies.to_string().contains("Tack!"), "{replies}");
}

#[tokio::test]
async fn withdrawn_here_is_withdrawn_everywhere() {
    let crossing = Crossing::new().await;
    let path = format!("/v2/batches/{}", crossing.batch["id"].as_str().expect("an id"));
    let deleted = crossing.world.ask(Method::DELETE, &path, Some(&crossing.tester.bearer())).await;
    assert_eq!(deleted.status, 200);
    assert_eq!(crossing.in_batches().await, waiting(json!(203), json!(406), json!(404)));
    assert_eq!(crossing.in_sessions().await, waiting(json!("e"), json!("j"), json!("e")));
    let undelivered = json!("Undelivered");
    let all = waiting(undelivered.clone(), undelivered.clone(), undelivered);
    assert_eq!(crossing.in_programs().await, all);
    // Lists by period leave out what was canceled.
    let mut listed = waiting(json!("NOT_SENT"), json!("NOT_SENT"), json!("NOT_SENT"));
    listed.retain(|to, _| [R[5], R[6]].contains(&to.as_str()));
    assert_eq!(crossing.in_period().await, listed);
}
