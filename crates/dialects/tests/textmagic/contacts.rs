//! Contacts: adding, changing, finding, and the names they give to messages.

use http::Method;
use serde_json::{Value, json};

use super::people::{done, linked, made, put, put_json};
use super::world::{JOHN, MARIA, NOWHERE, PAUL, With, World, ids, request};

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
        (format!("phone={JOHN}&lists=1&favorited=x&blocked=2&type=7"), vec!["favorited", "blocked", "type"]),
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
        ("?shared=1&orderBy=firstName", &[2, 1, 3]),
        ("?orderBy=lastName&direction=asc", &[2, 3, 1]),
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

#[tokio::test]
async fn lists_of_a_contact() {
    let world = World::empty().await;
    for name in ["a", "b", "c"] {
        made(&world, "lists", &format!("name={name}")).await;
    }
    let contact = made(&world, "contacts", &format!("phone={MARIA}&lists=1, 2,{NOWHERE}")).await;
    let path = format!("/contacts/{contact}/lists");
    assert_eq!(world.ids(&path).await, [2, 1]);
    assert_eq!(world.ids(&format!("{path}?page=2&limit=1")).await, [1]);
    assert_eq!(world.read(&path).await["pageCount"], 1);
    made(&world, "contacts", &format!("phone={MARIA}&lists=3")).await;
    assert_eq!(world.ids(&path).await, [3, 2, 1], "the one with this phone is put into more");
    let body = format!("phone={MARIA}&lists=2,3");
    assert_eq!(linked(&put(&world, &format!("/contacts/{contact}"), &body).await, "contacts"), contact);
    assert_eq!(world.ids(&path).await, [3, 2], "the lists are those named");
    let shown: Vec<_> = [2, 3].into_iter().map(|id| format!("/lists/{id}")).collect();
    let mut lists = Vec::new();
    for path in &shown {
        lists.push(world.read(path).await);
    }
    assert_eq!(world.read(&format!("/contacts/{contact}")).await["lists"], Value::Array(lists));
}

