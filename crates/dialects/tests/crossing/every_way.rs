//! Whichever API a text is sent through, and whatever becomes of it, every API tells the same of it: its text,
//! sender, segments, price, date, number, and the word that each has for its outcome.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::{Value, json};
use service::opt_outs::OptOutSource;
use service::rates::{Rate, Rates};
use sms::{Money, Outcome};

use crate::world::{Answer, Caller, World};

/// Where a text is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// `POST /v2/batches`.
    Batches,
    /// `POST /api/v2/messages`.
    Sessions,
    /// `POST /send`.
    Campaigns,
}

const WAYS: [Way; 3] = [Way::Batches, Way::Sessions, Way::Campaigns];

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    Waiting,
    Delivered,
    /// Three segments of UCS-2, with pairs that must not be cut.
    Long,
    Scheduled,
    /// Withdrawn before it was due, where it was sent.
    Withdrawn,
    /// To somebody who wrote STOP.
    OptedOut,
}

const CASES: [Case; 6] =
    [Case::Waiting, Case::Delivered, Case::Long, Case::Scheduled, Case::Withdrawn, Case::OptedOut];

/// When scheduled texts are due, as each API is told it.
const DUE: (&str, &str, &str) = ("2025-06-01T12:00:00Z", "1748779200", "2025-06-01 14:00:00");

/// The words for an outcome in batches, sessions, programs and periods; nothing where it is left out.
type Words = (u64, &'static str, Option<&'static str>, Option<&'static str>);

impl Case {
    fn text(self) -> String {
        match self {
            Self::Long => "Ёлка 🎄 и Ölüm, 結婚 👩‍👩‍👧‍👦; ".repeat(6),
            Self::Waiting | Self::Delivered => "Hej {name} [1] €".to_owned(),
            Self::Scheduled | Self::Withdrawn | Self::OptedOut => "Later, \"maybe\" & <perhaps>".to_owned(),
        }
    }

    fn is_later(self) -> bool {
        matches!(self, Self::Scheduled | Self::Withdrawn)
    }

    fn words(self) -> Words {
        match self {
            Self::Waiting | Self::Long => (102, "q", Some("Processing"), Some("WAITING")),
            Self::Delivered => (201, "d", Some("Delivered"), Some("DELIVERED")),
            Self::Scheduled => (101, "s", None, Some("WAITING")),
            Self::Withdrawn => (203, "e", None, None),
            Self::OptedOut => (406, "j", Some("Undelivered"), Some("NOT_SENT")),
        }
    }
}

/// A handset for each way and case.
fn handset(way: Way, case: Case) -> String {
    format!("4670174{}{}10", way as u8, case as u8)
}

/// What one API says of a message; what it does not say is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    body: String,
    word: Value,
    sender: Option<String>,
    segments: Option<u64>,
    price: Option<f64>,
    number: Option<u64>,
}

struct Table {
    world: World,
    tester: Caller,
}

