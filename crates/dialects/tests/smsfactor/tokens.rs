//! Tokens and the account (references 2.8 and 2.9, check 117).

use serde_json::{Value, json};

use crate::fixture::{Call, Fixture};
use crate::xml::Element;

#[tokio::test]
async fn a_token_from_its_making_to_its_end() {
    let fixture = Fixture::empty().await;
    let body = r#"{"token":{"name":"shop","ttl":3600,"allowed_ips":["127.0.0.0/8","2001:db8::1"]}}"#;
    let made = fixture.done("POST", "/token", body).await;
    let keys: Vec<_> = made.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "token", "token_id", "allowed_ips"]);
    let (secret, id) = (made["token"].as_str().expect("a text"), made["token_id"].as_str().expect("a text"));
    assert_eq!(made["allowed_ips"], json!(["127.0.0.0/8", "2001:db8::1"]));
    let ask = async || fixture.call(Call::get("/credits").bearer(secret).json()).await.status();
    assert_eq!(ask().await, 1);
    let shown = fixture.get(&format!("/token/{id}")).await.value();
    let number: u64 = id.parse().expect("digits");
    let expected = json!({
        "name": "shop", "api_token_id": number, "created_at": "2025-08-01 12:00:00",
        "expired_at": "2025-08-01 13:00:00", "ttl": 3600, "is_active": "1",
        "allowed_ips": ["127.0.0.0/8", "2001:db8::1"],
    });
    assert_eq!(shown["token"], expected);
    assert!(!fixture.get("/token").await.body.contains(secret), "a secret is shown once");
    let plain =
        fixture.done("POST", "/token", r#"{"token":{"name":"plain","ttl":"","allowed_ips":null}}"#).await;
    assert_eq!(plain["allowed_ips"], Value::Null);
    let list = fixture.get("/token").await.value();
    let names: Vec<_> =
        list["tokens"].as_array().expect("a list").iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["tester", "shop", "plain"]);
    assert_eq!(list["tokens"][2]["ttl"], Value::Null);
    fixture.world.pass(3600);
    assert_eq!(ask().await, -1, "its lifetime is over");
    assert_eq!(fixture.get(&format!("/token/{id}")).await.value()["token"]["is_active"], "0");
    assert_eq!(fixture.done("DELETE", &format!("/token/{id}"), "[]").await["deleted_token"], id);
    let other = plain["token"].as_str().expect("a text");
    let deleted =
        fixture.done("DELETE", &format!("/token/{}", plain["token_id"].as_str().expect("id")), "").await;
    assert_eq!(deleted["deleted_token"], plain["token_id"]);
    fixture.call(Call::get("/credits").bearer(other).json()).await.assert_error(-1, "revoked");
    let foreign = Call::get("/token/1").bearer(&fixture.world.other_key).json();
    fixture.call(foreign).await.assert_error(-5, "another account's");
    for (method, path) in [("GET", format!("/token/{id}")), ("DELETE", format!("/token/{id}"))] {
        fixture.ask(method, &path, "").await.assert_error(-5, &path);
    }
}

#[tokio::test]
async fn tokens_that_make_no_sense() {
    let fixture = Fixture::empty().await;
    for (body, parameter) in [
        (json!({}), "name"),
        (json!({"name": ""}), "name"),
        (json!({"name": "n".repeat(256)}), "name"),
        (json!({"name": "a", "ttl": 0}), "ttl"),
        (json!({"name": "a", "ttl": "soon"}), "ttl"),
        (json!({"name": "a", "ttl": u64::MAX}), "ttl"),
        (json!({"name": "a", "allowed_ips": ["anywhere"]}), "allowed_ips"),
        (json!({"name": "a", "allowed_ips": [7]}), "allowed_ips"),
        (json!({"name": "a", "allowed_ips": ["10.0.0.0/33"]}), "allowed_ips"),
    ] {
        let answer = fixture.ask("POST", "/token", &json!({"token": body}).to_string()).await;
        answer.assert_refuses(parameter, &body.to_string());
    }
    let list = fixture.get("/token").await.value();
    assert_eq!(list["tokens"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_account() {
    let fixture = Fixture::empty().await;
    let shown = fixture.get("/account").await.value();
    let account = shown["account"].as_object().expect("an object");
    assert_eq!(account["client_id"], fixture.world.account.get().to_string());
    assert_eq!(
        [&account["company"], &account["credits"], &account["time_zone"]],
        ["Test", "0", "Europe/Paris"]
    );
    assert_eq!([&account["status"], &account["unlimited"]], ["1", "0"]);
    let xml = fixture.call(Call::get("/account").bearer(&fixture.world.key).xml()).await;
    let xml = Element::parse(&xml.body);
    assert_eq!(xml.children[2].child("address2"), "null");
    let keys: Vec<_> = account.keys().map(String::as_str).collect();
    assert_eq!(xml.children[2].keys(), keys);
}

#[tokio::test]
async fn the_account_has_no_children_and_no_invoices() {
    let fixture = Fixture::empty().await;
    for (path, key) in [("/sub-accounts", "sub-accounts"), ("/account/invoice", "invoices")] {
        let answer = fixture.done("GET", path, "[]").await;
        assert_eq!(answer, serde_json::json!({"status": 1, "message": "OK", key: []}));
        fixture.get(&format!("{path}/1")).await.assert_error(-5, path);
    }
    fixture.get("/account/invoice/1/download").await.assert_error(-5, "a file");
    let token = r#"{"token":{"name":"a"}}"#;
    fixture.ask("POST", "/token/account/1", token).await.assert_error(-5, "a token for a child");
}
