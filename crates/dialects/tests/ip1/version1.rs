//! v1: `POST /api/sms/send`, `GET /api/sms/sent`, `/api/blacklist`.

use http::Method;
use serde_json::{Value, json};
use service::lists::List;
use service::model::Contact;
use sms::Outcome;

use crate::desk::{Desk, R, batch};
use crate::world::basic;

const MEMBERS: [&str; 15] = [
    "ID",
    "BundleID",
    "Status",
    "StatusDescription",
    "To",
    "From",
    "Message",
    "CountryCode",
    "Currency",
    "TotalPrice",
    "Price",
    "Encoding",
    "Segments",
    "Prio",
    "Created",
];

fn sms(numbers: &Value) -> Value {
    json!({"From": "iP1", "Message": "Hello", "Numbers": numbers, "Contacts": null, "Groups": null,
           "Email": false, "Prio": 1})
}

fn statuses(list: &[Value]) -> Vec<u64> {
    list.iter().filter_map(|sms| sms["Status"].as_u64()).collect()
}

#[tokio::test]
async fn one_alone_and_a_bundle() {
    let desk = Desk::new().await;
    desk.charge(41_600).await;
    let one = desk.post("/api/sms/send", &sms(&json!([R[0]]))).await.list();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].as_object().expect("an object").keys().collect::<Vec<_>>(), MEMBERS);
    for (name, value) in [
        ("ID", json!(1)),
        ("BundleID", Value::Null),
        ("Status", json!(0)),
        ("StatusDescription", json!("Delivered to gateway")),
        ("To", json!(R[0])),
        ("From", json!("iP1")),
        ("Message", json!("Hello")),
        ("CountryCode", json!("SE")),
        ("Currency", json!("EUR")),
        ("TotalPrice", json!(0.0416)),
        ("Price", json!(0.0416)),
        ("Encoding", json!("GSM")),
        ("Segments", json!(1)),
        ("Prio", json!(1)),
        ("Created", json!("2025-06-01T10:00:00.0000000+00:00")),
    ] {
        assert_eq!(one[0][name], value, "{name}");
    }
    let many =
        desk.post("/api/sms/send", &sms(&json!([format!("+{}", R[0]), R[1], "46 70-174 06 05", R[2]]))).await;
    let many = many.list();
    assert_eq!(many.iter().map(|sms| sms["To"].clone()).collect::<Vec<_>>(), R, "merged by number");
    let bundle = many[0]["BundleID"].as_i64().expect("an integer");
    assert!(many.iter().all(|sms| sms["BundleID"].as_i64() == Some(bundle)));
    let sent = desk.get("/api/sms/sent").await.list();
    assert_eq!(sent.iter().map(|sms| sms["ID"].clone()).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert_eq!((&sent[0]["BundleID"], &sent[3]["BundleID"]), (&json!(bundle), &Value::Null));
    for shown in &sent {
        let one = desk.get(&format!("/api/sms/sent/{}", shown["ID"])).await.ok();
        assert_eq!(&one, shown);
        assert_eq!(one["Modified"], "2025-06-01T10:00:00.0000000+00:00");
    }
    // The same messages in v2.
    assert_eq!(desk.get("/v2/batches").await.list().len(), 2);
}

#[tokio::test]
async fn statuses_follow_the_message() {
    let desk = Desk::new().await;
    desk.post("/api/sms/send", &sms(&json!(R))).await.list();
    desk.world.wait(2);
    for (number, outcomes) in [
        (1, &[Outcome::Sending, Outcome::Submitted, Outcome::Delivered][..]),
        (2, &[Outcome::Sending, Outcome::Submitted, Outcome::Radio]),
        (3, &[Outcome::Sending, Outcome::Submitted, Outcome::Undelivered]),
    ] {
        for outcome in outcomes {
            desk.world.step(&desk.tester, number, *outcome).await;
        }
    }
    assert_eq!(statuses(&desk.get("/api/sms/sent?order=asc").await.list()), [22, 21, 51]);
    let one = desk.get("/api/sms/sent/1").await.ok();
    assert_eq!(one["StatusDescription"], "Delivered to the phone");
    assert_eq!(one["Modified"], "2025-06-01T10:00:02.0000000+00:00");
    let mo = crate::world::mo(desk.world.now(), desk.tester.program, R[0], "Hi");
    let mo = desk.world.receive(&desk.tester, mo).await;
    for id in [mo.to_string(), "99".to_owned(), "x".to_owned(), "0".to_owned(), "99999999999".to_owned()] {
        let answer = desk.get(&format!("/api/sms/sent/{id}")).await;
        assert_eq!((answer.status, &answer.json()["title"]), (404, &json!("There is no such message.")));
    }
    assert_eq!(desk.get("/api/sms/sent").await.list().len(), 3, "what came in was not sent");
    let planned = json!([{"opens": "2025-06-02T08:00:00Z"}]);
    let mut body = batch(&json!([R[0]]), "Hello");
    body["deliveryWindows"] = planned;
    let document = desk.sent(&body).await;
    assert_eq!(statuses(&desk.get("/api/sms/sent?limit=1").await.list()), [11], "planned through v2");
    let path = format!("/v2/batches/{}", document["id"].as_str().expect("an id"));
    desk.without_body(Method::DELETE, &path).await.ok();
    assert!(statuses(&desk.get("/api/sms/sent").await.list()).contains(&12));
}

