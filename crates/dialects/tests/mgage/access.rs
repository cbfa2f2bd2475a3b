//! Who may see what: credentials, programs, methods, paths.

use dialects::kit::Dialect;
use dialects::mgage::Mgage;
use http::Method;
use service::manage::KeyRequest;

use crate::story::{Story, bodies, is_refusal};
use crate::world::{World, basic};

#[tokio::test]
async fn every_endpoint_refuses_whoever_shows_no_credential() {
    let story = Story::new().await;
    let tester = &story.tester;
    let wrong = [
        None,
        Some(basic("tester", "wrong")),
        Some(basic("nobody", &tester.secret)),
        Some(basic("other", &tester.secret)),
        Some(tester.bearer()),
        Some("Bearer x".to_owned()),
        Some("Basic !!!".to_owned()),
        Some("Basic".to_owned()),
        Some("Basic ".to_owned()),
        Some(tester.basic().replace("Basic", "Digest")),
    ];
    let mut targets = vec![
        story.path(),
        "/api/messages/program/999999999".to_owned(),
        format!("{}?pageSize=abc", story.path()),
        "/api/externalMO".to_owned(),
        "/api/messages/program".to_owned(),
    ];
    for (_, _, paths) in Mgage.endpoints() {
        targets.extend(paths.iter().map(|path| path.replace("{programId}", "1")));
    }
    for target in &targets {
        for authorization in &wrong {
            let answer = story.world.ask(Method::GET, target, authorization.as_deref()).await;
            is_refusal(&answer, 401);
            assert_eq!(answer.header("www-authenticate"), "Basic realm=\"Communicate Pro\"");
        }
    }
    assert_eq!(story.world.ask(Method::DELETE, &story.path(), None).await.status, 401);
}

#[tokio::test]
async fn credentials_of_every_kind() {
    let story = Story::new().await;
    let (world, tester) = (&story.world, &story.tester);
    let expected = story.export("").await.ok();
    let adopt = |username: &str| KeyRequest { username: Some(username.to_owned()), ..KeyRequest::default() };
    world.service.adopt_key(tester.id, "pass:word:é", adopt("usér")).await.expect("adopted");
    for authorization in [
        tester.basic().replace("Basic", "basic"),
        tester.basic().replace("Basic ", "BASIC   "),
        basic("usér", "pass:word:é"),
    ] {
        assert_eq!(world.get(&story.path(), &authorization).await.ok(), expected);
    }
    let far = KeyRequest { addresses: vec!["198.51.100.1".to_owned()], ..KeyRequest::default() };
    let (_, secret) = world.service.create_key(tester.id, far).await.expect("a key");
    is_refusal(&world.get(&story.path(), &basic("tester", &secret)).await, 403);
}

#[tokio::test]
async fn too_many_requests() {
    let world = World::with_rate(Some(1)).await;
    let tester = world.tester().await;
    let path = format!("/api/messages/program/{}", tester.program);
    assert_eq!(world.get(&path, &tester.basic()).await.status, 200);
    let refused = world.get(&path, &tester.basic()).await;
    is_refusal(&refused, 429);
    assert_eq!(refused.header("retry-after"), "1");
}

#[tokio::test]
async fn programs_that_are_not_there() {
    let story = Story::new().await;
    let beyond = story.spring.number + 1_000;
    let ids = [
        "999999999",
        "0",
        "abc",
        "-1",
        "1.0",
        "4294967297",
        "99999999999999999999",
        "%ff",
        "%20",
        "1%20OR%201=1",
        "'%20OR%201=1%20--",
        "%3Cx%3E",
        "%D9%A3",
        "+1",
    ];
    for id in ids.iter().map(|&id| id.to_owned()).chain([beyond.to_string()]) {
        let answer = story.get(&format!("/api/messages/program/{id}?pageSize=abc")).await;
        assert_eq!(is_refusal(&answer, 404), ["There is no such program."], "{id}");
    }
    // Another account's program is as unknown as one that nobody has.
    let answer = story.world.get(&story.path(), &story.other.basic()).await;
    assert_eq!(is_refusal(&answer, 404), ["There is no such program."]);
    let own = format!("/api/messages/program/{}", story.other.program);
    let page = story.world.get(&own, &story.other.basic()).await.ok();
    assert_eq!(bodies(&page), [] as [String; 0]);
    is_refusal(&story.get(&own).await, 404);
}

#[tokio::test]
async fn paths_and_methods() {
    let story = Story::new().await;
    let basic = story.tester.basic();
    for path in [
        "/api/messages/program".to_owned(),
        "/api/messages/program/".to_owned(),
        format!("{}/more", story.path()),
        format!("{}//", story.path()),
        "/api/externalMO/more".to_owned(),
        "/api/optIn/1/46701740605".to_owned(),
    ] {
        is_refusal(&story.get(&path).await, 404);
        is_refusal(&story.world.ask(Method::POST, &path, Some(&basic)).await, 404);
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = story.world.ask(method, &story.path(), Some(&basic)).await;
        is_refusal(&answer, 405);
        assert_eq!(answer.header("allow"), "GET, HEAD");
    }
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let answer = story.world.ask(method, "/api/externalMO", Some(&basic)).await;
        is_refusal(&answer, 405);
        assert_eq!(answer.header("allow"), "POST");
    }
    let get = story.export("").await;
    let slash = story.get(&format!("{}/", story.path())).await;
    assert_eq!(slash.ok(), get.ok(), "a final slash");
    let head = story.world.ask(Method::HEAD, &story.path(), Some(&basic)).await;
    assert_eq!((head.status, head.headers), (200, get.headers));
}
