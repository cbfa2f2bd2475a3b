//! Prices and previews: nothing is sent, nothing is paid.

use http::Method;
use serde_json::{Value, json};
use service::manage::KeyRequest;
use service::model::Contact;
use service::opt_outs::OptOutSource;
use service::rates::{Rate, RateFor, RateRow, Rates};
use sms::{AccountId, Country};

use super::sending::sent;
use super::world::{JOHN, MARIA, NOWHERE, PAUL, With, World, request};

/// 0.04 a part, to Sweden 0.05.
pub(crate) async fn charge(world: &World, account: AccountId) {
    let rate = |price: &str| Rate { price: price.parse().expect("an amount"), credits: 1 };
    let sweden = RateFor::Country(Country::parse("SE").expect("a country"));
    let rows = vec![RateRow { handsets: sweden, rate: rate("0.05") }];
    let rates = Rates { default: rate("0.04"), rows, ..Rates::default() };
    world.service.put_rates(account, &rates).await.expect("kept");
}

#[tokio::test]
async fn by_country_as_a_map() {
    let world = World::empty().await;
    charge(&world, world.alice.account.id).await;
    let price = world.read(&format!("/messages/price?text=hi&phones={JOHN},{MARIA},447860021131")).await;
    let countries = json!({
        "GB": {"country": "GB", "count": 2, "max": 0.04}, "SE": {"country": "SE", "count": 1, "max": 0.05},
    });
    assert_eq!(price, json!({"total": 0.13, "parts": 1, "countries": countries}));
    let long = world.read(&format!("/messages/price?text={}&phones={JOHN}&dummy=1", "a".repeat(161))).await;
    assert_eq!((&long["parts"], &long["countries"]["GB"]["max"]), (&2.into(), &0.08.into()));
    let dummy = world.post("/messages", &format!("text=hi&phones={JOHN}&dummy=1")).await;
    let body = r#"{"total":0.04,"parts":1,"countries":{"GB":{"country":"GB","count":1,"max":0.04}}}"#;
    assert_eq!((dummy.status, dummy.text.as_str()), (200, body));
    let json = format!(r#"{{"text":"hi","phones":"{JOHN}","dummy":true}}"#);
    assert_eq!(world.post_json("/messages", &json).await.text, body);
    assert_eq!(world.ids("/messages").await, [0_u64; 0], "nothing was sent");
}

#[tokio::test]
async fn by_country_as_an_array() {
    let world = World::empty().await;
    charge(&world, world.alice.account.id).await;
    let asked = format!("/messages/price/normalized?text=hi&phones={JOHN},447860021131&includeBlocked=1");
    assert_eq!(
        world.get(&asked).await.text,
        concat!(
            r#"{"total":0.08,"parts":1,"countries":[{"country":"GB","countryName":"United Kingdom","#,
            r#""allowDedicated":true,"count":2,"max":0.04,"sum":"0.08","landline":0}]}"#
        )
    );
    let account = world.alice.account.id;
    world.service.opt_out(account, JOHN, OptOutSource::Api).await.expect("kept");
    let nobody = world.get(&format!("/messages/price?text=hi&phones={JOHN}")).await;
    assert_eq!(nobody.text, r#"{"total":0,"parts":1,"countries":{}}"#, "never an array");
    let later = format!("/messages/price/normalized?text=hi&phones={MARIA}&rule=FREQ%3DDAILY");
    world.get(&later).await.refusal(400);
    let later = format!("{later}&sendingTime={}", super::world::NOW + 60);
    assert_eq!(world.read(&later).await["total"], 0.05);
}

#[tokio::test]
async fn refusals_of_reads_are_one_line() {
    let world = World::empty().await;
    for path in ["/messages/price", "/messages/price/normalized", "/messages/preview"] {
        for (query, word) in [
            (String::new(), "text"),
            ("text=hi".to_owned(), "recipients"),
            ("text=hi&phones=abc".to_owned(), "phones"),
            (format!("templateId={NOWHERE}&phones={JOHN}"), "templateId"),
            (format!("text=hi&phones={JOHN}&partsCount=9&cutExtra=x"), "cutExtra"),
        ] {
            let body = world.get(&format!("{path}?{query}")).await.refusal(400);
            assert_eq!(body["errors"], Value::Null);
            assert!(body["message"].as_str().is_some_and(|text| text.contains(word)), "{body}");
        }
    }
}

#[tokio::test]
async fn previews_are_messages_that_are_not() {
    let world = World::empty().await;
    charge(&world, world.alice.account.id).await;
    let contact = Contact {
        phone: JOHN.to_owned(),
        first_name: Some("John".to_owned()),
        created: world.now(),
        ..Contact::default()
    };
    world.service.put_contact(world.alice.account.id, contact).await.expect("kept");
    let asked = format!("/messages/preview?text=Hi+%7BFirst+name%7D!&phones={JOHN},{PAUL}");
    let preview = world.read(&asked).await;
    let messages = preview["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 2);
    assert_eq!((&messages[0]["text"], &messages[0]["firstName"]), (&"Hi John!".into(), &"John".into()));
    assert_eq!((&messages[1]["text"], &messages[1]["price"]), (&"Hi !".into(), &0.04.into()));
    assert_eq!((&messages[0]["id"], &messages[0]["sessionId"]), (&0.into(), &Value::Null));
    let many: Vec<String> = (0..150).map(|at| (447_860_021_000_u64 + at).to_string()).collect();
    let many = world.read(&format!("/messages/preview?text=hi&phones={}", many.join(","))).await;
    assert_eq!(many["messages"].as_array().map(Vec::len), Some(100));
    assert_eq!(world.ids("/messages").await, [0_u64; 0]);
}

#[tokio::test]
async fn a_balance_that_does_not_suffice() {
    let world = World::empty().await;
    let currency = "EUR".parse().expect("a currency");
    let (account, _) = world.service.create_account("carol", None, currency, true).await.expect("made");
    world.service.adopt_key(account.id, "carol-secret", KeyRequest::default()).await.expect("adopted");
    charge(&world, account.id).await;
    world.service.fund(account.id, "0.1".parse().expect("an amount")).await.expect("funded");
    let ask = async |method, path: &str, form: &str| {
        let asked = request(method, path).header("x-tm-username", "carol").header("x-tm-key", "carol-secret");
        world.raw(asked.form(form)).await
    };
    let three = format!("text=hi&phones={JOHN},{PAUL},447860021131");
    let errors = ask(Method::POST, "/messages", &three).await.refusal(400)["errors"].clone();
    assert!(errors["common"][0].as_str().is_some_and(|text| text.contains("balance")), "{errors}");
    let price = ask(Method::GET, &format!("/messages/price?{three}"), "").await;
    assert_eq!((price.status, &price.json()["total"]), (200, &0.12.into()));
    sent(&ask(Method::POST, "/messages", &format!("text=hi&phones={JOHN},{PAUL}")).await);
    assert_eq!(ask(Method::GET, "/user", "").await.json()["balance"], 0.02);
    assert_eq!(ask(Method::GET, "/sessions/1", "").await.json()["price"], 0.08);
}
