//! Webhooks as their owners set them up (reference 2.10). What is pushed to them is `webhook`.

use http::StatusCode;
use service::LedgerError;
use service::webhooks::{Target, TargetError, TargetReport, Wants};

use super::answer::Answer;
use super::call::{Call, Done, member};
use super::error::Failure;
use super::webhook::ID;

/// The types that are told of anything here. Links are not shortened and balances not watched, so there is
/// nothing to say to `CLICKER` and `BALANCE_ALERT`; they are refused rather than kept in silence.
const TYPES: [(&str, Wants); 3] = [
    ("DLR", Wants { mt: true, mo: false, opt_out: false }),
    ("MO", Wants { mt: false, mo: true, opt_out: false }),
    ("STOP", Wants { mt: false, mo: false, opt_out: true }),
];

/// `GET /webhook`.
pub(super) async fn list(call: &Call<'_>) -> Done {
    let mut reports = Vec::new();
    for target in call.service.webhooks(call.account()).await? {
        if target.shape == ID {
            reports.push(call.service.webhook_report(call.account(), target.number).await?);
        }
    }
    let mut answer = call.success();
    answer.list("webhooks", &reports, write);
    Ok(answer.finish(StatusCode::OK))
}

/// `POST /webhook`.
pub(super) async fn create(call: &Call<'_>) -> Done {
    let target = read(call, Target::new(ID, "", Wants::default()))?;
    kept(call, target).await
}

/// `PUT /webhook/{id}`. A signature that is not named stays.
pub(super) async fn update(call: &Call<'_>) -> Done {
    let known = find(call).await?;
    // Whoever sets it up anew wants it told.
    let target = Target { disabled: None, ..read(call, known)? };
    kept(call, target).await
}

/// `DELETE /webhook/{id}`.
pub(super) async fn remove(call: &Call<'_>) -> Done {
    let target = find(call).await?;
    call.service.remove_webhook(call.account(), target.number).await?;
    let mut answer = call.success();
    answer.digits("deleted_id", target.number);
    Ok(answer.finish(StatusCode::OK))
}

/// The webhook of the path.
async fn find(call: &Call<'_>) -> Result<Target, Failure> {
    let found = call.service.webhook(call.account(), call.number()?).await?;
    let ours = found.filter(|target| target.shape == ID);
    ours.ok_or(Failure::Resource("there is no such webhook"))
}

/// A target with what the body says of it.
fn read(call: &Call<'_>, known: Target) -> Result<Target, Failure> {
    let fields = call.fields(&["webhook"])?;
    let word = member(fields, "type")?;
    let wants = TYPES.into_iter().find(|(name, _)| word.as_deref() == Some(name)).map(|(_, wants)| wants);
    let wants = wants.ok_or(Failure::Data { parameter: "type", problem: "is none of DLR, MO and STOP" })?;
    let url = member(fields, "url")?.map(|url| url.trim().to_owned());
    let url = url.ok_or(Failure::Data { parameter: "url", problem: "is missing" })?;
    if service::webhooks::target::url_fault(&url).is_some() {
        return Err(Failure::Data { parameter: "url", problem: "is no URL that can be called" });
    }
    let signature = member(fields, "signature")?;
    if signature.as_deref().is_some_and(|text| !is_header_value(text)) {
        let problem = "is longer than 255 characters, or holds some that no header can";
        return Err(Failure::Data { parameter: "signature", problem });
    }
    let secret = if fields.contains_key("signature") { signature } else { known.secret.clone() };
    Ok(Target { wants, url, secret, ..known })
}

/// Whether a signature can be sent: printable ASCII, not too long.
fn is_header_value(text: &str) -> bool {
    text.len() <= 255 && text.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ')
}

async fn kept(call: &Call<'_>, target: Target) -> Done {
    let kept = call.service.put_webhook(call.account(), target).await.map_err(|error| match error {
        TargetError::Ledger(error) => Failure::Ledger(error),
        TargetError::TooMany => {
            Failure::Data { parameter: "webhook", problem: "is one more than there may be" }
        }
        TargetError::Url(_) | TargetError::WantsNothing => {
            Failure::Ledger(LedgerError::Store("a webhook that was judged is refused".to_owned()))
        }
    })?;
    let report = call.service.webhook_report(call.account(), kept.number).await?;
    let mut answer = call.success();
    answer.object("webhook", |answer| write(answer, &report));
    Ok(answer.finish(StatusCode::OK))
}

/// The fields of a webhook.
fn write(answer: &mut Answer, report: &TargetReport) {
    let TargetReport { target, state, .. } = report;
    let Wants { mt, mo, .. } = target.wants;
    answer.digits("webhook_id", target.number);
    answer.text(
        "type",
        if mt {
            "DLR"
        } else if mo {
            "MO"
        } else {
            "STOP"
        },
    );
    answer.text("url", &target.url);
    answer.text_or_null("signature", target.secret.as_deref());
    answer.text("status", if target.disabled.is_none() { "live" } else { "disabled" });
    match state.last_code {
        Some(code) => answer.integer("last_http_code", code),
        None => answer.null("last_http_code"),
    }
}
