//! The PDUs of SMPP 3.4 as values (spec chapters 4 and 5), and their octets.
//!
//! Reading is tolerant, because carriers are not exact: texts over their length, a missing last zero octet,
//! responses without a body, parameters cut short are all read as far as they go. Only a request that ends
//! before its mandatory part does is refused, so that it can be answered. Nothing here panics or allocates
//! by a number a peer names.

mod body;
mod command;
mod frame;
mod status;
mod tlv;
mod wire;

pub use body::{Address, Bind, BindKind, BindResp, Outbind, Query, QueryResp, ShortMessage};
pub use command::Command;
pub use frame::{FrameError, HEADER, MAX_LENGTH, take};
pub use status::{Class, Status};
pub use tlv::{Tag, Tlvs};

use wire::{Reader, Writer};

/// One PDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdu {
    /// The command status; zero in every request.
    pub status: Status,
    /// The sequence number: a request's own, or in a response that of its request.
    pub sequence: u32,
    /// What it is and says.
    pub body: Body,
}

/// What a PDU is and says. Responses carry their status in [`Pdu::status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Something could not be understood at all.
    GenericNack,
    /// An ESME opens a session.
    Bind(BindKind, Bind),
    /// The answer to it.
    BindResp(BindKind, BindResp),
    /// Either side ends the session.
    Unbind,
    /// The answer to it.
    UnbindResp,
    /// An SMSC asks an ESME to open a session; refused here.
    Outbind(Outbind),
    /// An ESME hands over a segment.
    SubmitSm(Box<ShortMessage>),
    /// The answer: the id the SMSC gave it; empty where there is none.
    SubmitSmResp(String),
    /// An SMSC hands over a receipt or an MO.
    DeliverSm(Box<ShortMessage>),
    /// The answer; its id is unused and empty.
    DeliverSmResp(String),
    /// Either side hands over a segment in the shorter form, its text in `message_payload`.
    DataSm(Box<ShortMessage>),
    /// The answer to it.
    DataSmResp(String),
    /// Asks what became of a segment.
    QuerySm(Query),
    /// The answer to it.
    QuerySmResp(QueryResp),
    /// Asks whether the other side is there.
    EnquireLink,
    /// It is.
    EnquireLinkResp,
    /// A command that this program has no use for, with its octets.
    Other(Command, Vec<u8>),
}

/// A request whose mandatory part is cut short. It is to be answered with
/// [`Status::INVALID_COMMAND_LENGTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {command} of sequence {sequence} ends before its mandatory part does")]
pub struct DecodeError {
    /// What it says it is.
    pub command: Command,
    /// Its sequence number.
    pub sequence: u32,
}

impl Pdu {
    /// A request.
    pub fn request(sequence: u32, body: Body) -> Self {
        Self { status: Status::OK, sequence, body }
    }

    /// A response.
    pub fn response(sequence: u32, status: Status, body: Body) -> Self {
        Self { status, sequence, body }
    }

    /// Reads a whole frame, as [`take`] gives it. A frame shorter than a header reads as a
    /// [`Body::GenericNack`] of sequence zero: nothing is known about it.
    pub fn decode(frame: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        let _length = reader.u32();
        let command = Command(reader.u32());
        let status = Status(reader.u32());
        let sequence = reader.u32();
        let body = Body::read(command, &mut reader);
        // A response that was refused may leave out its body (spec 4.4.2); a request may not.
        if reader.fell_short() && !command.is_response() {
            return Err(DecodeError { command, sequence });
        }
        Ok(Self { status, sequence, body })
    }

    /// Appends its octets to `out`. Texts over their field's length are cut, a short message over 254 octets
    /// goes into `message_payload`, so that what is written is always well-formed.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let mut writer = Writer::new(out);
        writer.u32(0);
        writer.u32(self.body.command().0);
        writer.u32(self.status.0);
        writer.u32(self.sequence);
        self.body.write(self.status, &mut writer);
        let length = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
        if let Some(field) = out.get_mut(start..start + 4) {
            field.copy_from_slice(&length.to_be_bytes());
        }
    }

    /// Its octets.
    pub fn to_octets(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(64);
        self.encode(&mut octets);
        octets
    }
}

