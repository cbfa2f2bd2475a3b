//! This dialect's part of the story: it reads a message's whole history.

use serde_json::Value;

use crate::kit::story::{Part, Reading, Scene, Teller, items, text};
use crate::kit::{Example, Login};

/// Reads every status that the text has had.
pub(super) struct ReadsHistory;

/// The code of what was delivered.
const DELIVERED: u64 = 201;

fn example(scene: &Scene, shows: &'static str, target: String) -> Example {
    let login = Login::Headers(vec![("Authorization", format!("Bearer {}", scene.secret))]);
    Example { shows, login, target, content: None }
}

impl Teller for ReadsHistory {
    fn part(&self) -> Part {
        Part::ReadsHistory
    }

    fn opens(&self, scene: &Scene) -> Example {
        let newest = format!("/v2/conversations/{}/mt?order=DESC&limit=5", scene.handset);
        example(scene, "the newest messages to somebody", newest)
    }

    fn reads(&self, scene: &Scene, answers: &[Value]) -> Reading {
        match answers {
            [list] => {
                let ours = |message: &&Value| {
                    text(message, "body") == scene.text && text(message, "reference") == scene.reference
                };
                let Some(message) = items(list).iter().find(ours) else {
                    return Reading::missing("the text is not there");
                };
                let (batch, id) = (text(message, "batchId"), text(message, "id"));
                let next = format!("/v2/batches/{batch}/messages/{id}");
                let shown = format!("message {id}, batch {batch}, status {}", message["statuses"][0]["code"]);
                Reading::leads(shown, example(scene, "a message with its history", next))
            }
            [.., message] => history(scene, message),
            [] => Reading::missing("nothing was answered"),
        }
    }
}

/// The history is whole when it begins before the carrier and ends on the handset.
fn history(scene: &Scene, message: &Value) -> Reading {
    let statuses = items(&message["statuses"]);
    let code = |status: Option<&Value>| status.and_then(|status| status["code"].as_u64());
    if text(message, "body") != scene.text {
        return Reading::missing("the text is another one");
    }
    match (code(statuses.first()), code(statuses.last())) {
        (Some(101..=110), Some(DELIVERED)) => {}
        (_, Some(last)) => return Reading::missing(format!("it is not delivered yet: status {last}")),
        _ => return Reading::missing("it has no status"),
    }
    let told: Vec<String> = statuses
        .iter()
        .map(|status| {
            let created = text(status, "created");
            let time = created.split('T').nth(1).unwrap_or(created).trim_end_matches('Z');
            format!("{} at {time}", status["code"])
        })
        .collect();
    let (segments, price) = (&message["segments"], &message["price"]);
    let currency = text(message, "currency");
    Reading::Shows(format!("{}; {segments} segments, {price} {currency}", told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(scene: &Scene, codes: &[u16]) -> Value {
        let status = |code: &u16| json!({"created": "2026-11-22T04:23:38Z", "code": code, "duration": 0});
        let statuses: Vec<Value> = codes.iter().map(status).collect();
        json!({
            "id": "b", "batchId": "a", "body": scene.text, "reference": scene.reference, "segments": 2,
            "price": 0.1, "currency": "EUR", "statuses": statuses,
        })
    }

    #[test]
    fn the_text_is_found_and_awaited() {
        let scene = Scene::new("u", "s", 1, 0);
        let list = json!([{"body": "another", "reference": null}, message(&scene, &[111])]);
        let Reading::Leads(shown, next) = ReadsHistory.reads(&scene, std::slice::from_ref(&list)) else {
            panic!("found")
        };
        assert_eq!(
            (shown.as_str(), next.target.as_str()),
            ("message b, batch a, status 111", "/v2/batches/a/messages/b")
        );
        let read = |codes: &[u16]| ReadsHistory.reads(&scene, &[list.clone(), message(&scene, codes)]);
        assert_eq!(read(&[102, 111]), Reading::missing("it is not delivered yet: status 111"));
        let told = "102 at 04:23:38, 201 at 04:23:38; 2 segments, 0.1 EUR";
        assert_eq!(read(&[102, 201]), Reading::Shows(told.to_owned()));
        assert!(matches!(read(&[201]), Reading::Missing(_)), "without its beginning it is not whole");
        for not in [json!([]), json!({}), json!([1, "x"])] {
            assert!(matches!(ReadsHistory.reads(&scene, &[not]), Reading::Missing(_)));
        }
    }
}
