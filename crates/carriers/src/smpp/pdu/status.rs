//! Command statuses (spec 5.1.3) and what each means for the segment it answers.

use std::fmt;

/// A command status. Any 32 bits can come: carriers add their own from 0x400 on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status(pub u32);

/// What a status means for the request it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It was taken.
    Ok,
    /// Too much at once: everything on this session is to slow down, then this may be sent again.
    Throttled,
    /// Not now: this may be sent again later.
    Retry,
    /// Never: the same request would be refused again.
    Permanent,
    /// The session is not what the peer thinks it is (not bound, unknown command, bad password): nothing is
    /// wrong with the message, which may be sent again over another session.
    Session,
}

macro_rules! statuses {
    ($($name:ident = $code:literal, $word:literal, $class:ident, $words:literal;)*) => {
        impl Status {
            $(#[doc = concat!($word, ": ", $words, ".")] pub const $name: Self = Self($code);)*

            /// The specification's name, e.g. `ESME_RTHROTTLED`, where it knows the status.
            pub fn name(self) -> Option<&'static str> {
                match self.0 { $($code => Some($word),)* _ => None }
            }

            /// What it means in words, where the specification knows the status.
            pub fn words(self) -> Option<&'static str> {
                match self.0 { $($code => Some($words),)* _ => None }
            }

            /// Every status of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn listed_class(self) -> Option<Class> {
                match self.0 { $($code => Some(Class::$class),)* _ => None }
            }
        }
    };
}

