//! Requests to try this dialect with.

use super::local_time::LocalTime;
use crate::kit::params::encode;
use crate::kit::{Example, Holdings, Login};

/// A period's messages, as JSON and as XML.
pub(super) fn examples(holdings: &Holdings) -> Vec<Example> {
    let mut local = LocalTime::default();
    let period = format!(
        "date_start={}&date_end={}",
        encode(&local.text(holdings.from)),
        encode(&local.text(holdings.to))
    );
    let example = |shows, accept: &str, rest: &str| {
        let bearer = format!("Bearer {}", holdings.secret);
        let login = vec![("Authorization", bearer), ("Accept", accept.to_owned())];
        Example {
            shows,
            login: Login::Headers(login),
            target: format!("/messages?{period}&{rest}"),
            content: None,
        }
    };
    vec![
        example("the newest messages of a period", "application/json", "sort=-date&length=5"),
        example("what was received in it, as XML", "application/xml", "type=messages-in&length=5"),
    ]
}
