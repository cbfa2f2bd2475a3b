//! The caller's account (reference 2.8). Nobody is asked for a postal address here, so that most of it is empty;
//! it has no children, and no invoices.

use http::StatusCode;

use super::call::{Call, Done};
use super::credits::credits;
use super::error::Failure;
use super::local_time::ZONE;

/// `GET /account`.
pub(super) async fn show(call: &Call<'_>) -> Done {
    let account = &call.access.account;
    let settings = call.service.settings(account.id).await?;
    let mut answer = call.success();
    answer.object("account", |answer| {
        answer.digits("client_id", account.id.get());
        answer.null("parent_client_id");
        for key in ["email", "firstname", "lastname", "city"] {
            answer.text(key, "");
        }
        answer.text("type", "company");
        answer.text("company", &account.name);
        answer.text("phone", "");
        answer.text("address1", "");
        answer.null("address2");
        for key in ["zip", "country"] {
            answer.text(key, "");
        }
        let country = settings.default_country.map(|country| country.to_string());
        answer.text("country_code", country.as_deref().unwrap_or_default());
        answer.text("lang", "");
        answer.digits("credits", credits(account.prepaid, account.balance));
        answer.text("unlimited", "0");
        answer.text("description", "");
        answer.text("senderid", settings.default_sender.as_deref().unwrap_or_default());
        answer.text("status", "1");
        answer.text("time_zone", ZONE);
        answer.boolean("has_verified_email", false);
        answer.null("whitelabel_id");
        answer.null("last_accept_gcs");
    });
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /sub-accounts`.
pub(super) fn children(call: &Call<'_>) -> Done {
    let mut answer = call.success();
    answer.list("sub-accounts", [(); 0], |_, ()| {});
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /sub-accounts/{id}`, `POST /token/account/{id}`.
pub(super) fn child() -> Done {
    Err(Failure::Resource("there is no such sub-account"))
}

/// `GET /account/invoice`.
pub(super) fn invoices(call: &Call<'_>) -> Done {
    let mut answer = call.success();
    answer.list("invoices", [(); 0], |_, ()| {});
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /account/invoice/{id}`, `GET /account/invoice/{id}/download`.
pub(super) fn invoice() -> Done {
    Err(Failure::Resource("there is no such invoice"))
}
