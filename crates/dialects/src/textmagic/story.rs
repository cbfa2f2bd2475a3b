//! This dialect's part of the story: it shows the conversation.

use serde_json::Value;

use super::values::PREFIX;
use crate::kit::story::{Part, Reading, Scene, Teller, items, text};
use crate::kit::{Example, Login};

/// Shows the text in a chat, with its reply.
pub(super) struct ShowsConversation;

fn example(scene: &Scene, shows: &'static str, target: &str) -> Example {
    let login = vec![("X-TM-Username", scene.username.clone()), ("X-TM-Key", scene.secret.clone())];
    Example { shows, login: Login::Headers(login), target: format!("{PREFIX}{target}"), content: None }
}

impl Teller for ShowsConversation {
    fn part(&self) -> Part {
        Part::ShowsConversation
    }

    fn opens(&self, scene: &Scene) -> Example {
        example(scene, "the chat with somebody", &format!("/chats/{}/by/phone", scene.handset))
    }

    fn reads(&self, scene: &Scene, answers: &[Value]) -> Reading {
        match answers {
            [chat] => {
                let Some(id) = chat["id"].as_u64() else { return Reading::missing("there is no chat") };
                let shown = format!("chat {id}, {} unread: {:?}", chat["unread"], text(chat, "lastMessage"));
                let next = format!("/chats/{id}/message?limit=5");
                Reading::leads(shown, example(scene, "what was written in it", &next))
            }
            [.., page] => talk(scene, &page["resources"]),
            [] => Reading::missing("nothing was answered"),
        }
    }
}

/// The reply, and the text before it.
fn talk(scene: &Scene, newest_first: &Value) -> Reading {
    let lines = items(newest_first);
    let line = |direction: &str, said: &str| {
        lines.iter().position(|line| text(line, "direction") == direction && text(line, "text") == said)
    };
    match (line("in", &scene.reply), line("out", &scene.text)) {
        (Some(reply), Some(sent)) if reply < sent => {
            let (status, time) = (text(&lines[sent], "status"), text(&lines[reply], "messageTime"));
            Reading::Shows(format!("out: the text, status {status}; in: {:?} at {time}", scene.reply))
        }
        (Some(_), Some(_)) => Reading::missing("the reply stands before the text"),
        (None, _) => Reading::missing("the reply is not there"),
        (_, None) => Reading::missing("the text is not there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_conversation_has_both_in_their_order() {
        let scene = Scene::new("u", "s", 1, 0);
        let chat = json!({"id": 3, "unread": 1, "lastMessage": "Yes"});
        let Reading::Leads(shown, next) = ShowsConversation.reads(&scene, std::slice::from_ref(&chat)) else {
            panic!("found")
        };
        assert_eq!(
            (shown.as_str(), next.target.as_str()),
            ("chat 3, 1 unread: \"Yes\"", "/api/v2/chats/3/message?limit=5")
        );
        let sent = json!({"direction": "out", "text": scene.text, "status": "d"});
        let reply = json!({"direction": "in", "text": "Yes", "messageTime": "2026-11-22T04:23:38+0000"});
        let read = |lines: Vec<&Value>| {
            ShowsConversation.reads(&scene, &[chat.clone(), json!({"resources": lines})])
        };
        let told = "out: the text, status d; in: \"Yes\" at 2026-11-22T04:23:38+0000";
        assert_eq!(read(vec![&reply, &sent]), Reading::Shows(told.to_owned()));
        assert_eq!(read(vec![&sent]), Reading::missing("the reply is not there"));
        assert_eq!(read(vec![&reply]), Reading::missing("the text is not there"));
        assert_eq!(read(vec![&sent, &reply]), Reading::missing("the reply stands before the text"));
        assert!(matches!(ShowsConversation.reads(&scene, &[json!([])]), Reading::Missing(_)));
    }
}
