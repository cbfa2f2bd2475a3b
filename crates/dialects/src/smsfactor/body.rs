//! Request bodies, known by how they begin and not by their announced type (reference 1.7): JSON, XML, `data=`
//! with JSON, `XML=` with XML. Whatever came, a body is one object: its one member, named like the root
//! element, holds the rest.

mod xml;

use serde_json::{Map, Value};

use crate::kit::Params;

/// The members of an object, or the children and attributes of an element.
pub(super) type Fields = Map<String, Value>;

/// A request's body.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    /// There is none.
    Absent,
    /// What it says.
    Read(Value),
    /// It begins like one of the forms, or like none, and cannot be read as that.
    Unreadable(Form),
}

/// What a body that cannot be read was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// Nobody knows.
    Neither,
}

impl Body {
    /// Reads a body.
    pub(super) fn read(octets: &[u8]) -> Self {
        let octets = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets).trim_ascii_start();
        match octets.first() {
            None => Self::Absent,
            Some(b'{' | b'[') => json(octets),
            Some(b'<') => xml(octets),
            Some(_) => Self::in_form(octets),
        }
    }

    /// `data=` with percent-encoded JSON, `XML=` with percent-encoded XML. Some clients leave the value as it
    /// is, so that what cannot be read decoded is read as it stands.
    fn in_form(octets: &[u8]) -> Self {
        let form = Params::parse(octets);
        let (decoded, plain) = match (form.last("data"), form.last("XML")) {
            (Ok(Some(text)), _) => (json(text.as_bytes()), octets.strip_prefix(b"data=").map(json)),
            (_, Ok(Some(text))) => (
                xml(text.trim_start().as_bytes()),
                octets.strip_prefix(b"XML=").map(|rest| xml(rest.trim_ascii_start())),
            ),
            _ => return Self::Unreadable(Form::Neither),
        };
        match (decoded, plain) {
            (Self::Unreadable(_), Some(read @ Self::Read(_))) => read,
            (decoded, _) => decoded,
        }
    }

    /// Every login in it: at its top, and at the top of each object in that (the wrapper: `sms`, `list` …).
    /// What cannot be read holds none.
    pub(super) fn logins(&self) -> Vec<Login> {
        let Self::Read(Value::Object(top)) = self else { return Vec::new() };
        let inner = top.values().filter_map(Value::as_object);
        let members = inner.chain([top]).flatten().filter(|(name, _)| holds_login(name));
        members.flat_map(|(_, value)| items(value)).filter_map(Value::as_object).map(Login::of).collect()
    }
}

fn json(octets: &[u8]) -> Body {
    serde_json::from_slice(octets).map_or(Body::Unreadable(Form::Json), Body::Read)
}

fn xml(octets: &[u8]) -> Body {
    let text = std::str::from_utf8(octets).ok();
    text.and_then(xml::read).map_or(Body::Unreadable(Form::Xml), Body::Read)
}

/// The items of a value that may be a list: XML tells a list of one from a value by nothing.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// What a body says about who sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Login {
    /// `token`.
    pub(super) token: Option<String>,
    /// `username`.
    pub(super) username: Option<String>,
    /// `password`.
    pub(super) password: Option<String>,
}

