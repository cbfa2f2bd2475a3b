//! One session of a link, for as long as the link lives: connect, bind, carry, and begin again.

mod running;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::backoff::Backoff;
use super::connect::{Connector, Stream};
use super::shared::{Mode, Shared, Standing};
use crate::smpp::pdu::BindKind;
use running::Running;

/// A session that lived this long was well: the next pause is the shortest again.
const WELL: Duration = Duration::from_secs(10);

/// Keeps a session of `kind` until the link is closed.
pub(super) async fn keep(shared: Arc<Shared>, connector: Connector, index: usize, kind: BindKind) {
    let options = &shared.settings.options;
    let mut backoff = Backoff::new(options.reconnect_min, options.reconnect_max);
    let mut mode = shared.mode.subscribe();
    while *mode.borrow_and_update() != Mode::Closed {
        let since = shared.now();
        let reason = tokio::select! {
            () = closed(&mut mode) => break,
            connected = connect(&shared, &connector) => match connected {
                Ok(stream) => Running::new(&shared, index, kind).run(stream).await,
                Err(reason) => reason,
            },
        };
        // Ended by us it is as it should be; else somebody may have to look.
        if *mode.borrow() == Mode::Closed {
            tracing::info!(carrier = shared.settings.name, session = index, %reason, "the session ended");
        } else {
            tracing::warn!(carrier = shared.settings.name, session = index, %reason, "the session ended");
        }
        shared.stand(index, Standing::Down(reason));
        if shared.now().saturating_sub(since) >= WELL {
            backoff.reset();
        }
        tokio::select! {
            () = closed(&mut mode) => break,
            () = tokio::time::sleep(backoff.pause(rand::random())) => {}
        }
    }
}

async fn connect(shared: &Shared, connector: &Connector) -> Result<Box<dyn Stream>, String> {
    match tokio::time::timeout(shared.settings.options.connect_timeout, connector.connect()).await {
        Ok(connected) => connected,
        Err(_) => Err("connecting took too long".to_owned()),
    }
}

/// Waits until the link is closed.
async fn closed(mode: &mut watch::Receiver<Mode>) {
    // An error means that the link itself is gone.
    let _gone = mode.wait_for(|mode| *mode == Mode::Closed).await.is_err();
}
