//! Request bodies, known by how they begin and not by their announced type (reference 1.7), as far as reading
//! needs them: older clients put their credentials there.

use quick_xml::events::{BytesRef, Event};
use serde_json::Value;

use crate::kit::Params;

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
    fn set(&mut self, field: &str, value: String) {
        let place = match field {
            "token" => &mut self.token,
            "username" => &mut self.username,
            "password" => &mut self.password,
            _ => return,
        };
        *place = Some(value).filter(|value| !value.is_empty());
    }
}

/// The two spellings of the member or element that holds credentials; both occur in both formats.
fn holds_login(name: &str) -> bool {
    matches!(name, "authentication" | "authentification")
}

/// Every login in a body. What cannot be read holds none: on requests that only read, a body says nothing.
pub(super) fn logins(body: &[u8]) -> Vec<Login> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    match body.first() {
        Some(b'{' | b'[') => in_json(body),
        Some(b'<') => in_xml(body).unwrap_or_default(),
        Some(_) => in_form(body),
        None => Vec::new(),
    }
}

/// `data=` with percent-encoded JSON, `XML=` with percent-encoded XML.
fn in_form(body: &[u8]) -> Vec<Login> {
    let form = Params::parse(body);
    match (form.last("data"), form.last("XML")) {
        (Ok(Some(json)), _) => in_json(json.as_bytes()),
        (_, Ok(Some(xml))) => in_xml(xml.trim_start().as_bytes()).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Logins at the top of the object, and at the top of each object in it (the wrapper: `sms`, `list` …).
fn in_json(body: &[u8]) -> Vec<Login> {
    let Ok(Value::Object(top)) = serde_json::from_slice(body) else { return Vec::new() };
    let inner = top.values().filter_map(Value::as_object);
    inner
        .chain([&top])
        .flatten()
        .filter(|(name, _)| holds_login(name))
        .filter_map(|(_, value)| value.as_object())
        .map(|fields| {
            let mut login = Login::default();
            for (field, value) in fields {
                match value {
                    Value::String(text) => login.set(field, text.clone()),
                    Value::Number(number) => login.set(field, number.to_string()),
                    _ => {}
                }
            }
            login
        })
        .collect()
}

/// Logins among the children of the root element; `None` when the text is not XML up to its end.
fn in_xml(body: &[u8]) -> Option<Vec<Login>> {
    let mut reader = quick_xml::Reader::from_str(std::str::from_utf8(body).ok()?);
    let (mut path, mut text) = (Vec::<String>::new(), String::new());
    let mut logins = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                path.push(start.local_name().into_inner().to_owned());
                text.clear();
                if let [_, name] = path.as_slice()
                    && holds_login(name)
                {
                    logins.push(Login::default());
                }
            }
            Event::End(_) => {
                if let [_, name, field] = path.as_slice()
                    && holds_login(name)
                {
                    logins.last_mut()?.set(field, text.trim().to_owned());
                }
                path.pop()?;
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => text.push_str(&resolve(&reference)?),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return path.is_empty().then_some(logins),
        }
    }
}

/// The text of a character reference or of one of the five predefined entities. No other is ever expanded.
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
}
