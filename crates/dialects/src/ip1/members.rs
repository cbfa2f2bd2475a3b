//! Members of a JSON body, as the vendor reads them: names in any case, null like absent, strangers passed over.

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::error::Failure;
use crate::kit::Request;

/// What some writers of UTF-8 put before it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The body of a request as JSON.
pub(super) fn body(request: &Request) -> Result<Value, Failure> {
    let text = request.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&request.body);
    serde_json::from_slice(text).map_err(|_| {
        let content_type = request.header(CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
        // What curl says of any body when it is told nothing is no statement about this one.
        let unsaid = content_type.is_empty() || content_type.starts_with("application/x-www-form-urlencoded");
        if unsaid || content_type.contains("json") { Failure::Body } else { Failure::ContentType }
    })
}

/// A JSON object whose members are taken one by one. What is wrong with them is gathered, so that the caller
/// learns all of it at once.
#[derive(Debug)]
pub(super) struct Members {
    map: Map<String, Value>,
    errors: Vec<(Cow<'static, str>, String)>,
}

impl Members {
    /// The members of a request's body, which must be an object.
    pub(super) fn of_body(request: &Request) -> Result<Self, Failure> {
        match body(request)? {
            Value::Object(map) => Ok(Self::of(map)),
            _ => Err(Failure::Body),
        }
    }

    /// The members of an object.
    pub(super) fn of(map: Map<String, Value>) -> Self {
        Self { map, errors: Vec::new() }
    }

    /// A member and its name as sent. Of several that differ in case only, the last one.
    fn take(&mut self, name: &str) -> Option<(String, Value)> {
        let sent = self.map.keys().rev().find(|key| key.eq_ignore_ascii_case(name))?.clone();
        let value = self.map.shift_remove(&sent)?;
        (!value.is_null()).then_some((sent, value))
    }

    /// The value that `read` makes of a member; the sentence it gives otherwise is noted under the name.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Option<T> {
        let (sent, value) = self.take(name)?;
        match read(value) {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.wrong(sent, sentence);
                None
            }
        }
    }

    /// The same of a member that must be there.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Option<T> {
        let missing = !self.map.iter().any(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null());
        if missing {
            self.wrong(name, "is required");
        }
        self.optional(name, read)
    }

    /// Notes that a member is wrong; the sentence goes on after its name.
    pub(super) fn wrong(&mut self, name: impl Into<Cow<'static, str>>, sentence: impl AsRef<str>) {
        let name = name.into();
        let sentence = format!("{name} {}.", sentence.as_ref());
        self.errors.push((name, sentence));
    }

    /// Refuses the request if anything was wrong.
    pub(super) fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Values(self.errors)) }
    }
}

/// A string.
pub(super) fn string(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("must be a string".to_owned()),
    }
}

/// A text to be sent: not blank, of at most `most` characters.
pub(super) fn text(value: Value, most: usize) -> Result<String, String> {
    let text = string(value)?;
    if text.trim().is_empty() {
        return Err("must not be empty or blank".to_owned());
    }
    at_most(text, most)
}

/// A text of at most so many characters.
pub(super) fn at_most(text: String, most: usize) -> Result<String, String> {
    // No text has more characters than octets.
    if text.len() > most && text.chars().nth(most).is_some() {
        return Err(format!("must have at most {most} characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: Value) -> Members {
        let Value::Object(map) = value else { panic!("an object") };
        Members::of(map)
    }

    #[test]
    fn names_in_any_case() {
        let mut members = members(json!({"none": null, "Body": "a", "BODY": "b", "other": 1, "n": 7}));
        assert_eq!(members.optional("other", Ok), Some(json!(1)));
        assert_eq!(members.required("body", string).as_deref(), Some("b"));
        assert_eq!(members.optional("none", string), None);
        assert_eq!(members.optional("absent", string), None);
        assert_eq!(members.required("sender", string), None);
        assert_eq!(members.required("N", string), None);
        let Err(Failure::Values(errors)) = members.finish() else { panic!("refused") };
        let errors: Vec<_> = errors.iter().map(|(name, said)| (name.as_ref(), said.as_str())).collect();
        assert_eq!(errors, [("sender", "sender is required."), ("n", "n must be a string.")]);
    }

    #[test]
    fn texts_are_counted_in_characters() {
        assert_eq!(text(json!("é".repeat(5)), 5), Ok("é".repeat(5)));
        assert!(text(json!("é".repeat(6)), 5).is_err());
        assert!(text(json!(" \n\t"), 5).is_err());
        assert!(text(json!(5), 5).is_err());
    }
}
