//! Requests to try this dialect with.

use sms::Micros;

use crate::kit::{Example, Holdings, Login};

/// A program's messages: all of the last year, and what was received.
pub(super) fn examples(holdings: &Holdings) -> Vec<Example> {
    let program = holdings.program;
    let example = |shows, query: &str| Example {
        shows,
        login: Login::Basic,
        target: format!("/api/messages/program/{program}?{query}"),
        content: None,
    };
    let mut now = String::new();
    Micros::from_seconds(holdings.now).write_seconds(&mut now);
    let default_program = holdings.default_program;
    let since = format!("/api/messages/program/{default_program}?startDate={now}&pageSize=50");
    vec![
        example("the messages of a program, page after page", "pageSize=5"),
        example("what was received in it", "messageType=MO&pageSize=5"),
        Example {
            target: since,
            ..example("what was sent and received since the start, by whichever API", "")
        },
    ]
}
