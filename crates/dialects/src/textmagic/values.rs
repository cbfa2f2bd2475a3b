//! Values as this API writes them: dates, amounts, countries, links, charsets.

use serde::{Serialize, Serializer};
use sms::phone::Phone;
use sms::{Coding, Country, Micros, Money, Number};

/// The prefix of every path and link.
pub(super) const PREFIX: &str = "/api/v2";

/// An instant as `2015-06-19T09:48:24+0000`: whole seconds, always UTC, no colon in the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(pub(super) Micros);

impl Stamp {
    /// From seconds since 1970.
    pub(super) fn of_seconds(seconds: u32) -> Self {
        Self(Micros::from_seconds(seconds))
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(24);
        self.0.write_seconds(&mut text);
        text.push_str("+0000");
        serializer.serialize_str(&text)
    }
}

/// An amount as a JSON number that prints as the exact decimal; whole amounts have no point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount(pub(super) Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millionths = self.0.millionths();
        if millionths % 1_000_000 == 0 {
            serializer.serialize_i64(millionths / 1_000_000)
        } else {
            serializer.serialize_f64(self.0.as_f64())
        }
    }
}

/// A country as an object.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct CountryObject {
    id: Country,
    name: &'static str,
}

impl CountryObject {
    /// The object of a country that has a name; others are `null` in this API.
    pub(super) fn of(country: Country) -> Option<Self> {
        country.name().map(|name| Self { id: country, name })
    }
}

/// What creating or changing a thing answers: its id and where it is read.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    id: Number,
    href: String,
}

impl Link {
    /// The link to a thing of a collection.
    pub(super) fn to(collection: &str, id: Number) -> Self {
        Self { id, href: format!("{PREFIX}/{collection}/{id}") }
    }
}

/// The vendor's word for a coding.
pub(super) fn charset(coding: Coding) -> &'static str {
    match coding {
        Coding::Gsm7 => "ISO-8859-1",
        Coding::Ucs2 => "UTF-16BE",
    }
}

/// The digits of a number however it is written (`+44 7860 …`); a text that is no number, as it is.
pub(super) fn phone_of(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| text.to_owned(), |phone| phone.as_str().to_owned())
}

/// A text, or `null` when it is empty.
pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::reply;

    fn json(value: &impl Serialize) -> String {
        String::from_utf8(reply::json(value)).expect("text")
    }

    #[test]
    fn dates() {
        assert_eq!(json(&Stamp::of_seconds(1_434_707_304)), r#""2015-06-19T09:48:24+0000""#);
        assert_eq!(json(&Stamp(Micros::new(1_999_999))), r#""1970-01-01T00:00:01+0000""#);
    }

    #[test]
    fn amounts() {
        for (millionths, text) in
            [(0, "0"), (3_000_000, "3"), (250_000, "0.25"), (37_000, "0.037"), (-1_500_000, "-1.5")]
        {
            assert_eq!(json(&Amount(Money::from_millionths(millionths))), text);
        }
        assert_eq!(json(&Amount(Money::from_millionths(393_712_000))), "393.712");
    }

    #[test]
    fn phones() {
        assert_eq!(phone_of("+44 7860 021-130"), "447860021130");
        assert_eq!(phone_of("INFO"), "INFO");
        assert_eq!(phone_of("4478600211304478"), "4478600211304478");
    }

    #[test]
    fn countries_and_links() {
        let gb = Country::parse("GB").and_then(CountryObject::of);
        assert_eq!(json(&gb), r#"{"id":"GB","name":"United Kingdom"}"#);
        assert_eq!(json(&CountryObject::of(Country::UNKNOWN)), "null");
        assert_eq!(json(&Link::to("contacts", 515)), r#"{"id":515,"href":"/api/v2/contacts/515"}"#);
    }
}
