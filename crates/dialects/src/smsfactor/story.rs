//! This dialect's part of the story: it sends.

use serde_json::Value;

use crate::kit::story::{Part, Reading, Scene, Teller};
use crate::kit::{Example, Login};

/// Sends the text.
pub(super) struct Sends;

impl Teller for Sends {
    fn part(&self) -> Part {
        Part::Sends
    }

    fn opens(&self, scene: &Scene) -> Example {
        let bearer = format!("Bearer {}", scene.secret);
        let login =
            Login::Headers(vec![("Authorization", bearer), ("Accept", "application/json".to_owned())]);
        let send = serde_json::json!({ "sms": {
            "message": { "text": scene.text, "sender": scene.own },
            "recipients": { "gsm": [{ "value": scene.handset, "gsmsmsid": scene.reference }] },
        } });
        let example = Example { shows: "send a message", login, target: "/send".to_owned(), content: None };
        example.posting("application/json", send.to_string())
    }

    fn reads(&self, _: &Scene, answers: &[Value]) -> Reading {
        let answer = answers.last().unwrap_or(&Value::Null);
        if answer["status"] != 1 || answer["sent"] != 1 {
            return Reading::missing(format!("it was not sent: {answer}"));
        }
        let ticket = answer["ticket"].as_str().unwrap_or_default();
        Reading::Shows(format!("ticket {ticket}: 1 sent, {} credits", answer["cost"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_was_sent_is_shown() {
        let scene = Scene::new("u", "s", 1, 0);
        let sent = json!({"status": 1, "message": "OK", "ticket": "7", "cost": 2, "sent": 1});
        assert_eq!(Sends.reads(&scene, &[sent]), Reading::Shows("ticket 7: 1 sent, 2 credits".to_owned()));
        for not in [json!({"status": -3}), json!({"status": 1, "sent": 0}), json!([])] {
            assert!(matches!(Sends.reads(&scene, &[not]), Reading::Missing(_)));
        }
    }
}
