//! `reply …` and `opt-out …`: from words to a request, and from its reply to words.

use service::auto_replies::AutoReply;

use super::render::to_the_second;
use super::render_sending::rest;
use super::table::{head, table};
use crate::admin::Request;
use crate::admin::answers::{AnswersReply, AnswersRequest, OptOutView, ReplyView};
use crate::cli::answers::{OptOutCommand, PhoneArgs, ReplyArgs, ReplyCommand};

/// Letters of an answer that a list shows.
const SHOWN: usize = 60;

/// The request of `reply …`.
pub(super) fn reply(command: ReplyCommand) -> Request {
    let ask = match command {
        ReplyCommand::Add(ReplyArgs { owner, to, keyword, sender, text }) => {
            let rule = AutoReply { number: 0, to, keyword, text, sender };
            AnswersRequest::AddReply { account: owner.account, rule }
        }
        ReplyCommand::List { owner } => AnswersRequest::Replies { account: owner.account },
        ReplyCommand::Remove { owner, rule } => AnswersRequest::RemoveReply { account: owner.account, rule },
    };
    Request::Answers { ask }
}

/// The request of `opt-out …`.
pub(super) fn opt_out(command: OptOutCommand) -> Request {
    let ask = match command {
        OptOutCommand::List { owner, phone, limit } => {
            AnswersRequest::OptOuts { account: owner.account, phone, limit }
        }
        OptOutCommand::Add(PhoneArgs { owner, phone }) => {
            AnswersRequest::OptOut { account: owner.account, phone }
        }
        OptOutCommand::Lift(PhoneArgs { owner, phone }) => {
            AnswersRequest::LiftOptOut { account: owner.account, phone }
        }
    };
    Request::Answers { ask }
}

/// A reply as people read it.
pub(super) fn words(reply: &AnswersReply) -> String {
    match reply {
        AnswersReply::Replies(rules) => replies(rules),
        AnswersReply::OptOuts(view) => {
            let listed = opt_outs(&view.opt_outs);
            format!("{listed}{}", rest(view.opt_outs.len(), view.total, "numbers opted out"))
        }
        AnswersReply::OptOut(one) => opt_outs(std::slice::from_ref(one)),
        AnswersReply::Lifted(view) => format!("{} is written to again\n", view.lifted),
    }
}

/// A reply as `--json` prints it.
pub(super) fn document(reply: &AnswersReply) -> serde_json::Result<serde_json::Value> {
    match reply {
        AnswersReply::Replies(rules) => serde_json::to_value(rules),
        AnswersReply::OptOuts(view) => serde_json::to_value(view),
        AnswersReply::OptOut(one) => serde_json::to_value(one),
        AnswersReply::Lifted(view) => serde_json::to_value(view),
    }
}

fn replies(rules: &[ReplyView]) -> String {
    let row = |rule: &ReplyView| {
        let or = |text: &Option<String>, other: &str| text.clone().unwrap_or_else(|| other.to_owned());
        vec![
            rule.rule.to_string(),
            or(&rule.to, "(any)"),
            or(&rule.keyword, "(any)"),
            or(&rule.sender, "(number written to)"),
            head(&rule.text, SHOWN),
        ]
    };
    let heading = ["rule", "to", "keyword", "answered from", "text"];
    table(&heading, &rules.iter().map(row).collect::<Vec<_>>())
}

fn opt_outs(list: &[OptOutView]) -> String {
    let row = |opt_out: &OptOutView| {
        let proof = opt_out.message.map_or_else(String::new, |number| format!("message {number}"));
        vec![opt_out.phone.clone(), to_the_second(&opt_out.since), opt_out.source.clone(), proof]
    };
    table(&["number", "since", "by", "proof"], &list.iter().map(row).collect::<Vec<_>>())
}