#[tokio::test]
async fn contacts_groups_and_parameters() {
    let desk = Desk::new().await;
    let (service, account) = (&desk.world.service, desk.tester.id);
    let contact = |phone: &str| Contact { phone: phone.to_owned(), ..Contact::default() };
    let first = service.put_contact(account, contact(R[0])).await.expect("a contact");
    let second = service.put_contact(account, contact(R[1])).await.expect("a contact");
    let list = List { name: "Friends".to_owned(), ..List::default() };
    let list = service.put_list(account, list).await.expect("a list");
    service.add_members(account, list, vec![first, second]).await.expect("members");
    let body = json!({
        "From": "iP1", "Message": "Hi {name}", "Numbers": [R[2]], "Contacts": [first], "Groups": [list],
        "Parameters": {format!("+{}", R[2]): {"name": "Cleo", "email": "c@example.org"},
                       R[1]: {"name": "Bea"}, "default": {"name": "you"}},
    });
    let sent = desk.post("/api/sms/send", &body).await.list();
    let shown: Vec<_> = sent.iter().map(|sms| (sms["To"].clone(), sms["Message"].clone())).collect();
    let expect = |to: &str, message: &str| (json!(to), json!(message));
    assert_eq!(shown, [expect(R[2], "Hi Cleo"), expect(R[0], "Hi you"), expect(R[1], "Hi Bea")]);
    for (name, value) in [("Contacts", json!([99])), ("Groups", json!([99]))] {
        let mut body = sms(&json!([]));
        body[name] = value;
        let answer = desk.post("/api/sms/send", &body).await;
        assert_eq!((answer.status, answer.json()["errors"][name].is_array()), (400, true), "{name}");
    }
}

