//! Command ids (spec 5.1.2.1).

use std::fmt;

/// A command id. Any 32 bits can come; the constants are those that this program speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Command(pub u32);

macro_rules! commands {
    ($($name:ident = $id:literal, $word:literal;)*) => {
        #[allow(missing_docs, reason = "the names are the specification's")]
        impl Command {
            $(pub const $name: Self = Self($id);)*

            /// The specification's name of the request, where it is one of the known.
            fn word(self) -> Option<&'static str> {
                match self.request().0 { $($id => Some($word),)* _ => None }
            }
        }
    };
}

commands! {
    GENERIC_NACK = 0x8000_0000, "generic_nack";
    BIND_RECEIVER = 0x0000_0001, "bind_receiver";
    BIND_TRANSMITTER = 0x0000_0002, "bind_transmitter";
    QUERY_SM = 0x0000_0003, "query_sm";
    SUBMIT_SM = 0x0000_0004, "submit_sm";
    DELIVER_SM = 0x0000_0005, "deliver_sm";
    UNBIND = 0x0000_0006, "unbind";
    REPLACE_SM = 0x0000_0007, "replace_sm";
    CANCEL_SM = 0x0000_0008, "cancel_sm";
    BIND_TRANSCEIVER = 0x0000_0009, "bind_transceiver";
    OUTBIND = 0x0000_000B, "outbind";
    ENQUIRE_LINK = 0x0000_0015, "enquire_link";
    SUBMIT_MULTI = 0x0000_0021, "submit_multi";
    ALERT_NOTIFICATION = 0x0000_0102, "alert_notification";
    DATA_SM = 0x0000_0103, "data_sm";
}

/// The bit that tells a response from its request.
const RESPONSE: u32 = 0x8000_0000;

impl Command {
    /// Whether it answers a request.
    pub fn is_response(self) -> bool {
        self.0 & RESPONSE != 0
    }

    /// The response to this request.
    #[must_use]
    pub fn response(self) -> Self {
        Self(self.0 | RESPONSE)
    }

    /// The request this answers; itself for requests and [`Command::GENERIC_NACK`], which answers any.
    #[must_use]
    pub fn request(self) -> Self {
        if self == Self::GENERIC_NACK { self } else { Self(self.0 & !RESPONSE) }
    }

    /// Whether the specification asks the receiver of this request for no response.
    pub fn expects_no_response(self) -> bool {
        matches!(self, Self::OUTBIND | Self::ALERT_NOTIFICATION)
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word() {
            Some(word) if self.is_response() && *self != Self::GENERIC_NACK => write!(f, "{word}_resp"),
            Some(word) => f.write_str(word),
            None => write!(f, "command {:#010x}", self.0),
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(Command::SUBMIT_SM.to_string(), "submit_sm");
        assert_eq!(Command(0x8000_0004).to_string(), "submit_sm_resp");
        assert_eq!(Command::GENERIC_NACK.to_string(), "generic_nack");
        assert_eq!(Command(0x77).to_string(), "command 0x00000077");
    }
}
