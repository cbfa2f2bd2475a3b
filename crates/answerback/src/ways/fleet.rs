//! The carriers of a process: kept as they are described, restarting only what changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use carriers::Carrier;
use carriers::simulator::{Profile, SimulatedCarrier};
use carriers::smpp::link::BindMode;
use service::Service;
use service::gateway::{Doubt, Gateway, GatewayFigures, Routing, Way, WayReport};
use tokio::sync::Mutex;

use super::intake::tell_of_breaks;
use super::probe::{Found, probe};
use super::{Spec, Specs, kept, routes, start};
use crate::failure::Failure;

/// The name of the simulator that stands in for carriers.
pub(crate) const STAND_IN: &str = "simulator";

/// What takes messages while no carrier is described.
#[derive(Clone)]
pub(crate) enum StandIn {
    /// Nothing: they wait.
    None,
    /// The built-in simulator with this profile and seed.
    Simulator(Box<Profile>, u64),
}

/// The carriers of a process. Clones are the same.
#[derive(Clone)]
pub(crate) struct Fleet(Arc<Inner>);

struct Inner {
    service: Service,
    /// Where they run; without one they are only described.
    gateway: Option<Gateway>,
    directory: PathBuf,
    stand_in: StandIn,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Of the configuration file, which commands do not change.
    configured: Specs,
    /// Of `carriers.toml`.
    kept: Specs,
    /// As they were last brought to run.
    running: BTreeMap<String, (Spec, Routing)>,
    standing_in: bool,
}

/// Who described a carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The configuration file.
    Configuration,
    /// A command.
    Command,
    /// Nobody: it stands in.
    BuiltIn,
}

impl Origin {
    /// In a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Command => "command",
            Self::BuiltIn => "built-in",
        }
    }
}

/// A carrier as it is told of.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) spec: Spec,
    /// Who described it.
    pub(crate) origin: Origin,
    /// How it is doing, where it runs.
    pub(crate) report: Option<WayReport>,
}

impl Fleet {
    /// Opens the descriptions of a data directory that the caller owns. With a gateway, nothing runs before
    /// [`Fleet::launch`].
    pub(crate) fn open(
        service: Service,
        gateway: Option<Gateway>,
        directory: &Path,
        configured: Specs,
        stand_in: StandIn,
    ) -> Result<Self, Failure> {
        let kept = kept::read(directory).map_err(|faults| {
            let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Failure::usage(said.join("\n"))
        })?;
        let state = State { configured, kept, ..State::default() };
        let directory = directory.to_owned();
        Ok(Self(Arc::new(Inner { service, gateway, directory, stand_in, state: Mutex::new(state) })))
    }

    /// Brings every carrier to run.
    pub(crate) async fn launch(&self) -> Result<(), Failure> {
        let mut state = self.0.state.lock().await;
        for name in state.kept.keys().filter(|name| state.configured.contains_key(*name)) {
            tracing::warn!(carrier = %name, "is described in the configuration file too, which counts");
        }
        let faults = self.bring_about(&mut state).await;
        if faults.is_empty() { Ok(()) } else { Err(Failure::usage(faults.join("\n"))) }
    }

    /// Whether the built-in simulator stands in for carriers.
    pub(crate) async fn is_standing_in(&self) -> bool {
        self.0.state.lock().await.standing_in
    }

    /// What the gateway has done and has to do, where there is one.
    pub(crate) fn done(&self) -> Option<GatewayFigures> {
        self.0.gateway.as_ref().map(Gateway::figures)
    }

    /// How those that run are doing.
    pub(crate) fn reports(&self) -> Vec<WayReport> {
        self.0.gateway.as_ref().map(Gateway::ways).unwrap_or_default()
    }

    /// Takes the configuration file's carriers as they are now. What cannot be brought about is told; what
    /// ran before goes on.
    pub(crate) async fn reconfigure(&self, configured: Specs) -> Vec<String> {
        let mut state = self.0.state.lock().await;
        state.configured = configured;
        self.bring_about(&mut state).await
    }