#[tokio::test]
async fn refusals_of_v1() {
    let desk = Desk::new().await;
    for (name, value) in [
        ("From", json!(null)),
        ("From", json!("")),
        ("From", json!("Ωmega→")),
        ("Message", json!(" ")),
        ("Message", json!("x".repeat(2001))),
        ("Numbers", json!([])),
        ("Numbers", json!(null)),
        ("Numbers", json!([""])),
        ("Numbers", json!([7])),
        ("Numbers", json!(vec![R[0]; 10_001])),
        ("Contacts", json!(["x"])),
        ("Groups", json!(7)),
        ("Parameters", json!([])),
    ] {
        let mut body = sms(&json!([R[0]]));
        body[name] = value;
        let answer = desk.post("/api/sms/send", &body).await;
        assert_eq!(answer.status, 400, "{body:.200}: {}", answer.text);
        assert!(answer.json()["errors"][name].is_array(), "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    }
    // Single numbers are refused one by one; long senders are cut.
    let mut body = sms(&json!([R[0], "abc", "12"]));
    body["From"] = json!("A much too long name");
    let sent = desk.post("/api/sms/send", &body).await.list();
    assert_eq!(statuses(&sent), [0, 3, 3]);
    assert_eq!((&sent[0]["From"], &sent[1]["To"]), (&json!("A much too"), &json!("abc")));
    for number in [R[0], R[1]] {
        desk.without_body(Method::PUT, &format!("/v2/blacklist/{number}")).await.ok();
    }
    let sent = desk.post("/api/sms/send", &sms(&json!([R[0], R[2]]))).await.list();
    assert_eq!(statuses(&sent), [50, 0]);
    let nobody = desk.post("/api/sms/send", &sms(&json!([R[0], R[1]]))).await;
    assert_eq!((nobody.status, nobody.json()["errors"]["Numbers"].is_array()), (400, true));
    let headers = [("content-type", "application/json; utf8")];
    let body = sms(&json!([R[2]])).to_string();
    let answer = desk.call(Method::POST, "/api/sms/send", &headers, body.as_bytes()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn without_credit_v1_is_forbidden() {
    let desk = Desk::prepaid("0.12").await;
    desk.charge(50_000).await;
    let answer = desk.post("/api/sms/send", &sms(&json!(R))).await;
    assert_eq!((answer.status, answer.json().is_object()), (403, true));
    assert_eq!(desk.get("/api/sms/sent").await.list(), [] as [Value; 0]);
    assert_eq!(desk.post("/api/sms/send", &sms(&json!([R[0], R[1]]))).await.list().len(), 2);
}

#[tokio::test]
async fn both_schemes_and_wrong_keys() {
    let desk = Desk::new().await;
    let body = sms(&json!([R[0]])).to_string();
    let name = format!("ip1-{}", desk.tester.id);
    for (authorization, status) in [
        (basic(&name, &desk.tester.secret), 200),
        (desk.tester.bearer(), 200),
        (basic(&name, "wrong"), 401),
        (basic("ip1-2", &desk.tester.secret), 401),
    ] {
        let headers = [("authorization", authorization.as_str())];
        let answer = desk.world.call(Method::POST, "/api/sms/send", &headers, body.as_bytes()).await;
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn many_sent_are_led_on_by_links() {
    let desk = Desk::new().await;
    let all: Vec<String> = (0..25).map(|index| format!("46701740{index:03}")).collect();
    desk.post("/api/sms/send", &sms(&json!(all))).await.list();
    let mut found = Vec::new();
    let mut next = Some("/api/sms/sent?limit=10".to_owned());
    while let Some(target) = next {
        let page = desk.world.get(&target, &desk.tester.bearer()).await;
        found.extend(page.list().iter().filter_map(|sms| sms["ID"].as_u64()));
        next = page.links().remove("next");
    }
    assert_eq!(found, (1..=25).rev().collect::<Vec<_>>());
    assert_eq!(desk.get("/api/sms/sent?limit=x").await.status, 400);
}

#[tokio::test]
async fn the_blacklist_by_number() {
    let desk = Desk::new().await;
    let entry = desk.post("/api/blacklist", &json!({"Phone": format!("+{}", R[0])})).await.ok();
    assert_eq!(entry, json!({"ID": 1, "Phone": R[0], "Created": "2025-06-01T10:00:00.000"}));
    let both = json!([{"Phone": R[1]}, {"phone": R[0]}, {"PHONE": R[2]}]);
    let added = desk.post("/api/blacklist?multiple", &both).await.list();
    assert_eq!(added.iter().map(|entry| entry["ID"].clone()).collect::<Vec<_>>(), [2, 1, 3]);
    let listed = desk.get("/api/blacklist").await.list();
    assert_eq!(listed.iter().map(|entry| entry["Phone"].clone()).collect::<Vec<_>>(), [R[2], R[1], R[0]]);
    assert_eq!(desk.get("/api/blacklist/1").await.ok(), entry);
    assert_eq!(desk.get(&format!("/v2/blacklist/{}", R[1])).await.ok()["msisdn"], R[1]);
    assert_eq!(desk.without_body(Method::DELETE, "/api/blacklist/1").await.ok(), entry);
    for id in ["1", "99", "x"] {
        assert_eq!(desk.get(&format!("/api/blacklist/{id}")).await.status, 404);
        assert_eq!(desk.without_body(Method::DELETE, &format!("/api/blacklist/{id}")).await.status, 404);
    }
    for (target, body) in [
        ("/api/blacklist", json!({})),
        ("/api/blacklist", json!({"Phone": "x"})),
        ("/api/blacklist", json!([])),
        ("/api/blacklist?multiple", json!({"Phone": R[0]})),
        ("/api/blacklist?multiple", json!([{"Phone": R[0]}, {}])),
    ] {
        assert_eq!(desk.post(target, &body).await.status, 400, "{target} {body}");
    }
    assert_eq!(desk.get("/api/blacklist").await.list().len(), 2, "nothing of a refused array was added");
}

#[tokio::test]
async fn numbers_are_looked_up_without_a_key() {
    let desk = Desk::new().await;
    let look = async |body: Value| {
        let body = body.to_string();
        let answer = desk.world.call(Method::POST, "/api/phonenumber/lookup", &[], body.as_bytes()).await;
        crate::world::Answer::new(answer)
    };
    let found =
        look(json!({"DefaultRegion": "se", "PhoneNumbers": ["070-174 06 05", "x", "+33612345678"]})).await;
    let valid = |number: &str| json!({"isValid": true, "e164Format": number});
    let not = json!({"isValid": false, "e164Format": null});
    assert_eq!(found.ok(), json!({"phoneNumbers": [valid("+46701740605"), not, valid("+33612345678")]}));
    assert_eq!(look(json!({"phonenumbers": []})).await.ok(), json!({"phoneNumbers": []}));
    for (name, value) in [
        ("PhoneNumbers", json!(null)),
        ("PhoneNumbers", json!("46701740605")),
        ("PhoneNumbers", json!([7])),
        ("PhoneNumbers", json!(vec!["1"; 1001])),
        ("DefaultRegion", json!("Sweden")),
    ] {
        let mut body = json!({"PhoneNumbers": ["46701740605"]});
        body[name] = value;
        let answer = look(body).await;
        assert_eq!((answer.status, answer.json()["errors"][name].is_array()), (400, true), "{name}");
    }
    let wrong = desk.world.ask(Method::GET, "/api/phonenumber/lookup", None).await;
    assert_eq!(wrong.status, 401, "other methods are nobody's to know");
}
