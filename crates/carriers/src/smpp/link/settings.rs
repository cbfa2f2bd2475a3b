//! Where a link goes, as whom, and with how much at once.

use super::options::Options;
use crate::smpp::pdu::{Address, Bind, BindKind};
use crate::smpp::session::{Role, Settings};

/// Which sessions a link has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindMode {
    /// Sessions that carry both ways.
    Transceiver,
    /// Sessions that submit only: receipts come over another link, or never.
    Transmitter,
    /// Sessions that receive only.
    Receiver,
    /// Of each session a transmitter and a receiver.
    Pair,
}

impl BindMode {
    /// Reads `transceiver`, `transmitter`, `receiver` or `pair`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "transceiver" => Some(Self::Transceiver),
            "transmitter" => Some(Self::Transmitter),
            "receiver" => Some(Self::Receiver),
            "pair" => Some(Self::Pair),
            _ => None,
        }
    }

    /// As [`BindMode::parse`] reads it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Transceiver => "transceiver",
            Self::Transmitter => "transmitter",
            Self::Receiver => "receiver",
            Self::Pair => "pair",
        }
    }
}

/// A link's settings.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSettings {
    /// The carrier's name.
    pub name: String,
    /// The SMSC's host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who binds.
    pub system_id: String,
    /// Its password; never logged.
    pub password: String,
    /// Which sessions.
    pub bind: BindMode,
    /// How many of them; with [`BindMode::Pair`] pairs. At least 1.
    pub binds: usize,
    /// Submissions open at once in each session; at least 1.
    pub window: usize,
    /// Submissions a second over all sessions; `None` for no limit.
    pub rate: Option<u32>,
    /// All the rest.
    pub options: Options,
}

impl std::fmt::Debug for LinkSettings {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkSettings")
            .field("name", &self.name)
            .field("address", &format_args!("{}:{}", self.host, self.port))
            .field("system_id", &self.system_id)
            .field("bind", &self.bind)
            .field("binds", &self.binds)
            .field("window", &self.window)
            .field("rate", &self.rate)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl LinkSettings {
    /// One transceiver with a window of 10 and no limit of rate.
    pub fn new(name: &str, host: &str, port: u16, system_id: &str, password: &str) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            port,
            system_id: system_id.to_owned(),
            password: password.to_owned(),
            bind: BindMode::Transceiver,
            binds: 1,
            window: 10,
            rate: None,
            options: Options::default(),
        }
    }

    /// The sessions to keep, one entry each.
    pub(super) fn sessions(&self) -> Vec<BindKind> {
        let one: &[BindKind] = match self.bind {
            BindMode::Transceiver => &[BindKind::Transceiver],
            BindMode::Transmitter => &[BindKind::Transmitter],
            BindMode::Receiver => &[BindKind::Receiver],
            BindMode::Pair => &[BindKind::Transmitter, BindKind::Receiver],
        };
        one.repeat(self.binds.max(1))
    }

    /// How many of them submit.
    pub(super) fn transmitters(&self) -> usize {
        self.sessions().into_iter().filter(|kind| kind.transmits()).count()
    }

    /// What each session is told.
    pub(super) fn session(&self) -> Settings {
        let options = &self.options;
        Settings {
            window: self.window.max(1),
            peer_window: options.receive_window,
            response_timeout: options.response_timeout,
            bind_timeout: options.bind_timeout,
            enquire_interval: options.enquire_interval.0,
            drain_timeout: options.drain_timeout.0,
            throttle_pause: options.throttle_pause,
            throttle_max: options.throttle_max,
            ..Settings::of(Role::Esme)
        }
    }

    /// The bind request.
    pub(super) fn bind_request(&self) -> Bind {
        Bind {
            system_id: self.system_id.clone(),
            password: self.password.clone(),
            system_type: self.options.system_type.clone(),
            interface_version: self.options.interface_version,
            range: Address {
                ton: self.options.address_ton,
                npi: self.options.address_npi,
                text: self.options.address_range.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_each_mode() {
        let settings = |bind, binds| LinkSettings {
            bind,
            binds,
            ..LinkSettings::new("n", "localhost", 2775, "id", "hunter2")
        };
        assert_eq!(settings(BindMode::Transceiver, 2).sessions(), [BindKind::Transceiver; 2]);
        let pairs = settings(BindMode::Pair, 2);
        assert_eq!((pairs.sessions().len(), pairs.transmitters()), (4, 2));
        assert_eq!(settings(BindMode::Receiver, 0).transmitters(), 0);
        assert!(!format!("{pairs:?}").contains("hunter2"));
        for mode in [BindMode::Transceiver, BindMode::Transmitter, BindMode::Receiver, BindMode::Pair] {
            assert_eq!(BindMode::parse(mode.word()), Some(mode));
        }
        assert_eq!(BindMode::parse("both"), None);
    }
}