#[tokio::test]
async fn many_are_deleted() {
    let world = World::filled().await;
    for phone in [MARIA, PAUL] {
        made(&world, "contacts", &format!("phone={phone}&lists=1")).await;
    }
    done(&world.post("/contacts/delete", "ids=1, 2000000000").await);
    assert_eq!(world.ids("/contacts").await, [3, 2]);
    world.post("/contacts/delete", "").await.refusal(400);
    world.post("/contacts/delete", "ids=x").await.refusal(400);
    done(&world.post_json("/contacts/delete", r#"{"all":true}"#).await);
    assert!(world.ids("/contacts").await.is_empty());
    assert_eq!(made(&world, "contacts", &format!("phone={MARIA}&lists=1")).await, 4);
    done(&world.raw(request(Method::DELETE, "/contact/all").by(&world.bob)).await);
    assert_eq!(world.ids("/contacts").await, [4], "another's are another's");
    done(&world.delete("/contact/all").await);
    assert!(world.ids("/contacts").await.is_empty());
}

#[tokio::test]
async fn blocking() {
    let world = World::filled().await;
    made(&world, "contacts", &format!("phone={PAUL}&lists=1&firstName=Paul")).await;
    assert_eq!(linked(&world.post("/contacts/block", &format!("phone=%2B{JOHN}")).await, "contacts"), 1);
    let json = format!(r#"{{"phone":"{MARIA}"}}"#);
    assert_eq!(linked(&world.post_json("/contacts/block", &json).await, "contacts"), 3, "made for it");
    assert_eq!(world.read("/contacts/1").await["blocked"], true);
    assert_eq!(world.read("/contacts/1").await["firstName"], "John");
    assert_eq!(world.ids("/contacts/block/list").await, [3, 1]);
    assert_eq!(world.ids("/contacts/block/list?query=john&orderBy=firstName&direction=asc").await, [1]);
    assert_eq!(world.read(&format!("/contacts/block/phone?phone={MARIA}")).await["id"], 3);
    world.get(&format!("/contacts/block/phone?phone={PAUL}")).await.refusal(404);
    world.get("/contacts/block/phone").await.refusal(400);
    assert_eq!(world.ids("/contacts/search").await, [2]);
    assert_eq!(world.ids("/contacts/search?includeBlocked=1").await, [3, 2, 1]);
    assert_eq!(world.ids("/contacts").await, [3, 2, 1]);
    done(&world.post("/contacts/unblock", &format!("phone={JOHN}")).await);
    assert_eq!(world.post("/contacts/unblock", &format!("phone={JOHN}")).await.blamed(), ["phone"]);
    assert_eq!(world.post("/contacts/unblock", "phone=46701740999").await.blamed(), ["phone"]);
    for form in ["", "phone=abc"] {
        assert_eq!(world.post("/contacts/block", form).await.blamed(), ["phone"], "{form}");
    }
    world.post("/contacts/block", &format!("phone={JOHN}")).await;
    done(&world.post("/contacts/unblock/bulk", "ids=3,2").await);
    assert_eq!(world.ids("/contacts/block/list").await, [1]);
    done(&world.post_json("/contacts/unblock/bulk", r#"{"all":1}"#).await);
    assert!(world.ids("/contacts/block/list").await.is_empty());
    world.post("/contacts/unblock/bulk", "").await.refusal(400);
}

#[tokio::test]
async fn favorites_are_contacts_then_lists() {
    let world = World::filled().await;
    let body = format!(
        r#"{{"phone":"{MARIA}","lists":"1","firstName":"Maria","lastName":"Berg","favorited":true}}"#
    );
    assert_eq!(linked(&world.post_json("/contacts/normalized", &body).await, "contacts"), 2);
    let body = format!(r#"{{"phone":"{PAUL}","lists":"1","favorited":1,"blocked":true}}"#);
    assert_eq!(linked(&world.post_json("/contacts/normalized", &body).await, "contacts"), 3);
    for form in ["name=Friends&favorited=1", "name=Others", "name=Team&favorited=1"] {
        made(&world, "lists", form).await;
    }
    put(&world, "/lists/1/contacts", "contacts=1,2").await;
    let favorites = world.read("/contacts/favorite").await;
    let item = |id: u64, kind: &str, first: &str, second: &str, third: Option<&str>| {
        json!({"entityId": id, "entityType": kind, "primaryLabel": first, "secondaryLabel": second,
            "tertiaryLabel": third, "avatar": null})
    };
    let expected = [
        item(3, "contact", PAUL, PAUL, Some("France")),
        item(2, "contact", "Maria Berg", MARIA, Some("Sweden")),
        item(3, "list", "Team", "0", None),
        item(1, "list", "Friends", "2", None),
    ];
    assert_eq!(favorites["resources"], json!(expected));
    for (page, from) in [(1, 0), (2, 1), (3, 2), (4, 3)] {
        let one = world.read(&format!("/contacts/favorite?limit=1&page={page}")).await;
        assert_eq!((&one["resources"], &one["pageCount"]), (&json!([expected[from]]), &4.into()));
    }
    assert_eq!(world.read("/contacts/favorite?limit=3&page=2").await["resources"], json!([expected[3]]));
    assert_eq!(world.read("/contacts/favorite?limit=3&page=9").await["resources"], json!([]));
    assert_eq!(
        world.read("/contacts/favorite?query=ri").await["resources"],
        json!([expected[1], expected[3]])
    );
    put_json(&world, "/contacts/2", &format!(r#"{{"phone":"{MARIA}","lists":"1","favorited":0}}"#)).await;
    assert_eq!(
        world.read("/contacts/favorite").await["resources"],
        json!([expected[0], expected[2], expected[3]])
    );
}

#[tokio::test]
async fn what_is_being_typed() {
    let world = World::filled().await;
    made(&world, "contacts", &format!("phone={MARIA}&lists=1&firstName=Maria&favorited=1")).await;
    made(&world, "lists", "name=Marina").await;
    let found = world.read("/contacts/autocomplete?query=mar").await;
    let maria = json!([{"entityId": 2, "entityType": "contact", "value": "2", "label": "Maria", "sharedBy": "",
        "isShared": false, "avatar": null, "favorited": true, "userId": world.alice.account.id.get(),
        "countryName": "Sweden", "qposition": 0, "rposition": 0}]);
    assert_eq!(found, maria);
    let both = world.read("/contacts/autocomplete?query=ar&lists=1").await;
    assert_eq!(
        json!([both[0]["entityType"], both[1]["entityType"], both[1]["label"], both[1]["qposition"]]),
        json!(["contact", "list", "Marina", 1])
    );
    assert_eq!(
        world.read("/contacts/autocomplete?query=ar&lists=1&limit=1").await.as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(world.read("/contacts/autocomplete?query=44786").await[0]["label"], "John Conway");
    assert_eq!(world.read("/contacts/autocomplete?query=%25").await, json!([]));
    world.get("/contacts/autocomplete").await.refusal(400);
}

#[tokio::test]
async fn phones_in_national_form() {
    let world = World::filled().await;
    let form = "phone=070-174 06 05&lists=1&local=1&country=SE&firstName=Maria";
    assert_eq!(made(&world, "contacts", form).await, 2);
    assert_eq!(world.read("/contacts/2").await["phone"], MARIA);
    assert_eq!(world.ids("/contacts/search?query=070-1740605&local=1&country=SE").await, [2]);
    assert_eq!(world.ids("/contacts/search?query=070-1740605&local=1&country=SE&exactMatch=1").await, [2]);
    assert!(world.ids("/contacts/search?query=070-1740605").await.is_empty());
    world.get("/contacts/search?query=070&local=1").await.refusal(400);
    world.get("/contacts/search?query=070&local=1&country=SWE").await.refusal(400);
    let settings = service::account_settings::AccountSettings {
        default_country: sms::Country::parse("SE"),
        ..Default::default()
    };
    world.service.put_settings(world.alice.account.id, &settings).await.expect("kept");
    assert_eq!(ids(&world.read("/contacts/search?query=070-1740605&local=1").await), [2]);
    assert_eq!(made(&world, "contacts", "phone=0701740606&lists=1&local=1").await, 3);
    assert_eq!(world.post("/contacts", "phone=0701740606&lists=1").await.blamed(), ["phone"]);
}

/// Uploads a file of contacts.
async fn upload(world: &World, query: &str, file: &str) -> crate::textmagic::world::Reply {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n--b--\r\n"
    );
    let request = request(Method::POST, &format!("/contacts/import/normalized?{query}"));
    world.raw(request.by(&world.alice).content("multipart/form-data; boundary=b", &body)).await
}

#[tokio::test]
async fn many_come_in_a_file() {
    let world = World::filled().await;
    made(&world, "customfields", "name=Age").await;
    let file = format!("First,Phone,Age\n\"Maria, B\",+{MARIA},36\nNobody,12,\nJohnny,{JOHN},\n");
    let reply = upload(&world, "column=0:firstName;1:phone;2:1&listName=New", &file).await;
    assert_eq!(linked(&reply, "contacts/import/progress"), 1);
    assert_eq!(world.get("/contacts/import/progress/1").await.text, r#"{"status":4,"processed":2}"#);
    assert_eq!(world.read("/lists/1").await["name"], "New");
    assert_eq!(world.ids("/lists/1/contacts").await, [2, 1]);
    let maria = world.read("/contacts/2").await;
    assert_eq!(json!([maria["firstName"], maria["customFields"][0]["value"]]), json!(["Maria, B", "36"]));
    let john = world.read("/contacts/1").await;
    assert_eq!(
        json!([john["firstName"], john["lastName"]]),
        json!(["Johnny", "Conway"]),
        "over what was known"
    );
    upload(&world, "column=0:phone&listName=New", PAUL).await;
    assert_eq!(world.read("/lists/2").await["name"], "New 1");
    assert_eq!(world.get("/contacts/import/progress/2").await.text, r#"{"status":5,"processed":1}"#);
    upload(&world, "column=0:phone&listId=1", PAUL).await;
    assert_eq!(world.ids("/lists/1/contacts").await, [3, 2, 1]);
}

#[tokio::test]
async fn files_that_are_none() {
    let world = World::filled().await;
    for (query, blamed) in [
        ("", vec!["column", "listId"]),
        ("column=0:firstName&listName=x", vec!["column"]),
        ("column=x&listId=x", vec!["column", "listId"]),
        ("column=0:phone;1:7&listName=x", vec!["column"]),
        ("column=0:phone&listId=2000000000", vec!["listId"]),
    ] {
        let mut found = upload(&world, query, PAUL).await.blamed();
        found.dedup();
        assert_eq!(found, blamed, "{query}");
    }
    let path = "/contacts/import/normalized?column=0:phone&listName=x";
    world.post(path, "file=1").await.refusal(400);
    world.post_json(path, "{}").await.refusal(400);
    let empty = request(Method::POST, path).by(&world.alice);
    let reply = world.raw(empty.content("multipart/form-data; boundary=b", "--b--")).await;
    assert_eq!(reply.blamed(), ["file"]);
    world.get("/contacts/import/progress/1").await.refusal(404);
    assert!(world.ids("/lists").await.is_empty());
    assert_eq!(world.ids("/contacts").await, [1]);
}
