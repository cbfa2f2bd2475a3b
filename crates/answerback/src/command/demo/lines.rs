//! What the demonstration says of itself: where it is, who may ask, and lines to ask with.

use std::path::Path;

use dialects::kit::{Content, Example, Holdings, Login};
use serde_json::json;

use super::super::output;
use crate::cli::Globals;
use crate::cli::serving::DemoArgs;
use crate::failure::Failure;

/// Says where it is and who may ask; for machines, the examples too.
pub(super) fn greet(
    globals: &Globals,
    args: &DemoArgs,
    path: &Path,
    address: &str,
    holdings: &Holdings,
) -> Result<(), Failure> {
    let (username, secret) = (&holdings.username, &holdings.secret);
    if globals.json {
        let told: Vec<_> = examples(holdings)
            .iter()
            .map(|(dialect, example)| {
                let curl = curl(address, username, secret, example);
                json!({ "dialect": dialect, "shows": example.shows, "curl": curl })
            })
            .collect();
        return output::print_json(&json!({
            "listening": address, "data": path.display().to_string(),
            "username": username, "key": secret, "examples": told,
        }));
    }
    let live = match args.rate {
        0 => String::new(),
        rate => format!(
            "About {rate} messages a second are being sent, and people answer: by a simulator, so that nothing\n\
             leaves this machine.\n\n"
        ),
    };
    let text = format!(
        "\nAnswering on {address}: {} messages of a year, in a ledger that is gone when this ends.\n\n\
         {live}\
         user name  {username}\nkey        {secret}\n\nOne key works in every dialect.\n\n",
        args.messages
    );
    output::print(text.as_bytes())
}

/// Prints a line to try for every example, and how to stop.
pub(super) fn invite(path: &Path, address: &str, holdings: &Holdings) -> Result<(), Failure> {
    let mut text = "Try:\n\n".to_owned();
    for (dialect, example) in &examples(holdings) {
        let curl = curl(address, &holdings.username, &holdings.secret, example);
        text.push_str(&format!("# {dialect}: {}\n{curl}\n\n", example.shows));
    }
    text.push_str(&format!(
        "Commands work beside it, such as: answerback check --data {}\n\
         Ctrl-C stops it; nothing stays behind.\n",
        path.display()
    ));
    output::print(text.as_bytes())
}

/// Every dialect's examples, under its name.
fn examples(holdings: &Holdings) -> Vec<(&'static str, Example)> {
    dialects::all()
        .iter()
        .flat_map(|dialect| dialect.examples(holdings).into_iter().map(|example| (dialect.id(), example)))
        .collect()
}

/// A line for a shell.
pub(super) fn curl(address: &str, username: &str, secret: &str, example: &Example) -> String {
    let mut line = "curl -s".to_owned();
    match &example.login {
        Login::Basic => line.push_str(&format!(" -u {}", quoted(&format!("{username}:{secret}")))),
        Login::Headers(headers) => {
            for (name, value) in headers {
                line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
            }
        }
    }
    if let Some(Content { media_type, body }) = &example.content {
        // `-d` makes it a POST.
        line.push_str(&format!(" -H {} -d {}", quoted(&format!("Content-Type: {media_type}")), quoted(body)));
    }
    line.push_str(&format!(" {}", quoted(&format!("{address}{}", example.target))));
    line
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_ready_for_a_shell() {
        let line = |example: &Example| curl("http://127.0.0.1:1", "demo", "s'1", example);
        let mut example =
            Example { shows: "all", login: Login::Basic, target: "/a?b=c&d".to_owned(), content: None };
        assert_eq!(line(&example), "curl -s -u 'demo:s'\\''1' 'http://127.0.0.1:1/a?b=c&d'");
        example.login = Login::Headers(vec![("X-Key", "k".to_owned())]);
        assert_eq!(line(&example), "curl -s -H 'X-Key: k' 'http://127.0.0.1:1/a?b=c&d'");
        let posted =
            "curl -s -H 'X-Key: k' -H 'Content-Type: text/plain' -d 'it'\\''s' 'http://127.0.0.1:1/a?b=c&d'";
        assert_eq!(line(&example.posting("text/plain", "it's".to_owned())), posted);
    }
}
