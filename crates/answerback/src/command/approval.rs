//! `batch …` and `sender …`: from words to a request, and from its reply to words.

use service::senders::SenderStatus;

use super::render::to_the_second;
use super::table::{head, table};
use crate::admin::Request;
use crate::admin::approval::{ApprovalReply, ApprovalRequest, DecidedView, HeldView, SenderView};
use crate::cli::approval::{BatchArgs, BatchCommand, SenderArgs, SenderCommand};

/// Letters of a text that a list shows.
const SHOWN: usize = 40;

/// The request of `batch …`.
pub(super) fn batch(command: BatchCommand) -> Request {
    let ask = match command {
        BatchCommand::Held { owner } => ApprovalRequest::Held { account: owner.account },
        BatchCommand::Release(BatchArgs { owner, batch }) => {
            ApprovalRequest::Release { account: owner.account, batch }
        }
        BatchCommand::Refuse(BatchArgs { owner, batch }) => {
            ApprovalRequest::Refuse { account: owner.account, batch }
        }
    };
    Request::Approval { ask }
}

/// The request of `sender …`.
pub(super) fn sender(command: SenderCommand) -> Request {
    let ask = match command {
        SenderCommand::List { owner, pending } => {
            ApprovalRequest::Senders { account: owner.account, pending }
        }
        SenderCommand::Approve(SenderArgs { owner, sender }) => {
            ApprovalRequest::ApproveSender { account: owner.account, sender }
        }
        SenderCommand::Refuse(SenderArgs { owner, sender }) => {
            ApprovalRequest::RefuseSender { account: owner.account, sender }
        }
    };
    Request::Approval { ask }
}

/// A reply as people read it.
pub(super) fn words(reply: &ApprovalReply) -> String {
    match reply {
        ApprovalReply::Held(list) => held(list),
        ApprovalReply::Decided(DecidedView { batch, released, messages }) => {
            let done = if *released { "released" } else { "refused" };
            format!("{done} {messages} messages of batch {batch}\n")
        }
        ApprovalReply::Senders(list) => senders(list),
        ApprovalReply::Sender(one) => senders(std::slice::from_ref(one)),
    }
}

/// A reply as `--json` prints it.
pub(super) fn document(reply: &ApprovalReply) -> serde_json::Result<serde_json::Value> {
    match reply {
        ApprovalReply::Held(list) => serde_json::to_value(list),
        ApprovalReply::Decided(decided) => serde_json::to_value(decided),
        ApprovalReply::Senders(list) => serde_json::to_value(list),
        ApprovalReply::Sender(one) => serde_json::to_value(one),
    }
}

fn held(list: &[HeldView]) -> String {
    if list.is_empty() {
        return "nothing waits for a person\n".to_owned();
    }
    let row = |batch: &HeldView| {
        vec![
            batch.batch.to_string(),
            to_the_second(&batch.created),
            batch.sender.clone().unwrap_or_default(),
            format!("{} of {}", batch.held, batch.messages),
            batch.segments.to_string(),
            head(&batch.text, SHOWN),
        ]
    };
    let heading = ["batch", "accepted", "sender", "messages held", "segments", "text"];
    table(&heading, &list.iter().map(row).collect::<Vec<_>>())
}

fn senders(list: &[SenderView]) -> String {
    let row = |sender: &SenderView| {
        let status = match sender.status {
            SenderStatus::Active => "in use",
            SenderStatus::Pending => "waits for review",
            SenderStatus::Rejected => "refused",
        };
        vec![
            sender.sender.clone(),
            status.to_owned(),
            to_the_second(&sender.created),
            head(&sender.explanation, SHOWN),
        ]
    };
    let heading = ["sender", "state", "registered", "what it is for"];
    table(&heading, &list.iter().map(row).collect::<Vec<_>>())
}
