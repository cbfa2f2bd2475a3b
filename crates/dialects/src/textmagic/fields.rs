//! Parameters as this vendor's callers send them: a query, a form or a JSON object, every value possibly as
//! text. An empty value, and `null` in JSON, are the same as none; of a doubled one the last counts.

use std::borrow::Cow;

use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use sms::Number;
use sms::id::MAX_NUMBER;

use super::error::{Failure, Problems};
use crate::kit::multipart::Part;
use crate::kit::{Params, Request};

/// The parameters of one request.
#[derive(Debug)]
pub(super) struct Fields {
    params: Params,
    json: Map<String, Value>,
    /// Whether they are of a write, whose refusals name the parameter in `errors.fields`.
    write: bool,
}

/// A parameter whose value makes no sense.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong {
    /// Its name.
    pub(super) name: &'static str,
    /// What is wrong, as a sentence.
    pub(super) sentence: &'static str,
    write: bool,
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        if wrong.write {
            Problems::of(wrong.name, wrong.sentence)
        } else {
            // `errors` is filled for writes only, so the name goes into the message.
            Self::BadRequest(format!("Parameter \"{}\": {}", wrong.name, wrong.sentence))
        }
    }
}

impl Fields {
    /// The parameters of the query: what a GET has. A body is not looked at.
    pub(super) fn of_query(request: &Request) -> Self {
        Self { params: Params::parse(request.query.as_bytes()), json: Map::new(), write: false }
    }

    /// The parameters of a write: its body, and on a DELETE those of the query too, where some clients put
    /// them.
    pub(super) fn of_body(request: &Request) -> Result<Self, Failure> {
        let mut fields = Self { params: Params::default(), json: Map::new(), write: true };
        if request.method == Method::DELETE {
            fields.params = Params::parse(request.query.as_bytes());
        }
        match Encoding::of(request) {
            Encoding::Nothing => {}
            Encoding::Form => fields.params = fields.params.and(Params::parse(&request.body)),
            Encoding::Json => {
                let Ok(Value::Object(object)) = serde_json::from_slice(&request.body) else {
                    return Err(Failure::BadRequest("The request body is not a JSON object".to_owned()));
                };
                fields.json = object;
            }
            Encoding::Multipart => {
                let message = "A multipart body is taken for file uploads only";
                return Err(Failure::BadRequest(message.to_owned()));
            }
        }
        Ok(fields)
    }

    /// The parameters of an upload: its query, and the parts of its body that are no files, which win.
    pub(super) fn of_upload(request: &Request, parts: &[Part<'_>]) -> Self {
        let texts = parts.iter().filter(|part| part.file.is_none());
        let pairs =
            texts.map(|part| (part.name.to_owned(), String::from_utf8_lossy(part.content).into_owned()));
        let params = Params::parse(request.query.as_bytes()).and(Params::from_pairs(pairs));
        Self { params, json: Map::new(), write: true }
    }

    /// A refusal of one of these parameters.
    pub(super) fn wrong(&self, name: &'static str, sentence: &'static str) -> Wrong {
        Wrong { name, sentence, write: self.write }
    }

    /// The refusal for everything that was noted: on a read, whose answer has no place for it, in one line.
    pub(super) fn refuse(&self, problems: Problems) -> Failure {
        if self.write { Failure::Invalid(problems) } else { Failure::BadRequest(problems.line()) }
    }

    /// The parameter as text; numbers and booleans of JSON as they are written there.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<Cow<'_, str>>, Wrong> {
        match self.json.get(name) {
            Some(Value::String(text)) if !text.is_empty() => return Ok(Some(text.into())),
            Some(Value::Number(number)) => return Ok(Some(decimal(number).into())),
            Some(Value::Bool(flag)) => return Ok(Some(flag.to_string().into())),
            Some(Value::Array(_) | Value::Object(_)) => {
                return Err(self.wrong(name, "This value should be text or a number."));
            }
            Some(Value::String(_) | Value::Null) | None => {}
        }
        let text = self.params.last(name).map_err(|_| self.wrong(name, "This value is not valid UTF-8."))?;
        Ok(text.map(Cow::Borrowed))
    }

