//! XML as the value that JSON would be: an element is an object of its attributes and children, or its text
//! where it has neither; what is repeated is a list.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

/// How deep elements may lie in each other; no request comes near.
const DEEPEST: usize = 32;

/// An element that was begun.
#[derive(Default)]
struct Open {
    name: String,
    fields: Map<String, Value>,
    text: String,
}

impl Open {
    fn of(start: &BytesStart<'_>) -> Option<Self> {
        let mut open = Self { name: start.local_name().into_inner().to_owned(), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            open.add(attribute.key.local_name().into_inner().to_owned(), Value::String(value));
        }
        Some(open)
    }

    fn add(&mut self, name: String, value: Value) {
        match self.fields.get_mut(&name) {
            None => drop(self.fields.insert(name, value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// What it comes to. Text beside attributes or children is the member `value`.
    fn close(mut self) -> (String, Value) {
        let text = trimmed(&self.text).to_owned();
        if self.fields.is_empty() {
            return (self.name, Value::String(text));
        }
        if !text.trim().is_empty() {
            self.add("value".to_owned(), Value::String(text));
        }
        (self.name, Value::Object(self.fields))
    }
}

/// A document as an object with its root as the one member; `None` when it is not XML up to its end, or has no
/// root. No entity but the five of XML itself is ever expanded.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = vec![Open::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return None;
                }
                open.push(Open::of(&start)?);
            }
            Event::Empty(start) => {
                let (name, value) = Open::of(&start)?.close();
                open.last_mut()?.add(name, value);
            }
            Event::End(_) => {
                let (name, value) = open.pop()?.close();
                open.last_mut()?.add(name, value);
            }
            Event::Text(part) => open.last_mut()?.text.push_str(&part.xml10_content()),
            Event::CData(part) => open.last_mut()?.text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => open.last_mut()?.text.push_str(&resolve(&reference)?),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    let document = open.pop()?;
    let whole = open.is_empty() && !document.fields.is_empty() && document.text.trim().is_empty();
    whole.then_some(Value::Object(document.fields))
}

/// A text without the line breaks around it, nor the indentation that goes with them.
fn trimmed(text: &str) -> &str {
    let broken = |blank: &str| blank.contains(['\n', '\r']);
    let tail = text.trim_start();
    let text = if broken(&text[..text.len() - tail.len()]) { tail } else { text };
    let head = text.trim_end();
    if broken(&text[head.len()..]) { head } else { text }
}

/// The text of a character reference or of one of the five predefined entities.
fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => Some(c.to_string()),
        Ok(None) => {
            let name = reference.clone().into_inner();
            quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_values() {
        for (xml, json) in [
            ("<a/>", r#"{"a":""}"#),
            ("<a>x &amp; &#233;</a>", r#"{"a":"x & é"}"#),
            ("<a> x </a>", r#"{"a":" x "}"#),
            ("<a b='1'/>", r#"{"a":{"b":"1"}}"#),
            ("<a b='1'>x</a>", r#"{"a":{"b":"1","value":"x"}}"#),
            ("<a><b>1</b> <b/>\n<b><c>2</c></b></a>", r#"{"a":{"b":["1","",{"c":"2"}]}}"#),
        ] {
            let wanted: Value = serde_json::from_str(json).expect("JSON");
            assert_eq!(read(xml), Some(wanted), "{xml}");
        }
        for bad in ["", "text", "<a>", "</a>", "<a></b>", "<a>&x;</a>", "<a/>text", "<a b=1/>"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&"<a>".repeat(100_000)), None);
    }

    #[test]
    fn only_line_breaks_and_what_goes_with_them_are_cut() {
        for (text, cut) in [("\n a \n ", "a"), (" a ", " a "), ("\r\na", "a"), ("\n", ""), ("", "")] {
            assert_eq!(trimmed(text), cut);
        }
    }
}
