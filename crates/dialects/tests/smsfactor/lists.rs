//! Contact lists, the people in them, and campaigns to them (reference 2.6, check 16).

use serde_json::{Value, json};

use crate::fixture::{Call, Fixture};
use crate::xml::Element;

async fn make(fixture: &Fixture, name: &str, gsm: Value) -> (String, Value) {
    let body = json!({"list": {"name": name, "contacts": {"gsm": gsm}}}).to_string();
    let answer = fixture.done("POST", "/list", &body).await;
    (answer["id"].as_str().expect("a text").to_owned(), answer)
}

fn people(answer: &Value) -> Vec<(&str, &str)> {
    let text = |person: &'static str, value: &Value| value[person].as_str().map(|_| ()).is_some();
    let list = answer["list"].as_array().expect("a list");
    assert!(list.iter().all(|person| text("id", person)));
    list.iter()
        .map(|person| {
            (person["destination"].as_str().expect("a text"), person["info1"].as_str().unwrap_or_default())
        })
        .collect()
}

#[tokio::test]
async fn a_list_from_its_making_to_its_end() {
    let fixture = Fixture::empty().await;
    let (id, made) = make(
        &fixture,
        "Friends",
        json!([
            {"value": "33600000001", "info1": "Ada", "info4": "ada@example.com"}, {"value": "+33600000001"},
            {"value": "33600000002"}, {"value": "0612345678"}, {"value": null},
        ]),
    )
    .await;
    let keys: Vec<_> = made.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "contacts", "invalid", "duplicates", "id"]);
    assert_eq!([&made["contacts"], &made["invalid"], &made["duplicates"]], [5, 2, 1]);
    assert!(id.parse::<i32>().is_ok());
    for (index, name) in ["listId", "list_id", "list"].into_iter().enumerate() {
        let gsm = json!([{"value": format!("3360000001{index}")}, {"value": "33600000002"}]);
        let body = json!({"list": {name: id, "contacts": {"gsm": gsm}}}).to_string();
        let added = fixture.done("POST", "/list", &body).await;
        assert_eq!(
            [&added["contacts"], &added["duplicates"], &added["id"]],
            [&json!(2), &json!(1), &json!(id)]
        );
    }
    let lists = fixture.get("/lists").await.value();
    let expected = json!([{"id": id, "name": "Friends", "date": "2025-08-01 12:00:00", "count": "5"}]);
    assert_eq!(lists["lists"], expected);
    let shown = fixture.get(&format!("/list/{id}?length=2")).await.value();
    assert_eq!(people(&shown), [("33600000001", "Ada"), ("33600000002", "")]);
    let keys: Vec<_> = shown.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        ["status", "message", "list", "name", "contacts", "totalRecords", "totalDisplayRecords"]
    );
    assert_eq!((&shown["name"], &shown["contacts"]), (&json!("Friends"), &json!("5")));
    assert_eq!((&shown["totalRecords"], &shown["totalDisplayRecords"]), (&json!(5), &json!(5)));
    let ada = shown["list"][0].as_object().expect("an object");
    assert_eq!(ada.keys().collect::<Vec<_>>(), ["id", "destination", "info1", "info4"]);
    for (search, found) in [("ada", 1), ("%2B3360000001", 3), ("33600000002", 1), ("nobody", 0)] {
        let shown = fixture.get(&format!("/list/{id}?search={search}")).await.value();
        assert_eq!(shown["totalDisplayRecords"], found, "{search}");
        assert_eq!(shown["totalRecords"], 5);
    }
    for path in [format!("/list/deduplicate/{id}"), format!("/deduplicate/{id}")] {
        assert_eq!(fixture.done("PUT", &path, "[]").await["removed"], 0);
    }
    fixture.done("DELETE", &format!("/list/{id}"), "[]").await;
    for (method, path) in [
        ("GET", format!("/list/{id}")),
        ("DELETE", format!("/list/{id}")),
        ("PUT", format!("/list/deduplicate/{id}")),
        ("PUT", format!("/list/{id}/npai/clear")),
        ("GET", "/list/abc".to_owned()),
    ] {
        fixture.ask(method, &path, "[]").await.assert_error(-5, &path);
    }
    assert_eq!(fixture.get("/lists").await.value()["lists"], json!([]));
    let gone = json!({"list": {"listId": id, "contacts": {"gsm": []}}}).to_string();
    fixture.ask("POST", "/list", &gone).await.assert_error(-5, "adding to what is gone");
    fixture.sound().await;
}