impl Body {
    /// The command it is.
    pub fn command(&self) -> Command {
        match self {
            Self::GenericNack => Command::GENERIC_NACK,
            Self::Bind(kind, _) => kind.command(),
            Self::BindResp(kind, _) => kind.command().response(),
            Self::Unbind => Command::UNBIND,
            Self::UnbindResp => Command::UNBIND.response(),
            Self::Outbind(_) => Command::OUTBIND,
            Self::SubmitSm(_) => Command::SUBMIT_SM,
            Self::SubmitSmResp(_) => Command::SUBMIT_SM.response(),
            Self::DeliverSm(_) => Command::DELIVER_SM,
            Self::DeliverSmResp(_) => Command::DELIVER_SM.response(),
            Self::DataSm(_) => Command::DATA_SM,
            Self::DataSmResp(_) => Command::DATA_SM.response(),
            Self::QuerySm(_) => Command::QUERY_SM,
            Self::QuerySmResp(_) => Command::QUERY_SM.response(),
            Self::EnquireLink => Command::ENQUIRE_LINK,
            Self::EnquireLinkResp => Command::ENQUIRE_LINK.response(),
            Self::Other(command, _) => *command,
        }
    }

    /// The empty response to a request of `command`; [`Body::GenericNack`] where it has none.
    pub fn empty_response(command: Command) -> Self {
        match command {
            Command::BIND_RECEIVER => Self::BindResp(BindKind::Receiver, BindResp::default()),
            Command::BIND_TRANSMITTER => Self::BindResp(BindKind::Transmitter, BindResp::default()),
            Command::BIND_TRANSCEIVER => Self::BindResp(BindKind::Transceiver, BindResp::default()),
            Command::UNBIND => Self::UnbindResp,
            Command::SUBMIT_SM => Self::SubmitSmResp(String::new()),
            Command::DELIVER_SM => Self::DeliverSmResp(String::new()),
            Command::DATA_SM => Self::DataSmResp(String::new()),
            Command::QUERY_SM => Self::QuerySmResp(QueryResp::default()),
            Command::ENQUIRE_LINK => Self::EnquireLinkResp,
            _ => Self::GenericNack,
        }
    }

    fn read(command: Command, reader: &mut Reader<'_>) -> Self {
        let response_to = |request: Command| request.response();
        if let Some(kind) = BindKind::of(command) {
            return Self::Bind(kind, Bind::read(reader));
        }
        if let Some(kind) = BindKind::of(command.request()).filter(|_| command.is_response()) {
            return Self::BindResp(kind, BindResp::read(reader));
        }
        match command {
            Command::GENERIC_NACK => Self::GenericNack,
            Command::UNBIND => Self::Unbind,
            Command::OUTBIND => Self::Outbind(Outbind::read(reader)),
            Command::SUBMIT_SM => Self::SubmitSm(Box::new(ShortMessage::read(reader))),
            Command::DELIVER_SM => Self::DeliverSm(Box::new(ShortMessage::read(reader))),
            Command::DATA_SM => Self::DataSm(Box::new(ShortMessage::read_data(reader))),
            Command::QUERY_SM => Self::QuerySm(Query::read(reader)),
            Command::ENQUIRE_LINK => Self::EnquireLink,
            _ if command == response_to(Command::UNBIND) => Self::UnbindResp,
            _ if command == response_to(Command::SUBMIT_SM) => Self::SubmitSmResp(reader.text()),
            _ if command == response_to(Command::DELIVER_SM) => Self::DeliverSmResp(reader.text()),
            _ if command == response_to(Command::DATA_SM) => Self::DataSmResp(reader.text()),
            _ if command == response_to(Command::QUERY_SM) => Self::QuerySmResp(QueryResp::read(reader)),
            _ if command == response_to(Command::ENQUIRE_LINK) => Self::EnquireLinkResp,
            _ => Self::Other(command, reader.rest().to_vec()),
        }
    }

    fn write(&self, status: Status, writer: &mut Writer<'_>) {
        match self {
            Self::GenericNack
            | Self::Unbind
            | Self::UnbindResp
            | Self::EnquireLink
            | Self::EnquireLinkResp => {}
            Self::Bind(_, bind) => bind.write(writer),
            Self::BindResp(_, resp) => resp.write(writer),
            Self::Outbind(outbind) => outbind.write(writer),
            Self::SubmitSm(message) | Self::DeliverSm(message) => message.write(writer),
            Self::DataSm(message) => message.write_data(writer),
            // A refused submission has no id and, by spec 4.4.2, no body.
            Self::SubmitSmResp(id) if status != Status::OK && id.is_empty() => {}
            Self::SubmitSmResp(id) | Self::DeliverSmResp(id) | Self::DataSmResp(id) => {
                writer.text(id, wire::MESSAGE_ID);
            }
            Self::QuerySm(query) => query.write(writer),
            Self::QuerySmResp(resp) => resp.write(writer),
            Self::Other(_, octets) => writer.octets(octets),
        }
    }
}

#[cfg(test)]
mod tests;