    /// Whether the parameter was given at all, be it empty or `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.json.contains_key(name) || self.params.has(name)
    }

    /// A yes or no: `1`/`0`, or `true`/`false` in any case.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.trim() {
            "1" => Ok(Some(true)),
            "0" => Ok(Some(false)),
            word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
            word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
            _ => Err(self.wrong(name, "This value should be 0 or 1.")),
        }
    }

    /// A whole number. One beyond the range of 64 bits is read as its nearest end, which like any such
    /// number names nothing.
    pub(super) fn integer(&self, name: &'static str) -> Result<Option<i64>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let value = integer(&text).ok_or_else(|| self.wrong(name, "This value should be an integer."))?;
        Ok(Some(value))
    }

    /// The number of a thing; one that can be no thing's is read as 0, which none has.
    pub(super) fn id(&self, name: &'static str) -> Result<Option<Number>, Wrong> {
        let id = |value| Number::try_from(value).ok().filter(|id| *id <= MAX_NUMBER).unwrap_or(0);
        Ok(self.integer(name)?.map(id))
    }

    /// `lastId`: only smaller ids are wanted. Below the first there is none, above the last there are all.
    pub(super) fn last_id(&self) -> Result<Option<Number>, Wrong> {
        let end = MAX_NUMBER + 1;
        let bound = |value: i64| Number::try_from(value.clamp(0, i64::from(end))).unwrap_or(end);
        Ok(self.integer("lastId")?.map(bound))
    }

    /// A list of ids with commas between; blanks around them are passed over. Ids that can be nothing's are
    /// left out.
    pub(super) fn ids(&self, name: &'static str) -> Result<Option<Vec<Number>>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        ids(&text).map(Some).ok_or_else(|| self.wrong(name, "This value should be ids with commas between."))
    }

    /// An array: of a JSON body as it stands there, elsewhere written as JSON.
    pub(super) fn array(&self, name: &'static str) -> Result<Option<Vec<Value>>, Wrong> {
        if let Some(Value::Array(items)) = self.json.get(name) {
            return Ok(Some(items.clone()));
        }
        let Some(text) = self.text(name)? else { return Ok(None) };
        let items = serde_json::from_str(&text);
        items.map(Some).map_err(|_| self.wrong(name, "This value should be an array."))
    }

    /// One of the vendor's words.
    pub(super) fn word(
        &self,
        name: &'static str,
        words: &[&'static str],
    ) -> Result<Option<&'static str>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let known = words.iter().copied().find(|word| *word == text);
        known.map(Some).ok_or_else(|| self.wrong(name, "This value is not a valid choice."))
    }

    /// Whether `direction` asks for rising order; the vendor's default is falling.
    pub(super) fn ascending(&self) -> Result<bool, Wrong> {
        Ok(self.word("direction", &["asc", "desc"])? == Some("asc"))
    }
}

/// A JSON number in decimal digits: `7.0` and `1e20`, which some encoders make of integers, are integers.
fn decimal(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

/// A whole number in decimal digits, saturating; `None` when the text is anything else.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(if digits.len() == text.len() { i64::MAX } else { i64::MIN }))
}

/// The ids of a comma list, see [`Fields::ids`].
fn ids(text: &str) -> Option<Vec<Number>> {
    let mut ids = Vec::new();
    for word in text.split(',').map(str::trim) {
        if word.is_empty() || !word.bytes().all(|octet| octet.is_ascii_digit()) {
            return None;
        }
        ids.extend(word.parse().ok().filter(|id| (1..=MAX_NUMBER).contains(id)));
    }
    Some(ids)
}

enum Encoding {
    Nothing,
    Form,
    Json,
    Multipart,
}

impl Encoding {
    /// How a body is written: as its content type says; without one that is known (one client sends none
    /// on DELETE), an opening brace makes it JSON and anything else a form.
    fn of(request: &Request) -> Self {
        let Some(first) = request.body.iter().find(|octet| !octet.is_ascii_whitespace()) else {
            return Self::Nothing;
        };
        let named = request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let named = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match named.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "application/json" => Self::Json,
            named if named.ends_with("+json") => Self::Json,
            named if named.starts_with("multipart/") => Self::Multipart,
            _ if *first == b'{' => Self::Json,
            _ => Self::Form,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};

