//! Custom fields and the values contacts have of them.

use http::Method;
use serde_json::json;

use super::people::{done, linked, made, put, put_json};
use super::world::{JOHN, MARIA, NOWHERE, With, World, request};

#[tokio::test]
async fn one_is_made_read_renamed_and_deleted() {
    let world = World::filled().await;
    assert_eq!(made(&world, "customfields", "name=DOB").await, 1);
    let expected = r#"{"id":1,"name":"DOB","createdAt":"2024-06-15T12:00:06+0000"}"#;
    assert_eq!(world.get("/customfields/1").await.text, expected);
    world.pass(60);
    assert_eq!(linked(&world.post_json("/customfields", r#"{"name":"Age"}"#).await, "customfields"), 2);
    assert_eq!(world.ids("/customfields").await, [2, 1]);
    assert_eq!(world.ids("/customfields?search=False&page=2&limit=1").await, [1]);
    assert_eq!(linked(&put(&world, "/customfields/1", "name=Born").await, "customfields"), 1);
    assert_eq!(world.get("/customfields/1").await.text, expected.replace("DOB", "Born"));
    assert_eq!(linked(&put(&world, "/customfields/1", "name=Born").await, "customfields"), 1, "as it was");
    assert_eq!(put(&world, "/customfields/1", "name=Age").await.blamed(), ["name"]);
    assert_eq!(world.post("/customfields", "name=Age").await.blamed(), ["name"]);
    let long = format!("name={}", "x".repeat(101));
    for form in ["", "name=", "name=+", "name=%ff", "name=%7Bx%7D", &long] {
        assert_eq!(world.post("/customfields", form).await.blamed(), ["name"], "{form}");
        assert_eq!(put(&world, "/customfields/1", form).await.blamed(), ["name"], "{form}");
    }
    done(&world.delete("/customfields/1").await);
    world.delete("/customfields/1").await.refusal(404);
    world.get("/customfields/1").await.refusal(404);
    put(&world, "/customfields/1", "name=x").await.refusal(404);
    assert_eq!(world.ids("/customfields").await, [2]);
    let bob = request(Method::GET, "/customfields/2").by(&world.bob);
    world.raw(bob).await.refusal(404);
}

#[tokio::test]
async fn a_contact_has_values() {
    let world = World::filled().await;
    let (dob, age) =
        (made(&world, "customfields", "name=DOB").await, made(&world, "customfields", "name=Age").await);
    let path = format!("/customfields/{dob}/update");
    assert_eq!(linked(&put(&world, &path, "contactId=1&value=1983-08-31").await, "contacts"), 1);
    let json = r#"{"contactId":1,"value":42}"#;
    assert_eq!(linked(&put_json(&world, &format!("/customfields/{age}/update"), json).await, "contacts"), 1);
    let value = |value: &str, id: u64, name: &str| {
        json!({"value": value, "id": id, "name": name, "createdAt": "2024-06-15T12:00:06+0000",
            "userCustomFieldId": id})
    };
    let shown = async || world.read("/contacts/1").await["customFields"].clone();
    assert_eq!(shown().await, json!([value("1983-08-31", dob, "DOB"), value("42", age, "Age")]));
    put(&world, &path, "contactId=1&value=1984").await;
    put(&world, &format!("/customfields/{dob}"), "name=Born").await;
    assert_eq!(shown().await, json!([value("1984", dob, "Born"), value("42", age, "Age")]));
    assert_eq!(world.read("/chats/1").await["contact"]["customFields"], shown().await);
    let keys: Vec<_> = shown().await[0].as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, ["value", "id", "name", "createdAt", "userCustomFieldId"]);
    for (form, blamed) in [
        ("", vec!["contactId", "value"]),
        ("contactId=1&value=", vec!["value"]),
        ("contactId=x&value=y", vec!["contactId"]),
        ("contactId=2000000000&value=y", vec!["contactId"]),
    ] {
        assert_eq!(put(&world, &path, form).await.blamed(), blamed, "{form}");
    }
    put(&world, &format!("/customfields/{NOWHERE}/update"), "contactId=1&value=x").await.refusal(404);
    done(&world.delete(&format!("/customfields/{dob}")).await);
    assert_eq!(shown().await, json!([value("42", age, "Age")]));
}

#[tokio::test]
async fn values_come_with_a_contact() {
    let world = World::filled().await;
    made(&world, "customfields", "name=DOB").await;
    made(&world, "customfields", "name=Age").await;
    let body = |values: &str| format!(r#"{{"phone":"{MARIA}","lists":"1","customFieldValues":{values}}}"#);
    let post = async |values: &str| world.post_json("/contacts/normalized", &body(values)).await;
    assert_eq!(linked(&post(r#"[{"id":1,"value":"x"},{"id":"2","value":7}]"#).await, "contacts"), 2);
    let shown = async || {
        let fields = world.read("/contacts/2").await["customFields"].clone();
        let fields = fields.as_array().expect("fields").iter();
        fields.map(|field| format!("{}={}", field["name"], field["value"])).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [r#""DOB"="x""#, r#""Age"="7""#]);
    let reply = put_json(&world, "/contacts/2/normalized", &body(r#"[{"id":1,"value":null}]"#)).await;
    assert_eq!(linked(&reply, "contacts"), 2);
    assert_eq!(shown().await, [r#""Age"="7""#]);
    for bad in ["7", r#"[{"id":9,"value":"x"}]"#, "[1]", r#"{"id":1}"#, r#"[{"id":1,"value":[]}]"#] {
        assert_eq!(post(bad).await.blamed(), ["customFieldValues"], "{bad}");
    }
    let form =
        format!("phone={JOHN}&lists=1&customFieldValues=%5B%7B%22id%22%3A1%2C%22value%22%3A%22y%22%7D%5D");
    assert_eq!(linked(&world.post("/contacts", &form).await, "contacts"), 1);
    assert_eq!(world.read("/contacts/1").await["customFields"][0]["value"], "y");
}
