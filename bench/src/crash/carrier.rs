//! The hostile SMSC of a trial.

use anyhow::Result;
use serde::Deserialize;

use crate::simulated::Simulated;

/// Hostile, but it gives every message that it accepts an id, and delivers every receipt it owes, and soon: a
/// receipt that never comes, or by no id leads anywhere, leaves a message waiting for three days, which no
/// trial can. Like real ones it gives us more than five seconds for an acknowledgement; that is from when on
/// we count with a repetition on a link that never broke (see docs/receiving.md).
const PROFILE: &str = r#"
rate = 2000
pending = 200000
remember = 1000000
magic_numbers = false

[behaviour]
answer_after = "0ms..60ms"
answers = { ok = 864, ok_twice = 15, ok_then_disconnect = 2, throttled = 50, queue_full = 20, system_error = 15, submit_failed = 4, invalid_destination = 6, 0x00000400 = 2, silent = 4, silent_taken = 6, disconnect = 2, disconnect_taken = 3 }
endings = { delivered = 820, undelivered = 70, expired = 40, rejected = 20, deleted = 10 }
acknowledged = 15
enroute = 25
intermediate_after = "0ms..300ms"
disordered = 10
final_after = "0ms..1s"
doubled = 8
contradicted = 2
again_after = "0ms..1s"
late = 2
late_by = "1s..4s"
before_answer = 5
stray = 1
halves = { both = 50, text_only = 35, tlv_only = 15 }
texts = { standard = 60, seconds = 8, full_year = 5, no_dates = 5, no_text = 5, short = 5, no_error = 4, swapped_case = 5, long_words = 5, lines = 4 }
receipt_ids = { same = 30, hex = 10, hex_upper = 15, hex_padded = 15, decimal = 15, decimal_padded = 15 }
zones = ["+00:00", "+02:00", "-05:00", "+05:30", "+13:00"]

[link]
deliver_window = 50
deliver_timeout = "6s"
redeliver_after = "200ms..600ms"
keep = "1h"
bind_after = "0ms..100ms"
refused_binds = 5
deaf = 2
garbage = { unknown_command = 0.2, stray_response = 0.5, broken_length = 0.02 }
"#;

/// The running SMSC.
pub(super) struct Carrier {
    smsc: Simulated,
    _directory: tempfile::TempDir,
}

/// What it counted.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Counters {
    pub(super) taken_untold: u64,
    pub(super) refused: u64,
    pub(super) unanswered: u64,
    pub(super) cuts: u64,
    pub(super) receipts_planned: u64,
    pub(super) receipts_acknowledged: u64,
    pub(super) receipts_refused: u64,
    pub(super) receipts_expired: u64,
    pub(super) mo_planned: u64,
    pub(super) mo_acknowledged: u64,
    pub(super) pending: u64,
}

/// A message it took more than once.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Duplicate {
    pub(super) recipient: String,
    pub(super) text: String,
    pub(super) times: u32,
}

impl Carrier {
    pub(super) fn start(seed: u64) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let profile = directory.path().join("profile.toml");
        std::fs::write(&profile, PROFILE)?;
        let (seed, profile) = (seed.to_string(), profile.to_string_lossy());
        let smsc = Simulated::start(&["--seed", &seed, "--profile", &profile])?;
        Ok(Self { smsc, _directory: directory })
    }

    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.smsc.port)
    }

    pub(super) fn control(&self) -> u16 {
        self.smsc.control
    }

    pub(super) fn counters(&self) -> Result<Counters> {
        self.smsc.get("/stats")
    }

    pub(super) fn duplicates(&self) -> Result<Vec<Duplicate>> {
        self.smsc.get("/duplicates")
    }
}
