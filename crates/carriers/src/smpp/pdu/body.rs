//! The mandatory fields of each PDU (spec chapter 4).

use super::command::Command;
use super::tlv::{Tag, Tlvs};
use super::wire::{MESSAGE_ID, Reader, Writer};

/// The most octets of `short_message` (spec 5.2.22); longer ones go into `message_payload`.
const SHORT_MESSAGE: usize = 254;

/// Which way a session carries messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindKind {
    /// From ESME to SMSC.
    Transmitter,
    /// From SMSC to ESME.
    Receiver,
    /// Both.
    Transceiver,
}

impl BindKind {
    /// The request that opens such a session.
    pub fn command(self) -> Command {
        match self {
            Self::Transmitter => Command::BIND_TRANSMITTER,
            Self::Receiver => Command::BIND_RECEIVER,
            Self::Transceiver => Command::BIND_TRANSCEIVER,
        }
    }

    /// The kind that a request opens.
    pub fn of(command: Command) -> Option<Self> {
        [Self::Transmitter, Self::Receiver, Self::Transceiver]
            .into_iter()
            .find(|kind| kind.command() == command)
    }

    /// Whether the ESME may submit.
    pub fn transmits(self) -> bool {
        self != Self::Receiver
    }

    /// Whether the SMSC may deliver.
    pub fn receives(self) -> bool {
        self != Self::Transmitter
    }

    /// `transmitter`, `receiver` or `transceiver`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Transmitter => "transmitter",
            Self::Receiver => "receiver",
            Self::Transceiver => "transceiver",
        }
    }
}

/// An address with its type of number and numbering plan (spec 5.2.5, 5.2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Type of number: 0 unknown, 1 international, 2 national, 3 network specific, 5 alphanumeric.
    pub ton: u8,
    /// Numbering plan: 0 unknown, 1 telephone.
    pub npi: u8,
    /// Digits or a name, read as Latin-1; up to 20 characters are written.
    pub text: String,
}

impl Address {
    /// The size of an address field, its zero octet included.
    const SIZE: usize = 21;

    fn read(reader: &mut Reader<'_>) -> Self {
        Self { ton: reader.u8(), npi: reader.u8(), text: reader.text() }
    }

    fn write(&self, writer: &mut Writer<'_>, size: usize) {
        writer.u8(self.ton);
        writer.u8(self.npi);
        writer.text(&self.text, size);
    }
}

/// `bind_transmitter`, `bind_receiver`, `bind_transceiver` (spec 4.1.1).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Bind {
    /// Who binds; up to 15 characters.
    pub system_id: String,
    /// Its password; up to 8 characters by the specification, written up to 63 because some need more.
    pub password: String,
    /// What kind of system binds; up to 12 characters.
    pub system_type: String,
    /// 0x34 for version 3.4.
    pub interface_version: u8,
    /// Which addresses the ESME serves; its text is a range, up to 40 characters.
    pub range: Address,
}

impl std::fmt::Debug for Bind {
    /// Without the password, so that it reaches no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bind")
            .field("system_id", &self.system_id)
            .field("system_type", &self.system_type)
            .field("interface_version", &self.interface_version)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

impl Bind {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            system_id: reader.text(),
            password: reader.text(),
            system_type: reader.text(),
            interface_version: reader.u8(),
            range: Address::read(reader),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.system_id, 16);
        writer.text(&self.password, 64);
        writer.text(&self.system_type, 13);
        writer.u8(self.interface_version);
        self.range.write(writer, 41);
    }
}

/// The answer to a bind (spec 4.1.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BindResp {
    /// Who answers.
    pub system_id: String,
    /// `sc_interface_version` among them.
    pub tlvs: Tlvs,
}

impl BindResp {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { system_id: reader.text(), tlvs: Tlvs::read(reader) }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.system_id, 16);
        self.tlvs.write(writer);
    }
}

/// `outbind` (spec 4.1.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbind {
    /// Which SMSC asks.
    pub system_id: String,
    /// Its password.
    pub password: String,
}

impl Outbind {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { system_id: reader.text(), password: reader.text() }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.system_id, 16);
        writer.text(&self.password, 64);
    }
}

/// `submit_sm` and `deliver_sm`, which have the same fields (spec 4.4.1, 4.6.1), and `data_sm`, which has
/// some of them (spec 4.7.1) and its text in a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShortMessage {
    /// The service; up to 5 characters, usually none.
    pub service_type: String,
    /// Who sends.
    pub source: Address,
    /// Who is written to.
    pub destination: Address,
    /// What kind of message it is, and whether a user data header leads the text (spec 5.2.12).
    pub esm_class: u8,
    /// The protocol of GSM's TP-PID.
    pub protocol_id: u8,
    /// 0 to 3.
    pub priority: u8,
    /// When it is to be delivered; empty: now. Up to 16 characters (spec 7.1.1).
    pub schedule: String,
    /// Until when it is worth delivering; empty: the SMSC decides.
    pub validity: String,
    /// Which receipts are asked for (spec 5.2.17).
    pub registered_delivery: u8,
    /// Whether it replaces one on its way.
    pub replace_if_present: u8,
    /// How the text is coded (spec 5.2.19).
    pub data_coding: u8,
    /// A text that the SMSC keeps, by number.
    pub predefined: u8,
    /// Text or octets, the user data header first if `esm_class` says so; [`ShortMessage::payload`] tells
    /// where the text is.
    pub short_message: Vec<u8>,
    /// Optional parameters.
    pub tlvs: Tlvs,
}

