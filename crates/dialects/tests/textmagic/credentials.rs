//! Who may ask: both schemes, everything that spoils them, on every endpoint.

use dialects::kit::Dialect;
use dialects::textmagic::Textmagic;
use http::Method;
use service::manage::KeyRequest;
use sms::Micros;

use super::world::{NOW, NOWHERE, Owner, With, World, request};

const WORDS: &str = "Wrong username and token combination.";

/// A path of the table as a caller would write it, below the prefix.
fn concrete(path: &str) -> String {
    let path = path.strip_prefix("/api/v2").expect("below the prefix");
    path.replace("{id}", &NOWHERE.to_string()).replace("{phone}", "447860021130")
}

#[tokio::test]
async fn every_endpoint_refuses_strangers() {
    let world = World::filled().await;
    for (name, method, paths) in Textmagic.endpoints() {
        for path in paths {
            let path = concrete(path);
            let reply = world.raw(request(method.clone(), &path)).await;
            assert_eq!(reply.refusal(401)["message"], WORDS, "{name}");
            let wrong = Owner { account: world.alice.account.clone(), secret: "wrong-secret" };
            let reply = world.raw(request(method.clone(), &path).by(&wrong).form("all=1")).await;
            assert_eq!(reply.refusal(401)["message"], WORDS, "{name}");
        }
    }
    assert_eq!(world.ids("/messages").await.len(), 5, "nothing was done for them");
    assert_eq!(world.read("/chats/unread/count").await["total"], 2);
    for path in ["/nosuchthing", "", "/"] {
        world.raw(request(Method::GET, path)).await.refusal(401);
    }
}

