//! What is to be sent, as the query of `GET /send` and the bodies of its siblings say it (reference 2.4).

use std::borrow::Cow;

use serde_json::Value;
use service::plan::{
    Field, LongText, Marks, MissingFunds, Policy, Recipient, Repeated, SubmitRequest, Templating, Text,
    UnregisteredSender, Unusable, When,
};
use sms::Number;

use super::body::{Fields, items};
use super::call::{member, number};
use super::error::Failure;
use super::local_time;
use super::parameters::text;
use crate::kit::Params;

/// How many seconds a `delay` may be past and still mean now: clocks drift.
const LATE: u32 = 300;

/// How what is wrong with a submission is dealt with: everything that can be sent is, and what cannot is
/// counted; but all of it must be covered.
pub(super) fn policy(placeholders: bool) -> Policy {
    Policy {
        unregistered: UnregisteredSender::Accept,
        funds: MissingFunds::Refuse,
        repeated: Repeated::Count,
        unusable: Unusable::Deny,
        long: LongText::Refuse,
        late: Some(LATE),
        templating: placeholders.then_some(INFOS),
        ..Policy::default()
    }
}

/// `[info1]` to `[info4]`: what is known of a contact (see `people`).
const INFOS: Templating = Templating {
    marks: Marks::Brackets,
    words: Cow::Borrowed(&[
        (Cow::Borrowed("info1"), Field::FirstName),
        (Cow::Borrowed("info2"), Field::LastName),
        (Cow::Borrowed("info3"), Field::Company),
        (Cow::Borrowed("info4"), Field::Email),
    ]),
    contact_values: false,
};

/// Whom a campaign goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// `recipients`: numbers.
    Numbers,
    /// `lists`: contact lists.
    Lists,
}

/// How a message is to be sent, in any of the forms.
struct Manner {
    text: Option<String>,
    sender: Option<String>,
    push: Option<String>,
    delay: Option<String>,
    unicode: bool,
    links: Vec<String>,
}

impl Manner {
    /// A submission to nobody yet.
    fn request(self) -> Result<SubmitRequest, Failure> {
        let text = self.text.filter(|text| !text.trim().is_empty());
        let text = text.ok_or(Failure::Data { parameter: "text", problem: "is missing" })?;
        let promotional = match self.push.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("alert") => false,
            Some("marketing") => true,
            Some(_) => {
                let problem = "is neither alert nor marketing";
                return Err(Failure::Data { parameter: "pushtype", problem });
            }
        };
        let text = with_stop(&with_links(&text, &self.links), self.sender.as_deref());
        Ok(SubmitRequest {
            text: Text::Plain(text),
            sender: self.sender,
            unicode: self.unicode,
            when: when(self.delay.as_deref())?,
            promotional,
            ..SubmitRequest::default()
        })
    }
}

/// The one message of `GET /send`.
pub(super) fn single(query: &Params) -> Result<SubmitRequest, Failure> {
    let owned = |name| Ok::<_, Failure>(text(query, name)?.map(str::to_owned));
    let to = owned("to")?.filter(|to| !to.trim().is_empty());
    let manner = Manner {
        text: owned("text")?,
        sender: owned("sender")?,
        push: owned("pushtype")?,
        delay: owned("delay")?,
        unicode: flag(text(query, "unicode")?),
        links: Vec::new(),
    };
    let request = manner.request()?;
    let to = to.ok_or(Failure::Data { parameter: "to", problem: "is missing" })?;
    let recipient = Recipient { reference: owned("gsmsmsid")?, ..Recipient::of(plain(&to)) };
    Ok(SubmitRequest { recipients: vec![recipient], ..request })
}

/// The campaign of a `sms` body.
pub(super) fn campaign(sms: &Fields, to: To) -> Result<SubmitRequest, Failure> {
    let none = Fields::new();
    let message = sms.get("message").and_then(Value::as_object).unwrap_or(&none);
    let manner = Manner {
        text: member(message, "text")?,
        sender: member(message, "sender")?,
        push: member(message, "pushtype")?,
        // An old client puts it beside the message.
        delay: match member(message, "delay")? {
            Some(delay) => Some(delay),
            None => member(sms, "delay")?,
        },
        unicode: flag(member(message, "unicode")?.as_deref()),
        links: message.get("links").into_iter().flat_map(items).filter_map(link).collect(),
    };
    let request = manner.request()?;
    Ok(match to {
        To::Numbers => SubmitRequest { recipients: recipients(sms)?, ..request },
        To::Lists => SubmitRequest { lists: lists(sms)?, ..request },
    })
}

