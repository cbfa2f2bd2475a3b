//! Who is let in, and how the others are told (checks 88 to 95).

use service::manage::KeyRequest;

use crate::fixture::{Call, Fixture, PERIOD, history};
use crate::xml::Element;

const LOGIN: &str = "Le login et le mot de passe ne correspondent pas";

/// Every endpoint with parameters that would be good for reading.
fn targets() -> Vec<(String, String)> {
    let endpoints = dialects::kit::Dialect::endpoints(&dialects::smsfactor::SmsFactor);
    let paths = endpoints
        .into_iter()
        .flat_map(|(_, method, paths)| paths.iter().map(move |path| (method.clone(), path)));
    paths
        .map(|(method, path)| {
            let path = path.replace("{id}", "1").replace("{ticket}", "1");
            (method.to_string(), format!("{path}?{PERIOD}"))
        })
        .collect()
}

/// Endpoints that answer a success to anybody who is known.
fn readings() -> impl Iterator<Item = String> {
    let paths = ["/messages", "/messages/mo", "/credits", "/account", "/campaigns", "/lists", "/blacklist"];
    paths.into_iter().map(|path| format!("{path}?{PERIOD}"))
}

#[tokio::test]
async fn each_endpoint_refuses_who_is_nobody() {
    let fixture = Fixture::with(history()).await;
    let good = format!("Bearer {}", fixture.world.key);
    let basic = "Basic Ym9zczpzZWNyZXQ=";
    for (method, target) in targets() {
        for (header, value, more, details) in [
            ("x-application", "15", "", "Token invalide"),
            ("authorization", "Bearer wrong", "", "Token invalide"),
            ("authorization", "Bearer ", "", "Token invalide"),
            ("authorization", "Bearer", "", "Token invalide"),
            ("authorization", basic, "", "Token invalide"),
            ("authorization", &fixture.world.key, "", "Token invalide"),
            ("authorization", &good, "&token=wrong", "Token invalide"),
            ("authorization", &good, &format!("&token={}", fixture.world.other_key), "Token invalide"),
            ("authorization", &good, "&username=tester&password=wrong", "Token invalide"),
            (
                "authorization",
                &good,
                &format!("&username=other&password={}", fixture.world.key),
                "Token invalide",
            ),
            ("authorization", &good, "&username=tester", "Token invalide"),
            ("x-application", "15", "&token=wrong", "Token invalide"),
            ("x-application", "15", "&token=%ff", "Token invalide"),
            ("x-application", "15", "&token='%20OR%201=1%20--", "Token invalide"),
            (
                "x-application",
                "15",
                "&username=tester&password=wrong",
                "Utilisateur ou mot de passe incorrect",
            ),
            ("x-application", "15", "&username=tester", "Utilisateur ou mot de passe incorrect"),
            (
                "x-application",
                "15",
                &format!("&password={}", fixture.world.key),
                "Utilisateur ou mot de passe incorrect",
            ),
            (
                "x-application",
                "15",
                &format!("&username=other&password={}", fixture.world.key),
                "Utilisateur ou mot de passe incorrect",
            ),
            ("sfusername", "tester", "", "Utilisateur ou mot de passe incorrect"),
            ("sfpassword", &fixture.world.key, "", "Utilisateur ou mot de passe incorrect"),
        ] {
            let what = format!("{method} {target} {header}: {value} {more}");
            let target = format!("{target}{more}");
            let answer = fixture.call(Call::new(&method, &target).header(header, value).json()).await;
            answer.assert_error(-1, &what);
            assert_eq!(answer.value()["message"], LOGIN, "{what}");
            assert_eq!(answer.value()["details"], details, "{what}");
            let answer = fixture.call(Call::new(&method, &target).header(header, value).xml()).await;
            let xml = Element::parse(&answer.body);
            assert_eq!((xml.child("status"), xml.child("details")), ("-1", details), "{what}");
        }
    }
}

