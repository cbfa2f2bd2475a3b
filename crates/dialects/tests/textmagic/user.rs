//! The user, and the time zones one may be in.

use http::Method;
use serde_json::json;

use super::people::{put, put_json};
use super::world::{Reply, With, World, request};

#[tokio::test]
async fn changing_it() {
    let world = World::empty().await;
    let form = "firstName=Ada&lastName=Byron&company=Engines&email=ada%40example.com&phone=%2B447860021130";
    let reply = put(&world, "/user", form).await;
    assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"href":"/api/v2/user"}"#));
    let user = world.read("/user").await;
    let shown = ["firstName", "lastName", "company", "email", "phone"].map(|key| user[key].clone());
    assert_eq!(json!(shown), json!(["Ada", "Byron", "Engines", "ada@example.com", "447860021130"]));
    assert_eq!(user["country"], json!({"id": "GB", "name": "United Kingdom"}));
    let json = r#"{"firstName":"Eva","lastName":"Lind","company":"Lind","timezone":1,"phone":null}"#;
    assert_eq!(put_json(&world, "/user", json).await.status, 201);
    let user = world.read("/user").await;
    assert_eq!(
        json!([user["firstName"], user["email"], user["phone"]]),
        json!(["Eva", "ada@example.com", "447860021130"])
    );
    for (form, blamed) in [
        ("", vec!["firstName", "lastName", "company"]),
        ("firstName=+&lastName=x&company=x", vec!["firstName"]),
        ("firstName=x&lastName=x&company=x&phone=abc&timezone=0", vec!["phone", "timezone"]),
        ("firstName=x&lastName=x&company=x&timezone=99999", vec!["timezone"]),
        ("firstName=x&lastName=x&company=x&timezone=x&username=y", vec!["timezone", "username"]),
    ] {
        assert_eq!(put(&world, "/user", form).await.blamed(), blamed, "{form}");
    }
    assert_eq!(world.read("/user").await, user);
}

#[tokio::test]
async fn generated_clients_read_what_they_changed() {
    let world = World::empty().await;
    let zones = world.read("/timezones?full=1").await;
    let paris = zones.as_array().expect("zones").iter().find(|zone| zone["timezone"] == "Europe/Paris");
    let id = paris.expect("Paris")["id"].as_u64().expect("an id");
    let body = format!(
        r#"{{"firstName":"Ada","lastName":"Byron","company":"E","username":"{}","timezone":{id}}}"#,
        world.alice.account.username
    );
    // tester:alice-secret
    let basic = "Basic dGVzdGVyOmFsaWNlLXNlY3JldA==";
    let reply: Reply =
        world.raw(request(Method::PUT, "/user").header("authorization", basic).json(&body)).await;
    let expected = format!(
        r#"{{"username":"{}","firstName":"Ada","lastName":"Byron","email":"","phone":null,"company":"E","timezone":{id}}}"#,
        world.alice.account.username
    );
    assert_eq!((reply.status, reply.text), (201, expected));
    let zone = world.read("/user").await["timezone"].clone();
    assert_eq!(
        zone,
        json!({"id": id, "area": "Europe", "dst": 1, "offset": 7200, "timezone": "Europe/Paris"})
    );
    // It is the zone of everything else that the account does.
    let settings = world.service.settings(world.alice.account.id).await.expect("read");
    assert_eq!(settings.timezone, "Europe/Paris");
    let names = world.read("/timezones").await;
    assert_eq!((&names["1"], &names[id.to_string()]), (&"UTC".into(), &"Europe/Paris".into()));
    world.get("/timezones?full=x").await.refusal(400);
}

#[tokio::test]
async fn countries_and_nobody_below() {
    let world = World::empty().await;
    let countries = world.read("/countries").await;
    let countries = countries.as_array().expect("an array");
    assert!(countries.len() > 240 && countries.contains(&json!({"id": "GB", "name": "United Kingdom"})));
    let empty = r#"{"page":2,"limit":5,"pageCount":1,"resources":[]}"#;
    assert_eq!(world.get("/subaccounts?page=2&limit=5").await.text, empty);
    world.get("/subaccounts/1").await.refusal(404);
}