    fn request(method: Method, query: &str, content_type: Option<&'static str>, body: &str) -> Request {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Request {
            method,
            path: "/api/v2/x".to_owned(),
            query: query.to_owned(),
            headers,
            body: body.to_owned().into(),
            remote: std::net::IpAddr::from([127, 0, 0, 1]),
            origin: "http://localhost".to_owned(),
        }
    }

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
    const JSON: Option<&str> = Some("application/json; charset=utf-8");

    fn body(content_type: Option<&'static str>, body: &str) -> Fields {
        Fields::of_body(&request(Method::POST, "", content_type, body)).expect("readable")
    }

    #[test]
    fn the_same_values_in_every_encoding() {
        for fields in [
            body(FORM, "ids=1,+2&all=True&text=a%2Bb+c&empty=&n=7"),
            body(None, "ids=1,+2&all=1&text=a%2Bb+c&empty=&n=7"),
            body(JSON, r#"{"ids":"1, 2","all":true,"text":"a+b c","empty":null,"n":7}"#),
            body(None, r#" {"ids":"1,2","all":1,"text":"a+b c","empty":"","n":"7"}"#),
            body(Some("application/vnd.x+json"), r#"{"ids":"1,2","all":"true","text":"a+b c","n":7}"#),
            body(Some("text/plain"), "ids=1,2&all=1&text=a%2bb%20c&n=7"),
        ] {
            assert_eq!(fields.ids("ids"), Ok(Some(vec![1, 2])));
            assert_eq!(fields.flag("all"), Ok(Some(true)));
            assert_eq!(fields.text("text"), Ok(Some("a+b c".into())));
            assert_eq!(fields.text("empty"), Ok(None));
            assert_eq!(fields.integer("n"), Ok(Some(7)));
            assert_eq!(fields.flag("none"), Ok(None));
        }
    }

    #[test]
    fn a_delete_has_parameters_in_four_places() {
        let places = [
            request(Method::DELETE, "", FORM, "contacts=1,2"),
            request(Method::DELETE, "", None, "contacts=1,2"),
            request(Method::DELETE, "contacts=1,2", FORM, ""),
            request(Method::DELETE, "", JSON, r#"{"contacts":"1,2"}"#),
        ];
        for request in places {
            let fields = Fields::of_body(&request).expect("readable");
            assert_eq!(fields.ids("contacts"), Ok(Some(vec![1, 2])));
        }
        let post = request(Method::POST, "all=1", FORM, "");
        assert_eq!(Fields::of_body(&post).expect("readable").flag("all"), Ok(None));
    }

    #[test]
    fn bodies_that_are_none() {
        for bad in ["{", "[1]", "\"x\"", "7", "{\"a\":1e999}", "{\"a\":\"\u{1}\"}"] {
            let request = request(Method::POST, "", JSON, bad);
            assert!(matches!(Fields::of_body(&request), Err(Failure::BadRequest(_))), "{bad}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(Fields::of_body(&request(Method::POST, "", JSON, &deep)).is_err());
        let multipart = request(Method::POST, "", Some("multipart/form-data; boundary=x"), "--x");
        assert!(Fields::of_body(&multipart).is_err());
        let mut octets = request(Method::POST, "", JSON, "");
        octets.body = bytes::Bytes::from_static(b"{\"a\":\"\xff\"}");
        assert!(Fields::of_body(&octets).is_err());
        for (content_type, blank) in [(JSON, ""), (JSON, " \r\n"), (Some("multipart/form-data"), "")] {
            assert_eq!(body(content_type, blank).text("a"), Ok(None));
        }
    }

    #[test]
    fn values_of_the_wrong_kind() {
        let fields =
            body(JSON, r#"{"a":[1],"b":{"x":1},"c":"x","d":1.5,"e":-3,"f":99999999999999999999,"g":7.0}"#);
        assert!(fields.text("a").is_err() && fields.text("b").is_err());
        assert!(fields.flag("c").is_err() && fields.flag("e").is_err());
        assert!(fields.integer("c").is_err() && fields.integer("d").is_err());
        assert_eq!(fields.integer("e"), Ok(Some(-3)));
        assert_eq!(fields.id("e"), Ok(Some(0)));
        assert_eq!(fields.id("f"), Ok(Some(0)));
        assert_eq!(fields.id("g"), Ok(Some(7)));
        assert!(fields.ids("c").is_err() && fields.ids("d").is_err() && fields.ids("e").is_err());
        assert!(fields.word("c", &["y"]).is_err());
        let query = Fields::of_query(&request(Method::GET, "a=%ff&b=1&b=2&c=&d=%ff&d=1", None, "{"));
        assert!(query.text("a").is_err());
        assert_eq!(query.text("b"), Ok(Some("2".into())));
        assert_eq!(query.text("c"), Ok(None));
        assert_eq!(query.text("d"), Ok(Some("1".into())));
    }

    #[test]
    fn refusals_are_told_by_kind_of_request() {
        let read = Fields::of_query(&request(Method::GET, "ids=x", None, ""));
        let failure: Failure = read.ids("ids").expect_err("no ids").into();
        assert!(matches!(failure, Failure::BadRequest(message) if message.contains("\"ids\"")));
        let failure: Failure = body(FORM, "ids=x").ids("ids").expect_err("no ids").into();
        assert!(matches!(failure, Failure::Invalid(_)));
    }

    #[test]
    fn the_bound_of_a_walk() {
        let bound = |query| Fields::of_query(&request(Method::GET, query, None, "")).last_id();
        assert_eq!(bound(""), Ok(None));
        assert_eq!(bound("lastId=7"), Ok(Some(7)));
        assert_eq!(bound("lastId=-7"), Ok(Some(0)));
        assert_eq!(bound("lastId=99999999999999999999"), Ok(Some(MAX_NUMBER + 1)));
        assert!(bound("lastId=x").is_err());
    }

    #[test]
    fn integers_and_ids() {
        assert_eq!(integer("007"), Some(7));
        assert_eq!(integer(" -1 "), Some(-1));
        assert_eq!(integer("9223372036854775808"), Some(i64::MAX));
        assert_eq!(integer("-99999999999999999999"), Some(i64::MIN));
        for bad in ["", "-", "+1", "1.0", "1e3", "٣", "0x1", "' OR 1=1 --"] {
            assert_eq!(integer(bad), None, "{bad}");
        }
        assert_eq!(ids("888, 999,888"), Some(vec![888, 999, 888]));
        assert_eq!(ids("0,2147483648,4294967296,99999999999999999999,2147483647"), Some(vec![MAX_NUMBER]));
        for bad in ["", ",", "1,", "-1", "1;2", "1 2", "1,x"] {
            assert_eq!(ids(bad), None, "{bad}");
        }
    }
}
