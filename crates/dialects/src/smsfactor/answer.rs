//! Answers: one description of the fields, written as JSON or as XML with this vendor's habits (reference 1.4
//! and 1.6): a list has no wrapper in XML, an empty one is nothing, some dates stand between quotes.

use http::header::{CACHE_CONTROL, HeaderName, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderMap, StatusCode};

use super::format::Format;
use crate::kit::{Response, reply};

/// The body of an answer, field after field.
pub(super) struct Answer {
    format: Format,
    out: Vec<u8>,
}

impl Answer {
    /// Begins an answer with the envelope: `status` and `message`.
    pub(super) fn new(format: Format, status: i32, message: &str) -> Self {
        let opening = match format {
            Format::Json => "{",
            Format::Xml => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>",
        };
        let mut answer = Self { format, out: opening.as_bytes().to_vec() };
        answer.integer("status", status);
        answer.text("message", message);
        answer
    }

    /// Begins the answer of a success.
    pub(super) fn success(format: Format) -> Self {
        Self::new(format, 1, "OK")
    }

    /// A whole number: a JSON number.
    pub(super) fn integer(&mut self, key: &'static str, value: impl itoa::Integer) {
        self.field(key, |answer| {
            answer.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        });
    }

    /// A truth: `true` or `false` in both formats.
    pub(super) fn boolean(&mut self, key: &'static str, value: bool) {
        self.field(key, |answer| answer.out.extend_from_slice(if value { b"true" } else { b"false" }));
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, value: &str) {
        self.field(key, |answer| match answer.format {
            Format::Json => json_string(&mut answer.out, value),
            Format::Xml => xml_text(&mut answer.out, value),
        });
    }

    /// A date of a message: in XML between literal double quotes, unless it is empty.
    pub(super) fn date(&mut self, key: &'static str, value: &str) {
        self.field(key, |answer| {
            if answer.format == Format::Json || !value.is_empty() {
                answer.out.push(b'"');
                answer.out.extend_from_slice(value.as_bytes());
                answer.out.push(b'"');
            }
        });
    }

    /// Nothing: the word `null` in both formats.
    pub(super) fn null(&mut self, key: &'static str) {
        self.field(key, |answer| answer.out.extend_from_slice(b"null"));
    }

    /// A text, or nothing.
    pub(super) fn text_or_null(&mut self, key: &'static str, value: Option<&str>) {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    /// A whole number as digits in a text.
    pub(super) fn digits(&mut self, key: &'static str, value: impl itoa::Integer) {
        self.text(key, itoa::Buffer::new().format(value));
    }

    /// An object, which writes its own fields.
    pub(super) fn object(&mut self, key: &'static str, write: impl FnOnce(&mut Self)) {
        self.field(key, |answer| match answer.format {
            Format::Json => {
                answer.out.push(b'{');
                write(answer);
                answer.out.push(b'}');
            }
            Format::Xml => write(answer),
        });
    }

    /// A list of texts: in XML the element once for each.
    pub(super) fn texts<'t>(&mut self, key: &'static str, values: impl IntoIterator<Item = &'t str>) {
        match self.format {
            Format::Json => self.field(key, |answer| {
                answer.out.push(b'[');
                for (index, value) in values.into_iter().enumerate() {
                    if index > 0 {
                        answer.out.push(b',');
                    }
                    json_string(&mut answer.out, value);
                }
                answer.out.push(b']');
            }),
            Format::Xml => values.into_iter().for_each(|value| self.text(key, value)),
        }
    }

    /// A list inside of a record that is always empty; in XML its element is there all the same.
    pub(super) fn no_list(&mut self, key: &'static str) {
        self.field(key, |answer| {
            if answer.format == Format::Json {
                answer.out.extend_from_slice(b"[]");
            }
        });
    }

