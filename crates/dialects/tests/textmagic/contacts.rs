//! Contacts: adding, changing, finding, and the names they give to messages.

use http::Method;
use serde_json::Value;

use super::world::{JOHN, MARIA, With, World, request};

#[tokio::test]
async fn one_is_added_and_read() {
    let world = World::filled().await;
    let form =
        "phone=%2B46701740605&lists=1,2&firstName=Maria&lastName=&companyName=Firma&email=m%40example.se";
    let reply = world.post("/contacts", form).await;
    assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"id":2,"href":"/api/v2/contacts/2"}"#));
    let expected = concat!(
        r#"{"id":2,"firstName":"Maria","lastName":null,"companyName":"Firma","phone":"46701740605","#,
        r#""email":"m@example.se","country":{"id":"SE","name":"Sweden"},"customFields":[],"favorited":false,"#,
        r#""blocked":false,"user":null,"lists":[],"phoneType":"-1","avatar":null,"notes":[]}"#
    );
    assert_eq!(world.get("/contacts/2").await.text, expected);
    for phone in ["46701740605", "+46701740605", "%2B46%20701%20740605"] {
        assert_eq!(world.get(&format!("/contacts/phone/{phone}")).await.text, expected, "{phone}");
    }
    assert_eq!(world.ids("/contacts").await, [2, 1]);
    assert_eq!(world.read("/messages/2").await["firstName"], "Maria");
    assert_eq!(world.read("/chats/2").await["contact"]["id"], 2);
    world.get("/contacts/phone/33612345678").await.refusal(404);
    world.get("/contacts/2000000000").await.refusal(404);
}