impl Login {
    fn of(fields: &Fields) -> Self {
        let text = |name: &str| match fields.get(name)? {
            // No secret has blanks around it; XML is written with them.
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Self { token: text("token"), username: text("username"), password: text("password") }
    }
}

/// The two spellings of the member or element that holds credentials; both occur in both formats.
fn holds_login(name: &str) -> bool {
    matches!(name, "authentication" | "authentification")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logins(body: &[u8]) -> Vec<Login> {
        Body::read(body).logins()
    }

    fn login(token: &str, username: &str, password: &str) -> Login {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Login { token: some(token), username: some(username), password: some(password) }
    }

    #[test]
    fn logins_are_found() {
        let pair = login("", "u", "p&q");
        for (body, expected) in [
            (r#"{"sms":{"authentication":{"token":"t"}}}"#, login("t", "", "")),
            (r#"{"sms":{"authentication":{"username":"u","password":"p&q"}}}"#, pair.clone()),
            (r#" {"list":{"authentification":{"username":"u","password":"p&q"}}}"#, pair.clone()),
            (r#"{"authentication":{"username":"u","password":12}}"#, login("", "u", "12")),
            (r#"{"sms":{"authentication":{"username":"u","password":null,"token":""}}}"#, login("", "u", "")),
            ("\u{FEFF}{\"sms\":{\"authentication\":{\"token\":\"t\"}}}", login("t", "", "")),
            (
                "data=%7B%22sms%22%3A%7B%22authentication%22%3A%7B%22token%22%3A%22t%22%7D%7D%7D",
                login("t", "", ""),
            ),
            (
                "<?xml version=\"1.0\"?>\n<sms><authentification><username>u</username>\n<password>p&amp;q</password></authentification><message/></sms>",
                pair.clone(),
            ),
            (
                "<sms><authentication><username> u\n</username><password><![CDATA[p&q]]></password></authentication></sms>",
                pair.clone(),
            ),
            ("<sms><authentification><token>&#116;</token></authentification></sms>", login("t", "", "")),
            (
                "XML=%3Csms%3E%3Cauthentification%3E%3Cusername%3Eu%3C%2Fusername%3E%3Cpassword%3Ep%26amp%3Bq%3C%2Fpassword%3E%3C%2Fauthentification%3E%3C%2Fsms%3E",
                pair.clone(),
            ),
        ] {
            assert_eq!(logins(body.as_bytes()), [expected], "{body}");
        }
    }

    #[test]
    fn everything_else_holds_none() {
        for body in [
            "",
            "   ",
            "[]",
            "{}",
            "null",
            r#"{"sms":[]}"#,
            r#"{"sms":{"authentication":"t"}}"#,
            r#"{"sms":{"message":{"authentication":{"token":"t"}}}}"#,
            r#"{"sms":{"authentication":{"token":"t"}}"#,
            "<sms>",
            "</sms>",
            "<sms><message><authentification><token>t</token></authentification></message></sms>",
            "<sms><authentification><token>&unknown;</token></authentification></sms>",
            "<sms><authentification><token>t</token></sms>",
            "data=%7B",
            "data=&XML=",
            "data=%ff",
            "XML=%3Csms",
            "token=t",
        ] {
            assert_eq!(logins(body.as_bytes()), [], "{body}");
        }
        assert_eq!(logins(b"<sms>\xff</sms>"), []);
        assert_eq!(logins(b"\xff"), []);
    }

    #[test]
    fn a_deep_body_is_no_danger() {
        assert_eq!(logins("[".repeat(1_000_000).as_bytes()), []);
        assert_eq!(logins("<a>".repeat(300_000).as_bytes()), []);
    }

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let body =
            "<!DOCTYPE s [<!ENTITY t \"x\">]><s><authentification><token>&t;</token></authentification></s>";
        assert_eq!(logins(body.as_bytes()), []);
    }

    #[test]
    fn both_formats_say_the_same() {
        let json = r#"{"sms":{"message":{"text":"a\nb","sender":"","links":["u","v"]},
            "recipients":{"gsm":[{"gsmsmsid":"1","value":"33"},"34"]}}}"#;
        let xml = "<?xml version=\"1.0\"?><!-- c --><sms><message>
            <text>\n  <![CDATA[a\nb]]>\n </text><sender/><links>u</links><links>v</links></message>
            <recipients><gsm gsmsmsid=\"1\">33</gsm><gsm>34</gsm></recipients></sms>";
        let Body::Read(value) = Body::read(json.as_bytes()) else { panic!("JSON") };
        assert_eq!(Body::read(xml.as_bytes()), Body::Read(value));
    }

    #[test]
    fn what_cannot_be_read_says_what_it_was_meant_to_be() {
        for (body, form) in [
            ("{", Form::Json),
            ("[1", Form::Json),
            ("data=%7B", Form::Json),
            ("<sms>", Form::Xml),
            ("<sms></list>", Form::Xml),
            ("<sms/>&amp;<x", Form::Xml),
            ("<!-- nothing -->", Form::Xml),
            ("XML=%3Csms", Form::Xml),
            ("text=a&to=b", Form::Neither),
            ("7", Form::Neither),
        ] {
            assert_eq!(Body::read(body.as_bytes()), Body::Unreadable(form), "{body}");
        }
        assert_eq!(Body::read(b" \n"), Body::Absent);
    }
}
