//! An account with a number, and handsets that write.

use std::ops::Deref;

use carriers::carrier::MessageIn;
use service::account_settings::AccountSettings;
use service::model::Message;
use service::numbers::NumberClaim;
use service::people::Slice;
use service::plan::{Policy, Recipient, SubmitRequest, Text};
use service::query::MessageQuery;
use service::receive_message::Intake;
use sms::coding::{encode_gsm, encode_ucs2, measure};
use sms::segment::{Concatenation, ReferenceSize, split_with};
use sms::{AccountId, Coding, Direction, Number};

use crate::support::{Hand, Stage};

/// The number that people write to.
pub(crate) const NUMBER: &str = "46700000000";
/// Who writes.
pub(crate) const HANDSET: &str = "46701740605";
/// Everything.
pub(crate) const ALL: Slice = Slice { descending: false, offset: 0, limit: 1000 };

pub(crate) struct World(Stage);

impl Deref for World {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.0
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let world = Self(Stage::new(Hand::still()).await);
        world.pass(1);
        world
    }

    /// As if the process had ended and another had started.
    pub(crate) fn restart(self) -> Self {
        Self(self.0.reopened())
    }

    pub(crate) async fn settings(&self, settings: AccountSettings) {
        self.service.put_settings(self.account, &settings).await.expect("kept");
        // Rules are read anew after a second.
        self.pass(1);
    }

    pub(crate) async fn claim(&self, account: AccountId, keyword: Option<&str>, program: Number) -> Number {
        let claim = NumberClaim { number: NUMBER.to_owned(), keyword: keyword.map(str::to_owned), program };
        self.service.claim_number(account, claim).await.expect("claimed")
    }

    /// Somebody's telephone writes a text of one piece to the number.
    pub(crate) async fn write(&self, text: &str) -> Intake {
        self.write_from(HANDSET, NUMBER, text).await
    }

    pub(crate) async fn write_from(&self, sender: &str, recipient: &str, text: &str) -> Intake {
        let mut pieces = self.pieces(text, 0);
        assert_eq!(pieces.len(), 1, "one piece");
        let piece = MessageIn {
            sender: sender.to_owned(),
            recipient: recipient.to_owned(),
            place: None,
            ..pieces.remove(0)
        };
        self.bring(piece).await
    }

    /// A carrier brings something.
    pub(crate) async fn bring(&self, message: MessageIn) -> Intake {
        self.service.receive_segment("north", message).await.expect("on disk")
    }

    /// A text as a telephone cuts it.
    pub(crate) fn pieces(&self, text: &str, reference: u16) -> Vec<MessageIn> {
        let coding = measure(text).coding;
        let texts = split_with(text, coding, ReferenceSize::Sixteen).expect("fits");
        let octets = texts.iter().map(|text| match coding {
            Coding::Gsm7 => encode_gsm(text).expect("in the alphabet"),
            Coding::Ucs2 => encode_ucs2(text),
        });
        self.cut(octets.collect(), coding, reference)
    }

    /// Octets in the pieces given.
    pub(crate) fn cut(&self, octets: Vec<Vec<u8>>, coding: Coding, reference: u16) -> Vec<MessageIn> {
        let total = u8::try_from(octets.len()).expect("at most 255");
        let pieces = octets.into_iter().zip(1..=u8::MAX).map(|(octets, index)| MessageIn {
            sender: format!("+{HANDSET}"),
            recipient: NUMBER.to_owned(),
            place: Some(Concatenation { reference, total, index }),
            coding: Some(coding),
            octets,
            data_coding: if coding == Coding::Ucs2 { 8 } else { 0 },
            header: Vec::new(),
            at: self.service.now(),
        });
        pieces.collect()
    }

    pub(crate) async fn messages(&self, account: AccountId, direction: Direction) -> Vec<Message> {
        let query = MessageQuery { direction: Some(direction), limit: 1000, ..MessageQuery::default() };
        self.service.messages(account, query).await.expect("read").messages
    }

    /// What the account was written.
    pub(crate) async fn received(&self) -> Vec<String> {
        self.bodies(self.account, Direction::Mo).await
    }

    /// What the account sent.
    pub(crate) async fn sent(&self) -> Vec<String> {
        self.bodies(self.account, Direction::Mt).await
    }

    pub(crate) async fn bodies(&self, account: AccountId, direction: Direction) -> Vec<String> {
        self.messages(account, direction).await.into_iter().map(|message| message.body).collect()
    }

    /// An account writes to the handset from the number, and it leaves.
    pub(crate) async fn send(&self, account: AccountId) {
        let request = SubmitRequest {
            text: Text::Plain("Hello".to_owned()),
            recipients: vec![Recipient::of(HANDSET)],
            sender: Some(NUMBER.to_owned()),
            ..SubmitRequest::default()
        };
        let answer = self.service.submit(account, request, &Policy::default(), None).await.expect("taken");
        let entry = ledger::history::Entry::new(self.service.now(), sms::Outcome::Submitted);
        let step = ledger::change::Step { number: answer.first, entry };
        self.service.advance(account, vec![step]).await.expect("legal");
        self.pass(1);
    }

    pub(crate) async fn opted_out(&self, account: AccountId) -> Vec<(String, Option<Number>)> {
        let page = self.service.opt_outs(account, ALL).await.expect("read");
        page.items.into_iter().map(|opt_out| (opt_out.phone, opt_out.message)).collect()
    }
}
