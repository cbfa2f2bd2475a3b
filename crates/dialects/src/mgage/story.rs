//! This dialect's part of the story: it exports.

use serde_json::Value;
use sms::Micros;

use crate::kit::story::{Part, Reading, Scene, Teller, items, text};
use crate::kit::{Example, Login};

/// Exports the text and its reply.
pub(super) struct Exports;

impl Teller for Exports {
    fn part(&self) -> Part {
        Part::Exports
    }

    fn opens(&self, scene: &Scene) -> Example {
        let mut since = String::new();
        Micros::from_seconds(scene.since).write_seconds(&mut since);
        let program = scene.program;
        let target = format!("/api/messages/program/{program}?startDate={since}&pageSize=50");
        Example { shows: "a program's messages since then", login: Login::Basic, target, content: None }
    }

    fn reads(&self, scene: &Scene, answers: &[Value]) -> Reading {
        let page = answers.last().unwrap_or(&Value::Null);
        let messages = items(&page["data"]["messages"]);
        let find = |kind: &str, status: &str, body: &str| {
            messages.iter().find(|message| {
                text(message, "type") == kind
                    && text(message, "deliveryStatus") == status
                    && text(message, "number") == scene.handset
                    && text(message, "body") == body
            })
        };
        match (find("MT", "Delivered", &scene.text), find("MO", "Received", &scene.reply)) {
            (Some(sent), Some(reply)) => Reading::Shows(format!(
                "MT Delivered, {}; MO Received {:?}, {}",
                text(sent, "date"),
                scene.reply,
                text(reply, "date")
            )),
            (None, _) => Reading::missing("the delivered text is not there"),
            (_, None) => Reading::missing("the reply is not there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_are_exported() {
        let scene = Scene::new("u", "s", 4, 1_795_000_000);
        let target = Exports.opens(&scene).target;
        assert_eq!(target, "/api/messages/program/4?startDate=2026-11-18T11:06:40&pageSize=50");
        let sent = |status: &str| json!({"type": "MT", "deliveryStatus": status, "number": scene.handset, "body": scene.text, "date": "a"});
        let reply = json!({"type": "MO", "deliveryStatus": "Received", "number": scene.handset, "body": "Yes", "date": "b"});
        let read = |messages: Vec<Value>| Exports.reads(&scene, &[json!({"data": {"messages": messages}})]);
        let told = "MT Delivered, a; MO Received \"Yes\", b";
        assert_eq!(read(vec![sent("Delivered"), reply.clone()]), Reading::Shows(told.to_owned()));
        assert_eq!(read(vec![sent("Sent"), reply]), Reading::missing("the delivered text is not there"));
        assert_eq!(read(vec![sent("Delivered")]), Reading::missing("the reply is not there"));
        assert!(matches!(Exports.reads(&scene, &[]), Reading::Missing(_)));
    }
}
