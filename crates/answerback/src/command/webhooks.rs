//! `webhook …`: from words to a request, and from its reply to words.

use std::path::Path;

use service::webhooks::Wants;
use service::webhooks::target::shown;

use super::table::table;
use crate::admin::Request;
use crate::admin::webhooks::{AddedView, DeadView, NewWebhook, WebhookReply, WebhookRequest, WebhookView};
use crate::cli::webhooks::{AddArgs, One, WebhookCommand, What};
use crate::failure::Failure;

/// The request of a command; `read` fetches a secret that is in use already.
pub(super) fn request(
    command: WebhookCommand,
    read: impl FnOnce(Option<String>, Option<&Path>) -> Result<String, Failure>,
) -> Result<Request, Failure> {
    use WebhookRequest as Ask;
    let of = |One { owner, webhook }: One| (owner.account, webhook);
    let ask = match command {
        WebhookCommand::Add(args) => add(args, read)?,
        WebhookCommand::List { owner } => Ask::List { account: owner.account },
        WebhookCommand::Show(one) => {
            let (account, webhook) = of(one);
            Ask::Show { account, webhook }
        }
        WebhookCommand::Remove(one) => {
            let (account, webhook) = of(one);
            Ask::Remove { account, webhook }
        }
        WebhookCommand::Disable(one) => {
            let (account, webhook) = of(one);
            Ask::Disable { account, webhook }
        }
        WebhookCommand::Enable(one) => {
            let (account, webhook) = of(one);
            Ask::Enable { account, webhook }
        }
        WebhookCommand::Dead { one, after, limit } => {
            let (account, webhook) = of(one);
            Ask::Dead { account, webhook, after, limit }
        }
        WebhookCommand::Retry { one, event } => {
            let (account, webhook) = of(one);
            Ask::Retry { account, webhook, event }
        }
        WebhookCommand::Replay { one, from, to } => {
            let (account, webhook) = of(one);
            Ask::Replay { account, webhook, from, to }
        }
    };
    Ok(Request::Webhook { ask })
}

fn add(
    args: AddArgs,
    read: impl FnOnce(Option<String>, Option<&Path>) -> Result<String, Failure>,
) -> Result<WebhookRequest, Failure> {
    let AddArgs { owner, url, shape, what, options, secret_file } = args;
    let wanted = |one| what.is_empty() || what.contains(&one);
    let wants = Wants { mt: wanted(What::Mt), mo: wanted(What::Mo), opt_out: wanted(What::OptOut) };
    let secret = match secret_file.as_deref() {
        None => None,
        Some(path) if path == Path::new("-") => Some(read(None, None)?),
        Some(path) => Some(read(None, Some(path))?),
    };
    let new = NewWebhook { url, shape, wants, options: options.into_iter().collect(), secret };
    Ok(WebhookRequest::Add { account: owner.account, new })
}

/// A reply as people read it.
pub(super) fn words(reply: &WebhookReply) -> String {
    match reply {
        WebhookReply::Added(added) => added_words(added),
        WebhookReply::One(view) => one(view),
        WebhookReply::List(views) => list(views),
        WebhookReply::Removed(removed) => format!("removed webhook {}\n", removed.webhook),
        WebhookReply::Dead(letters) => dead(letters),
        WebhookReply::Again(again) => format!("{} events are told again\n", again.events),
    }
}

/// A reply as `--json` prints it.
pub(super) fn document(reply: &WebhookReply) -> serde_json::Result<serde_json::Value> {
    match reply {
        WebhookReply::Added(added) => serde_json::to_value(added),
        WebhookReply::One(view) => serde_json::to_value(view),
        WebhookReply::List(views) => serde_json::to_value(views),
        WebhookReply::Removed(removed) => serde_json::to_value(removed),
        WebhookReply::Dead(letters) => serde_json::to_value(letters),
        WebhookReply::Again(again) => serde_json::to_value(again),
    }
}

fn added_words(added: &AddedView) -> String {
    let mut text = format!("added webhook {} ({})\n", added.webhook, added.shape);
    if let Some(secret) = &added.secret {
        text.push_str(&format!(
            "\nsecret  {secret}\n\nThe secret is shown only here; calls are signed with it (docs/webhooks.md).\n"
        ));
    }
    text
}

fn state(view: &WebhookView) -> String {
    match (&view.disabled, &view.failing_since) {
        (Some(reason), _) => format!("disabled: {reason}"),
        (None, Some(since)) => format!("failing since {since}"),
        (None, None) => "told".to_owned(),
    }
}

fn list(views: &[WebhookView]) -> String {
    let row = |view: &WebhookView| {
        vec![
            view.webhook.to_string(),
            view.shape.clone(),
            view.what.join(","),
            shown(&view.url),
            state(view),
            view.position.to_string(),
            view.waiting.to_string(),
            view.dead.to_string(),
        ]
    };
    let heading = ["webhook", "shape", "what", "address", "state", "position", "waiting", "dead"];
    table(&heading, &views.iter().map(row).collect::<Vec<_>>())
}

fn one(view: &WebhookView) -> String {
    let options: Vec<String> = view.options.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let code = view.last_code.map_or_else(|| "none yet".to_owned(), |code| code.to_string());
    let rows = [
        ("webhook", view.webhook.to_string()),
        ("shape", view.shape.clone()),
        ("address", view.url.clone()),
        ("what", view.what.join(",")),
        ("options", options.join(" ")),
        ("secret", if view.has_secret { "set" } else { "none" }.to_owned()),
        ("state", state(view)),
        ("created", view.created.clone()),
        ("told up to event", view.position.to_string()),
        ("waiting", view.waiting.to_string()),
        ("given up", view.dead.to_string()),
        ("last answer", code),
        ("last complaint", view.complaint.clone().unwrap_or_else(|| "none".to_owned())),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    table(&["", ""], &rows)
}

fn dead(letters: &[DeadView]) -> String {
    let row = |letter: &DeadView| {
        vec![
            letter.event.to_string(),
            letter.message.to_string(),
            letter.state.clone(),
            letter.at.clone(),
            letter.attempts.to_string(),
            letter.died.clone(),
            letter.error.clone(),
        ]
    };
    let heading = ["event", "message", "state", "at", "attempts", "given up", "error"];
    table(&heading, &letters.iter().map(row).collect::<Vec<_>>())
}
