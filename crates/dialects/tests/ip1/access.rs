//! Who may see what: credentials, methods, ids.

use dialects::ip1::Ip1;
use dialects::kit::Dialect;
use http::Method;
use service::manage::KeyRequest;

use crate::story::Story;
use crate::world::{World, basic};

const UNKNOWN: &str = "5bcf4324ee47dee41a9dbb13";

/// The endpoint's first path with its places filled.
fn path(pattern: &str) -> String {
    let path = pattern.replace("{batch}", UNKNOWN).replace("{message}", UNKNOWN).replace("{sender}", "Acme");
    path.replace("{participant}", "46701740605").replace("{msisdn}", "46701740605").replace("{id}", "1")
}

#[tokio::test]
async fn every_endpoint_refuses_whoever_shows_no_key() {
    let story = Story::new().await;
    let wrong = ["Bearer wrong", "Bearer", "Bearer ", "Digest x", "Basic !!!", "Basic", "x"];
    let pair = basic("tester", "wrong");
    let foreign = basic("other", &story.tester.secret);
    let number = basic("ip1-2", &story.tester.secret);
    let mut headers: Vec<Option<&str>> = wrong.iter().map(|value| Some(*value)).collect();
    headers.extend([None, Some(pair.as_str()), Some(&foreign), Some(&number)]);
    // The lookup of numbers tells nothing of any account.
    for (name, method, paths) in Ip1.endpoints().into_iter().filter(|(name, ..)| *name != "v1_lookup") {
        for authorization in &headers {
            for pattern in paths {
                let answer = story.world.ask(method.clone(), &path(pattern), *authorization).await;
                assert_eq!(answer.status, 401, "{name} {authorization:?}");
                let (challenge, content_type) = if pattern.starts_with("/v2") {
                    ("Bearer", "application/problem+json; charset=utf-8")
                } else {
                    ("Basic realm=\"iP1\"", "application/json; charset=utf-8")
                };
                assert_eq!(answer.header("www-authenticate"), challenge);
                assert_eq!(answer.header("content-type"), content_type);
                let problem = answer.json();
                assert_eq!(problem["status"], 401);
                assert!(!problem["title"].as_str().expect("a title").is_empty());
            }
        }
    }
    // Neither a bad parameter nor an unknown path or method tells more.
    for (method, target) in
        [(Method::GET, "/v2/batches?limit=x"), (Method::GET, "/v2/nothing"), (Method::PUT, "/v2/batches")]
    {
        assert_eq!(story.world.ask(method, target, None).await.status, 401);
    }
}

#[tokio::test]
async fn every_way_to_show_the_key() {
    let story = Story::new().await;
    let (world, tester) = (&story.world, &story.tester);
    let adopt = |username: &str| KeyRequest { username: Some(username.to_owned()), ..KeyRequest::default() };
    world.service.adopt_key(tester.id, "an-old-secret", adopt("ip1-12345")).await.expect("adopted");
    let plain = tester.bearer();
    let expected = world.get("/v2/batches", &plain).await.ok();
    for authorization in [
        plain.replace("Bearer", "bearer"),
        plain.replace("Bearer ", "BEARER    "),
        tester.basic(),
        tester.basic().replace("Basic", "bAsIc"),
        basic(&format!("ip1-{}", tester.id), &tester.secret),
        basic("ip1-12345", "an-old-secret"),
        "Bearer an-old-secret".to_owned(),
        basic(&format!("ip1-{}", tester.id), "an-old-secret"),
    ] {
        assert_eq!(world.get("/v2/batches", &authorization).await.ok(), expected, "{authorization}");
    }
    let mismatch = basic("ip1-12345", &tester.secret);
    assert_eq!(world.get("/v2/batches", &mismatch).await.status, 401);
}

#[tokio::test]
async fn keys_end_and_are_bound() {
    let world = World::new().await;
    let tester = world.tester().await;
    let make = |request| world.service.create_key(tester.id, request);
    let request = KeyRequest { addresses: vec!["127.0.0.0/8".to_owned()], expires: None, username: None };
    let (_, near) = make(request.clone()).await.expect("a key");
    let far = KeyRequest { addresses: vec!["198.51.100.1".to_owned()], ..request };
    let (_, far) = make(far).await.expect("a key");
    let soon = sms::Micros::new(world.now().get() + 1_000_000);
    let (_, brief) = make(KeyRequest { expires: Some(soon), ..KeyRequest::default() }).await.expect("a key");
    let (gone, revoked) = make(KeyRequest::default()).await.expect("a key");
    world.service.revoke_key(tester.id, gone.id).await.expect("revoked");
    let status = async |secret: &str| world.get("/v2/batches", &format!("Bearer {secret}")).await.status;
    assert_eq!(status(&near).await, 200);
    assert_eq!(status(&far).await, 403);
    assert_eq!(status(&revoked).await, 401);
    assert_eq!(status(&brief).await, 200);
    world.wait(1);
    assert_eq!(status(&brief).await, 401);
    let refused = world.get("/v2/batches", &format!("Bearer {far}")).await.json();
    assert_eq!(refused["status"], 403);
}

#[tokio::test]
async fn too_many_requests() {
    let world = World::with_rate(Some(1)).await;
    let tester = world.tester().await;
    assert_eq!(world.get("/v2/batches", &tester.bearer()).await.status, 200);
    let refused = world.get("/v2/batches", &tester.bearer()).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    assert_eq!(refused.json()["status"], 429);
}

