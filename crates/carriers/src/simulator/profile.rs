//! Profiles: how a simulated carrier behaves, as a TOML file.
//!
//! Every key is optional. `base` names the built-in profile that the file changes (`plain` without it); a key
//! that nobody knows is refused by name. The keys:
//!
//! | key | meaning |
//! | --- | --- |
//! | `base` | the built-in profile to begin with |
//! | `rate` | submissions a second that each system id may make; beyond it ESME_RTHROTTLED; 0 for no limit |
//! | `pending` | receipts and MO that may wait at all; beyond it submissions get ESME_RMSGQFUL |
//! | `remember` | messages that `query_sm` and the search for duplicates know |
//! | `answered_ids` | how answers write ids: `hex`, `hex_upper`, `hex_padded`, `decimal`, `decimal_padded` |
//! | `magic_numbers` | whether the magic numbers work (see [`super`]) |
//! | `[behaviour]` | what happens to a message: [`Behaviour`] has its keys |
//! | `[[rules]]` | `recipient` and `sender` patterns and a `behaviour` for what fits; the first that fits counts; the file's own come before those of the base and the magic numbers |
//! | `[[replies]]` | recipients that answer: [`ReplyRule`] |
//! | `[[script]]` | MO that come by themselves: [`ScriptEntry`] |
//! | `[[binds]]` | `system_id` and `password`; where there are any, nobody else may bind |
//! | `[link]` | windows, time-outs and faults of the connections: [`LinkProfile`] has its keys |
//!
//! What a file names of `[behaviour]` and `[link]` replaces what the base has, key by key; lists are put
//! before the base's.
//!
//! Durations are written `"250ms"` or `"1s..5s"`, percentages as numbers from 0 to 100, mixes as
//! `{ delivered = 95, undelivered = 5 }`, patterns with `*` and `?`.

mod builtin;
mod file;
mod link;
mod rule;

use std::str::FromStr;

use super::behaviour::Behaviour;
use super::message_id::IdForm;
use super::mo::ScriptEntry;
use file::File;

pub use builtin::BUILTIN;
pub use link::{Garbage, LinkOverlay, LinkProfile};
pub use rule::{Credential, ReplyRule, Rule};

/// The most that `pending` and `remember` may be.
pub const MAX_QUEUE: usize = 10_000_000;

/// Why a profile is not one.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, a key that nobody knows, or a value that is none; the message names line and key.
    #[error("{0}")]
    Toml(#[from] Box<toml::de::Error>),
    /// `base` names no built-in profile.
    #[error("no built-in profile is called `{0}`; there are {list}", list = BUILTIN.map(|(name, _)| name).join(", "))]
    Base(String),
    /// A number out of its range.
    #[error("`{key}` is {value}, but must be between {least} and {most}")]
    Range {
        /// The key.
        key: &'static str,
        /// What it was given.
        value: u64,
        /// Its least value.
        least: u64,
        /// Its greatest value.
        most: u64,
    },
    /// A script entry that would repeat without a pause.
    #[error("`every` in [[script]] is shorter than a millisecond")]
    Every,
    /// A reply rule without a text to reply.
    #[error("`answers` in [[replies]] is empty")]
    Answers,
}

/// How a simulated carrier behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Submissions a second for each system id; 0 for no limit.
    pub rate: u32,
    /// Receipts and MO that may wait at all.
    pub pending: usize,
    /// Messages that are remembered.
    pub remember: usize,
    /// How answers write ids.
    pub answered_ids: IdForm,
    /// What happens to a message that no rule fits.
    pub behaviour: Behaviour,
    /// Exceptions, the first that fits counts.
    pub rules: Vec<Rule>,
    /// Recipients that answer, the first that fits counts.
    pub replies: Vec<ReplyRule>,
    /// MO that come by themselves.
    pub script: Vec<ScriptEntry>,
    /// Who may bind; everybody where it is empty.
    pub binds: Vec<Credential>,
    /// The connections.
    pub link: LinkProfile,
}

impl Profile {
    /// A built-in profile: `plain`, `lossy`, `hostile`, `slow`, `swift`; `None` for any other name.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
        // The tests read every one of them.
        File::read(text).ok()?.over(None).ok()
    }

    /// The behaviour for a message between these two.
    pub fn behaviour_for(&self, sender: &str, recipient: &str) -> &Behaviour {
        let rule = self.rules.iter().find(|rule| rule.fits(sender, recipient));
        rule.map_or(&self.behaviour, |rule| &rule.behaviour)
    }
}

impl Default for Profile {
    /// Without a fault, a delay, a rule or a limit of rate.
    fn default() -> Self {
        Self {
            rate: 0,
            pending: 200_000,
            remember: 100_000,
            answered_ids: IdForm::Hex,
            behaviour: Behaviour::default(),
            rules: Vec::new(),
            replies: Vec::new(),
            script: Vec::new(),
            binds: Vec::new(),
            link: LinkProfile::default(),
        }
    }
}

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        let file = File::read(text)?;
        let name = file.base.as_deref().unwrap_or("plain");
        let (_, base) = BUILTIN
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ProfileError::Base(name.to_owned()))?;
        let base = File::read(base)?;
        file.over(Some(base))
    }
}

/// Reads a script of MO: a TOML file of `[[script]]` entries and nothing else.
pub fn parse_script(text: &str) -> Result<Vec<ScriptEntry>, ProfileError> {
    file::read_script(text)
}

#[cfg(test)]
mod tests;
