//! Bodies in every form that clients send them (1.7, checks 101 to 103), and answers in XML.

use crate::fixture::{Answer, Call, Fixture};
use crate::xml::Element;

const JSON: &str = r#"{"sms":{"message":{"text":"Hi & bye"},"recipients":{"gsm":[{"gsmsmsid":"7","value":"33612345678"}]}}}"#;
const XML: &str = "<?xml version=\"1.0\"?><sms><message><text>\n  <![CDATA[Hi & bye]]>\n</text></message>
    <recipients><gsm gsmsmsid=\"7\">33612345678</gsm></recipients></sms>";

async fn post(fixture: &Fixture, target: &str, kind: &str, accept: &str, body: &str) -> Answer {
    let call = Call::new("POST", target).bearer(&fixture.world.key).header("accept", accept);
    let call = if kind.is_empty() { call } else { call.header("content-type", kind) };
    fixture.call(call.body(body.to_owned())).await
}

fn form(name: &str, text: &str) -> String {
    format!("{name}={}", dialects::kit::params::encode(text))
}

#[tokio::test]
async fn every_form_is_the_same_request() {
    let fixture = Fixture::empty().await;
    // The oldest clients do not always escape what they put behind the name; `&` stands in the text.
    let raw = [format!("data={JSON}"), format!("XML={XML}")];
    let [data, xml] = raw;
    let bodies = [JSON.to_owned(), XML.to_owned(), form("data", JSON), form("XML", XML), data, xml];
    let mut sent = 0;
    for body in &bodies {
        for kind in ["application/json", "application/x-www-form-urlencoded", "text/xml", ""] {
            for target in ["/send", "/", "//send/"] {
                let answer = post(&fixture, target, kind, "application/json", body).await;
                assert_eq!(
                    (answer.code, answer.status()),
                    (200, 1),
                    "{kind} {target} {body}: {}",
                    answer.body
                );
                sent += 1;
            }
        }
    }
    let list = fixture.list("").await;
    assert_eq!(list.totals(), (sent, sent));
    assert!(list.column("message").iter().all(|text| text == "Hi & bye"));
    assert!(list.column("client_message_id").iter().all(|id| id == "7"));
}

#[tokio::test]
async fn xml_answers() {
    let fixture = Fixture::empty().await;
    for (target, body) in [("/send", XML), ("/send/simulate", JSON), ("/", &form("XML", XML))] {
        let answer = post(&fixture, target, "", "application/xml", body).await;
        assert_eq!(answer.headers["content-type"], "application/xml; charset=utf-8");
        let xml = Element::parse(&answer.body);
        assert_eq!(xml.name, "response");
        assert_eq!(xml.keys()[..5], ["status", "message", "ticket", "cost", "credits"]);
        assert_eq!((xml.child("status"), xml.child("sent"), xml.child("cost")), ("1", "1", "1"));
    }
    // A legacy client says who it is in the same body, and asks for nothing.
    let key = &fixture.world.key;
    let login = format!("<sms><authentification><username>tester</username><password>{key}</password>");
    let body = XML.replace("<sms>", &format!("{login}</authentification>"));
    let call = Call::new("POST", "/").body(form("XML", &body));
    assert_eq!(Element::parse(&fixture.call(call).await.body).child("status"), "1");
    let lists = "<sms><message><text>a</text></message><lists><value>99</value></lists></sms>";
    let answer = post(&fixture, "/send/lists", "", "text/xml", lists).await;
    assert_eq!(Element::parse(&answer.body).child("status"), "-5");
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let fixture = Fixture::empty().await;
    for (body, json, xml) in [
        ("{\"sms\":", -6, -6),
        ("data=%7B", -6, -6),
        ("<sms>", -2, -2),
        ("XML=%3Csms%3E", -2, -2),
        ("data={\"sms\":", -6, -6),
        ("XML=<sms>", -2, -2),
        ("text=a&to=33612345678", -6, -2),
        ("", -6, -2),
        ("[]", -7, -7),
        ("{}", -7, -7),
        ("{\"message\":{\"text\":\"a\"}}", -7, -7),
        ("<list/>", -7, -7),
    ] {
        for target in ["/send", "/send/lists", "/send/simulate", "/send/lists/simulate", "/"] {
            let answer = post(&fixture, target, "", "application/json", body).await;
            answer.assert_error(json, body);
            let answer = post(&fixture, target, "", "application/xml", body).await;
            assert_eq!(Element::parse(&answer.body).child("status"), xml.to_string(), "{target} {body}");
        }
    }
    for target in ["/list", "/blacklist", "/npai", "/token"] {
        fixture.ask("POST", target, "{").await.assert_error(-6, target);
    }
    assert_eq!(fixture.list("").await.totals(), (0, 0));
}
