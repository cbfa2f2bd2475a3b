//! What holds for all paths: unknown ones, other methods, HEAD, content types, odd but harmless requests.

use dialects::kit::{Dialect, Early};
use dialects::textmagic::Textmagic;
use http::Method;

use super::world::{NOW, Reply, With, World, request};

#[tokio::test]
async fn paths_that_are_none() {
    let world = World::filled().await;
    for path in [
        "",
        "/",
        "/nosuchthing",
        "/messages/",
        "//messages",
        "/messages//",
        "/Messages",
        "/messages/1/2",
        "/sessions/1/messages/2",
        "/chats/1/by",
        "/messages/%",
        "/%ff",
        "/ping/x",
        "/messages%2Fsearch",
    ] {
        world.get(path).await.refusal(404);
    }
    for path in ["/lookups/447860021130", "/sender/settings/normalized", "/contacts/1/avatar"] {
        world.get(path).await.refusal(404);
    }
}

#[tokio::test]
async fn ids_that_are_none() {
    let world = World::filled().await;
    let ids = [
        "0",
        "2000000000",
        "2147483648",
        "4294967297",
        "99999999999999999999",
        "-1",
        "+1",
        "1.0",
        "1e0",
        "abc",
        "0x1",
        "%ff",
        "%00",
        "%27%20OR%201=1%20--",
        "%3Cx%3E%26",
        "1%20",
        "1,2",
        "٣",
    ];
    for id in ids {
        for path in ["/sessions", "/session", "/messages", "/replies", "/contacts"] {
            world.get(&format!("{path}/{id}")).await.refusal(404);
        }
        for path in ["/sessions", "/messages", "/replies", "/contacts"] {
            world.delete(&format!("{path}/{id}")).await.refusal(404);
        }
        for path in ["messages", "stat"] {
            world.get(&format!("/sessions/{id}/{path}")).await.refusal(404);
        }
        world.get(&format!("/chats/{id}/message")).await.refusal(404);
        world.post(&format!("/chats/{id}/messages/delete"), "all=1").await.refusal(404);
        world.get(&format!("/chats/{id}")).await.refusal(404);
    }
    assert_eq!(world.ids("/messages").await.len(), 5);
}

#[tokio::test]
async fn other_methods_are_told() {
    let world = World::empty().await;
    let cases = [
        (Method::PUT, "/messages", "GET, HEAD, POST"),
        (Method::POST, "/messages/price", "GET, HEAD"),
        (Method::PUT, "/schedules/1", "GET, HEAD, DELETE"),
        (Method::POST, "/bulks", "GET, HEAD"),
        (Method::POST, "/ping", "GET, HEAD"),
        (Method::PUT, "/sessions/1", "GET, HEAD, DELETE"),
        (Method::DELETE, "/messages/search", "GET, HEAD"),
        (Method::GET, "/messages/delete", "POST"),
        (Method::GET, "/message/all", "DELETE"),
        (Method::DELETE, "/chats/447860021130", "GET, HEAD"),
        (Method::PATCH, "/contacts/1", "GET, HEAD, PUT, DELETE"),
        (Method::OPTIONS, "/contacts", "GET, HEAD, POST"),
        (Method::GET, "/chats/close/read", "POST"),
    ];
    for (method, path, allowed) in cases {
        let reply = world.raw(request(method.clone(), path).by(&world.alice)).await;
        reply.refusal(405);
        assert_eq!(reply.headers["allow"], allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn head_has_the_status_of_get() {
    let world = World::filled().await;
    for path in
        ["/ping", "/messages", "/sessions/1", "/chats/447860021130", "/messages/2000000000", "/nosuchthing"]
    {
        let get = world.get(path).await;
        let head = world.raw(request(Method::HEAD, path).by(&world.alice)).await;
        assert_eq!(head.status, get.status, "{path}");
    }
    let reply = world.raw(request(Method::HEAD, "/messages/delete").by(&world.alice)).await;
    assert_eq!(reply.headers["allow"], "POST");
}

#[tokio::test]
async fn harmless_oddities() {
    let world = World::filled().await;
    let plain = world.get("/sessions").await.text;
    for path in
        ["/sessions?", "/sessions?&", "/sessions?search=False&_format=json&_=1434707304", "/sessions?id=7"]
    {
        assert_eq!(world.get(path).await.text, plain, "{path}");
    }
    for accept in ["application/xml", "*/*", "text/xml, application/json", ""] {
        let asked = request(Method::GET, "/sessions").by(&world.alice).header("accept", accept);
        assert_eq!(world.raw(asked).await.text, plain, "{accept}");
    }
    let with_type = request(Method::GET, "/sessions").by(&world.alice);
    assert_eq!(world.raw(with_type.form("")).await.text, plain);
    let with_body = request(Method::GET, "/sessions").by(&world.alice).json("{broken");
    assert_eq!(world.raw(with_body).await.text, plain, "a GET has no body");
    let null_values =
        request(Method::GET, "/sessions").by(&world.alice).header("x-ignore-null-values", "true");
    assert_eq!(world.raw(null_values).await.text, plain);
    let odd = request(Method::DELETE, "/messages/1").by(&world.alice).form("id=2&all=1");
    assert_eq!(world.raw(odd).await.status, 204);
    assert_eq!(world.get("/messages/2").await.status, 200);
}

#[tokio::test]
async fn refusals_before_routing_have_the_same_body() {
    let asked = request(Method::POST, "/messages");
    for (early, status) in [
        (Early::BodyTooLarge, 413),
        (Early::Slow, 408),
        (Early::Malformed, 400),
        (Early::Overloaded, 503),
        (Early::Internal, 500),
        (Early::NotServed, 404),
    ] {
        Reply::of(Textmagic.refuse(&early, &asked)).refusal(status);
    }
}

#[tokio::test]
async fn ping_and_user() {
    let world = World::empty().await;
    assert_eq!(
        world.get("/ping").await.text,
        r#"{"userId":1,"ping":"pong","utcDateTime":"2024-06-15T12:00:00+0000"}"#
    );
    assert_eq!(world.now().seconds(), NOW);
    let user = world.read("/user").await;
    assert_eq!((&user["id"], &user["username"]), (&1.into(), &"tester".into()));
    assert_eq!(user["currency"]["id"], "EUR");
    assert_eq!(user["timezone"]["timezone"], "UTC");
    assert_eq!(user["balance"], 0);
}

#[tokio::test]
async fn a_prepaid_account_shows_its_balance() {
    let world = World::empty().await;
    let currency = "EUR".parse().expect("a currency");
    let (account, _) = world.service.create_account("carol", None, currency, true).await.expect("made");
    let amount = "208.64".parse().expect("an amount");
    world.service.fund(account.id, amount).await.expect("funded");
    let key = service::manage::KeyRequest { username: Some("carol@home".to_owned()), ..Default::default() };
    world.service.adopt_key(account.id, "carol-secret", key).await.expect("adopted");
    let asked = request(Method::GET, "/user").header("x-tm-username", "carol@home");
    let user = world.raw(asked.header("x-tm-key", "carol-secret")).await.json();
    assert_eq!(user["balance"], 208.64);
    assert_eq!((&user["username"], &user["company"]), (&"carol@home".into(), &"carol".into()));
    assert_eq!(user["currency"]["htmlSymbol"], "&euro;");
}
