//! Two accounts that never see each other, and never touch each other's things.

use dialects::kit::Dialect;
use dialects::textmagic::Textmagic;
use http::Method;
use sms::Outcome;

use super::world::{JOHN, MARIA, PAUL, Reply, With, World, ids, request};

const LISTS: &[&str] = &[
    "/sessions",
    "/messages",
    "/messages/search",
    "/messages/search?query=hello",
    "/messages/search?ids=1,2,3",
    "/messages/search?sessionId=1",
    "/history",
    "/replies",
    "/replies/search?ids=4",
    "/replies/search?query=test",
    "/chats",
    "/chats/search?query=hello",
    "/chats/search/ids?ids=1,2",
    "/chats/search/recipients?query=44786",
    "/chats/search/recipients?query=conway",
    "/contacts",
    "/contacts/search?query=john",
    "/contacts/search?ids=1",
];

const THINGS: &[&str] = &[
    "/sessions/1",
    "/session/1",
    "/sessions/1/messages",
    "/sessions/1/stat",
    "/messages/1",
    "/replies/4",
    "/chats/1",
    "/chats/447860021130",
    "/chats/1/message",
    "/chats/447860021130/by/phone",
    "/contacts/1",
    "/contacts/phone/447860021130",
];

async fn bobs(world: &World, method: Method, path: &str, form: &str) -> Reply {
    world.raw(request(method, path).by(&world.bob).form(form)).await
}

/// Everything of Alice's that can be read.
async fn alices(world: &World) -> Vec<String> {
    let mut seen = Vec::new();
    for path in LISTS.iter().chain(THINGS) {
        seen.push(world.get(path).await.text);
    }
    seen
}

#[tokio::test]
async fn an_empty_account_sees_nothing() {
    let world = World::filled().await;
    for path in LISTS {
        assert!(!world.ids(path).await.is_empty(), "{path} shows Alice something");
        let reply = bobs(&world, Method::GET, path, "").await;
        assert!(ids(&reply.json()).is_empty(), "{path}");
    }
    for path in THINGS {
        assert_eq!(world.get(path).await.status, 200, "{path}");
        bobs(&world, Method::GET, path, "").await.refusal(404);
    }
    assert_eq!(bobs(&world, Method::GET, "/chats/unread/count", "").await.json()["total"], 0);
}

#[tokio::test]
async fn whatever_bob_does_tester_keeps_hers() {
    let world = World::filled().await;
    let before = alices(&world).await;
    let forms = [
        "all=1",
        "ids=1,2,3,4,5,6,7",
        "id=1&status=d",
        "id=1&mute=1",
        "inbound_ids=4&sent_ids=1,3,6",
        "phone=447860021130&lists=1&firstName=Bob",
    ];
    for (name, method, paths) in Textmagic.endpoints() {
        if method == Method::GET {
            continue;
        }
        for path in paths {
            for form in forms {
                let path = path.strip_prefix("/api/v2").expect("below the prefix").replace("{id}", "1");
                let reply = bobs(&world, method.clone(), &path, form).await;
                assert!(reply.status < 500, "{name} {form}");
            }
        }
    }
    bobs(&world, Method::GET, "/chats/46701740605/by/phone?upsert=1&reopen=1", "").await;
    assert_eq!(alices(&world).await, before);
}

#[tokio::test]
async fn the_same_numbers_mean_different_things() {
    let world = World::filled().await;
    for peer in [PAUL, MARIA, JOHN] {
        world.send(&world.bob, world.mt(peer, "from bob", Outcome::Delivered)).await;
        world.reply(&world.bob, peer, "to bob").await;
    }
    let before = alices(&world).await;
    let message = bobs(&world, Method::GET, "/messages/1", "").await.json();
    assert_eq!((&message["text"], &message["receiver"]), (&"from bob".into(), &PAUL.into()));
    assert!(message["firstName"].is_null());
    let john = bobs(&world, Method::GET, "/chats/447860021130", "").await.json();
    assert_eq!(ids(&john), [5, 6]);
    assert!(john["resources"][0]["firstName"].is_null(), "contacts are the account's own");
    assert_eq!(bobs(&world, Method::GET, "/chats/unread/count", "").await.json()["total"], 3);
    assert_eq!(bobs(&world, Method::DELETE, "/message/all", "").await.status, 204);
    assert_eq!(bobs(&world, Method::POST, "/replies/delete", "all=1").await.status, 204);
    assert_eq!(bobs(&world, Method::POST, "/chats/delete", "all=1").await.status, 204);
    assert_eq!(bobs(&world, Method::POST, "/sessions/delete", "all=1").await.status, 204);
    assert!(ids(&bobs(&world, Method::GET, "/sessions", "").await.json()).is_empty());
    assert_eq!(alices(&world).await, before);
}