#[tokio::test]
async fn both_schemes_and_what_spoils_them() {
    // `tester:alice-secret`, `tester:bob-secret`, `other:bob-secret`.
    let (ours, mixed, other) = (
        "Basic dGVzdGVyOmFsaWNlLXNlY3JldA==",
        "Basic dGVzdGVyOmJvYi1zZWNyZXQ=",
        "Basic b3RoZXI6Ym9iLXNlY3JldA==",
    );
    let (user, key) = (("x-tm-username", "tester"), ("x-tm-key", "alice-secret"));
    let cases: &[(&[(&'static str, &str)], u16)] = &[
        (&[user, key], 200),
        (&[key, user], 200),
        (&[("authorization", ours)], 200),
        (&[("authorization", "basic   dGVzdGVyOmFsaWNlLXNlY3JldA==")], 200),
        (&[user, key, ("authorization", ours)], 200),
        (&[user, key, ("authorization", other)], 401),
        (&[user, key, ("authorization", mixed)], 401),
        (&[user, key, ("authorization", "Bearer alice-secret")], 401),
        (&[user, key, ("authorization", "")], 401),
        (&[user], 401),
        (&[key], 401),
        (&[user, ("x-tm-key", "")], 401),
        (&[("x-tm-username", ""), key], 401),
        (&[("x-tm-username", "other"), key], 401),
        (&[("x-tm-username", "Tester"), key], 401),
        (&[user, ("x-tm-key", "bob-secret")], 401),
        (&[user, ("x-tm-key", "Alice-secret")], 401),
        (&[user, key, key], 401),
        (&[user, user, key], 401),
        (&[("x-tm-username", "' OR 1=1 --"), ("x-tm-key", "' OR 1=1 --")], 401),
        (&[("x-tm-username", "<tester/>"), ("x-tm-key", "&amp;")], 401),
        (&[("authorization", mixed)], 401),
        (&[("authorization", "Basic")], 401),
        (&[("authorization", "Basic %%%")], 401),
        (&[("authorization", "Basic dGVzdGVy")], 401),
        (&[("authorization", "Bearer alice-secret")], 401),
        (&[("authorization", ours), ("authorization", ours)], 401),
    ];
    let world = World::empty().await;
    for (headers, status) in cases {
        let request =
            headers.iter().fold(request(Method::GET, "/ping"), |all, (name, value)| all.header(name, value));
        let reply = world.raw(request).await;
        assert_eq!(reply.status, *status, "{headers:?}");
        if *status == 401 {
            assert_eq!(reply.refusal(401)["message"], WORDS, "{headers:?}");
        }
    }
}

#[tokio::test]
async fn keys_that_ended() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    let soon = KeyRequest { expires: Some(Micros::from_seconds(NOW + 60)), ..KeyRequest::default() };
    world.service.adopt_key(account, "for-a-minute", soon).await.expect("adopted");
    let near = KeyRequest { addresses: vec!["192.0.2.0/24".to_owned()], ..KeyRequest::default() };
    world.service.adopt_key(account, "from-elsewhere", near).await.expect("adopted");
    let revoked =
        world.service.adopt_key(account, "to-be-revoked", KeyRequest::default()).await.expect("adopted");
    let ping = |secret| {
        let owner = Owner { account: world.alice.account.clone(), secret };
        world.raw(request(Method::GET, "/ping").by(&owner))
    };
    assert_eq!(ping("for-a-minute").await.status, 200);
    assert_eq!(ping("to-be-revoked").await.status, 200);
    world.pass(60);
    world.service.revoke_key(account, revoked.id).await.expect("revoked");
    ping("for-a-minute").await.refusal(401);
    ping("to-be-revoked").await.refusal(401);
    ping("from-elsewhere").await.refusal(401);
    world.service.set_disabled(account, true).await.expect("disabled");
    world.get("/ping").await.refusal(401);
}

/// The password is a key's secret, and so is the token.
#[tokio::test]
async fn logging_in() {
    let world = World::empty().await;
    let expires = Some(Micros::from_seconds(NOW + 60));
    let soon = KeyRequest { expires, username: Some("soon".to_owned()), ..KeyRequest::default() };
    world.service.adopt_key(world.alice.account.id, "for-a-minute", soon).await.expect("adopted");
    let ask = |path: &str, form: &str| world.raw(request(Method::POST, path).form(form));
    let made = ask("/tokens", "username=tester&password=alice-secret").await;
    let token = r#"{"username":"tester","token":"alice-secret","expires":null}"#;
    assert_eq!((made.status, made.text.as_str()), (201, token));
    let ends = ask("/tokens", "username=soon&password=for-a-minute").await.json();
    assert_eq!(ends["expires"], "2024-06-15T12:01:00+0000");
    // One client sends headers with whatever it was made with.
    let stale = request(Method::POST, "/tokens").header("x-tm-username", "None").header("x-tm-key", "None");
    let stale = stale.form("username=tester&password=alice-secret");
    assert_eq!(world.raw(stale).await.status, 201);
    let json = r#"{"username":"tester","password":"alice-secret"}"#;
    let session = world.raw(request(Method::POST, "/auth").json(json)).await;
    let keys: Vec<_> = session.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(
        (session.status, keys),
        (200, ["username", "token", "expires", "minVersions", "disallowedRules"].map(str::to_owned).into())
    );
    assert_eq!(world.get("/tokens/refresh").await.status, 204);
    for wrong in ["", "username=tester", "password=alice-secret", "username=other&password=alice-secret"] {
        for path in ["/tokens", "/auth"] {
            assert_eq!(ask(path, wrong).await.refusal(401)["message"], WORDS, "{path} {wrong}");
        }
    }
    let headers = request(Method::POST, "/tokens").by(&world.alice);
    world.raw(headers).await.refusal(401);
    world.raw(request(Method::POST, "/auth").json("{")).await.refusal(400);
}

#[tokio::test]
async fn too_many_requests() {
    let mut world = World::empty().await;
    world.service = world.service.clone().with_rate_limit(Some(2));
    for _ in 0..2 {
        assert_eq!(world.get("/ping").await.status, 200);
    }
    let reply = world.get("/ping").await;
    reply.refusal(429);
    assert_eq!(reply.headers["retry-after"], "1");
    world.pass(1);
    assert_eq!(world.get("/ping").await.status, 200);
}
