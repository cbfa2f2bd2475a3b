//! `GET /send`, `POST /send`, simulations, what they cost (checks 7 to 20, 96 to 108).

use serde_json::{Value, json};
use service::account_settings::{AccountSettings, Holds};
use service::change::Step;
use service::history::Entry;
use service::rates::{Rate, RateFor, RateRow, Rates};
use sms::{Country, Outcome};

use crate::fixture::{Call, Fixture, PERIOD};

const KEYS: [&str; 14] = [
    "status",
    "message",
    "ticket",
    "cost",
    "credits",
    "total",
    "sent",
    "blacklisted",
    "duplicated",
    "invalid",
    "npai",
    "not_allowed",
    "flood",
    "country_limit",
];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The eight counters in their order.
fn counts(value: &Value) -> [u64; 8] {
    ["total", "sent", "blacklisted", "duplicated", "invalid", "npai", "not_allowed", "flood"]
        .map(|key| value[key].as_u64().unwrap_or_else(|| panic!("{key} of {value}")))
}

#[tokio::test]
async fn one_message_and_its_record() {
    let fixture = Fixture::empty().await;
    let answer = fixture.done("GET", "/send?text=Hello&to=33612345678&gsmsmsid=abc&sender=ACME", "").await;
    assert_eq!(keys(&answer), KEYS);
    assert_eq!(counts(&answer), [1, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!((&answer["cost"], &answer["credits"]), (&json!(1), &json!(0)));
    let ticket: u64 = answer["ticket"].as_str().expect("a text").parse().expect("digits");
    assert!(ticket < 1 << 31);
    let list = fixture.list("").await.value();
    let record = &list["messages"][0];
    assert_eq!(record["campaign_id"], ticket);
    for (key, value) in [
        ("client_message_id", json!("abc")),
        ("contact_list_id", json!("")),
        ("message", json!("Hello")),
        ("message_length", json!(5)),
        ("cost", json!(1)),
        ("country", json!("FR")),
        ("destination", json!("33612345678")),
        ("sender", json!("ACME")),
        ("date", json!("2025-08-01 12:00:00")),
        ("dlr_date", json!("")),
        ("status", json!("WAITING")),
        ("type", json!("sms_mt")),
    ] {
        assert_eq!(record[key], value, "{key}");
    }
    fixture.sound().await;
}

#[tokio::test]
async fn numbers_texts_and_what_is_left_out() {
    let fixture = Fixture::empty().await;
    fixture.send("text=a&to=%2B33612345678&gsmsmsid=&sender=&delay=&pushtype=").await;
    fixture.send("text=a&to=0033612345678&pushtype=marketing").await;
    let text = "D\u{e9}j\u{e0} \"vu\" & <b> 'x'";
    let encoded = dialects::kit::params::encode(text);
    fixture.send(&format!("text={encoded}&to=33612345678&sender=Unknown")).await;
    let list = fixture.list("").await;
    assert_eq!(list.column("destination"), ["33612345678"; 3]);
    assert_eq!(list.column("sender"), ["", "", "Unknown"]);
    assert_eq!(list.column("client_message_id"), [""; 3]);
    assert_eq!(list.column("message")[2], text);
    assert_eq!(list.column("message_length")[2], text.chars().count());
    for (length, unicode, cost) in
        [(160, 0, 1), (161, 0, 2), (306, 0, 2), (307, 0, 3), (70, 1, 1), (71, 1, 2)]
    {
        let query = format!("text={}&to=33612345678&unicode={unicode}", "a".repeat(length));
        let answer = fixture.done("GET", &format!("/send?{query}"), "").await;
        assert_eq!(answer["cost"], cost, "{length}");
    }
    let answer = fixture.done("GET", &format!("/send?text={}&to=33612345678", "%D0%B6".repeat(71)), "").await;
    assert_eq!(answer["cost"], 2, "what GSM lacks is sent as it is, and paid for");
}

#[tokio::test]
async fn what_is_missing_or_wrong() {
    let fixture = Fixture::empty().await;
    for (query, parameter) in [
        ("to=33612345678", "text"),
        ("text=&to=33612345678", "text"),
        ("text=a", "to"),
        ("text=a&to=", "to"),
        ("", "text"),
        ("text=a&to=33612345678&pushtype=fax", "pushtype"),
        ("text=a&to=33612345678&sender=much+too+long+for+one", "sender"),
        ("text=%ff&to=33612345678", "text"),
    ] {
        fixture.get(&format!("/send?{query}")).await.assert_refuses(parameter, query);
        fixture.get(&format!("/send/simulate?{query}")).await.assert_refuses(parameter, query);
    }
    let long = "a".repeat(256 * 153);
    fixture.get(&format!("/send?text={long}&to=33612345678")).await.assert_refuses("segments", "a long text");
    assert_eq!(fixture.list("").await.totals(), (0, 0));
}

#[tokio::test]
async fn a_recipient_that_is_none_is_a_success() {
    let fixture = Fixture::empty().await;
    for to in ["0612345678", "12", "bob"] {
        let answer = fixture.done("GET", &format!("/send?text=a&to={to}"), "").await;
        assert!(answer["ticket"].is_string());
        assert_eq!((counts(&answer), &answer["cost"]), ([1, 0, 0, 0, 1, 0, 0, 0], &json!(0)), "{to}");
    }
    let list = fixture.list("").await;
    assert_eq!(list.column("status"), ["NOT_SENT"; 3]);
    assert_eq!(list.column("cost"), [0; 3]);
    assert_eq!(list.column("destination"), ["0612345678", "12", "bob"]);
}

#[tokio::test]
async fn a_campaign_to_many() {
    let fixture = Fixture::empty().await;
    let body = json!({"sms": {
        "message": {"text": "Hi", "sender": "ACME"},
        "recipients": {"gsm": [
            {"value": "33600000001", "gsmsmsid": "a"}, {"value": 33600000002u64, "gsmsmsid": 2},
            {"value": "33600000003"}, {"value": "+33 6 00 00 00 01", "gsmsmsid": "again"}, {"value": "x"},
        ]},
    }});
    let answer = fixture.done("POST", "/send", &body.to_string()).await;
    assert_eq!(keys(&answer), KEYS);
    assert_eq!((counts(&answer), &answer["cost"]), ([5, 3, 0, 1, 1, 0, 0, 0], &json!(3)));
    let list = fixture.list("").await;
    assert_eq!(list.column("client_message_id"), ["a", "2", "", ""]);
    let ticket: u64 = answer["ticket"].as_str().expect("a text").parse().expect("digits");
    assert_eq!(list.column("campaign_id"), [ticket; 4]);
    assert_eq!(list.column("message_id"), [1, 2, 3, 4]);
}

#[tokio::test]
async fn ten_thousand_at_once() {
    let fixture = Fixture::empty().await;
    let gsm: Vec<Value> = (0..10_000).map(|index| json!({"value": format!("336{index:08}")})).collect();
    let body = json!({"sms": {"message": {"text": "Hi"}, "recipients": {"gsm": gsm}}}).to_string();
    let answer = fixture.done("POST", "/send", &body).await;
    assert_eq!(counts(&answer)[..2], [10_000, 10_000]);
    assert_eq!(answer["cost"], 10_000);
    assert_eq!(fixture.list("status=waiting&length=1").await.totals(), (10_000, 10_000));
}

#[tokio::test]
async fn simulations_change_nothing() {
    let fixture = Fixture::empty().await;
    let body = r#"{"sms":{"message":{"text":"a"},"recipients":{"gsm":[{"value":"33612345678"}]}}}"#;
    for answer in [
        fixture.done("GET", "/send/simulate?text=a&to=33612345678", "").await,
        fixture.done("POST", "/send/simulate", body).await,
    ] {
        assert_eq!(keys(&answer), KEYS);
        assert_eq!((counts(&answer), &answer["cost"]), ([1, 1, 0, 0, 0, 0, 0, 0], &json!(1)));
    }
    let token = &fixture.world.key;
    let query = format!("/send/simulate?text=a&to=33612345678&token={token}");
    assert_eq!(fixture.call(Call::get(&query).json()).await.status(), 1);
    assert_eq!(fixture.list("").await.totals(), (0, 0));
    assert_eq!(fixture.get("/campaigns").await.value()["totalRecords"], 0);
}

#[tokio::test]
async fn credits_are_what_a_balance_has() {
    let fixture = Fixture::empty().await;
    let service = &fixture.world.service;
    let euro = "EUR".parse().expect("a currency");
    let (account, key) = service.create_account("Prepaid", None, euro, true).await.expect("an account");
    let ask = async |target: &str| fixture.call(Call::get(target).bearer(&key).json()).await.value();
    let poor = ask("/send?text=a&to=33612345678").await;
    assert_eq!((&poor["status"], &poor["message"]), (&json!(-3), &json!("Not enough credits")));
    assert_eq!(ask("/send/simulate?text=a&to=33612345678").await["status"], -3);
    service.fund(account.id, "10".parse().expect("an amount")).await.expect("funded");
    assert_eq!(ask("/send/simulate?text=a&to=33612345678").await["credits"], 10);
    let two = ask(&format!("/send?text={}&to=33612345678", "a".repeat(161))).await;
    assert_eq!((&two["status"], &two["cost"], &two["credits"]), (&json!(1), &json!(2), &json!(8)));
    assert_eq!(ask("/credits").await["credits"], "8");
    // Nothing is taken for what cannot be sent, nor once more when it is all given back.
    assert_eq!(ask("/send?text=a&to=12").await["credits"], 8);
    let later = ask("/send?text=a&to=33612345678&delay=2025-08-02+12:00:00").await;
    assert_eq!(later["credits"], 7);
    let ticket = later["ticket"].as_str().expect("a ticket");
    let call = Call::new("DELETE", &format!("/send/{ticket}")).bearer(&key).json();
    assert_eq!(fixture.call(call).await.value()["credits"], 8);
    // A table of rates decides where there is one.
    let rate = |price: &str, credits| Rate { price: price.parse().expect("an amount"), credits };
    let france = RateFor::Country(Country::parse("FR").expect("a country"));
    let rows = vec![RateRow { handsets: france, rate: rate("4", 3) }];
    let rates = Rates { default: rate("0.5", 1), rows, ..Rates::default() };
    service.put_rates(account.id, &rates).await.expect("rates");
    fixture.world.pass(2);
    let dear = ask("/send?text=a&to=33612345678").await;
    assert_eq!((&dear["cost"], &dear["credits"]), (&json!(3), &json!(4)));
    let ticket = dear["ticket"].as_str().expect("a ticket");
    assert_eq!(ask(&format!("/campaign/{ticket}")).await["campaign"][0]["cost"], "3");
    assert_eq!(ask("/send?text=a&to=33612345678").await["credits"], 0);
    assert_eq!(ask("/send?text=a&to=33612345678").await["status"], -3);
    fixture.sound().await;
}

#[tokio::test]
async fn what_is_given_back_costs_nothing() {
    let fixture = Fixture::empty().await;
    let service = &fixture.world.service;
    let euro = "EUR".parse().expect("a currency");
    let (account, key) = service.create_account("Prepaid", None, euro, true).await.expect("an account");
    service.fund(account.id, "10".parse().expect("an amount")).await.expect("funded");
    let ask = async |target: &str| fixture.call(Call::get(target).bearer(&key).json()).await.value();
    let ends = [
        (Outcome::RefusedByCarrier, 0),
        (Outcome::Failed, 0),
        (Outcome::Undelivered, 1),
        (Outcome::Delivered, 1),
    ];
    for (place, (end, cost)) in (1..).zip(ends) {
        let before = ask("/credits").await["credits"].as_str().and_then(|text| text.parse::<u64>().ok());
        assert_eq!(ask("/send?text=a&to=33612345678").await["cost"], 1);
        let way: &[Outcome] =
            if cost == 0 { &[Outcome::Sending] } else { &[Outcome::Sending, Outcome::Submitted] };
        for outcome in way.iter().chain([&end]) {
            let steps = vec![Step { number: place, entry: Entry::new(fixture.world.now(), *outcome) }];
            service.advance(account.id, steps).await.expect("a legal step");
        }
        let after = ask("/credits").await["credits"].as_str().and_then(|text| text.parse::<u64>().ok());
        assert_eq!(after.map(|after| after + cost), before, "{end}");
        let shown = &ask(&format!("/messages?{PERIOD}&sort=-date&length=1")).await["messages"][0];
        assert_eq!((&shown["message_id"], &shown["cost"]), (&json!(place), &json!(cost)), "{end}");
        let campaign = &ask(&format!("/campaign/{place}")).await["campaign"][0];
        assert_eq!(campaign["cost"], cost.to_string(), "{end}");
        assert_eq!(
            ask("/campaigns?sms_min=1").await["totalDisplayRecords"],
            u64::from(place).saturating_sub(2)
        );
    }
    fixture.sound().await;
}

#[tokio::test]
async fn refused_recipients_are_counted_and_recorded() {
    let fixture = Fixture::empty().await;
    let allowed = ["FR", "ES"].map(|code| Country::parse(code).expect("a country"));
    let settings = AccountSettings { countries: Some(allowed.to_vec()), ..AccountSettings::default() };
    fixture.world.service.put_settings(fixture.world.account, &settings).await.expect("settings");
    fixture
        .done("POST", "/blacklist", r#"{"blacklist":{"contacts":{"gsm":[{"value":"33600000001"}]}}}"#)
        .await;
    fixture.done("POST", "/npai", r#"{"npai":{"contacts":{"gsm":[{"value":"33600000002"}]}}}"#).await;
    let gsm: Vec<Value> =
        ["33600000001", "33600000002", "41791112233", "34600000000", "12"].map(Value::from).to_vec();
    let body = json!({"sms": {"message": {"text": "a"}, "recipients": {"gsm": gsm}}}).to_string();
    let answer = fixture.done("POST", "/send", &body).await;
    assert_eq!(counts(&answer), [5, 1, 1, 0, 1, 1, 1, 0]);
    let list = fixture.list("").await;
    assert_eq!(list.column("status"), ["NOT_SENT", "NOT_SENT", "NOT_SENT", "WAITING", "NOT_SENT"]);
    let details = ["NOT_ALLOWED", "INVALID_DESTINATION", "NOT_ALLOWED", "", "INVALID_DESTINATION"];
    assert_eq!(list.column("status_details"), details);
    assert_eq!(list.column("cost"), [0, 0, 0, 1, 0]);
    let alone = fixture.done("GET", "/send?text=a&to=33600000001", "").await;
    assert_eq!(counts(&alone), [1, 0, 1, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn what_a_person_must_see_first_is_not_lost() {
    let fixture = Fixture::empty().await;
    let settings = AccountSettings { holds: Holds::Promotional, ..AccountSettings::default() };
    fixture.world.service.put_settings(fixture.world.account, &settings).await.expect("settings");
    let held = fixture.get("/send?text=a&to=33612345678&pushtype=marketing").await;
    let value = held.value();
    assert_eq!((held.code, &value["status"]), (200, &json!(-8)));
    assert_eq!(value["message"], "Campaign under moderation");
    assert_eq!((&value["ticket"], counts(&value)[1]), (&json!("1"), 1));
    assert_eq!(fixture.list("").await.column("status"), ["MODERATION"]);
    fixture.send("text=a&to=33612345678&pushtype=alert").await;
    assert_eq!(fixture.list("status=waiting").await.totals().1, 1);
}

#[tokio::test]
async fn a_repeated_request_has_the_first_answer() {
    let fixture = Fixture::empty().await;
    let ask = async |key: &str, target: &str| {
        let call = Call::get(target).header("idempotency-key", key).json();
        fixture.call(call.bearer(&fixture.world.key)).await
    };
    let target = "/send?text=a&to=33612345678";
    let first = ask("one", target).await;
    assert_eq!(first.status(), 1);
    assert_eq!(ask("one", target).await.body, first.body);
    ask("one", "/send?text=b&to=33612345678").await.assert_refuses("idempotency key", "another text");
    ask("", target).await.assert_refuses("Idempotency-Key", "an empty key");
    ask(&"k".repeat(256), target).await.assert_refuses("Idempotency-Key", "a long key");
    // The credential is no part of the request.
    let call = Call::get(&format!("{target}&token={}", fixture.world.key)).header("idempotency-key", "one");
    assert_eq!(fixture.call(call.json()).await.body, first.body);
    assert_eq!(fixture.list("").await.totals(), (1, 1));
    let post = async |body: &str| {
        let call = Call::new("POST", "/send").header("idempotency-key", "two").json();
        fixture.call(call.bearer(&fixture.world.key).body(body.to_owned())).await
    };
    let body = r#"{"sms":{"message":{"text":"a"},"recipients":{"gsm":["33612345678"]}}}"#;
    assert_eq!(post(body).await.body, post(body).await.body);
    post(&body.replace("\"a\"", "\"b\"")).await.assert_refuses("idempotency key", "another body");
    assert_eq!(fixture.list("").await.totals(), (2, 2));
}

#[tokio::test]
async fn places_in_a_text() {
    let fixture = Fixture::empty().await;
    let body = json!({"sms": {
        "message": {"text": "See <-short-> or <-short->.\n<-stop-> [info1]", "sender": "36180",
                    "links": ["https://example.com/?a=1&b", "https://example.org"]},
        "recipients": {"gsm": [{"value": "33612345678"}]},
    }});
    fixture.done("POST", "/send", &body.to_string()).await;
    fixture.send("text=Bye+%3C-stop-%3E&to=33612345678&sender=ACME").await;
    let expected = ["See https://example.com/?a=1&b or https://example.org.\nSTOP 36180 [info1]", "Bye STOP"];
    assert_eq!(fixture.list("").await.column("message"), expected);
}