#[tokio::test]
async fn people_are_changed_and_removed() {
    let fixture = Fixture::empty().await;
    let gsm = json!([{"value": "33600000001", "info1": "Ada", "info2": "L"}, {"value": "33600000002"}]);
    let (id, _) = make(&fixture, "Friends", gsm).await;
    let target = format!("/list/{id}");
    let ids = |shown: &Value| -> Vec<String> {
        let list = shown["list"].as_array().expect("a list");
        list.iter().map(|person| person["id"].as_str().expect("a text").to_owned()).collect()
    };
    let first = ids(&fixture.get(&target).await.value())[0].clone();
    assert_eq!(first.len(), 24);
    let contact = format!("/list/contact/{first}");
    // With and without a wrapper, and in XML.
    fixture.done("PUT", &contact, r#"{"value":"33600000001","info1":"Bea"}"#).await;
    assert_eq!(people(&fixture.get(&target).await.value())[0], ("33600000001", "Bea"));
    fixture.done("PUT", &contact, r#"{"contact":{"info1":"Cid","info2":""}}"#).await;
    let shown = fixture.get(&target).await.value();
    assert_eq!((people(&shown)[0].1, shown["list"][0].get("info2")), ("Cid", None));
    fixture.done("PUT", &contact, "<contact><info1>Dan</info1></contact>").await;
    assert_eq!(people(&fixture.get(&target).await.value())[0].1, "Dan");
    fixture.ask("PUT", &contact, r#"{"value":"12"}"#).await.assert_refuses("value", "no number");
    // Another number is the same person, under the same id.
    fixture.done("PUT", &contact, r#"{"value":"33600000009"}"#).await;
    let shown = fixture.get(&target).await.value();
    assert_eq!(people(&shown), [("33600000009", "Dan"), ("33600000002", "")]);
    assert_eq!(ids(&shown)[0], first);
    fixture.done("PUT", &contact, r#"{"info1":"Eve"}"#).await;
    // A number that somebody else has is that somebody, who takes the place.
    let second = ids(&shown)[1].clone();
    fixture.done("PUT", &format!("/list/contact/{second}"), r#"{"value":"33600000009","info2":"M"}"#).await;
    let shown = fixture.get(&target).await.value();
    assert_eq!((people(&shown), &shown["list"][0]["info2"]), (vec![("33600000009", "Eve")], &json!("M")));
    fixture
        .ask("PUT", &format!("/list/contact/{second}"), r#"{"info1":"x"}"#)
        .await
        .assert_error(-5, "who is gone");
    let foreign = Call::new("DELETE", &contact).bearer(&fixture.world.other_key);
    fixture.call(foreign.json()).await.assert_error(-5, "another account's");
    fixture.done("DELETE", &contact, "[]").await;
    for gone in [first.as_str(), "x", "00000000000000000000000a"] {
        fixture.ask("DELETE", &format!("/list/contact/{gone}"), "").await.assert_error(-5, gone);
    }
    assert_eq!(people(&fixture.get(&target).await.value()), []);
    fixture.sound().await;
}

#[tokio::test]
async fn lists_in_xml() {
    let fixture = Fixture::empty().await;
    let body = "<list><name>Friends</name><contacts><gsm><value>33600000001</value><info1>Ada</info1></gsm>
        <gsm info1=\"Bea\">33600000002</gsm></contacts></list>";
    let made = fixture.call(Call::new("POST", "/list").bearer(&fixture.world.key).body(body).xml()).await;
    let id = Element::parse(&made.body).child("id").to_owned();
    let shown = fixture.call(Call::get(&format!("/list/{id}")).bearer(&fixture.world.key).xml()).await;
    let shown = Element::parse(&shown.body);
    assert_eq!(shown.keys()[..5], ["status", "message", "list", "list", "name"]);
    assert_eq!(shown.children[3].child("info1"), "Bea");
    assert_eq!(people(&fixture.get(&format!("/list/{id}")).await.value())[0].1, "Ada");
}

#[tokio::test]
async fn a_list_without_a_name_has_its_date() {
    let fixture = Fixture::empty().await;
    fixture.done("POST", "/list", r#"{"list":{"contacts":{"gsm":["33600000001"]}}}"#).await;
    assert_eq!(fixture.get("/lists").await.value()["lists"][0]["name"], "2025-08-01 12:00:00");
}

#[tokio::test]
async fn a_list_of_nobody_is_refused() {
    let fixture = Fixture::empty().await;
    for body in ["[]", "{}", r#"{"list":{"name":"a"}}"#, r#"{"list":{"name":"a","contacts":{"gsm":[]}}}"#] {
        fixture.ask("POST", "/list", body).await.assert_refuses("contacts", body);
    }
    assert_eq!(fixture.get("/lists").await.value()["lists"], json!([]));
}

#[tokio::test]
async fn campaigns_to_lists() {
    let fixture = Fixture::empty().await;
    let gsm = json!([{"value": "33600000001", "info1": "Ada"}, {"value": "33600000002"}]);
    let (friends, _) = make(&fixture, "Friends", gsm).await;
    let (others, _) =
        make(&fixture, "Others", json!([{"value": "33600000002"}, {"value": "33600000003"}])).await;
    let (empty, _) = make(&fixture, "Nobody", json!(["none"])).await;
    let send = |lists: Value| {
        json!({"sms": {"message": {"text": "Hi [info1]! [other]"}, "lists": lists}}).to_string()
    };
    let body = send(json!([{"value": friends}]));
    let answer = fixture.done("POST", "/send/lists", &body).await;
    assert_eq!((&answer["total"], &answer["sent"]), (&json!(2), &json!(2)));
    let list = fixture.list("").await;
    assert_eq!(list.column("contact_list_id"), [friends.as_str(); 2]);
    assert_eq!(list.column("message"), ["Hi Ada! [other]", "Hi ! [other]"]);
    let both = send(json!([{"value": friends.parse::<u32>().expect("digits")}, {"value": others}]));
    for path in ["/send/lists/simulate", "/send/lists"] {
        let answer = fixture.done("POST", path, &both).await;
        let counts = ["total", "sent", "duplicated"].map(|key| answer[key].as_u64().expect("a number"));
        assert_eq!(counts, [4, 3, 1], "{path}");
    }
    assert_eq!(fixture.list("").await.totals(), (5, 5));
    let campaigns = fixture.get("/campaigns?length=1").await.value();
    assert_eq!(campaigns["campaigns"][0]["lists"], json!([{"id": friends}, {"id": others}]));
    fixture
        .ask("POST", "/send/lists", &send(json!([{"value": empty}])))
        .await
        .assert_refuses("recipients", "nobody");
    fixture
        .ask("POST", "/send/lists", &send(json!([{"value": "99"}])))
        .await
        .assert_error(-5, "no such list");
    fixture.ask("POST", "/send/lists", &send(json!([]))).await.assert_refuses("lists", "no list");
    fixture.sound().await;
}