#[tokio::test]
async fn each_endpoint_takes_every_form() {
    let fixture = Fixture::with(history()).await;
    let token = &fixture.world.key;
    let bodies = [
        format!(r#"{{"sms":{{"authentication":{{"token":"{token}"}}}}}}"#),
        format!(r#"{{"sms":{{"authentification":{{"username":"tester","password":"{token}"}}}}}}"#),
        format!(
            "<sms><authentification><username>tester</username><password>{token}</password></authentification></sms>"
        ),
        format!("<sms><authentication><token>{token}</token></authentication></sms>"),
        format!("data=%7B%22sms%22%3A%7B%22authentication%22%3A%7B%22token%22%3A%22{token}%22%7D%7D%7D"),
        format!(
            "XML=%3Csms%3E%3Cauthentification%3E%3Ctoken%3E{token}%3C%2Ftoken%3E%3C%2Fauthentification%3E%3C%2Fsms%3E"
        ),
    ];
    for target in readings() {
        let mut calls = vec![
            Call::get(&target).bearer(token),
            Call::get(&target).header("authorization", &format!("bearer  {token}")),
            Call::get(&format!("{target}&token={token}")),
            Call::get(&format!("{target}&username=tester&password={token}")),
            Call::get(&target).header("sfusername", "tester").header("sfpassword", token),
            Call::get(&format!("{target}&token={token}")).bearer(token),
            Call::get(&target).bearer(token).body(bodies[1].clone()),
            Call::get(&target).bearer(token).body("[]").header("content-type", "application/json"),
            Call::get(&target).bearer(token).body("{"),
            Call::get(&target).bearer(token).body(&b"\xff\xfe"[..]),
        ];
        calls.extend(bodies.iter().map(|body| Call::get(&target).body(body.clone())));
        for (index, call) in calls.into_iter().enumerate() {
            let answer = fixture.call(call.json()).await;
            assert_eq!((answer.code, answer.status()), (200, 1), "{target}, form {index}: {}", answer.body);
        }
        let two = Call::get(&target).bearer(&fixture.world.other_key).body(bodies[1].clone()).json();
        fixture.call(two).await.assert_error(-1, "two accounts");
    }
}

#[tokio::test]
async fn the_credential_is_judged_before_parameters() {
    let fixture = Fixture::empty().await;
    fixture.call(Call::get("/messages").bearer("wrong").json()).await.assert_error(-1, "no dates");
    fixture.call(Call::get("/messages?sort=cost").json()).await.assert_error(-1, "no dates, odd sort");
}

#[tokio::test]
async fn keys_end_and_are_bound_to_addresses() {
    let fixture = Fixture::empty().await;
    let expired = KeyRequest { expires: Some(fixture.world.service.now()), ..KeyRequest::default() };
    let elsewhere = KeyRequest { addresses: vec!["192.0.2.0/24".to_owned()], ..KeyRequest::default() };
    let here = KeyRequest { addresses: vec!["127.0.0.0/8".to_owned()], ..KeyRequest::default() };
    for (request, status) in [(expired, -1), (elsewhere, -1), (here, 1)] {
        let (key, secret) =
            fixture.world.service.create_key(fixture.world.account, request).await.expect("a key");
        let ask = || fixture.call(Call::get("/credits").bearer(&secret).json());
        assert_eq!(ask().await.status(), status);
        fixture.world.service.revoke_key(fixture.world.account, key.id).await.expect("revoked");
        ask().await.assert_error(-1, "revoked");
    }
    fixture.world.service.set_disabled(fixture.world.account, true).await.expect("disabled");
    fixture.get("/credits").await.assert_error(-1, "disabled account");
}

#[tokio::test]
async fn two_accounts_never_see_each_other() {
    let fixture = Fixture::with(history()).await;
    let (mine, none) = (fixture.list("").await.body, fixture.list("message=secret").await);
    assert_eq!(none.totals().1, 0);
    let theirs = || Call::get(&format!("/messages?{PERIOD}")).bearer(&fixture.world.other_key).json();
    assert_eq!(fixture.call(theirs()).await.totals(), (0, 0));
    let mut records = history();
    records.truncate(4);
    records.push(crate::fixture::Record::mo("2025-08-01T10:00:00Z", "33612345678", "36000", "secret"));
    fixture.import(fixture.world.other, records).await;
    let answer = fixture.call(theirs()).await;
    assert_eq!(answer.totals(), (5, 5));
    let owners = answer.column("client_id");
    assert!(owners.iter().all(|owner| *owner == fixture.world.other.get()));
    assert_eq!(fixture.list("").await.body, mine);
    assert_eq!(fixture.list("message=secret").await.totals().1, 0);
    let replies = fixture.get(&format!("/messages/mo?{PERIOD}")).await;
    assert!(!replies.body.contains("secret"));
}