impl Table {
    /// Everything sent every way, and what is to become of it has.
    async fn new() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        let default = Rate { price: Money::from_millionths(50_000), credits: 1 };
        let rates = Rates { default, ..Rates::default() };
        world.service.put_rates(tester.id, &rates).await.expect("rates");
        let table = Self { world, tester };
        for way in WAYS {
            let opted_out = handset(way, Case::OptedOut);
            let done = table.world.service.opt_out(table.tester.id, &opted_out, OptOutSource::Api).await;
            done.expect("opted out");
            for case in CASES {
                let id = table.send(way, case).await;
                if case == Case::Withdrawn {
                    table.withdraw(way, &id).await;
                }
            }
        }
        table.deliver().await;
        table
    }

    async fn call(&self, method: Method, target: &str, media_type: &str, body: &str) -> Answer {
        let bearer = self.tester.bearer();
        let mut headers = vec![("content-type", media_type), ("accept", "application/json")];
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

    /// Sends the text of a case; gives what it is withdrawn by.
    async fn send(&self, way: Way, case: Case) -> String {
        let (text, to) = (case.text(), handset(way, case));
        let (opens, seconds, local) = DUE;
        match way {
            Way::Batches => {
                let windows =
                    if case.is_later() { json!([{ "opens": opens, "closes": null }]) } else { json!([]) };
                let body = json!({
                    "sender": "Acme", "recipients": [to], "body": text, "deliveryWindows": windows,
                });
                let batch =
                    self.call(Method::POST, "/v2/batches", "application/json", &body.to_string()).await;
                batch.json()["id"].as_str().expect("an id").to_owned()
            }
            Way::Sessions => {
                let mut body = json!({ "text": text, "phones": to, "from": "Acme" });
                if case.is_later() {
                    body["sendingTime"] = json!(seconds.parse::<u64>().expect("seconds"));
                }
                let sent =
                    self.call(Method::POST, "/api/v2/messages", "application/json", &body.to_string()).await;
                sent.json()["scheduleId"].to_string()
            }
            Way::Campaigns => {
                let delay = if case.is_later() { local } else { "" };
                let body = json!({ "sms": {
                    "message": { "text": text, "sender": "Acme", "delay": delay },
                    "recipients": { "gsm": [{ "value": to }] },
                } });
                let sent =
                    self.call(Method::POST, "/send", "application/json", &body.to_string()).await.json();
                assert_eq!(sent["status"], 1, "{case:?}: {sent}");
                sent["ticket"].as_str().expect("a ticket").to_owned()
            }
        }
    }

    async fn withdraw(&self, way: Way, id: &str) {
        let target = match way {
            Way::Batches => format!("/v2/batches/{id}"),
            Way::Sessions => format!("/api/v2/schedules/{id}"),
            Way::Campaigns => format!("/send/{id}"),
        };
        self.call(Method::DELETE, &target, "application/json", "").await;
    }

    /// What carriers say of those that are to be delivered.
    async fn deliver(&self) {
        let numbers = self.in_sessions().await;
        self.world.wait(1);
        for way in WAYS {
            let number = numbers[&handset(way, Case::Delivered)].number.expect("a number");
            let number = u32::try_from(number).expect("in range");
            for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
                self.world.step(&self.tester, number, outcome).await;
            }
        }
    }

    async fn in_batches(&self) -> BTreeMap<String, Said> {
        let mut all = BTreeMap::new();
        for (way, case) in WAYS.into_iter().flat_map(|way| CASES.map(|case| (way, case))) {
            let to = handset(way, case);
            let list = self.call(Method::GET, &format!("/v2/conversations/{to}/mt"), "", "").await.json();
            let [message] = list.as_array().expect("an array").as_slice() else { panic!("one: {list}") };
            let said = Said {
                body: text(&message["body"]),
                word: message["statuses"][0]["code"].clone(),
                sender: Some(text(&message["sender"])),
                segments: message["segments"].as_u64(),
                price: message["price"].as_f64(),
                number: None,
            };
            all.insert(to, said);
        }
        all
    }

    async fn in_sessions(&self) -> BTreeMap<String, Said> {
        let page = self.call(Method::GET, "/api/v2/messages?limit=100", "", "").await.json();
        by_handset(&page["resources"], "receiver", |message| Said {
            body: text(&message["text"]),
            word: message["status"].clone(),
            sender: Some(text(&message["sender"])),
            segments: message["partsCount"].as_u64(),
            price: message["price"].as_f64(),
            number: message["id"].as_u64(),
        })
    }

    async fn in_programs(&self) -> BTreeMap<String, Said> {
        let target = format!("/api/messages/program/{}?pageSize=500", self.tester.program);
        let page = self.world.get(&target, &self.tester.basic()).await.ok();
        by_handset(&page["data"]["messages"], "number", |message| Said {
            body: text(&message["body"]),
            word: message["deliveryStatus"].clone(),
            ..Said::default()
        })
    }

    async fn in_period(&self) -> BTreeMap<String, Said> {
        let target = "/messages?date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00&length=100";
        let page = self.call(Method::GET, target, "", "").await.json();
        by_handset(&page["messages"], "destination", |message| Said {
            body: text(&message["message"]),
            word: message["status"].clone(),
            sender: Some(text(&message["sender"])),
            segments: message["cost"].as_u64(),
            price: None,
            number: message["message_id"].as_u64(),
        })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

fn by_handset(list: &Value, to: &str, said: impl Fn(&Value) -> Said) -> BTreeMap<String, Said> {
    let messages = list.as_array().unwrap_or_else(|| panic!("an array: {list}"));
    let all: BTreeMap<String, Said> =
        messages.iter().map(|message| (text(&message[to]), said(message))).collect();
    assert_eq!(all.len(), messages.len(), "each handset once");
    all
}

#[tokio::test]
async fn every_way_in_is_told_every_way_out() {
    let table = Table::new().await;
    let batches = table.in_batches().await;
    let sessions = table.in_sessions().await;
    let period = table.in_period().await;
    let programs = table.in_programs().await;
    for (way, case) in WAYS.into_iter().flat_map(|way| CASES.map(|case| (way, case))) {
        let (to, (code, letter, in_programs, in_period)) = (handset(way, case), case.words());
        let segments = if case == Case::Long { 3 } else { 1 };
        // Who is not written to costs nothing.
        let paid = if case == Case::OptedOut { 0 } else { segments };
        let told = Said {
            body: case.text(),
            word: json!(code),
            sender: Some("Acme".to_owned()),
            segments: Some(segments),
            price: Some([0.0, 0.05, 0.1, 0.15][usize::try_from(paid).expect("small")]),
            number: None,
        };
        assert_eq!(batches[&to], told, "{way:?} {case:?}");
        let number = sessions[&to].number;
        let told = Said { word: json!(letter), number, ..told };
        assert_eq!(sessions[&to], told, "{way:?} {case:?}");
        let told = Said { price: None, segments: Some(paid), ..told };
        let listed = in_period.map(|word| Said { word: json!(word), ..told.clone() });
        assert_eq!(period.get(&to), listed.as_ref(), "{way:?} {case:?}");
        let exported = in_programs.map(|word| Said { body: told.body, word: json!(word), ..Said::default() });
        assert_eq!(programs.get(&to), exported.as_ref(), "{way:?} {case:?}");
    }
    let numbers: BTreeSet<u64> = sessions.values().filter_map(|said| said.number).collect();
    assert_eq!(numbers.len(), WAYS.len() * CASES.len(), "each has a number of its own");

    // What was withdrawn is exported once it would have been due.
    table.world.wait(3 * 3600);
    let programs = table.in_programs().await;
    for way in WAYS {
        assert_eq!(programs[&handset(way, Case::Withdrawn)].word, "Undelivered", "{way:?}");
    }
}

#[tokio::test]
async fn what_is_brought_in_is_told_every_way_out() {
    let table = Table::new().await;
    for text in ["Tack, vi ses!", &Case::Long.text(), "\"quoted\" & <marked>; 100 %"] {
        table.world.wait(60);
        let (from, program) = (handset(Way::Campaigns, Case::Delivered), table.tester.program.to_string());
        let members = [
            ("campid", program.as_str()),
            ("destination", "72250"),
            ("originator", &from),
            ("message", text),
        ];
        let form: Vec<String> = members
            .map(|(name, value)| {
                let octets = value.bytes().map(|octet| format!("%{octet:02X}")).collect::<String>();
                format!("{name}={octets}")
            })
            .to_vec();
        let basic = table.tester.basic();
        let headers =
            [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let body = form.join("&");
        let answer = table.world.call(Method::POST, "/api/externalMO", &headers, body.as_bytes()).await;
        assert_eq!(answer.status(), 200, "{answer:?}");

        let get = async |target: String| table.call(Method::GET, &target, "", "").await.json();
        let list = get(format!("/v2/conversations/{from}/mo?order=DESC&limit=1")).await;
        let told = [&list[0]["body"], &list[0]["sender"], &list[0]["recipient"], &list[0]["direction"]];
        assert_eq!(told, [text, &from, "72250", "mo"], "{list}");

        let chat = get(format!("/api/v2/chats/{from}/by/phone")).await;
        assert_eq!((&chat["lastMessage"], &chat["direction"]), (&json!(text), &json!("i")), "{chat}");
        let page = get("/api/v2/replies?limit=1".to_owned()).await;
        let reply = &page["resources"][0];
        assert_eq!([&reply["text"], &reply["sender"], &reply["receiver"]], [text, &from, "72250"], "{page}");

        let period = "date_start=2025-05-31%2000:00:00&date_end=2025-06-03%2000:00:00";
        let page = get(format!("/messages?{period}&type=messages-in&sort=-date&length=1")).await;
        let record = &page["messages"][0];
        let told = [&record["message"], &record["sender"], &record["destination"], &record["status"]];
        assert_eq!(told, [text, &from, "72250", "incoming_message"], "{page}");
        assert_eq!(record["message_id"], reply["id"]);
        // The text before it to the same handset is what it answers.
        let answered = table.in_sessions().await[&from].number;
        assert_eq!(record["campaign_id"].as_u64(), answered, "one message a campaign: {page}");

        table.world.wait(2);
        let target = format!("/api/messages/program/{program}?messageType=MO&pageSize=500");
        let page = table.world.get(&target, &basic).await.ok();
        let last = page["data"]["messages"].as_array().and_then(|rows| rows.last()).expect("a message");
        assert_eq!(
            [&last["body"], &last["number"], &last["deliveryStatus"]],
            [text, &from, "Received"],
            "{page}"
        );
    }
}