fn recipients(sms: &Fields) -> Result<Vec<Recipient>, Failure> {
    let missing = || Failure::Data { parameter: "recipients", problem: "are missing" };
    let all = sms.get("recipients").and_then(|recipients| recipients.get("gsm")).ok_or_else(missing)?;
    let mut recipients = Vec::with_capacity(items(all).len());
    for item in items(all) {
        let (to, reference) = match item {
            Value::String(to) => (Some(to.clone()), None),
            Value::Number(to) => (Some(to.to_string()), None),
            Value::Object(fields) => (member(fields, "value")?, member(fields, "gsmsmsid")?),
            Value::Null | Value::Bool(_) | Value::Array(_) => (None, None),
        };
        let to = to.filter(|to| !to.trim().is_empty());
        let to = to.ok_or(Failure::Data { parameter: "value", problem: "of a recipient is missing" })?;
        recipients.push(Recipient { reference, ..Recipient::of(plain(&to)) });
    }
    if recipients.is_empty() { Err(missing()) } else { Ok(recipients) }
}

fn lists(sms: &Fields) -> Result<Vec<Number>, Failure> {
    let mut lists = Vec::new();
    for item in sms.get("lists").into_iter().flat_map(items) {
        let text = match item {
            Value::Object(fields) => member(fields, "value")?,
            Value::String(text) => Some(text.clone()),
            Value::Number(digits) => Some(digits.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) => None,
        };
        let text = text.ok_or(Failure::Data { parameter: "value", problem: "of a list is missing" })?;
        let list = number(text.trim()).ok_or(Failure::Resource("there is no such list"))?;
        if !lists.contains(&list) {
            lists.push(list);
        }
    }
    let missing = Failure::Data { parameter: "lists", problem: "are missing" };
    if lists.is_empty() { Err(missing) } else { Ok(lists) }
}

fn link(value: &Value) -> Option<String> {
    value.as_str().map(|link| link.trim().to_owned()).filter(|link| !link.is_empty())
}

/// A number without the `00` that some write for `+`: no calling code begins with 0.
pub(super) fn plain(number: &str) -> &str {
    let number = number.trim();
    number.strip_prefix("00").unwrap_or(number)
}

/// Whether a flag of 0 or 1 is set.
fn flag(text: Option<&str>) -> bool {
    matches!(text, Some("1" | "true"))
}

/// When a `delay` says that it is to be sent.
fn when(delay: Option<&str>) -> Result<When, Failure> {
    let Some(delay) = delay.map(str::trim).filter(|delay| !delay.is_empty()) else { return Ok(When::Now) };
    let problem = "is not a date of the form YYYY-MM-DD hh:mm:ss";
    match local_time::moment(delay).ok_or(Failure::Delay(problem))? {
        ..0 => Err(Failure::Delay("is past by more than five minutes")),
        moment => {
            let second = u32::try_from(moment).map_err(|_| Failure::Delay("is too far ahead"))?;
            Ok(When::At { second, zone: Some(local_time::ZONE.to_owned()) })
        }
    }
}

/// The text with the links in their places, in their order; a place without a link stays empty. They are put
/// in as they are: there is no service behind this that would shorten them.
fn with_links<'t>(text: &'t str, links: &[String]) -> Cow<'t, str> {
    const PLACE: &str = "<-short->";
    if !text.contains(PLACE) {
        return text.into();
    }
    let mut links = links.iter();
    let mut parts = text.split(PLACE);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push_str(links.next().map(String::as_str).unwrap_or_default());
        whole.push_str(part);
    }
    whole.into()
}

