//! Requests to try this dialect with.

use super::ids::{batch_id, message_id};
use crate::kit::{Example, Holdings, Login};

/// A batch, its messages, and one of them; a send.
pub(super) fn examples(holdings: &Holdings) -> Vec<Example> {
    let example = |shows, target: String| {
        let login = vec![("Authorization", format!("Bearer {}", holdings.secret))];
        Example { shows, login: Login::Headers(login), target, content: None }
    };
    let mut all = vec![example("the newest batches", "/v2/batches?order=DESC&limit=5".to_owned())];
    if let Some((batch, message)) = &holdings.batch {
        let batch = batch_id(holdings.account, batch);
        let message = message_id(holdings.account, message);
        all.push(example("a batch with its sums", format!("/v2/batches/{batch}")));
        all.push(example("the messages of it", format!("/v2/batches/{batch}/messages?limit=5")));
        all.push(example("one of them, with its history", format!("/v2/batches/{batch}/messages/{message}")));
    }
    let send = serde_json::json!({
        "sender": "Answerback",
        "recipients": [holdings.handset],
        "body": "Sent through the batches of iP1",
        "reference": "example",
    });
    all.push(example("send a batch", "/v2/batches".to_owned()).posting("application/json", send.to_string()));
    all
}
