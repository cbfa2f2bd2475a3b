//! Sending, and what it would cost (reference 2.4).

use http::{Method, StatusCode};
use service::plan::{PlanSummary, Policy, SubmitRequest};
use sms::{Money, Number};

use super::answer::Answer;
use super::call::{Call, Done};
use super::credits::credits;
use super::error::{Failure, message};
use super::submission::{self, To, policy};
use crate::kit::idempotency::request_key;

/// Where callers put their credentials in a query: another credential is the same request.
const SECRET: [&str; 3] = ["token", "username", "password"];

/// Whether it is only asked what would become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Really {
    /// It is sent.
    Yes,
    /// It is only looked at.
    No,
}

/// `GET /send`, `GET /send/simulate`.
pub(super) async fn single(call: &Call<'_>, really: Really) -> Done {
    if call.request.method == Method::HEAD && really == Really::Yes {
        // Who asks for a head wants nothing done.
        return Err(Failure::Method(vec![Method::GET, Method::POST]));
    }
    run(call, submission::single(&call.query)?, &policy(false), really).await
}

/// `POST /send`, `POST /send/lists` and their simulations, and `POST /`.
pub(super) async fn campaign(call: &Call<'_>, to: To, really: Really) -> Done {
    let request = submission::campaign(call.fields(&["sms"])?, to)?;
    run(call, request, &policy(to == To::Lists), really).await
}

async fn run(call: &Call<'_>, request: SubmitRequest, policy: &Policy, really: Really) -> Done {
    let account = &call.access.account;
    match really {
        Really::No => {
            let summary = call.service.preview(account.id, request, policy).await?.summary;
            if !summary.covered {
                return Err(Failure::Funds);
            }
            Ok(told(call, 0, credits(account.prepaid, account.balance), &summary))
        }
        Really::Yes => {
            let key = request_key(call.request, &SECRET)?;
            let answer = call.service.submit(account.id, request, policy, key).await?;
            let left = credits(account.prepaid, answer.balance.unwrap_or(Money::ZERO));
            Ok(told(call, answer.batch, left, &answer.summary))
        }
    }
}

/// The answer: what it cost, what is left, and how many recipients became what. What waits for a person is
/// told by the status alone (5.21).
fn told(call: &Call<'_>, ticket: Number, left: i64, summary: &PlanSummary) -> crate::kit::Response {
    let counts = &summary.counts;
    let mut answer = match counts.held {
        0 => call.success(),
        _ => {
            let mut answer = Answer::new(call.format, MODERATED, message(MODERATED));
            answer
                .text("details", "the campaign waits for a person; it is not lost, and not to be sent again");
            answer
        }
    };
    answer.digits("ticket", ticket);
    answer.integer("cost", summary.credits);
    answer.integer("credits", left);
    for (key, count) in [
        ("total", counts.total),
        ("sent", counts.sendable),
        ("blacklisted", counts.opted_out),
        ("duplicated", counts.duplicated),
        ("invalid", counts.invalid),
        ("npai", counts.unassigned),
        ("not_allowed", counts.not_allowed),
        // Nothing here limits how much is sent, to whom or where to.
        ("flood", 0),
        ("country_limit", 0),
    ] {
        answer.integer(key, count);
    }
    answer.finish(StatusCode::OK)
}

/// The status of a campaign that a person has yet to look at.
const MODERATED: i32 = -8;

/// `DELETE /send/{ticket}`: withdraws what was not sent yet. Of what recurs only this occurrence goes.
pub(super) async fn cancel(call: &Call<'_>) -> Done {
    let withdrawal = call.service.withdraw(call.account(), call.number()?).await?;
    if withdrawal.canceled == 0 {
        return Err(Failure::Resource("nothing of this campaign waits to be sent"));
    }
    let account = &call.access.account;
    let mut answer = call.success();
    answer.integer("credits", credits(account.prepaid, withdrawal.balance.unwrap_or(Money::ZERO)));
    Ok(answer.finish(StatusCode::OK))
}
