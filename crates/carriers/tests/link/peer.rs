//! An SMSC that does what the test says.

use std::future::Future;
use std::time::Duration;

use bytes::BytesMut;
use carriers::carrier::{Carrier, Event, Events, LinkState, OutgoingSegment};
use carriers::smpp::link::{LinkSettings, SmppLink};
use carriers::smpp::pdu::{self, BindKind, BindResp, Body, Command, Pdu, ShortMessage, Status};
use sms::Coding;
use sms::phone::Phone;
use sms::sender::Sender;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// What `future` gives, unless it takes too long.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("in time")
}

/// A listening SMSC.
pub(crate) struct Smsc {
    listener: TcpListener,
}

impl Smsc {
    pub(crate) async fn listen() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.expect("a port") }
    }

    /// Settings of a link to it, quick to come back.
    pub(crate) fn settings(&self) -> LinkSettings {
        let port = self.listener.local_addr().expect("bound").port();
        let mut settings = LinkSettings::new("test", "127.0.0.1", port, "esme", "secret");
        settings.options.reconnect_min = Duration::from_millis(1);
        settings.options.reconnect_max = Duration::from_millis(5);
        settings
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> Line {
        let (stream, _) = soon(self.listener.accept()).await.expect("a connection");
        Line { stream, received: BytesMut::new() }
    }

    /// The next connection, its bind taken.
    pub(crate) async fn accept_bound(&self) -> Line {
        let mut line = self.accept().await;
        line.take_bind().await;
        line
    }

    /// A link with `settings` and its first session's line, bound.
    pub(crate) async fn link(&self, settings: LinkSettings) -> (SmppLink, Events, Line) {
        let (link, events) = SmppLink::start(settings).expect("a link");
        let line = self.accept_bound().await;
        until_up(&link).await;
        (link, events, line)
    }
}

/// Waits until the link takes segments.
pub(crate) async fn until_up(link: &SmppLink) {
    let mut state = link.watch();
    soon(state.wait_for(LinkState::takes_segments)).await.expect("alive");
}

/// One connection, from the SMSC's end.
pub(crate) struct Line {
    stream: TcpStream,
    received: BytesMut,
}

impl Line {
    /// The next PDU.
    pub(crate) async fn read(&mut self) -> Pdu {
        soon(self.next()).await.expect("a PDU")
    }

    /// Waits for the end of the connection.
    pub(crate) async fn ended(&mut self) {
        while soon(self.next()).await.is_some() {}
    }

    async fn next(&mut self) -> Option<Pdu> {
        loop {
            if let Some(frame) = pdu::take(&mut self.received).expect("SMPP") {
                return Some(Pdu::decode(&frame).expect("whole"));
            }
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next submission.
    pub(crate) async fn submission(&mut self) -> (u32, ShortMessage) {
        match self.read().await {
            Pdu { sequence, body: Body::SubmitSm(message), .. } => (sequence, *message),
            other => panic!("no submission: {other:?}"),
        }
    }

    pub(crate) async fn write(&mut self, pdu: Pdu) {
        self.octets(&pdu.to_octets()).await;
    }

    pub(crate) async fn octets(&mut self, octets: &[u8]) {
        soon(self.stream.write_all(octets)).await.expect("written");
    }

    /// Answers a submission.
    pub(crate) async fn answer(&mut self, sequence: u32, status: Status, id: &str) {
        self.write(Pdu::response(sequence, status, Body::SubmitSmResp(id.to_owned()))).await;
    }

    pub(crate) async fn deliver(&mut self, sequence: u32, esm_class: u8, text: &str) {
        let message = ShortMessage { esm_class, short_message: text.into(), ..ShortMessage::default() };
        self.write(Pdu::request(sequence, Body::DeliverSm(Box::new(message)))).await;
    }

    pub(crate) async fn take_bind(&mut self) -> BindKind {
        let bind = self.read().await;
        let Body::Bind(kind, ref request) = bind.body else { panic!("no bind: {bind:?}") };
        assert_eq!((request.system_id.as_str(), request.password.as_str()), ("esme", "secret"));
        let resp = BindResp { system_id: "smsc".to_owned(), ..BindResp::default() };
        self.write(Pdu::response(bind.sequence, Status::OK, Body::BindResp(kind, resp))).await;
        kind
    }

    /// Takes the unbind that ends a session well.
    pub(crate) async fn take_unbind(&mut self) {
        let unbind = self.read().await;
        assert_eq!(unbind.body.command(), Command::UNBIND);
        self.write(Pdu::response(unbind.sequence, Status::OK, Body::UnbindResp)).await;
    }
}

/// A segment with a text.
pub(crate) fn segment(key: u128, text: &str) -> OutgoingSegment {
    OutgoingSegment {
        key,
        sender: Some(Sender::parse("Info").expect("a sender")),
        recipient: Phone::parse("46701740605").expect("a number"),
        text: text.to_owned(),
        coding: Coding::Gsm7,
        place: None,
        flash: false,
        priority: 0,
        valid_until: None,
        receipt: true,
    }
}

/// The next event.
pub(crate) async fn event(events: &mut Events) -> Event {
    soon(events.recv()).await.expect("an event")
}