/// `esm_class`: a user data header leads the text.
const UDHI: u8 = 0x40;

impl ShortMessage {
    /// Whether a user data header leads the text.
    pub fn has_header(&self) -> bool {
        self.esm_class & UDHI != 0
    }

    /// Says that a user data header leads the text.
    pub fn set_header(&mut self) {
        self.esm_class |= UDHI;
    }

    /// The text, wherever it is: `short_message`, or `message_payload` when that is empty.
    pub fn payload(&self) -> &[u8] {
        if self.short_message.is_empty() {
            self.tlvs.get(Tag::MESSAGE_PAYLOAD).unwrap_or_default()
        } else {
            &self.short_message
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut message = Self {
            service_type: reader.text(),
            source: Address::read(reader),
            destination: Address::read(reader),
            esm_class: reader.u8(),
            protocol_id: reader.u8(),
            priority: reader.u8(),
            schedule: reader.text(),
            validity: reader.text(),
            registered_delivery: reader.u8(),
            replace_if_present: reader.u8(),
            data_coding: reader.u8(),
            predefined: reader.u8(),
            ..Self::default()
        };
        let length = usize::from(reader.u8());
        message.short_message = reader.octets(length).to_vec();
        message.tlvs = Tlvs::read(reader);
        message
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.service_type, 6);
        self.source.write(writer, Address::SIZE);
        self.destination.write(writer, Address::SIZE);
        writer.u8(self.esm_class);
        writer.u8(self.protocol_id);
        writer.u8(self.priority);
        writer.text(&self.schedule, 17);
        writer.text(&self.validity, 17);
        writer.u8(self.registered_delivery);
        writer.u8(self.replace_if_present);
        writer.u8(self.data_coding);
        writer.u8(self.predefined);
        let length = u8::try_from(self.short_message.len()).ok().filter(|n| usize::from(*n) <= SHORT_MESSAGE);
        writer.u8(length.unwrap_or(0));
        if length.is_some() {
            writer.octets(&self.short_message);
        } else {
            Tlvs::write_one(writer, Tag::MESSAGE_PAYLOAD, &self.short_message);
        }
        self.tlvs.write(writer);
    }

    pub(super) fn read_data(reader: &mut Reader<'_>) -> Self {
        Self {
            service_type: reader.text(),
            source: Address::read(reader),
            destination: Address::read(reader),
            esm_class: reader.u8(),
            registered_delivery: reader.u8(),
            data_coding: reader.u8(),
            tlvs: Tlvs::read(reader),
            ..Self::default()
        }
    }

    pub(super) fn write_data(&self, writer: &mut Writer<'_>) {
        writer.text(&self.service_type, 6);
        self.source.write(writer, 65);
        self.destination.write(writer, 65);
        writer.u8(self.esm_class);
        writer.u8(self.registered_delivery);
        writer.u8(self.data_coding);
        if !self.short_message.is_empty() {
            Tlvs::write_one(writer, Tag::MESSAGE_PAYLOAD, &self.short_message);
        }
        self.tlvs.write(writer);
    }
}

/// `query_sm` (spec 4.8.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The id that the SMSC gave.
    pub message_id: String,
    /// The source address of the submission.
    pub source: Address,
}

impl Query {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { message_id: reader.text(), source: Address::read(reader) }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.message_id, MESSAGE_ID);
        self.source.write(writer, Address::SIZE);
    }
}

/// The answer to `query_sm` (spec 4.8.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResp {
    /// The id asked for.
    pub message_id: String,
    /// When it became final; empty before.
    pub final_date: String,
    /// The state's number (spec 5.2.28).
    pub message_state: u8,
    /// The network's error code, 0 for none.
    pub error_code: u8,
    /// Optional parameters.
    pub tlvs: Tlvs,
}

impl QueryResp {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut resp = Self {
            message_id: reader.text(),
            final_date: reader.text(),
            message_state: reader.u8(),
            ..Self::default()
        };
        if !reader.is_empty() {
            resp.error_code = reader.u8();
        }
        resp.tlvs = Tlvs::read(reader);
        resp
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.message_id, MESSAGE_ID);
        writer.text(&self.final_date, 17);
        writer.u8(self.message_state);
        writer.u8(self.error_code);
        self.tlvs.write(writer);
    }
}
