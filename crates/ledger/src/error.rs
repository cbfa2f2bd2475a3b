//! Why the ledger could not do what was asked.

/// A failure of the ledger. Closed: a caller can decide from the variant alone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The thing named does not exist in this account. The caller's to report as not found.
    #[error("not found")]
    NotFound,
    /// The write breaks a rule of the ledger; nothing of it was kept.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The queue of writes is full or the ledger is shutting down. Nothing was kept; try again.
    #[error("the ledger takes no more writes just now")]
    Busy,
    /// The store answered with an error. Whether the write was kept is told by reading again.
    #[error("the store failed: {0}")]
    Store(String),
    /// A row says something impossible. An operator should run `check`.
    #[error("the ledger is damaged: {0}")]
    Corrupt(String),
}

impl LedgerError {
    /// The words of the store itself, for those who are told the same failure again.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Store(words) => words.clone(),
            other => other.to_string(),
        }
    }
}

/// A rule that a write broke.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No account of that number. (A disabled one still takes what arrives; its keys are refused.)
    #[error("no such account")]
    NoAccount,
    /// The account has no program of that number.
    #[error("the account has no program {0}")]
    NoProgram(u32),
    /// The account has given all its 2^31 - 1 numbers.
    #[error("the account has no numbers left")]
    NumbersExhausted,
    /// A name, username or secret is already taken.
    #[error("{0} is already taken")]
    Taken(&'static str),
    /// The idempotency key was used with another submission.
    #[error("the idempotency key was used with another request")]
    KeyReused,
    /// An imported row is known and differs in the named member.
    #[error("this id was imported before and differs in \"{0}\"")]
    Differs(&'static str),
    /// The step between two outcomes is not legal.
    #[error("a message that is {from} cannot become {to}")]
    IllegalStep {
        /// The outcome it has.
        from: sms::Outcome,
        /// The outcome asked for.
        to: sms::Outcome,
    },
    /// An imported MO answers a message that was not imported before it.
    #[error("\"answers\" names a message that was not imported before")]
    UnknownAnswer,
    /// The balance does not cover a submission.
    #[error("the balance of {balance} does not cover {charge}")]
    Funds {
        /// What is there.
        balance: sms::Money,
        /// What was to be taken.
        charge: sms::Money,
    },
    /// A value is outside what a row can hold.
    #[error("{0}")]
    Value(String),
}

/// The result of a ledger call.
pub type Result<T, E = LedgerError> = std::result::Result<T, E>;