/// The text with the notice of how to opt out: by answering, to the sender's number where it is one.
fn with_stop(text: &str, sender: Option<&str>) -> String {
    const PLACE: &str = "<-stop->";
    let digits = sender.map(|sender| sender.trim().trim_start_matches('+'));
    let digits = digits.filter(|text| text.len() > 2 && text.bytes().all(|octet| octet.is_ascii_digit()));
    match digits {
        Some(digits) => text.replace(PLACE, &format!("STOP {digits}")),
        None => text.replace(PLACE, "STOP"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(query: &str) -> Result<SubmitRequest, Failure> {
        single(&Params::parse(query.as_bytes()))
    }

    fn body(json: &str, to: To) -> Result<SubmitRequest, Failure> {
        let value: Value = serde_json::from_str(json).expect("JSON");
        campaign(value.as_object().expect("an object"), to)
    }

    fn text_of(request: &SubmitRequest) -> &str {
        let Text::Plain(text) = &request.text else { panic!("a template") };
        text
    }

    #[test]
    fn queries() {
        let plain = query("text=a&to=%2B336&sender=&gsmsmsid=&pushtype=&delay=").expect("good");
        assert_eq!((text_of(&plain), plain.sender.as_ref(), &plain.when), ("a", None, &When::Now));
        assert_eq!((plain.recipients[0].to.as_str(), plain.recipients[0].reference.as_ref()), ("+336", None));
        let full = "text=a+b&to=0033612345678&sender=ACME&gsmsmsid=x&pushtype=marketing&unicode=1";
        let full = query(&format!("{full}&delay=2025-07-01+12:00:00")).expect("good");
        assert_eq!(full.recipients[0].to, "33612345678");
        assert_eq!(full.recipients[0].reference.as_deref(), Some("x"));
        assert!(full.promotional && full.unicode);
        assert!(matches!(full.when, When::At { second: 1_751_364_000, .. }));
        for (bad, named) in [
            ("to=336", "text"),
            ("text=&to=336", "text"),
            ("text=+&to=336", "text"),
            ("text=a", "to"),
            ("text=a&to=+", "to"),
            ("text=a&to=336&pushtype=fax", "pushtype"),
            ("text=%ff&to=336", "text"),
            ("text=a&to=336&delay=tomorrow", "delay"),
            ("text=a&to=336&delay=1950-01-01+00:00:00", "delay"),
            ("text=a&to=336&delay=9999-01-01+00:00:00", "delay"),
        ] {
            let failure = query(bad).expect_err(bad);
            assert!(failure.to_string().starts_with(named), "{bad}: {failure}");
        }
    }

    #[test]
    fn bodies() {
        let request = body(
            r#"{"message":{"text":"a <-short->, <-short-> <-stop->","sender":"36180","unicode":0,
                "links":["http://u","http://v"]},"delay":"2025-07-01T10:00:00Z",
                "recipients":{"gsm":[{"value":33612345678,"gsmsmsid":7},"34600000000"]}}"#,
            To::Numbers,
        );
        let request = request.expect("good");
        assert_eq!(text_of(&request), "a http://u, http://v STOP 36180");
        assert!(matches!(request.when, When::At { second: 1_751_364_000, .. }));
        let to: Vec<_> =
            request.recipients.iter().map(|it| (it.to.as_str(), it.reference.as_deref())).collect();
        assert_eq!(to, [("33612345678", Some("7")), ("34600000000", None)]);
        let request = body(r#"{"message":{"text":"a"},"lists":[{"value":"3"},{"value":4},3]}"#, To::Lists);
        assert_eq!(request.expect("good").lists, [3, 4]);
        for (bad, to) in [
            (r#"{}"#, To::Numbers),
            (r#"{"message":{"text":"a"}}"#, To::Numbers),
            (r#"{"message":{"text":["a"]}}"#, To::Numbers),
            (r#"{"message":{"text":"a"},"recipients":{"gsm":[]}}"#, To::Numbers),
            (r#"{"message":{"text":"a"},"recipients":{"gsm":[{}]}}"#, To::Numbers),
            (r#"{"message":{"text":"a"},"recipients":{"gsm":[null]}}"#, To::Numbers),
            (r#"{"message":{"text":"a"},"recipients":[]}"#, To::Numbers),
            (r#"{"message":{"text":"a"}}"#, To::Lists),
            (r#"{"message":{"text":"a"},"lists":[[]]}"#, To::Lists),
        ] {
            assert!(matches!(body(bad, to), Err(Failure::Data { .. })), "{bad}");
        }
        let unknown = body(r#"{"message":{"text":"a"},"lists":"abc"}"#, To::Lists);
        assert!(matches!(unknown, Err(Failure::Resource(_))));
    }
}
