//! How a command fails: the exit code, and what is said on standard error.

use serde::{Deserialize, Serialize};

use crate::directory::DirectoryError;

/// Which exit code a failure ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// 1: what was asked failed.
    Failed,
    /// 2: the command line or the configuration is wrong.
    Usage,
    /// 3: the data directory is in use or cannot be reached.
    Unreachable,
    /// 0: whoever read the output has had enough, as in `… | head`.
    Enough,
}

impl Kind {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Enough => 0,
        }
    }
}

/// A failure that has been put in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn failed(message: impl ToString) -> Self {
        Self { kind: Kind::Failed, message: message.to_string() }
    }

    pub(crate) fn usage(message: impl ToString) -> Self {
        Self { kind: Kind::Usage, message: message.to_string() }
    }

    pub(crate) fn enough() -> Self {
        Self { kind: Kind::Enough, message: "the reader has had enough".to_owned() }
    }

    pub(crate) fn unreachable(message: impl ToString) -> Self {
        Self { kind: Kind::Unreachable, message: message.to_string() }
    }
}

impl From<DirectoryError> for Failure {
    fn from(error: DirectoryError) -> Self {
        Self::unreachable(error)
    }
}