#[tokio::test]
async fn methods() {
    let story = Story::new().await;
    let bearer = story.tester.bearer();
    let [batch, ..] = story.batches().await;
    let message = &story.messages(&batch).await[0];
    for (target, allow) in [
        ("/v2/batches".to_owned(), "GET, HEAD, POST"),
        (format!("/v2/batches/{batch}"), "GET, HEAD, DELETE"),
        (format!("/v2/batches/{batch}/messages"), "GET, HEAD"),
        (format!("/v2/batches/{batch}/messages/{message}"), "GET, HEAD"),
        ("/v2/conversations/1/summary".to_owned(), "GET, HEAD"),
    ] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::OPTIONS] {
            if allow.contains(method.as_str()) {
                continue;
            }
            let answer = story.world.ask(method, &target, Some(&bearer)).await;
            assert_eq!((answer.status, answer.header("allow")), (405, allow), "{target}");
            assert_eq!(answer.json()["status"], 405);
        }
        let (head, get) =
            (story.world.ask(Method::HEAD, &target, Some(&bearer)).await, story.get(&target).await);
        assert_eq!((head.status, head.headers), (200, get.headers));
    }
}

#[tokio::test]
async fn ids_that_lead_nowhere() {
    let story = Story::new().await;
    let [batch, mo_batch, scheduled] = story.batches().await;
    let own = story.messages(&batch).await[0].clone();
    let theirs = story.messages(&scheduled).await[0].clone();
    // Another time, kind, account or number than the thing has.
    let other_time = format!("{:08x}{}", u32::from_str_radix(&batch[..8], 16).expect("hex") + 1, &batch[8..]);
    let other_account = format!("{}2{}", &batch[..15], &batch[16..]);
    let other_number = format!("{}{:08x}", &batch[..16], 4_000);
    let message_time = format!("{:08x}{}", u32::from_str_radix(&own[..8], 16).expect("hex") - 1, &own[8..]);
    let strange =
        ["not-an-id", "%ff", "'%20OR%201=1%20--", "%3Cx%3E", "0", &"f".repeat(24), &"a".repeat(5000)];
    let mut unknown: Vec<String> = strange.iter().map(|&id| id.to_owned()).collect();
    unknown.extend([UNKNOWN.to_owned(), other_time, other_account, other_number, own.clone()]);
    for id in &unknown {
        for target in [
            format!("/v2/batches/{id}"),
            format!("/v2/batches/{id}/messages"),
            format!("/v2/batches/{id}/messages/{own}"),
        ] {
            let answer = story.get(&target).await;
            assert_eq!(answer.status, 404, "{target}");
            assert_eq!(answer.json()["title"], "There is no such batch.");
        }
        let (path, bearer) = (format!("/v2/batches/{id}"), story.tester.bearer());
        let deleted = story.world.ask(Method::DELETE, &path, Some(&bearer));
        assert_eq!(deleted.await.status, 404, "{id}");
    }
    unknown.pop();
    unknown.extend([theirs, batch.clone(), mo_batch, message_time]);
    for id in &unknown {
        let answer = story.get(&format!("/v2/batches/{batch}/messages/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
        assert_eq!(answer.json()["title"], "There is no such message in this batch.");
    }
    // Hex digits of either case are the same number.
    let upper = story.get(&format!("/v2/batches/{}", batch.to_uppercase())).await.ok();
    assert_eq!(upper["id"], batch.as_str());
    for path in
        ["/v2", "/v2/", "/v2/nothing", "/v2//batches", "/v2/batches//", "/v2/Batches", "/v2/conversations"]
    {
        let answer = story.get(path).await;
        assert_eq!((answer.status, answer.json()["status"].as_u64()), (404, Some(404)), "{path}");
    }
}

#[tokio::test]
async fn two_accounts_never_see_each_other() {
    let story = Story::new().await;
    let [batch, mo_batch, _] = story.batches().await;
    let message = story.messages(&batch).await[0].clone();
    let stranger = story.other.bearer();
    let see = async |target: &str| story.world.get(target, &stranger).await;
    assert_eq!(see("/v2/batches").await.ok(), serde_json::json!([]));
    assert_eq!(see("/v2/conversations/46701740605").await.ok(), serde_json::json!([]));
    let summary = see("/v2/conversations/46701740605/summary").await.ok();
    assert_eq!(summary["totalMessageCount"], 0);
    for target in [
        format!("/v2/batches/{batch}"),
        format!("/v2/batches/{mo_batch}"),
        format!("/v2/batches/{batch}/messages"),
        format!("/v2/batches/{batch}/messages/{message}"),
    ] {
        assert_eq!(see(&target).await.status, 404, "{target}");
    }
    let path = format!("/v2/batches/{batch}");
    assert_eq!(story.world.ask(Method::DELETE, &path, Some(&stranger)).await.status, 404);
    assert_eq!(story.get(&path).await.ok()["status"], 102, "nothing of it was withdrawn");
}

#[tokio::test]
async fn what_of_version_1_is_not_served_is_unknown() {
    let story = Story::new().await;
    for target in ["/api", "/api/", "/api/contacts", "/api/groups/1", "/api/me", "/api/anything"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let refused = story.world.ask(method.clone(), target, None).await;
            assert_eq!(refused.status, 401, "{target}");
            assert_eq!(refused.header("www-authenticate"), "Basic realm=\"iP1\"");
            let name = format!("ip1-{}", story.tester.id);
            for authorization in [basic(&name, &story.tester.secret), story.tester.bearer()] {
                let missing = story.world.ask(method.clone(), target, Some(&authorization)).await;
                assert_eq!(missing.status, 404, "{target}");
                assert_eq!(missing.header("content-type"), "application/json; charset=utf-8");
                assert!(missing.json().is_object());
            }
        }
    }
    let wrong = story.world.ask(Method::GET, "/api/sms/send", Some(&story.tester.bearer())).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "POST"));
}
