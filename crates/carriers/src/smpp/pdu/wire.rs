//! Fields as octets: integers in network order, texts that end in a zero octet.

/// The most octets of a message id, its last zero octet included (spec 5.2.23).
pub(super) const MESSAGE_ID: usize = 65;

/// Reads fields off a PDU's octets. Reading past the end gives zeros and empty texts and is remembered.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    short: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, short: false }
    }

    /// Whether any field was missing.
    pub(super) fn fell_short(&self) -> bool {
        self.short
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn u8(&mut self) -> u8 {
        let [octet] = self.array();
        octet
    }

    pub(super) fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        if let Some((head, rest)) = self.rest.split_first_chunk::<N>() {
            self.rest = rest;
            return *head;
        }
        self.rest = &[];
        self.short = true;
        [0; N]
    }

    /// A text up to its zero octet, or to the end where that is missing. Octets are read as Latin-1, which
    /// loses none and leaves ASCII as it is.
    pub(super) fn text(&mut self) -> String {
        if self.rest.is_empty() {
            self.short = true;
            return String::new();
        }
        let end = self.rest.iter().position(|octet| *octet == 0).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        text.iter().copied().map(char::from).collect()
    }

    /// Up to `count` octets.
    pub(super) fn octets(&mut self, count: usize) -> &'a [u8] {
        let (head, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        head
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }
}

/// Appends fields to a PDU's octets.
pub(super) struct Writer<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// A text of at most `size` octets, its zero octet included. What Latin-1 lacks becomes `?`; it ends at
    /// a zero character.
    pub(super) fn text(&mut self, text: &str, size: usize) {
        let octets = text.chars().take_while(|c| *c != '\0').map(|c| u8::try_from(c).unwrap_or(b'?'));
        self.out.extend(octets.take(size.saturating_sub(1)));
        self.out.push(0);
    }

    pub(super) fn octets(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }
}
