//! Receipts and MO on their way to a client.

use std::sync::Arc;

use sms::Micros;

use super::after;
use crate::simulator::delivery::{Delivery, DeliveryKey, DeliveryKind, ESM_INTERMEDIATE, ESM_RECEIPT};
use crate::simulator::dice::Dice;
use crate::simulator::fate::PlannedReceipt;
use crate::simulator::message_id::{IdForm, MessageId};
use crate::simulator::receipt::{self, Facts, Halves};
use crate::smpp::pdu::{Address, ShortMessage, Tlvs};

/// What a receipt has to know of its message.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) id: MessageId,
    pub(super) source: Address,
    pub(super) destination: Address,
    pub(super) submitted: Micros,
    /// The head of its text.
    pub(super) text: String,
}

/// What is delivered. A receipt is written when it is handed out, each time the same.
#[derive(Clone, Debug)]
pub(super) enum Load {
    Receipt { accepted: Arc<Accepted>, receipt: PlannedReceipt },
    Mo(Box<ShortMessage>),
}

/// A receipt or an MO part, until a client has acknowledged it.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) key: DeliveryKey,
    /// Whose it is; `None` for whoever binds next.
    pub(super) owner: Option<Arc<str>>,
    pub(super) load: Load,
    /// When it is given up.
    pub(super) expires: Micros,
    /// How often it was handed out.
    pub(super) attempts: u32,
}

impl Parcel {
    pub(super) fn is_receipt(&self) -> bool {
        matches!(self.load, Load::Receipt { .. })
    }

    /// As a client gets it.
    pub(super) fn delivery(&self, owner: &Arc<str>, answered: IdForm) -> Delivery {
        let (kind, message) = match &self.load {
            Load::Receipt { accepted, receipt } => {
                (DeliveryKind::Receipt(accepted.id), write(accepted, receipt, answered))
            }
            Load::Mo(message) => (DeliveryKind::Mo, ShortMessage::clone(message)),
        };
        Delivery { key: self.key, kind, owner: Arc::clone(owner), message, attempts: self.attempts }
    }
}

fn write(accepted: &Accepted, receipt: &PlannedReceipt, answered: IdForm) -> ShortMessage {
    let id = if receipt.stray {
        // Far from the ids that were given, and the same each time it is written.
        MessageId::new(Dice::keyed(accepted.id.get(), &[]).draw())
    } else {
        accepted.id
    };
    let id = receipt.style.id.form(answered).write(id);
    let facts = Facts {
        id: &id,
        state: receipt.state,
        error: receipt.error,
        submitted: accepted.submitted,
        done: after(accepted.submitted, receipt.after),
        text: &accepted.text,
    };
    let style = receipt.style;
    let short_message = match style.halves {
        Halves::TlvOnly => Vec::new(),
        Halves::Both | Halves::TextOnly => receipt::text(&facts, style.text, style.zone).into_bytes(),
    };
    let tlvs = if style.halves == Halves::TextOnly { Tlvs::new() } else { receipt::tlvs(&facts) };
    let marked = style.intermediate && !receipt.state.is_final();
    ShortMessage {
        source: accepted.destination.clone(),
        destination: accepted.source.clone(),
        esm_class: if marked { ESM_INTERMEDIATE } else { ESM_RECEIPT },
        short_message,
        tlvs,
        ..ShortMessage::default()
    }
}
