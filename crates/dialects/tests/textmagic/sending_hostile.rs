//! The sending side with every value that nobody should send, beside values that are right: an answer of the
//! right shape each time.

use super::hostile::{JSON, VALUES};
use super::world::{JOHN, NOW, World};

/// Parameters of a submission.
const PARAMS: &[&str] = &[
    "text",
    "templateId",
    "phones",
    "contacts",
    "lists",
    "sendingTime",
    "sendingDateTime",
    "sendingTimezone",
    "rrule",
    "rule",
    "cutExtra",
    "partsCount",
    "referenceId",
    "from",
    "dummy",
    "createChat",
    "tts",
    "local",
    "localCountry",
    "destination",
    "resources",
];

/// Lists, and their parameters.
const LISTS: &[(&str, &[&str])] = &[
    ("/bulks", &["page", "limit"]),
    ("/schedules", &["page", "limit", "status", "orderBy", "direction"]),
    ("/schedules/search", &["page", "limit", "status", "orderBy", "direction", "ids", "query"]),
    ("/templates", &["page", "limit"]),
    ("/templates/search", &["page", "limit", "ids", "name", "content"]),
    ("/senderids", &["page", "limit"]),
    ("/numbers", &["page", "limit", "surveyId"]),
    ("/sources", &["country"]),
    ("/stats/messaging", &["by", "start", "end"]),
    ("/stats/spending", &["page", "limit", "start", "end"]),
    ("/invoices", &["page", "limit"]),
];

#[tokio::test]
async fn submissions() {
    let world = World::filled().await;
    let right = format!("text=hi&phones={JOHN}&sendingTime={}", NOW + 3600);
    for param in PARAMS {
        for value in VALUES {
            let form = format!("{right}&{param}={value}");
            world.post("/messages", &form).await.sane(&form);
            for path in ["/messages/price", "/messages/price/normalized", "/messages/preview"] {
                world.get(&format!("{path}?{form}")).await.sane(&form);
            }
        }
        for value in JSON {
            let json = format!(r#"{{"{param}":{value},"_text":"hi"}}"#);
            world.post_json("/messages", &json).await.sane(&json);
        }
        let long = format!("{right}&{param}={}", "1,".repeat(5000));
        world.post("/messages", &long).await.sane(param);
    }
}

#[tokio::test]
async fn lists() {
    let world = World::filled().await;
    for (path, params) in LISTS {
        assert_eq!(world.get(path).await.status, 200, "{path}");
        for param in *params {
            for value in VALUES {
                let one = format!("{path}?{param}={value}");
                let reply = world.get(&one).await;
                reply.sane(&one);
                assert!(reply.status == 200 || !matches!(*param, "page" | "limit"), "{one}");
            }
        }
    }
}

#[tokio::test]
async fn things() {
    let world = World::filled().await;
    for collection in ["bulks", "schedules", "templates", "senderids", "numbers"] {
        for id in VALUES.iter().filter(|id| !id.is_empty()) {
            let reply = world.get(&format!("/{collection}/{id}")).await;
            reply.refusal(404);
        }
    }
    for path in ["/templates", "/senderids", "/schedules/delete", "/templates/delete"] {
        for param in ["name", "content", "senderId", "explanation", "ids", "all", "status"] {
            for value in VALUES {
                world.post(path, &format!("{param}={value}")).await.sane(path);
            }
        }
    }
}
