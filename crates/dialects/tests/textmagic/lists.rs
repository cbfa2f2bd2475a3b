//! Lists, and the contacts in them.

use http::Method;
use serde_json::{Value, json};

use super::people::{done, linked, made, put, put_json};
use super::world::{JOHN, MARIA, NOWHERE, PAUL, With, World, request};

/// Alice's contacts John (1), Maria (2) and Paul (3), nobody of them in a list.
async fn contacts() -> World {
    let world = World::filled().await;
    for (phone, name) in [(MARIA, "Maria"), (PAUL, "Paul")] {
        world.post("/contacts", &format!("phone={phone}&lists={NOWHERE}&firstName={name}")).await;
    }
    world
}

async fn members(world: &World, list: u64) -> Vec<u64> {
    world.ids(&format!("/lists/{list}/contacts?direction=asc")).await
}

#[tokio::test]
async fn one_is_made_and_changed() {
    let world = contacts().await;
    assert_eq!(made(&world, "lists", "name=Friends").await, 1);
    let expected = concat!(
        r#"{"id":1,"name":"Friends","description":null,"membersCount":0,"shared":false,"favorited":false,"#,
        r#""user":null,"service":false,"avatar":null,"isDefault":false}"#
    );
    assert_eq!(world.get("/lists/1").await.text, expected);
    let json = r#"{"name":"Others","description":"x","shared":1,"favorited":true,"isDefault":true}"#;
    assert_eq!(linked(&world.post_json("/lists", json).await, "lists"), 2);
    let other = world.read("/lists/2").await;
    for key in ["shared", "favorited", "isDefault"] {
        assert_eq!(other[key], true, "{key}");
    }
    assert_eq!(
        linked(&put(&world, "/lists/2", "name=New&favorited=0&shared=&description=").await, "lists"),
        2
    );
    let other = world.read("/lists/2").await;
    assert_eq!(
        json!([other["name"], other["description"], other["favorited"], other["shared"], other["isDefault"]]),
        json!(["New", "x", false, true, true]),
        "what is not given stays"
    );
    put(&world, "/lists/2", "description=x").await.refusal(400);
    put(&world, &format!("/lists/{NOWHERE}"), "name=x").await.refusal(404);
    world.get(&format!("/lists/{NOWHERE}")).await.refusal(404);
    world.get("/lists/x").await.refusal(404);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = World::empty().await;
    let long = "x".repeat(256);
    for (form, expected) in [
        (String::new(), vec!["name"]),
        ("name=".to_owned(), vec!["name"]),
        ("name=+++".to_owned(), vec!["name"]),
        (format!("name={long}"), vec!["name"]),
        ("name=%ff&shared=x".to_owned(), vec!["name", "shared"]),
        ("name=x&favorited=2&isDefault=-1".to_owned(), vec!["favorited", "isDefault"]),
        (format!("name=x&description={}", "x".repeat(10_001)), vec!["description"]),
    ] {
        assert_eq!(world.post("/lists", &form).await.blamed(), expected, "{form}");
    }
    assert_eq!(world.post_json("/lists", r#"{"name":["x"]}"#).await.blamed(), ["name"]);
    world.post_json("/lists", "[").await.refusal(400);
    assert!(world.ids("/lists").await.is_empty());
}

#[tokio::test]
async fn listing_and_searching() {
    let world = World::empty().await;
    assert_eq!(world.get("/lists").await.text, r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#);
    for form in ["name=beta", "name=Alpha&favorited=1", "name=gamma&description=of+ALPHA&isDefault=1"] {
        made(&world, "lists", form).await;
    }
    let cases: &[(&str, &[u64])] = &[
        ("", &[3, 2, 1]),
        ("?direction=asc", &[1, 2, 3]),
        ("?search=False&page=2&limit=2", &[1]),
        ("?orderBy=name&direction=asc", &[2, 1, 3]),
        ("?orderBy=firstName", &[3, 1, 2]),
        ("?favoriteOnly=1", &[2]),
        ("?favoriteOnly=0&onlyMine=1", &[3, 2, 1]),
        ("/search", &[3, 2, 1]),
        ("/search?query=alpha", &[3, 2]),
        ("/search?query=%25", &[]),
        ("/search?ids=1,3", &[3, 1]),
        ("/search?ids=1,3&query=alpha", &[3]),
        ("/search?onlyDefault=1", &[3]),
        ("/search?query=alpha&orderBy=lastName&direction=asc&limit=1&page=2", &[3]),
        ("/search?ids=2000000000", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/lists{query}")).await, *expected, "{query}");
    }
    for bad in ["?orderBy=phone", "?direction=x", "?favoriteOnly=x", "/search?ids=x", "/search?query=%ff"] {
        world.get(&format!("/lists{bad}")).await.refusal(400);
    }
    let page = world.read("/lists/search?query=a&limit=1&page=3").await;
    assert_eq!(json!([page["page"], page["limit"], page["pageCount"]]), json!([3, 1, 3]));
}

#[tokio::test]
async fn contacts_are_added_without_removing_others() {
    let world = contacts().await;
    let list = made(&world, "lists", "name=Friends").await;
    let path = format!("/lists/{list}/contacts");
    assert_eq!(linked(&put(&world, &path, "contacts=1").await, "lists"), list);
    assert_eq!(linked(&put_json(&world, &path, r#"{"contacts":"3, 2000000000"}"#).await, "lists"), list);
    assert_eq!(members(&world, list).await, [1, 3]);
    assert_eq!(world.read(&format!("/lists/{list}")).await["membersCount"], 2);
    assert_eq!(world.ids(&path).await, [3, 1]);
    assert_eq!(world.ids(&format!("{path}?page=2&limit=1")).await, [1]);
    assert_eq!(world.ids(&format!("{path}?orderBy=firstName&direction=asc")).await, [1, 3]);
    assert_eq!(world.ids(&format!("/contacts/search?listId={list}")).await, [3, 1]);
    assert_eq!(world.ids(&format!("/contacts/search?listId={list}&query=paul")).await, [3]);
    assert_eq!(world.get(&format!("{path}/ids")).await.text, "[1,3]");
    assert_eq!(world.ids("/contacts/1/lists").await, [list]);
    assert!(world.ids("/contacts/2/lists").await.is_empty());
    world.get(&format!("/contacts/{NOWHERE}/lists")).await.refusal(404);
    let shown = world.read("/contacts/1").await["lists"].clone();
    assert_eq!(shown, Value::Array(vec![world.read(&format!("/lists/{list}")).await]));
    for form in ["", "contacts=", "contacts=x", "contacts=1;2"] {
        assert_eq!(put(&world, &path, form).await.blamed(), ["contacts"], "{form}");
    }
    let nowhere = format!("/lists/{NOWHERE}/contacts");
    put(&world, &nowhere, "contacts=1").await.refusal(404);
    world.get(&nowhere).await.refusal(404);
    world.get(&format!("{nowhere}/ids")).await.refusal(404);
}

#[tokio::test]
async fn four_ways_to_take_contacts_out() {
    for way in 0..4 {
        let world = contacts().await;
        let (list, other) = (made(&world, "lists", "name=a").await, made(&world, "lists", "name=b").await);
        put(&world, &format!("/lists/{list}/contacts"), "contacts=1,2").await;
        put(&world, &format!("/lists/{other}/contacts"), "contacts=2").await;
        let path = format!("/lists/{list}/contacts");
        let query = format!("{path}?contacts=1,2,3");
        let delete = |path: &str| request(Method::DELETE, path).by(&world.alice);
        let mut bare = delete(&path);
        bare.body = "contacts=1%2C2%2C3".to_owned().into();
        let reply = match way {
            0 => world.raw(bare).await,
            1 => world.raw(delete(&path).form("contacts=1, 2,3")).await,
            2 => world.raw(delete(&path).json(r#"{"contacts":"1,2,3"}"#)).await,
            _ => world.raw(delete(&query).form("")).await,
        };
        done(&reply);
        assert!(members(&world, list).await.is_empty(), "{way}");
        // John was in no other list; Maria was; Paul was in none, and not in this one either.
        assert_eq!(world.ids("/contacts").await, [3, 2], "{way}");
        assert_eq!(delete_of(&world, &path).await.blamed(), ["contacts"]);
    }
}

async fn delete_of(world: &World, path: &str) -> super::world::Reply {
    world.delete(path).await
}

#[tokio::test]
async fn many_are_taken_out_or_replaced() {
    let world = contacts().await;
    let list = made(&world, "lists", "name=a").await;
    let path = format!("/lists/{list}/contacts");
    assert_eq!(linked(&world.post_json(&path, r#"{"all":true}"#).await, "lists"), list);
    assert_eq!(members(&world, list).await, [1, 2, 3]);
    assert_eq!(linked(&world.post(&path, "contacts=2,3").await, "lists"), list);
    assert_eq!(members(&world, list).await, [2, 3]);
    assert_eq!(world.ids("/contacts").await, [3, 2, 1], "who has to leave stays a contact");
    world.post(&path, "").await.refusal(400);
    done(&world.post(&format!("{path}/delete"), "ids=2,1").await);
    assert_eq!(world.ids("/contacts").await, [3, 1]);
    done(&world.post_json(&format!("{path}/delete"), r#"{"all":1}"#).await);
    assert_eq!(world.ids("/contacts").await, [1]);
    assert!(members(&world, list).await.is_empty());
    world.post(&format!("{path}/delete"), "").await.refusal(400);
    world.post(&format!("/lists/{NOWHERE}/contacts/delete"), "all=1").await.refusal(404);
    world.post(&format!("/lists/{NOWHERE}/contacts"), "all=1").await.refusal(404);
}

#[tokio::test]
async fn deletion_takes_contacts_of_no_other_list() {
    let world = contacts().await;
    for name in ["a", "b", "c"] {
        made(&world, "lists", &format!("name={name}")).await;
    }
    put(&world, "/lists/1/contacts", "contacts=1,2").await;
    put(&world, "/lists/2/contacts", "contacts=2").await;
    done(&world.delete("/lists/1").await);
    world.delete("/lists/1").await.refusal(404);
    world.get("/lists/1").await.refusal(404);
    assert_eq!(world.ids("/contacts").await, [3, 2]);
    assert!(world.read("/messages/1").await["firstName"].is_null(), "a message stays, without a name");
    done(&world.post("/lists/delete", "ids=2,2000000000").await);
    assert_eq!((world.ids("/lists").await, world.ids("/contacts").await), (vec![3], vec![3]));
    done(&world.post_json("/lists/delete", r#"{"all":true}"#).await);
    assert!(world.ids("/lists").await.is_empty());
    world.post("/lists/delete", "").await.refusal(400);
    assert_eq!(made(&world, "lists", "name=d").await, 4, "numbers are not used twice");
}

#[tokio::test]
async fn others_see_and_change_none_of_it() {
    let world = contacts().await;
    let list = made(&world, "lists", "name=a").await;
    put(&world, &format!("/lists/{list}/contacts"), "contacts=1").await;
    let bob = |method, path: &str| request(method, path).by(&world.bob);
    for (method, path) in [
        (Method::GET, "/lists/1"),
        (Method::GET, "/lists/1/contacts"),
        (Method::GET, "/lists/1/contacts/ids"),
        (Method::DELETE, "/lists/1"),
        (Method::DELETE, "/lists/1/contacts?contacts=1"),
        (Method::GET, "/contacts/1/lists"),
    ] {
        world.raw(bob(method, path)).await.refusal(404);
    }
    world.raw(bob(Method::PUT, "/lists/1").form("name=x")).await.refusal(404);
    world.raw(bob(Method::PUT, "/lists/1/contacts").form("contacts=1")).await.refusal(404);
    done(&world.raw(bob(Method::POST, "/lists/delete").form("ids=1")).await);
    done(&world.raw(bob(Method::POST, "/lists/delete").form("all=1")).await);
    // His own contact cannot be put into her list by naming it.
    let form = format!("phone={JOHN}&lists={list}");
    assert_eq!(world.raw(bob(Method::POST, "/contacts").form(&form)).await.status, 201);
    assert_eq!(members(&world, list).await, [1]);
    assert_eq!(world.read("/lists/1").await["membersCount"], 1);
}

#[tokio::test]
async fn chats_are_found_by_a_list() {
    let world = contacts().await;
    let list = made(&world, "lists", "name=Neighbours").await;
    put(&world, &format!("/lists/{list}/contacts"), "contacts=2,3").await;
    let chats = world.read("/chats/search/recipients?query=neighb").await;
    assert_eq!(chats["resources"][0]["phone"], MARIA);
    assert_eq!(chats["resources"][0]["contact"]["lists"][0]["name"], "Neighbours");
    assert_eq!(chats["resources"].as_array().map(Vec::len), Some(1));
}
