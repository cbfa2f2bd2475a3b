//! The demonstration's carrier: a simulated SMSC that listens on a loopback port, for a real SMPP link.

use std::net::SocketAddr;

use carriers::simulator::Smsc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::super::serve::listen;
use super::traffic;
use crate::failure::Failure;
use crate::signals::asked;
use crate::ways::{Spec, Specs};

/// What the link is called, and binds as.
const NAME: &str = "demo";
/// Submissions that may be open at once.
const WINDOW: usize = 100;

/// A running SMSC.
pub(super) struct Centre {
    address: SocketAddr,
    end: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Centre {
    /// Starts it on a free port.
    pub(super) async fn start(seed: u64) -> Result<Self, Failure> {
        let profile = traffic::profile()?;
        let socket = listen(super::ANY).await?;
        let address = socket.local_addr().map_err(Failure::failed)?;
        let (end, mut ended) = watch::channel(false);
        let smsc = Smsc::new(profile, seed);
        let serving = tokio::spawn(async move { smsc.serve(socket, asked(&mut ended)).await });
        Ok(Self { address, end, serving })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one carrier of the demonstration: a link to it.
    pub(super) fn carriers(&self) -> Specs {
        let spec = Spec {
            smpp: Some(self.address.to_string()),
            system_id: NAME.to_owned(),
            password: NAME.to_owned(),
            window: WINDOW,
            ..Spec::default()
        };
        Specs::from([(NAME.to_owned(), spec)])
    }

    /// Stops it; the link is to be closed before.
    pub(super) async fn stop(self) -> Result<(), Failure> {
        self.end.send_replace(true);
        self.serving.await.map_err(|error| Failure::failed(format!("the simulated SMSC broke: {error}")))
    }
}