#[tokio::test]
async fn both_paths_and_both_encodings_are_the_same() {
    let world = World::empty().await;
    for path in ["/contacts", "/contacts/normalized"] {
        let json = format!(
            r#"{{"phone":{MARIA},"lists":"1","firstName":"Maria","tags":[1],"customFieldValues":[]}}"#
        );
        assert_eq!(world.post_json(path, &json).await.status, 201);
        assert_eq!(world.read("/contacts/1").await["firstName"], "Maria");
        assert_eq!(world.post(path, &format!("phone={MARIA}&lists=1&firstName=Mia")).await.status, 201);
        assert_eq!(world.read("/contacts/1").await["firstName"], "Mia", "the one with this phone");
    }
    assert_eq!(world.ids("/contacts").await, [1]);
    for path in ["/contacts/1", "/contacts/1/normalized"] {
        let put = request(Method::PUT, path).by(&world.alice);
        let reply = world.raw(put.form(&format!("phone={MARIA}&lists=1&lastName=Berg"))).await;
        assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"id":1,"href":"/api/v2/contacts/1"}"#));
        let put = request(Method::PUT, path).by(&world.alice);
        let reply = world.raw(put.json(&format!(r#"{{"phone":"{MARIA}","lists":"1","email":null}}"#))).await;
        assert_eq!(reply.status, 201);
        let contact = world.read("/contacts/1").await;
        assert_eq!((&contact["firstName"], &contact["lastName"]), (&"Mia".into(), &"Berg".into()));
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = World::empty().await;
    let long = "x".repeat(256);
    let cases = [
        (String::new(), vec!["phone", "lists"]),
        ("phone=&lists=".to_owned(), vec!["phone", "lists"]),
        (format!("phone={JOHN}"), vec!["lists"]),
        ("lists=1".to_owned(), vec!["phone"]),
        ("phone=abc&lists=1".to_owned(), vec!["phone"]),
        ("phone=12&lists=1".to_owned(), vec!["phone"]),
        ("phone=4478600211304478&lists=1".to_owned(), vec!["phone"]),
        ("phone=%ff&lists=%ff".to_owned(), vec!["phone", "lists"]),
        ("phone=' OR 1=1 --&lists=x".to_owned(), vec!["phone", "lists"]),
        (format!("phone={JOHN}&lists=1&country=GBR&firstName={long}"), vec!["firstName", "country"]),
        (format!("phone={JOHN}&lists=1&local=1"), vec!["local"]),
        (format!("phone={JOHN}&lists=1&firstName=%ff"), vec!["firstName"]),
    ];
    for (form, mut expected) in cases {
        let mut blamed = world.post("/contacts", &form).await.blamed();
        blamed.sort();
        expected.sort_unstable();
        assert_eq!(blamed, expected, "{form}");
    }
    assert_eq!(world.post_json("/contacts", r#"{"phone":[],"lists":{}}"#).await.blamed(), ["phone", "lists"]);
    world.post_json("/contacts", "nothing").await.refusal(400);
    let multipart = request(Method::POST, "/contacts").by(&world.alice);
    world.raw(multipart.content("multipart/form-data; boundary=x", "--x--")).await.refusal(400);
    assert!(world.ids("/contacts").await.is_empty());
    let markup = "phone=999000001&lists=1&firstName=%3Cb%3E%26&lastName='+OR+1=1+--&country=gb&local=0";
    assert_eq!(world.post("/contacts", markup).await.status, 201);
    let contact = world.read("/contacts/1").await;
    assert_eq!((&contact["firstName"], &contact["lastName"]), (&"<b>&".into(), &"' OR 1=1 --".into()));
    assert_eq!(contact["country"], Value::Null, "a test number has none");
}

#[tokio::test]
async fn changing_a_phone() {
    let world = World::filled().await;
    world.post("/contacts", &format!("phone={MARIA}&lists=1")).await;
    let put = |id: u32, form: String| {
        world.raw(request(Method::PUT, &format!("/contacts/{id}")).by(&world.alice).form(&form))
    };
    assert_eq!(put(1, "phone=447860021131&lists=1".to_owned()).await.status, 201);
    assert_eq!(world.read("/contacts/1").await["phone"], "447860021131");
    world.get(&format!("/contacts/phone/{JOHN}")).await.refusal(404);
    assert_eq!(world.read("/messages/1").await["firstName"], Value::Null);
    assert_eq!(put(1, format!("phone={MARIA}&lists=1")).await.blamed(), ["phone"]);
    assert_eq!(put(1, "lists=1".to_owned()).await.blamed(), ["phone"]);
    put(2_000_000_000, format!("phone={JOHN}&lists=1")).await.refusal(404);
    assert_eq!(world.ids("/contacts").await, [2, 1]);
}

#[tokio::test]
async fn lists_and_searches() {
    let world = World::filled().await;
    for (phone, name) in [(MARIA, "Maria"), ("33612345678", "Jean-Marie")] {
        world.post("/contacts", &format!("phone={phone}&lists=1&firstName={name}")).await;
    }
    let cases: &[(&str, &[u64])] = &[
        ("", &[3, 2, 1]),
        ("?direction=asc", &[1, 2, 3]),
        ("?page=2&limit=2", &[1]),
        ("?shared=1&orderBy=firstName", &[3, 2, 1]),
        ("/search", &[3, 2, 1]),
        ("/search?query=mari", &[3, 2]),
        ("/search?query=Conway", &[1]),
        ("/search?query=44786", &[1]),
        ("/search?query=EXAMPLE.com", &[1]),
        ("/search?query=nobody", &[]),
        ("/search?query=%25", &[]),
        ("/search?ids=1,3", &[3, 1]),
        ("/search?ids=1,3&query=mari", &[3]),
        ("/search?ids=9", &[]),
        ("/search?listId=1", &[]),
        ("/search?tagIds=1", &[]),
        ("/search?exactMatch=1&query=%2B44+7860+021130", &[1]),
        ("/search?exactMatch=1&query=44786", &[]),
        ("/search?exactMatch=1&query=447860021130&ids=2", &[]),
        ("/search?exactMatch=0&query=44786&direction=asc&includeBlocked=1", &[1]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/contacts{query}")).await, *expected, "{query}");
    }
    for bad in [
        "?shared=x",
        "?orderBy=phone",
        "?direction=x",
        "/search?ids=x",
        "/search?query=%ff",
        "/search?listId=x",
        "/search?exactMatch=x&query=1",
        "/search?tagIds=x",
    ] {
        world.get(&format!("/contacts{bad}")).await.refusal(400);
    }
}

#[tokio::test]
async fn deletion() {
    let world = World::filled().await;
    assert_eq!(world.delete("/contacts/1").await.status, 204);
    world.get("/contacts/1").await.refusal(404);
    world.delete("/contacts/1").await.refusal(404);
    assert!(world.ids("/contacts").await.is_empty());
    let message = world.read("/messages/1").await;
    assert!(message["firstName"].is_null() && message["contactId"].is_null());
    assert_eq!(world.read("/chats/1").await["contact"], Value::Null);
}
