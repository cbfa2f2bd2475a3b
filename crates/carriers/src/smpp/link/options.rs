//! A link's options: one list, which the structure, the command line (`--set name=value`), the configuration
//! file and the documentation are made from.

use std::time::Duration;

use super::values::{
    Flash, GsmCoding, IncomingAlphabet, LongMessages, NumberForm, OrZero, Tls, ValidityForm, Value,
    ZoneOffset,
};

/// An option, for the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name in `--set name=value`.
    pub name: &'static str,
    /// Its value when it is not set.
    pub default: String,
    /// What it does.
    pub help: &'static str,
    /// What it costs, where it weakens a promise.
    pub danger: Option<&'static str>,
}

/// An option that cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionRefused {
    /// There is no such option.
    #[error("there is no option {0:?}")]
    Unknown(String),
    /// The value is none of its values.
    #[error("{name} takes {takes}, not {value:?}")]
    Value {
        /// The option.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        takes: String,
    },
}

macro_rules! options {
    ($($name:ident: $kind:ty = $default:expr, $help:literal $(, danger $danger:literal)?;)*) => {
        /// How a link speaks to its SMSC. [`Options::table`] lists them all with their defaults.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Options {
            $(#[doc = $help] pub $name: $kind,)*
        }

        impl Default for Options {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Options {
            /// Every option, in the order of the documentation.
            pub fn table() -> Vec<OptionInfo> {
                let default = Self::default();
                vec![$(OptionInfo {
                    name: stringify!($name),
                    default: default.$name.write(),
                    help: $help,
                    danger: None $(.or(Some($danger)))?,
                },)*]
            }

            /// Sets an option by its name.
            ///
            /// # Errors
            /// [`OptionRefused`] names the option and what it takes; nothing is changed.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), OptionRefused> {
                match name {
                    $(stringify!($name) => {
                        self.$name = <$kind as Value>::read(value.trim()).map_err(|takes| {
                            OptionRefused::Value { name: stringify!($name), value: value.to_owned(), takes }
                        })?;
                    })*
                    _ => return Err(OptionRefused::Unknown(name.to_owned())),
                }
                Ok(())
            }

            /// An option's value, as [`Options::set`] takes it; `None` where there is no such option.
            pub fn get(&self, name: &str) -> Option<String> {
                match name { $(stringify!($name) => Some(self.$name.write()),)* _ => None }
            }
        }
    };
}

