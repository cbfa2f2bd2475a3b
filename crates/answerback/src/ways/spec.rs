//! One carrier's description.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use carriers::simulator::Profile;
use carriers::smpp::link::{BindMode, LinkSettings, Options};
use service::gateway::Doubt;

/// Descriptions by name.
pub(crate) type Specs = BTreeMap<String, Spec>;

/// A carrier as its operator described it; see [`super::keys::KEYS`] for what each member means.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Spec {
    /// Host and port of an SMSC.
    pub(crate) smpp: Option<String>,
    /// A built-in profile, or the file of one, instead of an SMSC.
    pub(crate) simulator: Option<String>,
    /// What the simulator's fates follow from.
    pub(crate) seed: u64,
    pub(crate) system_id: String,
    /// As it is used: what stands in `password_file`, where one is named.
    pub(crate) password: String,
    pub(crate) password_file: Option<PathBuf>,
    pub(crate) bind: BindMode,
    pub(crate) binds: usize,
    pub(crate) window: usize,
    pub(crate) rate: Option<u32>,
    /// What is set of [`Options::table`].
    pub(crate) options: BTreeMap<String, String>,
    /// Accounts by name or number.
    pub(crate) accounts: Vec<String>,
    /// Prefixes of recipients' numbers, in digits.
    pub(crate) route: Vec<String>,
    pub(crate) senders: Vec<String>,
    pub(crate) least_priority: u8,
    pub(crate) rank: u16,
    /// In millionths.
    pub(crate) cost: u64,
    pub(crate) doubt: Doubt,
    pub(crate) paused: bool,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            smpp: None,
            simulator: None,
            seed: 1,
            system_id: String::new(),
            password: String::new(),
            password_file: None,
            bind: BindMode::Transceiver,
            binds: 1,
            window: 10,
            rate: None,
            options: BTreeMap::new(),
            accounts: Vec::new(),
            route: Vec::new(),
            senders: Vec::new(),
            least_priority: 0,
            rank: 100,
            cost: 0,
            doubt: Doubt::Hold,
            paused: false,
        }
    }
}

impl fmt::Debug for Spec {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec")
            .field("peer", &self.peer())
            .field("system_id", &self.system_id)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Spec {
    /// What it leads to, in words.
    pub(crate) fn peer(&self) -> String {
        match (&self.smpp, &self.simulator) {
            (Some(address), _) => format!("smpp {address}"),
            (None, Some(profile)) => format!("simulator {profile}"),
            (None, None) => String::new(),
        }
    }

    /// What is wrong with it as a whole: the key to blame, and the words.
    pub(crate) fn fault(&self) -> Option<(&'static str, String)> {
        let plain = Self { simulator: self.simulator.clone(), ..Self::default() };
        let of_a_link = [
            ("system_id", self.system_id != plain.system_id),
            ("password", self.password != plain.password),
            ("bind", self.bind != plain.bind),
            ("binds", self.binds != plain.binds),
            ("window", self.window != plain.window),
            ("rate", self.rate != plain.rate),
            ("options", self.options != plain.options),
        ];
        match (&self.smpp, &self.simulator) {
            (Some(_), Some(_)) => {
                Some(("simulator", "smpp is there too: a carrier is one or the other".to_owned()))
            }
            (None, None) => {
                Some(("smpp", "is missing: smpp = \"HOST:PORT\", or simulator = \"plain\"".to_owned()))
            }
            (Some(_), None) if self.system_id.is_empty() => {
                Some(("system_id", "is missing: the name to bind with".to_owned()))
            }
            (Some(_), None) => None,
            (None, Some(_)) => {
                let (key, _) = of_a_link.into_iter().find(|(_, given)| *given)?;
                Some((key, "means nothing to a simulator".to_owned()))
            }
        }
    }

    /// The settings of its link; `None` where it is no link.
    pub(crate) fn link(&self, name: &str) -> Option<LinkSettings> {
        let (host, port) = split(self.smpp.as_deref()?)?;
        let mut options = Options::default();
        for (option, value) in &self.options {
            // Each was tried when it was read.
            options.set(option, value).ok()?;
        }
        Some(LinkSettings {
            bind: self.bind,
            binds: self.binds,
            window: self.window,
            rate: self.rate,
            options,
            ..LinkSettings::new(name, host, port, &self.system_id, &self.password)
        })
    }

    /// The same with the same rules as another: equal when only rules differ.
    pub(super) fn with_rules_of(&self, other: &Self) -> Self {
        Self {
            accounts: other.accounts.clone(),
            route: other.route.clone(),
            senders: other.senders.clone(),
            least_priority: other.least_priority,
            rank: other.rank,
            cost: other.cost,
            doubt: other.doubt,
            paused: other.paused,
            ..self.clone()
        }
    }
}

/// Host and port; an IPv6 address stands in brackets.
pub(super) fn split(address: &str) -> Option<(&str, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').filter(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())?,
        None => Some(host).filter(|host| {
            crate::http::host::is_host_name(host) || host.parse::<std::net::Ipv4Addr>().is_ok()
        })?,
    };
    Some((bare, port))
}

/// A profile by its built-in name, or from its file.
pub(crate) fn profile(named: &str) -> Result<Profile, String> {
    if let Some(profile) = Profile::builtin(named) {
        return Ok(profile);
    }
    let known = carriers::simulator::profile::BUILTIN.map(|(name, _)| name).join(", ");
    let text = std::fs::read_to_string(named)
        .map_err(|error| format!("{named:?} is neither a built-in profile ({known}) nor a file: {error}"))?;
    text.parse().map_err(|error| format!("{named}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(split("smsc.example.org:2775"), Some(("smsc.example.org", 2775)));
        assert_eq!(split("[::1]:2775"), Some(("::1", 2775)));
        assert_eq!(split("192.0.2.1:1"), Some(("192.0.2.1", 1)));
        for bad in ["", "host", "host:", ":2775", "host:0", "host:65536", "::1:2775", "[x]:1", "a b:1"] {
            assert_eq!(split(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_description_is_judged_as_a_whole() {
        let link = Spec { smpp: Some("a:1".to_owned()), system_id: "me".to_owned(), ..Spec::default() };
        assert_eq!(link.fault(), None);
        let key = |spec: Spec| spec.fault().map(|(key, _)| key);
        assert_eq!(key(Spec::default()), Some("smpp"));
        assert_eq!(key(Spec { system_id: String::new(), ..link.clone() }), Some("system_id"));
        let simulator = Spec { simulator: Some("plain".to_owned()), ..Spec::default() };
        assert_eq!(simulator.fault(), None);
        assert_eq!(key(Spec { simulator: Some("plain".to_owned()), ..link.clone() }), Some("simulator"));
        assert_eq!(key(Spec { window: 3, ..simulator }), Some("window"));
        let secret = Spec { password: "hunter2".to_owned(), ..link };
        assert!(!format!("{secret:?}").contains("hunter2"));
        assert_eq!(secret.link("x").map(|link| link.password), Some("hunter2".to_owned()));
    }
}
