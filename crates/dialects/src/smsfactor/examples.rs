//! Requests to try this dialect with.

use super::local_time::LocalTime;
use crate::kit::params::encode;
use crate::kit::{Example, Holdings, Login};

/// A period's messages, as JSON and as XML, and a message that is sent: this vendor sends by `GET`, too.
pub(super) fn examples(holdings: &Holdings) -> Vec<Example> {
    let mut local = LocalTime::default();
    let period = format!(
        "date_start={}&date_end={}",
        encode(&local.text(holdings.from)),
        encode(&local.text(holdings.to))
    );
    let example = |shows, accept: &str, target: String| {
        let bearer = format!("Bearer {}", holdings.secret);
        let login = vec![("Authorization", bearer), ("Accept", accept.to_owned())];
        Example { shows, login: Login::Headers(login), target }
    };
    let list = |rest: &str| format!("/messages?{period}&{rest}");
    let mut examples = vec![
        example("the newest messages of a period", "application/json", list("sort=-date&length=5")),
        example("what was received in it, as XML", "application/xml", list("type=messages-in&length=5")),
    ];
    if let Some(chat) = &holdings.chat {
        let target = format!("/send?text={}&to={}", encode("Hello from here"), encode(&chat.peer));
        examples.push(example("a message sent", "application/json", target));
    }
    examples
}