options! {
    system_type: String = String::new(), "The system type given at the bind, where the SMSC wants one.";
    interface_version: u8 = 0x34, "The version given at the bind; 0x34 is SMPP 3.4.";
    address_range: String = String::new(), "The address range given at the bind, for SMSCs that route MO by it.";
    address_ton: u8 = 0, "Type of number of the address range.";
    address_npi: u8 = 0, "Numbering plan of the address range.";
    tls: Tls = Tls::Off, "Whether the connection is encrypted: on or off.",
        danger "Off sends the password, every number and every text in the clear.";
    tls_name: String = String::new(), "The name that the SMSC's certificate must be good for; empty: the host's.";
    tls_ca: String = String::new(), "A PEM file with the certificates trusted; empty: those of the system.";
    service_type: String = String::new(), "The service type of every submission.";
    source: String = String::new(), "The sender of segments that have none.";
    number_ton: u8 = 1, "Type of number of senders that are international numbers.";
    number_npi: u8 = 1, "Numbering plan of senders that are international numbers.";
    short_ton: u8 = 3, "Type of number of senders that are short codes.";
    short_npi: u8 = 0, "Numbering plan of senders that are short codes.";
    name_ton: u8 = 5, "Type of number of senders that are names.";
    name_npi: u8 = 0, "Numbering plan of senders that are names.";
    sender_form: NumberForm = NumberForm::Digits, "What leads a sender's international number: digits, plus or 00.";
    recipient_ton: u8 = 1, "Type of number of recipients.";
    recipient_npi: u8 = 1, "Numbering plan of recipients.";
    recipient_form: NumberForm = NumberForm::Digits, "What leads a recipient's number: digits, plus or 00.";
    gsm: GsmCoding = GsmCoding::Unpacked, "How texts of the GSM alphabet are written: unpacked, packed, latin1 or ascii.";
    gsm_data_coding: u8 = 0, "The data coding of unpacked and packed texts.";
    ucs2_data_coding: u8 = 8, "The data coding of UCS-2 texts.";
    incoming: IncomingAlphabet = IncomingAlphabet::Gsm, "How what comes in with data coding 0 is read: gsm, packed, latin1 or utf8.";
    long: LongMessages = LongMessages::Udh8, "How a long text goes: udh8, udh16, sar or payload.",
        danger "With payload one receipt speaks for the whole text, so a lost part of it is not seen.";
    flash: Flash = Flash::DataCoding, "How a message shown at once is marked: data_coding, subunit or off.";
    protocol_id: u8 = 0, "The protocol id of every submission.";
    validity: ValidityForm = ValidityForm::Relative, "How the validity period is written: relative, absolute or off.";
    registered_delivery: u8 = 1, "Which receipts are asked for: 1 final ones, 17 intermediate ones too, 0 none.",
        danger "0 asks for no receipts: messages stay submitted and end as unknown.";
    receipts_by_text: bool = true, "Whether what is not marked as a receipt but reads like one is taken as one.";
    receipt_zone: ZoneOffset = ZoneOffset(0), "The offset from UTC of receipts' dates that name none.";
    query: bool = false, "Whether the SMSC may be asked for a segment's state (query_sm).";
    retry_status: Vec<u32> = Vec::new(), "Statuses that mean: not now; beside the specification's.";
    reject_status: Vec<u32> = Vec::new(), "Statuses that mean: never; beside the specification's.",
        danger "A status listed here by mistake ends messages that could have been sent later.";
    response_timeout: Duration = Duration::from_secs(30), "How long a submission waits for its answer before it is uncertain.",
        danger "A time shorter than the SMSC's slowest answers makes attempts uncertain that were taken.";
    queue_timeout: Duration = Duration::from_secs(30), "How long a segment waits for a place in the window before it is given back.";
    connect_timeout: Duration = Duration::from_secs(10), "How long connecting may take, TLS included.";
    bind_timeout: Duration = Duration::from_secs(10), "How long a bind, an unbind and an enquire_link wait for their answers.";
    enquire_interval: OrZero = OrZero(Duration::from_secs(30)), "After how much silence an enquire_link is sent; 0s: never.";
    drain_timeout: OrZero = OrZero(Duration::from_secs(5)), "How long closing waits for answers that are out.";
    reconnect_min: Duration = Duration::from_secs(1), "The first pause before connecting again; it doubles, with jitter.";
    reconnect_max: Duration = Duration::from_secs(60), "The longest pause before connecting again.";
    throttle_pause: Duration = Duration::from_secs(1), "The first pause after the SMSC asked for less; it doubles.";
    throttle_max: Duration = Duration::from_secs(60), "The longest pause after the SMSC asked for less.";
    receive_window: usize = 100, "How many receipts and MO a session may have waiting for their commit.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_takes_its_own_default() {
        let mut options = Options::default();
        for info in Options::table() {
            options.set(info.name, &info.default).expect("a default");
            assert_eq!(options.get(info.name), Some(info.default), "{}", info.name);
            assert!(info.help.ends_with('.'), "{}", info.name);
        }
        assert_eq!(options, Options::default());
    }

    #[test]
    fn values_are_read_and_written() {
        let mut options = Options::default();
        for (name, value) in [
            ("gsm", "latin1"),
            ("long", "sar"),
            ("validity", "absolute"),
            ("flash", "subunit"),
            ("sender_form", "00"),
            ("tls", "on"),
            ("incoming", "utf8"),
            ("receipt_zone", "-05:30"),
            ("response_timeout", "1500ms"),
            ("retry_status", "0x400,0x401"),
            ("query", "on"),
            ("receive_window", "7"),
            ("system_type", "VMA"),
        ] {
            options.set(name, value).expect(name);
            assert_eq!(options.get(name).as_deref(), Some(value));
        }
        options.set("interface_version", "0x50").expect("hexadecimal");
        assert_eq!(options.interface_version, 0x50);
        options.set("enquire_interval", "0s").expect("never");
        assert_eq!(options.enquire_interval, OrZero(Duration::ZERO));
        options.set("reconnect_max", "2m").expect("minutes");
        assert_eq!(options.reconnect_max, Duration::from_secs(120));
    }

    #[test]
    fn refusals_name_what_is_taken() {
        let mut options = Options::default();
        assert_eq!(options.set("nonsense", "1"), Err(OptionRefused::Unknown("nonsense".to_owned())));
        for (name, value) in [
            ("number_ton", "256"),
            ("receive_window", "0"),
            ("gsm", "GSM"),
            ("query", "maybe"),
            ("response_timeout", "30"),
            ("response_timeout", "25h"),
            ("response_timeout", "ms"),
            ("response_timeout", "0s"),
            ("connect_timeout", "0ms"),
            ("reconnect_min", "0s"),
            ("throttle_max", "0h"),
            ("receipt_zone", "+2"),
            ("receipt_zone", "+é:00"),
            ("receipt_zone", "+15:00"),
            ("retry_status", "x"),
            ("system_type", "a\nb"),
        ] {
            assert!(matches!(options.set(name, value), Err(OptionRefused::Value { .. })), "{name}={value}");
        }
        let error = options.set("long", "udh").expect_err("refused").to_string();
        assert_eq!(error, "long takes one of udh8, udh16, sar, payload, not \"udh\"");
        assert_eq!(options, Options::default());
        assert_eq!(options.get("nonsense"), None);
    }
}