    /// Every carrier, by name.
    pub(crate) async fn list(&self) -> Vec<Described> {
        let state = self.0.state.lock().await;
        let reports = self.reports();
        let told = |name: &String, spec: &Spec, origin| Described {
            name: name.clone(),
            spec: spec.clone(),
            origin,
            report: reports.iter().find(|report| report.name == *name).cloned(),
        };
        let mut all: BTreeMap<&String, Described> =
            state.kept.iter().map(|(name, spec)| (name, told(name, spec, Origin::Command))).collect();
        all.extend(
            state.configured.iter().map(|(name, spec)| (name, told(name, spec, Origin::Configuration))),
        );
        let mut all: Vec<Described> = all.into_values().collect();
        if state.standing_in {
            let spec = Spec { simulator: Some("plain".to_owned()), ..Spec::default() };
            all.push(told(&STAND_IN.to_owned(), &spec, Origin::BuiltIn));
        }
        all
    }

    /// One carrier.
    pub(crate) async fn show(&self, name: &str) -> Result<Described, Failure> {
        self.list().await.into_iter().find(|described| described.name == name).ok_or_else(|| unknown(name))
    }

    /// Adds a carrier, or puts another description in the place of one that was added.
    pub(crate) async fn put(&self, name: &str, spec: Spec) -> Result<(), Failure> {
        let mut state = self.0.state.lock().await;
        may_change(&state, name)?;
        routes::routing(&self.0.service, &spec)
            .await
            .map_err(|what| Failure::failed(fault_of(name, &what)))?;
        let before = state.kept.insert(name.to_owned(), spec);
        let done = self.keep_and_bring_about(&mut state, name).await;
        if done.is_err() {
            match before {
                Some(before) => state.kept.insert(name.to_owned(), before),
                None => state.kept.remove(name),
            };
            // Back to what was; what cannot be written back was not written either.
            let _back = self.keep_and_bring_about(&mut state, name).await;
        }
        done
    }

    /// The description of a carrier that was added, to be changed.
    pub(crate) async fn changeable(&self, name: &str) -> Result<Spec, Failure> {
        let state = self.0.state.lock().await;
        may_change(&state, name)?;
        state.kept.get(name).cloned().ok_or_else(|| unknown(name))
    }

    /// Whether there is one of this name.
    pub(crate) async fn has(&self, name: &str) -> bool {
        let state = self.0.state.lock().await;
        state.kept.contains_key(name) || state.configured.contains_key(name)
    }

