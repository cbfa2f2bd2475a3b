//! Parameters of a query or a form: every pair as sent, doubled ones and octets that are no text included.

use std::borrow::Cow;

/// What is wrong with a parameter before its value is even looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// It stands there more than once.
    #[error("given more than once")]
    Doubled,
    /// Its octets are not UTF-8.
    #[error("not valid UTF-8")]
    NotText,
}

/// Name and value pairs in the order sent.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, Result<String, ParamError>)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded` octets: a query or a body.
    pub fn parse(raw: &[u8]) -> Self {
        let pairs = raw.split(|octet| *octet == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let at = pair.iter().position(|octet| *octet == b'=');
            let (name, value) = at.map_or((pair, &b""[..]), |at| (&pair[..at], &pair[at + 1..]));
            (String::from_utf8_lossy(&decode(name)).into_owned(), text(value))
        });
        Self(pairs.collect())
    }

    /// Pairs already decoded, as from a JSON object.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name, Ok(value))).collect())
    }

    /// The one value of a parameter. Absent, and present but empty, are both `None`.
    pub fn one(&self, name: &str) -> Result<Option<&str>, ParamError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(ParamError::Doubled);
        }
        match value {
            Ok(value) => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
            Err(error) => Err(*error),
        }
    }

    /// The last value of a parameter, as many web frameworks read doubled ones. Empty is `None`.
    pub fn last(&self, name: &str) -> Result<Option<&str>, ParamError> {
        match self.0.iter().rev().find(|(known, _)| known == name) {
            None => Ok(None),
            Some((_, Ok(value))) => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
            Some((_, Err(error))) => Err(*error),
        }
    }

    /// Every value of a parameter, in the order sent, empty ones included.
    pub fn all(&self, name: &str) -> impl Iterator<Item = Result<&str, ParamError>> {
        let values = self.0.iter().filter(move |(known, _)| known == name);
        values.map(|(_, value)| value.as_deref().map_err(|error| *error))
    }

    /// Whether the name occurs at all, be its value empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every pair whose value is text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_deref().ok()?)))
    }

    /// These, then those of `more`.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}

fn decode(raw: &[u8]) -> Vec<u8> {
    let spaced: Cow<'_, [u8]> = if raw.contains(&b'+') {
        raw.iter().map(|octet| if *octet == b'+' { b' ' } else { *octet }).collect::<Vec<_>>().into()
    } else {
        raw.into()
    };
    percent_encoding::percent_decode(&spaced).collect()
}

fn text(raw: &[u8]) -> Result<String, ParamError> {
    String::from_utf8(decode(raw)).map_err(|_| ParamError::NotText)
}

/// Percent-encodes a value for a query; letters, digits and `-._~:,` stay.
pub fn encode(value: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b':')
        .remove(b',');
    percent_encoding::utf8_percent_encode(value, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_as_sent() {
        let params = Params::parse(b"a=1&b=x+y%2B&c=&d&a=2&e=%ff&&=v");
        assert_eq!(params.one("a"), Err(ParamError::Doubled));
        assert_eq!(params.last("a"), Ok(Some("2")));
        assert!(params.all("a").eq([Ok("1"), Ok("2")]) && params.all("c").eq([Ok("")]));
        assert!(params.all("e").eq([Err(ParamError::NotText)]) && params.all("z").next().is_none());
        assert_eq!(params.one("b"), Ok(Some("x y+")));
        assert_eq!(params.one("c"), Ok(None));
        assert_eq!(params.one("d"), Ok(None));
        assert!(params.has("d") && !params.has("z"));
        assert_eq!(params.one("e"), Err(ParamError::NotText));
        assert_eq!(params.one("z"), Ok(None));
        assert_eq!(Params::parse(b"%zz=%").one("%zz"), Ok(Some("%")));
    }

    #[test]
    fn values_are_encoded_for_links() {
        assert_eq!(encode("2014-12-05T10:00:00 &é"), "2014-12-05T10:00:00%20%26%C3%A9");
    }
}