    /// A list of objects. Each item writes its own fields.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        match self.format {
            Format::Json => self.field(key, |answer| {
                answer.out.push(b'[');
                for (index, item) in items.into_iter().enumerate() {
                    answer.out.extend_from_slice(if index == 0 { b"{" } else { b",{" });
                    write(answer, item);
                    answer.out.push(b'}');
                }
                answer.out.push(b']');
            }),
            Format::Xml => items.into_iter().for_each(|item| self.field(key, |answer| write(answer, item))),
        }
    }

    /// One field: its key, and its value as `write` puts it.
    fn field(&mut self, key: &'static str, write: impl FnOnce(&mut Self)) {
        match self.format {
            Format::Json => {
                if self.out.last() != Some(&b'{') {
                    self.out.push(b',');
                }
                self.tag(&["\"", key, "\":"]);
                write(self);
            }
            Format::Xml => {
                self.tag(&["<", key, ">"]);
                write(self);
                self.tag(&["</", key, ">"]);
            }
        }
    }

    fn tag(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.extend_from_slice(part.as_bytes()));
    }

    /// The whole answer.
    pub(super) fn finish(mut self, code: StatusCode) -> Response {
        self.out.extend_from_slice(match self.format {
            Format::Json => b"}",
            Format::Xml => b"</response>",
        });
        let mut response = reply::with_body(code, self.format.content_type(), self.out);
        add_usual(response.headers_mut());
        response
    }
}

/// The headers that every recorded answer carries.
fn add_usual(headers: &mut HeaderMap) {
    const USUAL: [(HeaderName, &str); 4] = [
        (CACHE_CONTROL, "no-cache, private"),
        (VARY, "Origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    headers.extend(USUAL.map(|(name, value)| (name, HeaderValue::from_static(value))));
}

fn json_string(out: &mut Vec<u8>, value: &str) {
    let start = out.len();
    // Writing text into memory does not fail; should it, no half-written string is left.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"\"\"");
    }
}

/// Text content. What XML 1.0 (§2.2) cannot carry is dropped; a carriage return is written as a reference,
/// since a parser turns a plain one into a line feed (§2.11).
fn xml_text(out: &mut Vec<u8>, value: &str) {
    let mut octets = [0; 4];
    for c in value.chars() {
        let text = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\r' => "&#13;",
            '\t' | '\n' => c.encode_utf8(&mut octets),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => continue,
            _ => c.encode_utf8(&mut octets),
        };
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, write: impl FnOnce(&mut Answer)) -> String {
        let mut answer = Answer::success(format);
        write(&mut answer);
        let response = answer.finish(StatusCode::OK);
        String::from_utf8(response.into_body().to_vec()).expect("text")
    }

    fn sample(answer: &mut Answer) {
        answer.integer("n", -7i64);
        answer.boolean("b", false);
        answer.text("t", "a\"<b>&\r\n\u{1}é");
        answer.date("d", "2025-02-03 04:05:06");
        answer.date("e", "");
        answer.list("l", [1, 2], |answer, item| {
            answer.integer("x", item);
            answer.text("y", "");
        });
        answer.list("none", [0; 0], |answer, item| answer.integer("x", item));
        answer.object("o", |answer| {
            answer.digits("d", 7);
            answer.text_or_null("z", None);
            answer.text_or_null("y", Some("<"));
        });
        answer.texts("s", ["a", "&"]);
        answer.texts("no", []);
        answer.no_list("empty");
    }

    #[test]
    fn json() {
        let expected = concat!(
            r#"{"status":1,"message":"OK","n":-7,"b":false,"t":"a\"<b>&\r\n\u0001é","#,
            r#""d":"2025-02-03 04:05:06","e":"","l":[{"x":1,"y":""},{"x":2,"y":""}],"none":[],"#,
            r#""o":{"d":"7","z":null,"y":"<"},"s":["a","&"],"no":[],"empty":[]}"#
        );
        assert_eq!(written(Format::Json, sample), expected);
    }

    #[test]
    fn xml() {
        let expected = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<response><status>1</status><message>OK</message><n>-7</n><b>false</b>",
            "<t>a\"&lt;b&gt;&amp;&#13;\né</t><d>\"2025-02-03 04:05:06\"</d><e></e>",
            "<l><x>1</x><y></y></l><l><x>2</x><y></y></l>",
            "<o><d>7</d><z>null</z><y>&lt;</y></o><s>a</s><s>&amp;</s><empty></empty></response>"
        );
        assert_eq!(written(Format::Xml, sample), expected);
    }

    #[test]
    fn every_character_is_written_well_formed() {
        let every: String = ('\0'..=char::MAX).collect();
        let mut out = Vec::new();
        xml_text(&mut out, &every);
        let text = String::from_utf8(out).expect("text");
        let legal = |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
        let back = quick_xml::escape::unescape(&text).expect("well formed");
        assert!(every.chars().filter(legal).eq(back.chars()));
        json_string(&mut Vec::new(), &every);
    }
}
