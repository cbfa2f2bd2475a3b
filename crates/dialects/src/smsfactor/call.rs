//! A request whose sender is known, on its way to what answers it.

use std::sync::LazyLock;

use serde_json::Value;
use service::{Access, Service};
use sms::{AccountId, Number};

use super::answer::Answer;
use super::body::{Body, Fields, Form};
use super::error::Failure;
use super::format::Format;
use crate::kit::{Params, Request, Response};

/// What an endpoint makes of a call.
pub(super) type Done = Result<Response, Failure>;

/// What a body without its wrapper has.
static NONE: LazyLock<Fields> = LazyLock::new(Fields::new);

/// A request that was authenticated.
pub(super) struct Call<'r> {
    /// The use cases.
    pub(super) service: &'r Service,
    /// The request as it came.
    pub(super) request: &'r Request,
    /// Who sent it.
    pub(super) access: Access,
    /// Its query.
    pub(super) query: Params,
    /// Its body.
    pub(super) body: Body,
    /// What to answer in.
    pub(super) format: Format,
    /// The texts of the path's `{…}` segments.
    pub(super) path: Vec<String>,
}

impl Call<'_> {
    /// The caller's account.
    pub(super) fn account(&self) -> AccountId {
        self.access.id()
    }

    /// The answer of a success, begun.
    pub(super) fn success(&self) -> Answer {
        Answer::success(self.format)
    }

    /// The whole answer of a success that has nothing more to say.
    pub(super) fn done(&self) -> Response {
        self.success().finish(http::StatusCode::OK)
    }

    /// The text of the path's first `{…}` segment.
    pub(super) fn id(&self) -> &str {
        self.path.first().map(String::as_str).unwrap_or_default()
    }

    /// The number there; whatever is none names nothing.
    pub(super) fn number(&self) -> Result<Number, Failure> {
        number(self.id()).ok_or(Failure::Resource("there is nothing of this id"))
    }

    /// The members inside the body's wrapper, which has one of these names. `[]` and an object without the
    /// wrapper have no members.
    pub(super) fn fields(&self, wrappers: &[&str]) -> Result<&Fields, Failure> {
        let top = self.top()?;
        let inner = wrappers.iter().find_map(|name| top?.get(*name)?.as_object());
        Ok(inner.unwrap_or(&NONE))
    }

    /// The members at the body's top, if it is an object.
    pub(super) fn top(&self) -> Result<Option<&Fields>, Failure> {
        match &self.body {
            Body::Read(value) => Ok(value.as_object()),
            Body::Absent => Err(Failure::Body(Form::Neither)),
            Body::Unreadable(form) => Err(Failure::Body(*form)),
        }
    }
}

/// Digits as a number of ours; `None` for what is none.
pub(super) fn number(text: &str) -> Option<Number> {
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}

/// The text of a member: numbers count as their digits; absent, null and empty are the same.
pub(super) fn member(fields: &Fields, name: &'static str) -> Result<Option<String>, Failure> {
    let text = match fields.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(truth)) => u8::from(*truth).to_string(),
        Some(Value::Array(_) | Value::Object(_)) => {
            return Err(Failure::Data { parameter: name, problem: "is not one value" });
        }
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}
