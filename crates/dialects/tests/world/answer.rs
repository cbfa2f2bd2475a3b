//! What came back, as tests look at it.

use std::collections::HashMap;

use dialects::kit::Response;
use serde_json::Value;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn new(response: Response) -> Self {
        let headers = response.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), value.to_str().expect("a readable header").to_owned())
        });
        Self {
            status: response.status().as_u16(),
            headers: headers.collect(),
            text: String::from_utf8(response.body().to_vec()).expect("text"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The body, which must be strict JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The body of a success.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The elements of a successful answer that is an array.
    pub(crate) fn list(&self) -> Vec<Value> {
        match self.ok() {
            Value::Array(items) => items,
            other => panic!("no array: {other}"),
        }
    }

    /// The links of a `Link` header by their relation.
    pub(crate) fn links(&self) -> HashMap<String, String> {
        let parts = self.header("link").split(", ").filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let (url, rel) = part.split_once(">; rel=\"").expect("a link with a relation");
                let url = url.strip_prefix('<').expect("a link in angle brackets");
                (rel.trim_end_matches('"').to_owned(), url.to_owned())
            })
            .collect()
    }
}
