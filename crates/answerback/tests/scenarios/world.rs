//! An account, its carriers, and what became of its messages.

use serde_json::Value;

use crate::http::{Answer, get, post, send_batch};
use crate::process::{Home, Server, Simulator, until};

/// Times that let a test see in seconds what takes minutes.
const HURRY: &str = "\
[sending]
retry_first = \"200ms\"
retry_most = \"1s\"
resend_after = \"200ms\"
[webhooks]
allow_private = [\"127.0.0.0/8\"]
";

/// The number of the account.
pub(crate) const NUMBER: &str = "46737494990";
/// Somebody's telephone; its end is no magic number.
pub(crate) const HANDSET: &str = "46701740605";

/// A home with one account, called acme.
pub(crate) struct World {
    pub(crate) home: Home,
    pub(crate) key: String,
    config: String,
}

/// A message of the ledger.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) recipient: String,
    pub(crate) body: String,
    /// Every state it had, and other entries of its history, in order.
    pub(crate) states: Vec<String>,
    /// The reason of its last entry.
    pub(crate) reason: Option<String>,
}

impl Story {
    /// What it is now.
    pub(crate) fn state(&self) -> &str {
        self.states.last().map_or("queued", String::as_str)
    }

    /// How often it was in a state.
    pub(crate) fn times(&self, state: &str) -> usize {
        self.states.iter().filter(|known| *known == state).count()
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let home = Home::new();
        let key = home.account("acme");
        home.ask(&["number", "claim", "--account", "acme", NUMBER]);
        let config = home.path("config.toml").to_string_lossy().into_owned();
        let world = Self { home, key, config };
        world.configure("");
        world
    }

    /// Writes the configuration anew.
    pub(crate) fn configure(&self, more: &str) {
        self.home.file("config.toml", format!("{HURRY}{more}"));
    }

    pub(crate) fn serve(&self) -> Server {
        self.home.serve(&["--config", &self.config])
    }

    /// Adds an SMPP link that reconnects without delay.
    pub(crate) fn link(&self, name: &str, address: &str, more: &[&str]) {
        let hurry = ["--set", "reconnect_min=50ms", "--set", "reconnect_max=200ms"];
        let words = ["carrier", "add", name, "--smpp", address, "--system-id", "me", "--password", "secret"];
        self.home.ask(&[&words[..], &hurry, more].concat());
    }

    /// Waits until a carrier is bound.
    #[track_caller]
    pub(crate) fn until_up(&self, name: &str) {
        until(|| self.home.ask(&["carrier", "show", name])["state"] == "up");
    }

    /// A file with a profile for a simulator.
    pub(crate) fn profile(&self, text: &str) -> String {
        self.home.file("profile.toml", text).to_string_lossy().into_owned()
    }

    pub(crate) fn send(&self, server: &Server, recipients: &[&str], text: &str) -> Answer {
        send_batch(server.address, &self.key, recipients, text)
    }

    /// Sends what must be accepted.
    #[track_caller]
    pub(crate) fn accept(&self, server: &Server, recipients: &[&str], text: &str) {
        let answer = self.send(server, recipients, text);
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    /// What was sent, or received, in the order of its numbers.
    pub(crate) fn stories(&self, direction: &str) -> Vec<Story> {
        let exported = self.home.run(&["export", "--account", "acme", "--direction", direction]).ends_with(0);
        exported.out.lines().map(story).collect()
    }

    /// Waits until every message of these is in this state; gives their stories.
    #[track_caller]
    pub(crate) fn until_all(&self, count: usize, state: &str) -> Vec<Story> {
        let mut last = Vec::new();
        until(|| {
            last = self.stories("mt");
            last.len() == count && last.iter().all(|story| story.state() == state)
        });
        last
    }

    /// Checks every invariant of the ledger, and what nobody claims.
    #[track_caller]
    pub(crate) fn sound(&self) {
        self.home.run(&["check"]).ends_with(0);
    }
}

fn story(line: &str) -> Story {
    let value: Value = serde_json::from_str(line).expect("JSON");
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let history = value["history"].as_array().expect("a history");
    let states = history.iter().map(|entry| entry["state"].as_str().expect("a state").to_owned());
    Story {
        recipient: text("recipient"),
        body: text("body"),
        states: states.collect(),
        reason: history.last().and_then(|entry| entry["reason"].as_str()).map(str::to_owned),
    }
}

/// A figure of `/metrics`, by its whole name.
pub(crate) fn metric(server: &Server, name: &str) -> u64 {
    let metrics = get(server.address, "/metrics");
    let value = metrics.text().lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.unwrap_or_else(|| panic!("no {name} in {}", metrics.text()))
}

/// A handset writes to the account's number; `more` is added to the form.
pub(crate) fn write(smsc: &Simulator, text: &str, more: &str) {
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let body = format!("from={HANDSET}&to={NUMBER}&text={}{more}", text.replace(' ', "+"));
    let answer = post(smsc.control, "/mo", &form, &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Numbers of handsets with this end of four digits.
pub(crate) fn handsets(count: u32, end: &str) -> Vec<String> {
    (0..count).map(|at| format!("46701{:02}{end}", at + 10)).collect()
}

/// The same as texts that are passed on.
pub(crate) fn all(numbers: &[String]) -> Vec<&str> {
    numbers.iter().map(String::as_str).collect()
}
