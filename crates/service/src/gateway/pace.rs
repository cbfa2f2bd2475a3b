//! How fast and how long things are tried.

use std::time::Duration;

/// Times and limits of a gateway. The default is meant for service; tests are in more of a hurry.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often the queues of all accounts are looked at for what has come due.
    pub tick: Duration,
    /// How often they are looked through from their beginning: what waits may have expired.
    pub rescan: Duration,
    /// For how long the carriers must have been the same before a message that none of them takes fails:
    /// they are put in one after the other.
    pub no_route: Duration,
    /// How long a carrier is passed over that said it was up and took nothing.
    pub shy: Duration,
    /// The pause after the first attempt that was to be repeated; it doubles with each.
    pub retry_first: Duration,
    /// The longest such pause.
    pub retry_most: Duration,
    /// Attempts that ended with a carrier's "not now" before a segment fails. Throttling does not count.
    pub most_attempts: u16,
    /// How long an uncertain attempt rests before it is sent again, where its carrier's
    /// [`super::Doubt`] says so: its answer may still come.
    pub resend_after: Duration,
    /// How long after its date a message may still be sent, in seconds, where its batch does not say.
    pub validity: u32,
    /// How long after its validity the last word on a message is waited for, in seconds.
    pub silence: u32,
    /// How long the end of the process waits for answers that are out.
    pub drain: Duration,
    /// How often incomplete MO, figures and silent messages are looked at.
    pub minutes: Duration,
    /// How often what is old is cleared away.
    pub upkeep: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            tick: Duration::from_secs(1),
            rescan: Duration::from_secs(60),
            no_route: Duration::from_secs(5),
            shy: Duration::from_secs(1),
            retry_first: Duration::from_secs(2),
            retry_most: Duration::from_secs(600),
            most_attempts: 32,
            resend_after: Duration::from_secs(30),
            validity: 48 * 3600,
            silence: 72 * 3600,
            drain: Duration::from_secs(30),
            minutes: Duration::from_secs(30),
            upkeep: Duration::from_secs(600),
        }
    }
}
