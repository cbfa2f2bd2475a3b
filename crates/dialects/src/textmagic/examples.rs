//! Requests to try this dialect with.

use sms::BatchKey;

use super::values::PREFIX;
use crate::kit::params::encode;
use crate::kit::{Example, Holdings, Login};

/// Sessions, the messages of one, and chats; a send.
pub(super) fn examples(holdings: &Holdings) -> Vec<Example> {
    let example = |shows, target: String| {
        let login = vec![("X-TM-Username", holdings.username.clone()), ("X-TM-Key", holdings.secret.clone())];
        Example { shows, login: Login::Headers(login), target: format!("{PREFIX}{target}"), content: None }
    };
    let text = encode("Sent through Textmagic's messages");
    let send = format!("text={text}&phones={}&referenceId=example", holdings.handset);
    let form = "application/x-www-form-urlencoded";
    let mut all = vec![
        example("the newest messages", "/messages?limit=5".to_owned()),
        example("the newest sessions, one submission each", "/sessions?limit=5".to_owned()),
    ];
    if let Some((batch, _)) = &holdings.batch
        && let BatchKey::Mt(number) = batch.key
    {
        all.push(example("the messages of a session", format!("/sessions/{number}/messages?limit=5")));
    }
    all.push(example("the chats", "/chats?limit=5".to_owned()));
    if let Some(chat) = &holdings.chat {
        all.push(example(
            "what was written in one of them, the newest first",
            format!("/chats/{}/message?limit=5", chat.number),
        ));
    }
    all.push(example("send a message", "/messages".to_owned()).posting(form, send));
    all
}