statuses! {
    OK = 0x00, "ESME_ROK", Ok, "no error";
    INVALID_MESSAGE_LENGTH = 0x01, "ESME_RINVMSGLEN", Permanent, "message length is invalid";
    INVALID_COMMAND_LENGTH = 0x02, "ESME_RINVCMDLEN", Permanent, "command length is invalid";
    INVALID_COMMAND = 0x03, "ESME_RINVCMDID", Session, "invalid command id";
    INVALID_BIND_STATE = 0x04, "ESME_RINVBNDSTS", Session, "incorrect bind status for the command";
    ALREADY_BOUND = 0x05, "ESME_RALYBND", Session, "already bound";
    INVALID_PRIORITY = 0x06, "ESME_RINVPRTFLG", Permanent, "invalid priority flag";
    INVALID_REGISTERED_DELIVERY = 0x07, "ESME_RINVREGDLVFLG", Permanent, "invalid registered delivery flag";
    SYSTEM_ERROR = 0x08, "ESME_RSYSERR", Retry, "system error";
    INVALID_SOURCE = 0x0A, "ESME_RINVSRCADR", Permanent, "invalid source address";
    INVALID_DESTINATION = 0x0B, "ESME_RINVDSTADR", Permanent, "invalid destination address";
    INVALID_MESSAGE_ID = 0x0C, "ESME_RINVMSGID", Permanent, "message id is invalid";
    BIND_FAILED = 0x0D, "ESME_RBINDFAIL", Session, "bind failed";
    INVALID_PASSWORD = 0x0E, "ESME_RINVPASWD", Session, "invalid password";
    INVALID_SYSTEM_ID = 0x0F, "ESME_RINVSYSID", Session, "invalid system id";
    CANCEL_FAILED = 0x11, "ESME_RCANCELFAIL", Permanent, "cancelling failed";
    REPLACE_FAILED = 0x13, "ESME_RREPLACEFAIL", Permanent, "replacing failed";
    QUEUE_FULL = 0x14, "ESME_RMSGQFUL", Throttled, "message queue full";
    INVALID_SERVICE_TYPE = 0x15, "ESME_RINVSERTYP", Permanent, "invalid service type";
    INVALID_DESTINATION_COUNT = 0x33, "ESME_RINVNUMDESTS", Permanent, "invalid number of destinations";
    INVALID_LIST_NAME = 0x34, "ESME_RINVDLNAME", Permanent, "invalid distribution list name";
    INVALID_DESTINATION_FLAG = 0x40, "ESME_RINVDESTFLAG", Permanent, "invalid destination flag";
    INVALID_REPLACE_REQUEST = 0x42, "ESME_RINVSUBREP", Permanent, "invalid submit with replace request";
    INVALID_ESM_CLASS = 0x43, "ESME_RINVESMCLASS", Permanent, "invalid esm_class";
    CANNOT_SUBMIT_TO_LIST = 0x44, "ESME_RCNTSUBDL", Permanent, "cannot submit to the distribution list";
    SUBMIT_FAILED = 0x45, "ESME_RSUBMITFAIL", Permanent, "submission failed";
    INVALID_SOURCE_TON = 0x48, "ESME_RINVSRCTON", Permanent, "invalid source address TON";
    INVALID_SOURCE_NPI = 0x49, "ESME_RINVSRCNPI", Permanent, "invalid source address NPI";
    INVALID_DESTINATION_TON = 0x50, "ESME_RINVDSTTON", Permanent, "invalid destination address TON";
    INVALID_DESTINATION_NPI = 0x51, "ESME_RINVDSTNPI", Permanent, "invalid destination address NPI";
    INVALID_SYSTEM_TYPE = 0x53, "ESME_RINVSYSTYP", Session, "invalid system type";
    INVALID_REPLACE_FLAG = 0x54, "ESME_RINVREPFLAG", Permanent, "invalid replace_if_present flag";
    INVALID_MESSAGE_COUNT = 0x55, "ESME_RINVNUMMSGS", Permanent, "invalid number of messages";
    THROTTLED = 0x58, "ESME_RTHROTTLED", Throttled, "message rate exceeded";
    INVALID_SCHEDULE = 0x61, "ESME_RINVSCHED", Permanent, "invalid scheduled delivery time";
    INVALID_VALIDITY = 0x62, "ESME_RINVEXPIRY", Permanent, "invalid validity period";
    INVALID_PREDEFINED = 0x63, "ESME_RINVDFTMSGID", Permanent, "predefined message is invalid or not found";
    RECEIVER_TEMPORARY = 0x64, "ESME_RX_T_APPN", Retry, "receiver has a temporary error";
    RECEIVER_PERMANENT = 0x65, "ESME_RX_P_APPN", Permanent, "receiver has a permanent error";
    RECEIVER_REJECTS = 0x66, "ESME_RX_R_APPN", Permanent, "receiver rejects the message";
    QUERY_FAILED = 0x67, "ESME_RQUERYFAIL", Permanent, "query failed";
    INVALID_TLV_STREAM = 0xC0, "ESME_RINVOPTPARSTREAM", Permanent, "error in the optional part";
    TLV_NOT_ALLOWED = 0xC1, "ESME_ROPTPARNOTALLWD", Permanent, "optional parameter not allowed";
    INVALID_TLV_LENGTH = 0xC2, "ESME_RINVPARLEN", Permanent, "invalid parameter length";
    MISSING_TLV = 0xC3, "ESME_RMISSINGOPTPARAM", Permanent, "expected optional parameter missing";
    INVALID_TLV_VALUE = 0xC4, "ESME_RINVOPTPARAMVAL", Permanent, "invalid optional parameter value";
    DELIVERY_FAILED = 0xFE, "ESME_RDELIVERYFAILURE", Retry, "delivery failure";
    UNKNOWN_ERROR = 0xFF, "ESME_RUNKNOWNERR", Retry, "unknown error";
}

impl Status {
    /// What it means for the request it answers. A status that the specification does not know is a refusal
    /// for good: a carrier's own words about one message, which more attempts would not change.
    pub fn class(self) -> Class {
        self.listed_class().unwrap_or(Class::Permanent)
    }

    /// Whether it is [`Status::OK`].
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name(), self.words()) {
            (Some(name), Some(words)) => write!(f, "{name} ({words})"),
            _ => write!(f, "status {:#010x}", self.0),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#010x}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(Status::OK.class(), Class::Ok);
        assert_eq!(Status::THROTTLED.class(), Class::Throttled);
        assert_eq!(Status::QUEUE_FULL.class(), Class::Throttled);
        assert_eq!(Status::SYSTEM_ERROR.class(), Class::Retry);
        assert_eq!(Status::INVALID_DESTINATION.class(), Class::Permanent);
        assert_eq!(Status::INVALID_BIND_STATE.class(), Class::Session);
        assert_eq!(Status(0x0410).class(), Class::Permanent);
        assert_eq!(Status(0x0410).to_string(), "status 0x00000410");
        assert_eq!(Status::ALL.iter().filter(|status| status.class() == Class::Ok).count(), 1);
    }
}
