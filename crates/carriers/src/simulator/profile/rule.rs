//! Exceptions by number, recipients that answer, and who may bind.

use std::fmt;

use serde::Deserialize;

use crate::simulator::behaviour::Behaviour;
use crate::simulator::mo::Manner;
use crate::simulator::pattern::Pattern;
use crate::simulator::span::{Percent, Span};

/// A behaviour for the messages that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which recipients.
    pub recipient: Pattern,
    /// Which senders.
    pub sender: Pattern,
    /// What happens to their messages.
    pub behaviour: Behaviour,
}

impl Rule {
    /// Whether a message between these two falls under it.
    pub fn fits(&self, sender: &str, recipient: &str) -> bool {
        self.recipient.fits(recipient) && self.sender.fits(sender)
    }
}

/// Recipients that answer a message they get. A long message is answered once, upon its first segment, by
/// whose text the rule is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyRule {
    /// Which recipients answer.
    #[serde(default = "everything")]
    pub recipient: Pattern,
    /// To which senders.
    #[serde(default = "everything")]
    pub sender: Pattern,
    /// To which texts.
    #[serde(default = "everything")]
    pub text: Pattern,
    /// How many of those that fit.
    #[serde(default = "always")]
    pub percent: Percent,
    /// When, from the delivery of the message.
    #[serde(default)]
    pub after: Span,
    /// What they write: one of these. `{text}` stands for the text answered.
    pub answers: Vec<String>,
    /// How it is brought.
    #[serde(default)]
    pub manner: Manner,
}

/// A pattern that fits everything.
pub(super) fn everything() -> Pattern {
    Pattern::new("*")
}

fn always() -> Percent {
    Percent::ALWAYS
}

/// Who may bind.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The system id.
    pub system_id: String,
    /// Its password.
    pub password: String,
}

impl fmt::Debug for Credential {
    /// Without the password, so that it reaches no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("system_id", &self.system_id).finish_non_exhaustive()
    }
}
