//! Optional parameters (spec 5.3): tag, length, value.

use super::wire::{Reader, Writer};

/// The tag of an optional parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag(pub u16);

#[allow(missing_docs, reason = "the names are the specification's")]
impl Tag {
    pub const DEST_ADDR_SUBUNIT: Self = Self(0x0005);
    pub const RECEIPTED_MESSAGE_ID: Self = Self(0x001E);
    pub const USER_MESSAGE_REFERENCE: Self = Self(0x0204);
    pub const SAR_MSG_REF_NUM: Self = Self(0x020C);
    pub const SAR_TOTAL_SEGMENTS: Self = Self(0x020E);
    pub const SAR_SEGMENT_SEQNUM: Self = Self(0x020F);
    pub const SC_INTERFACE_VERSION: Self = Self(0x0210);
    pub const NETWORK_ERROR_CODE: Self = Self(0x0423);
    pub const MESSAGE_PAYLOAD: Self = Self(0x0424);
    pub const MORE_MESSAGES_TO_SEND: Self = Self(0x0426);
    pub const MESSAGE_STATE: Self = Self(0x0427);
}

/// The optional parameters of a PDU, in their order. Of a tag that came twice the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tlvs(Vec<(Tag, Vec<u8>)>);

impl Tlvs {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        self.0.iter().map(|(tag, value)| (*tag, value.as_slice()))
    }

    /// The octets of a parameter.
    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.iter().find(|(name, _)| *name == tag).map(|(_, value)| value)
    }

    /// A parameter as a number, whatever its width up to four octets; `None` where it is empty or wider.
    pub fn number(&self, tag: Tag) -> Option<u32> {
        let value = self.get(tag).filter(|value| (1..=4).contains(&value.len()))?;
        Some(value.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet)))
    }

    /// A parameter as a text, up to a zero octet if there is one, read as Latin-1.
    pub fn text(&self, tag: Tag) -> Option<String> {
        let value = self.get(tag)?;
        Some(value.iter().copied().take_while(|octet| *octet != 0).map(char::from).collect())
    }

    /// Adds a parameter; a value over 65,535 octets is cut.
    pub fn push(&mut self, tag: Tag, value: impl Into<Vec<u8>>) {
        let mut value = value.into();
        value.truncate(usize::from(u16::MAX));
        self.0.push((tag, value));
    }

    /// Takes a parameter out.
    pub fn remove(&mut self, tag: Tag) -> Option<Vec<u8>> {
        let place = self.0.iter().position(|(name, _)| *name == tag)?;
        Some(self.0.remove(place).1)
    }

    /// Adds `text` with its zero octet.
    pub fn push_text(&mut self, tag: Tag, text: &str) {
        let mut value = Vec::with_capacity(text.len() + 1);
        Writer::new(&mut value).text(text, usize::from(u16::MAX));
        self.push(tag, value);
    }

    /// All that is left. Whatever follows the last whole parameter is passed over.
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut rest = reader.rest();
        let mut found = Vec::new();
        while let [a, b, c, d, others @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*c, *d]));
            let Some((value, others)) = others.split_at_checked(length) else { break };
            found.push((Tag(u16::from_be_bytes([*a, *b])), value.to_vec()));
            rest = others;
        }
        Self(found)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        for (tag, value) in self.iter() {
            Self::write_one(writer, tag, value);
        }
    }

    /// Writes one parameter; the value has at most 65,535 octets.
    pub(super) fn write_one(writer: &mut Writer<'_>, tag: Tag, value: &[u8]) {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        writer.u16(tag.0);
        writer.u16(length);
        writer.octets(value.get(..usize::from(length)).unwrap_or(value));
    }
}