    /// Takes a carrier away that was added.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), Failure> {
        let mut state = self.0.state.lock().await;
        may_change(&state, name)?;
        state.kept.remove(name).ok_or_else(|| unknown(name))?;
        self.keep_and_bring_about(&mut state, name).await
    }

    /// Pauses a carrier or lets it go on. One of the configuration file only where it runs, and until it is
    /// restarted.
    pub(crate) async fn pause(&self, name: &str, paused: bool) -> Result<(), Failure> {
        let mut state = self.0.state.lock().await;
        let listed = state.configured.contains_key(name);
        if !listed && let Some(spec) = state.kept.get_mut(name) {
            spec.paused = paused;
            return self.keep_and_bring_about(&mut state, name).await;
        }
        let stands_in = state.standing_in && name == STAND_IN;
        if !(listed || stands_in) {
            return Err(unknown(name));
        }
        let running = self.0.gateway.as_ref().and_then(|gateway| gateway.carrier(name));
        let carrier = running.ok_or_else(|| {
            let what =
                "is described in the configuration file and no server runs: write `paused = true` there";
            Failure::failed(format!("the carrier {name} {what}"))
        })?;
        switch(carrier.as_ref(), paused);
        Ok(())
    }

    /// Tries a carrier: the one that runs, or a link made for the purpose and closed again.
    pub(crate) async fn test(&self, name: &str, time: Duration) -> Result<(Found, bool), Failure> {
        let Described { spec, .. } = self.show(name).await?;
        let receives_only = spec.bind == BindMode::Receiver;
        if let Some(carrier) = self.0.gateway.as_ref().and_then(|gateway| gateway.carrier(name)) {
            return Ok((probe(&carrier, receives_only, time).await, true));
        }
        let spec = Spec { paused: false, ..spec };
        let (carrier, events) = start::start(name, &spec).map_err(Failure::failed)?;
        let found = probe(&carrier, receives_only, time).await;
        carrier.close().await;
        // Whatever came in meanwhile was not acknowledged, so the peer keeps it for the next session.
        drop(events);
        Ok((found, false))
    }

    /// Writes what is kept and brings it about; fails for the carrier named alone.
    async fn keep_and_bring_about(&self, state: &mut State, name: &str) -> Result<(), Failure> {
        kept::write(&self.0.directory, &state.kept)
            .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", kept::FILE)))?;
        let about_it = |fault: &String| fault.starts_with(&fault_of(name, ""));
        match self.bring_about(state).await.into_iter().find(about_it) {
            None => Ok(()),
            Some(fault) => Err(Failure::failed(fault)),
        }
    }

    /// Makes what runs what is described; tells what could not be.
    async fn bring_about(&self, state: &mut State) -> Vec<String> {
        let Some(gateway) = &self.0.gateway else { return Vec::new() };
        let mut wanted = state.kept.clone();
        wanted.extend(state.configured.clone());
        let gone: Vec<String> =
            state.running.keys().filter(|name| !wanted.contains_key(*name)).cloned().collect();
        for name in gone {
            tracing::info!(carrier = %name, "removed");
            gateway.remove(&name).await;
            state.running.remove(&name);
        }
        let mut faults = Vec::new();
        for (name, spec) in &wanted {
            if let Err(what) = self.bring_one_about(gateway, state, name, spec).await {
                faults.push(fault_of(name, &what));
            }
        }
        self.stand_in(gateway, state, wanted.is_empty()).await;
        faults
    }

    async fn bring_one_about(
        &self,
        gateway: &Gateway,
        state: &mut State,
        name: &str,
        spec: &Spec,
    ) -> Result<(), String> {
        let routing = routes::routing(&self.0.service, spec).await?;
        match state.running.get(name) {
            Some((before, ruled)) if before == spec && *ruled == routing => return Ok(()),
            Some((before, _)) if before.with_rules_of(spec) == *spec => {
                gateway.reroute(name, routing.clone(), spec.doubt);
                if before.paused != spec.paused
                    && let Some(carrier) = gateway.carrier(name)
                {
                    switch(carrier.as_ref(), spec.paused);
                }
                tracing::info!(carrier = %name, paused = spec.paused, "has other rules");
            }
            _ => {
                let (carrier, events) = start::start(name, spec)?;
                tracing::info!(carrier = %name, peer = %spec.peer(), "started");
                tell_of_breaks(self.0.service.clone(), &carrier);
                gateway.install(Way { carrier, events, routing: routing.clone(), doubt: spec.doubt }).await;
                if state.standing_in && name == STAND_IN {
                    // It has taken the place of the one that stood in.
                    state.standing_in = false;
                }
            }
        }
        state.running.insert(name.to_owned(), (spec.clone(), routing));
        Ok(())
    }

    async fn stand_in(&self, gateway: &Gateway, state: &mut State, needed: bool) {
        match &self.0.stand_in {
            StandIn::Simulator(profile, seed) if needed && !state.standing_in => {
                let (carrier, events) = SimulatedCarrier::start(STAND_IN, (**profile).clone(), *seed);
                let routing = Routing { rank: 100, ..Routing::default() };
                let carrier: Arc<dyn Carrier> = Arc::new(carrier);
                tell_of_breaks(self.0.service.clone(), &carrier);
                let way = Way { carrier, events, routing, doubt: Doubt::Hold };
                gateway.install(way).await;
                state.standing_in = true;
                tracing::warn!(
                    "no carrier is configured: the built-in simulator takes every message, and nothing leaves this machine"
                );
            }
            _ if !needed && state.standing_in => {
                gateway.remove(STAND_IN).await;
                state.standing_in = false;
                tracing::info!("the built-in simulator is gone: messages leave by carriers from here on");
            }
            StandIn::None if needed => {
                tracing::warn!("no carrier is configured, and `simulate` is off: messages wait");
            }
            StandIn::None | StandIn::Simulator(..) => {}
        }
    }
}

fn switch(carrier: &dyn Carrier, paused: bool) {
    if paused {
        carrier.pause();
    } else {
        carrier.resume();
    }
}

fn fault_of(name: &str, what: &str) -> String {
    format!("the carrier {name}: {what}")
}

fn unknown(name: &str) -> Failure {
    Failure::failed(format!("there is no carrier {name}; `answerback carrier list` shows all"))
}

fn may_change(state: &State, name: &str) -> Result<(), Failure> {
    if state.configured.contains_key(name) {
        let what = "is described in the configuration file: change it there, then send the server SIGHUP";
        return Err(Failure::failed(format!("the carrier {name} {what}")));
    }
    Ok(())
}
