//! Making the carrier that a description asks for.

use std::sync::Arc;

use carriers::simulator::SimulatedCarrier;
use carriers::smpp::link::SmppLink;
use carriers::{Carrier, Events};

use super::Spec;
use super::spec::profile;

/// Makes it and starts its sessions. Paused from the start where it is to be. Must run within a runtime.
pub(super) fn start(name: &str, spec: &Spec) -> Result<(Arc<dyn Carrier>, Events), String> {
    let (carrier, events): (Arc<dyn Carrier>, Events) = match &spec.simulator {
        Some(named) => {
            let (carrier, events) = SimulatedCarrier::start(name, profile(named)?, spec.seed);
            (Arc::new(carrier), events)
        }
        None => {
            let settings = spec.link(name).ok_or("it is described neither as a link nor as a simulator")?;
            let (link, events) = SmppLink::start(settings).map_err(|error| error.to_string())?;
            (Arc::new(link), events)
        }
    };
    if spec.paused {
        carrier.pause();
    }
    Ok((carrier, events))
}
