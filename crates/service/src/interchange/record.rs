//! Reading a line into its members: JSON, types, unknown and doubled members. What they say is judged by
//! [`super::judge`].

use std::borrow::Cow;
use std::fmt;

use ledger::history::MOST_ENTRIES;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::LineFault;

/// A text that is borrowed from the line unless it has escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> de::Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;

        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Borrowing)
    }
}

/// Defines a struct of members, each at most once in an object, and its visitor. A member is read as an
/// option, so that null is absence.
macro_rules! members {
    ($(#[$doc:meta])* $record:ident, $seed:ident, $expecting:literal { $($member:ident: $type:ty),* $(,)? }
     $({ $special:ident: $special_type:ty, $special_seed:ident })?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(crate) struct $record<'a> {
            $(pub(crate) $member: Option<$type>,)*
            $(pub(crate) $special: $special_type,)?
        }

        /// Reads it; what it does with unknown members is all it knows.
        #[derive(Clone, Copy)]
        struct $seed {
            lenient: bool,
        }

        impl<'de> DeserializeSeed<'de> for $seed {
            type Value = $record<'de>;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_map(self)
            }
        }

        impl<'de> Visitor<'de> for $seed {
            type Value = $record<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                #[allow(non_camel_case_types, reason = "named as the members they count")]
                enum Place { $($member,)* $($special,)? }
                let mut record = $record::default();
                let mut seen = Seen::default();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    match &*name {
                        $(stringify!($member) => {
                            seen.once::<A::Error>(Place::$member as u8, stringify!($member))?;
                            record.$member = map.next_value().map_err(|error| within(stringify!($member), error))?;
                        })*
                        $(stringify!($special) => {
                            seen.once::<A::Error>(Place::$special as u8, stringify!($special))?;
                            record.$special = map
                                .next_value_seed($special_seed { lenient: self.lenient })
                                .map_err(|error| within(stringify!($special), error))?;
                        })?
                        _ if self.lenient => {
                            map.next_value::<IgnoredAny>()?;
                        }
                        _ => return Err(de::Error::custom(format_args!("unknown member {:?}", &*name))),
                    }
                }
                Ok(record)
            }
        }
    };
}

members! {
    /// The members of a line as they stand there.
    Record, RecordSeed, "a record, which is an object" {
        id: Text<'a>,
        direction: Text<'a>,
        batch: Text<'a>,
        program: u32,
        sender: Text<'a>,
        recipient: Text<'a>,
        body: Text<'a>,
        created: Text<'a>,
        reference: Text<'a>,
        price: Text<'a>,
        currency: Text<'a>,
        country: Text<'a>,
        mcc: Text<'a>,
        mnc: Text<'a>,
        network: Text<'a>,
        date: Text<'a>,
        credits: u32,
        flash: bool,
        list: Text<'a>,
        answers: Text<'a>,
    } { history: Vec<RawEntry<'a>>, HistorySeed }
}

members! {
    /// The members of a history entry as they stand in the line.
    RawEntry, EntrySeed, "a history entry, which is an object" {
        at: Text<'a>,
        state: Text<'a>,
        reason: Text<'a>,
        code: Text<'a>,
        text: Text<'a>,
    }
}

/// The members met so far in one object, a bit for each.
#[derive(Default)]
struct Seen(u32);

impl Seen {
    fn once<E: de::Error>(&mut self, place: u8, name: &'static str) -> Result<(), E> {
        let bit = 1 << place;
        if self.0 & bit != 0 {
            return Err(E::custom(format_args!("\"{name}\" is given twice")));
        }
        self.0 |= bit;
        Ok(())
    }
}

/// Says in which member an error was met.
fn within<E: de::Error>(name: &str, error: E) -> E {
    E::custom(format_args!("in \"{name}\": {error}"))
}

/// Reads a history, or null.
struct HistorySeed {
    lenient: bool,
}

impl<'de> DeserializeSeed<'de> for HistorySeed {
    type Value = Vec<RawEntry<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for HistorySeed {
    type Value = Vec<RawEntry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of history entries")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = array.next_element_seed(EntrySeed { lenient: self.lenient })? {
            if entries.len() == MOST_ENTRIES {
                return Err(de::Error::custom(format_args!("more than {MOST_ENTRIES} entries")));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

impl<'a> Record<'a> {
    /// Reads a line. `lenient` passes over unknown members.
    pub(crate) fn read(line: &'a [u8], lenient: bool) -> Result<Self, LineFault> {
        let line = std::str::from_utf8(line).map_err(|error| LineFault::Encoding(error.valid_up_to()))?;
        let mut json = serde_json::Deserializer::from_str(line);
        let record = RecordSeed { lenient }.deserialize(&mut json).map_err(|error| fault(&error))?;
        json.end().map_err(|error| fault(&error))?;
        Ok(record)
    }
}

/// The JSON reader's words without the line it counts, which is always its first.
fn fault(error: &serde_json::Error) -> LineFault {
    let words = error.to_string();
    let what = words.split(" at line 1 column ").next().unwrap_or(&words).to_owned();
    LineFault::Record { what, column: error.column() }
}
