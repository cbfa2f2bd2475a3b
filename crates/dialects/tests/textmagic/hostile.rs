//! Every parameter of every endpoint with every value that nobody should send: an answer of the right shape
//! each time, and nothing changed.

use http::Method;

use super::world::{With, World, request};

/// GET endpoints and their parameters.
const READS: &[(&str, &[&str])] = &[
    ("/ping", &[]),
    ("/user", &[]),
    ("/sessions", &["page", "limit"]),
    ("/sessions/1", &[]),
    ("/sessions/1/messages", &["page", "limit", "statuses", "includeDeleted"]),
    ("/sessions/1/stat", &["includeDeleted"]),
    ("/messages", &["page", "limit", "lastId"]),
    (
        "/messages/search",
        &["page", "limit", "lastId", "ids", "sessionId", "query", "statuses", "includeDeleted"],
    ),
    ("/messages/1", &[]),
    ("/history", &["limit", "lastId", "query", "orderBy", "direction"]),
    ("/replies", &["page", "limit", "orderBy", "direction"]),
    ("/replies/search", &["page", "limit", "orderBy", "direction", "ids", "query", "expand"]),
    ("/replies/4", &[]),
    ("/chats", &["page", "limit", "status", "orderBy", "voice", "flat"]),
    ("/chats/447860021130", &["page", "limit"]),
    ("/chats/1", &["page", "limit"]),
    ("/chats/1/message", &["page", "limit", "query", "start", "end", "direction", "voice", "includeNotes"]),
    ("/chats/447860021130/by/phone", &["upsert", "reopen"]),
    ("/chats/search", &["page", "limit", "query"]),
    ("/chats/search/ids", &["page", "limit", "ids"]),
    ("/chats/search/recipients", &["page", "limit", "query", "orderBy"]),
    ("/chats/unread/count", &[]),
    ("/contacts", &["page", "limit", "shared", "orderBy", "direction"]),
    (
        "/contacts/search",
        &[
            "page",
            "limit",
            "shared",
            "ids",
            "listId",
            "includeBlocked",
            "query",
            "exactMatch",
            "tagIds",
            "country",
        ],
    ),
    ("/contacts/1", &[]),
    ("/contacts/phone/447860021130", &[]),
];

/// Writes and their parameters, of which at least one is needed.
const WRITES: &[(Method, &str, &[&str])] = &[
    (Method::POST, "/sessions/delete", &["ids", "all"]),
    (Method::POST, "/messages/delete", &["ids", "all"]),
    (Method::POST, "/replies/delete", &["ids", "all"]),
    (Method::POST, "/chats/status", &["id", "status"]),
    (Method::POST, "/chats/mute", &["id", "mute", "for"]),
    (Method::POST, "/chats/mute/bulk", &["ids", "all", "for"]),
    (Method::POST, "/chats/unmute/bulk", &["ids", "all"]),
    (Method::POST, "/chats/read/bulk", &["ids", "all"]),
    (Method::POST, "/chats/unread/bulk", &["ids", "all"]),
    (Method::POST, "/chats/close/bulk", &["ids", "all"]),
    (Method::POST, "/chats/reopen/bulk", &["ids", "all"]),
    (Method::POST, "/chats/delete", &["ids", "all", "status"]),
    (Method::POST, "/chats/1/messages/delete", &["inbound_ids", "sent_ids", "calls_ids", "all"]),
    (
        Method::POST,
        "/contacts",
        &["phone", "lists", "firstName", "lastName", "companyName", "email", "country"],
    ),
    (
        Method::PUT,
        "/contacts/1",
        &["phone", "lists", "firstName", "lastName", "companyName", "email", "country"],
    ),
];

