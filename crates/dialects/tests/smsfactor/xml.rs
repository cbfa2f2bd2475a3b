//! XML answers (checks 76 to 87): as the JSON ones, with the vendor's habits.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::fixture::{Call, Fixture, PERIOD, Record, history};
use sms::Outcome;

/// An element: its name, its text, its children.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
            match event {
                Event::Start(start) => {
                    let name = start.name().into_inner().to_owned();
                    open.push(Self { name, ..Self::default() });
                }
                Event::End(_) => {
                    let closed = open.pop().expect("something was open");
                    open.last_mut().expect("a parent").children.push(closed);
                }
                Event::Text(part) => open.last_mut().expect("a parent").text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) => {
                    let resolved = reference.resolve_char_ref().expect("a good reference");
                    let resolved = resolved.map(String::from).or_else(|| {
                        let name = reference.clone().into_inner();
                        quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned)
                    });
                    open.last_mut().expect("a parent").text.push_str(&resolved.expect("a known entity"));
                }
                Event::Decl(_) => {}
                Event::Eof => break,
                other => panic!("{other:?} in {text}"),
            }
        }
        let mut top = open.pop().expect("the document");
        assert!(open.is_empty() && top.children.len() == 1, "{text}");
        top.children.remove(0)
    }

    /// The names of the children.
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.children.iter().map(|child| child.name.as_str()).collect()
    }

    /// The text of the first child of this name.
    pub(crate) fn child(&self, name: &str) -> &str {
        &self.children.iter().find(|child| child.name == name).unwrap_or_else(|| panic!("no {name}")).text
    }
}

async fn both(fixture: &Fixture, rest: &str) -> (Value, Element) {
    let target = format!("/messages?{PERIOD}&{rest}");
    let json = fixture.get(&target).await.value();
    let answer = fixture.call(Call::get(&target).bearer(&fixture.world.key).xml()).await;
    assert_eq!(answer.code, 200);
    assert_eq!(answer.headers["content-type"], "application/xml; charset=utf-8");
    assert!(answer.body.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><status>"));
    (json, Element::parse(&answer.body))
}

#[tokio::test]
async fn it_says_what_json_says() {
    let fixture = Fixture::with(history()).await;
    for rest in
        ["", "sort=-status&start=2&length=5", "type=messages-out&country=FR", "status=waiting", "start=99"]
    {
        let (json, xml) = both(&fixture, rest).await;
        assert_eq!(xml.name, "response");
        let records = json["messages"].as_array().expect("a list");
        let mut keys = vec!["status", "message", "totalRecords", "totalDisplayRecords"];
        keys.extend(records.iter().map(|_| "messages"));
        assert_eq!(xml.keys(), keys, "{rest}");
        for key in &keys[..4] {
            let value = &json[key];
            assert_eq!(xml.child(key), value.as_str().map_or(value.to_string(), str::to_owned));
        }
        for (element, record) in xml.children[4..].iter().zip(records) {
            let record = record.as_object().expect("an object");
            assert_eq!(element.keys(), record.keys().collect::<Vec<_>>());
            for (key, value) in record {
                let text = value.as_str().map_or(value.to_string(), str::to_owned);
                let quoted = matches!(key.as_str(), "date" | "dlr_date") && !text.is_empty();
                let expected = if quoted { format!("\"{text}\"") } else { text };
                assert_eq!(element.child(key), expected, "{key}");
            }
        }
    }
}

#[tokio::test]
async fn hostile_text_comes_back_unchanged() {
    let texts =
        ["a & b < c > d", "]]>", "&amp;", "<![CDATA[x]]>", "é \u{1F600} ع", "line\r\nbreak\ttab", "\"'"];
    let records: Vec<Record> = texts
        .iter()
        .map(|text| {
            Record::mt("2025-05-01T10:00:00Z", "33612345678", text, Outcome::Delivered).sender("A&<B")
        })
        .collect();
    let fixture = Fixture::with(records).await;
    let (_, xml) = both(&fixture, "").await;
    let read: Vec<&str> = xml.children[4..].iter().map(|record| record.child("message")).collect();
    assert_eq!(read, texts);
    assert!(xml.children[4..].iter().all(|record| record.child("sender") == "A&<B"));
}

#[tokio::test]
async fn what_xml_cannot_carry_is_dropped() {
    let record =
        Record::mt("2025-05-01T10:00:00Z", "33612345678", "a\u{0}b\u{1B}c\u{FFFE}d", Outcome::Delivered);
    let fixture = Fixture::with(vec![record]).await;
    let (json, xml) = both(&fixture, "").await;
    assert_eq!(json["messages"][0]["message"], "a\u{0}b\u{1B}c\u{FFFE}d");
    assert_eq!(json["messages"][0]["message_length"], 7);
    assert_eq!(xml.children[4].child("message"), "abcd");
}

#[tokio::test]
async fn nothing_found_and_errors() {
    let fixture = Fixture::empty().await;
    let (_, xml) = both(&fixture, "").await;
    assert_eq!(xml.keys(), ["status", "message", "totalRecords", "totalDisplayRecords"]);
    assert_eq!((xml.child("totalRecords"), xml.child("totalDisplayRecords")), ("0", "0"));
    for (call, status) in [
        (Call::get("/messages").bearer(&fixture.world.key), "-7"),
        (Call::get("/messages"), "-1"),
        (Call::get("/nowhere"), "-5"),
        (Call::get("/credits").header("authorization", "Basic dTpw"), "-1"),
    ] {
        let answer = fixture.call(call.xml()).await;
        let xml = Element::parse(&answer.body);
        assert_eq!(xml.name, "response");
        assert_eq!(xml.keys(), ["status", "message", "details"]);
        assert_eq!(xml.child("status"), status);
    }
}
