//! What the centre delivers, as the carrier reports it.

use sms::{Coding, Micros};

use crate::carrier::{Ack, Event, MessageIn, Question};
use crate::receipt::{Parts, ReceiptIn, outcome_of_number};
use crate::simulator::centre::Standing;
use crate::simulator::delivery::{CODING_UCS2, Delivery, DeliveryKind};
use crate::simulator::segment::Segment;
use crate::smpp::pdu::{Body, Pdu, ShortMessage, Tag};

/// A delivery as an event. A receipt is read as any carrier's would be, so that odd ones are odd here too.
pub(super) fn event(delivery: Delivery, now: Micros, ack: Ack) -> Event {
    match delivery.kind {
        DeliveryKind::Receipt(_) => Event::Receipt(receipt(delivery.message, now), ack),
        DeliveryKind::Mo => Event::Message(message(&delivery.message, now), ack),
    }
}

fn receipt(message: ShortMessage, now: Micros) -> ReceiptIn {
    let id = message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID);
    let text: String = message.short_message.iter().copied().map(char::from).collect();
    let parts = Parts {
        id: id.as_deref(),
        state: message.tlvs.number(Tag::MESSAGE_STATE),
        error: message.tlvs.get(Tag::NETWORK_ERROR_CODE),
        text: &text,
        zone: 0,
    };
    let mut receipt = ReceiptIn::understand(parts, now);
    receipt.recipient.clone_from(&message.source.text);
    receipt.sender.clone_from(&message.destination.text);
    receipt.raw = Pdu::request(0, Body::DeliverSm(Box::new(message))).to_octets();
    receipt
}

fn message(message: &ShortMessage, now: Micros) -> MessageIn {
    let segment = Segment::of(message);
    let payload = message.payload();
    let header = &payload[..payload.len() - segment.body.len()];
    let coding = if message.data_coding == CODING_UCS2 { Coding::Ucs2 } else { Coding::Gsm7 };
    MessageIn {
        sender: segment.sender.to_owned(),
        recipient: segment.recipient.to_owned(),
        place: segment.place,
        coding: Some(coding),
        octets: segment.body.to_vec(),
        data_coding: message.data_coding,
        header: header.to_vec(),
        at: now,
    }
}

/// The answer to a question, as a receipt.
pub(super) fn answer(question: Question, standing: Standing, now: Micros) -> ReceiptIn {
    let state = u32::from(standing.state.code());
    let mut receipt =
        ReceiptIn::understand(Parts { id: Some(&question.id), state: Some(state), ..Parts::default() }, now);
    if outcome_of_number(state).is_some() {
        receipt.state = standing.state.word().to_owned();
    }
    receipt.code = (standing.error != 0).then(|| standing.error.to_string());
    receipt.at = standing.final_at;
    receipt.sender = question.sender.map(|sender| sender.as_str().to_owned()).unwrap_or_default();
    receipt
}