/// Values in form encoding that name nothing that exists.
pub(super) const VALUES: &[&str] = &[
    "",
    "abc",
    "-1",
    "0",
    "2000000000",
    "2147483648",
    "4294967297",
    "18446744073709551616",
    "-99999999999999999999999",
    "1.5",
    "1e9",
    "NaN",
    "%ff",
    "%c3%28",
    "%00",
    "%",
    "%zz",
    "%0d%0aX-Evil:+1",
    "%27+OR+1%3d1+--",
    "%22%3b+DROP+TABLE+messages%3b",
    "%3cx+y%3d%22%26%22%3e%5d%5d%3e",
    "%26amp%3b",
    "+",
    "%D9%A3",
    "%F0%9F%8E%89",
    "..%2f..%2fetc",
    "%7b%22a%22%3a1%7d",
    "{First name}",
    "*",
    "_",
    "2000000000,,",
    "a,b",
];

/// JSON values that name nothing that exists.
pub(super) const JSON: &[&str] = &[
    "null",
    "\"\"",
    "\"abc\"",
    "-1",
    "0",
    "2000000000",
    "18446744073709551616",
    "1e300",
    "1.5",
    "[]",
    "[1]",
    "{}",
    "{\"$gt\":0}",
    "\"\\u0000\"",
    "\"\\ud83c\\udf89\"",
    "\"' OR 1=1 --\"",
    "\"<x>&amp;\"",
    "[[[[[[[[]]]]]]]]",
];

/// What Alice sees of everything.
async fn everything(world: &World) -> String {
    let mut seen = String::new();
    for path in
        ["/sessions", "/messages", "/replies", "/chats", "/contacts", "/chats?status=c", "/chats?status=d"]
    {
        seen += &world.get(path).await.text;
    }
    seen
}

#[tokio::test]
async fn reads() {
    let world = World::filled().await;
    let before = everything(&world).await;
    for (path, params) in READS {
        assert_eq!(world.get(path).await.status, 200, "{path}");
        for param in *params {
            for value in VALUES {
                let one = format!("{path}?{param}={value}");
                let reply = world.get(&one).await;
                reply.sane(&one);
                if matches!(*param, "page" | "limit") {
                    assert_eq!(reply.status, 200, "{one}");
                }
                world.get(&format!("{path}?{param}={value}&{param}={value}")).await.sane(&one);
            }
            let long = format!("{path}?{param}={}", "1,".repeat(5000));
            world.get(&long).await.sane(param);
            let doubled = world.get(&format!("{path}?{param}=1&{param}=")).await;
            assert_eq!(doubled.text, world.get(path).await.text, "the last counts: {path} {param}");
        }
        world.get(&format!("{path}?{}", "%ff=%ff&&==&".repeat(100))).await.sane(path);
    }
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn writes_as_forms() {
    let world = World::filled().await;
    let before = everything(&world).await;
    for (method, path, params) in WRITES {
        for param in *params {
            for value in VALUES {
                let form = format!("{param}={value}");
                let reply = world.raw(request(method.clone(), path).by(&world.alice).form(&form)).await;
                reply.sane(&format!("{path} {form}"));
            }
        }
        let junk = world.raw(request(method.clone(), path).by(&world.alice).form("&&=&=%ff&%ff")).await;
        junk.refusal(400);
        let nothing = world.raw(request(method.clone(), path).by(&world.alice)).await;
        assert!(!nothing.blamed().is_empty() || nothing.status == 400, "{path}");
    }
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn writes_as_json() {
    let world = World::filled().await;
    let before = everything(&world).await;
    for (method, path, params) in WRITES {
        let send = |body: String| world.raw(request(method.clone(), path).by(&world.alice).json(&body));
        for param in *params {
            for value in JSON {
                let body = format!("{{\"{param}\":{value}}}");
                send(body.clone()).await.sane(&format!("{path} {body}"));
            }
        }
        for broken in
            ["", "{", "[]", "null", "1", "\"x\"", "{\"ids\":1e999}", "{\"ids\":\"1\"}}", "\u{feff}{}"]
        {
            send(broken.to_owned()).await.refusal(400);
        }
        send(format!("{{\"ids\":{}", "[".repeat(50_000))).await.refusal(400);
    }
    assert_eq!(everything(&world).await, before);
}
