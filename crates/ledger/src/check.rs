//! What a check of the store counted and found.

/// The outcome of a check: what was counted, and every broken invariant in words (the first hundred).
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct CheckReport {
    /// Accounts seen.
    pub accounts: u64,
    /// Message rows read.
    pub messages: u64,
    /// History entries unpacked.
    pub entries: u64,
    /// Batches compared with their messages.
    pub batches: u64,
    /// Sums by day compared.
    pub day_sums: u64,
    /// Chats compared with their messages.
    pub chats: u64,
    /// Contacts, programs and keys seen.
    pub others: u64,
    /// Facts of derived state compared with the rows.
    pub derived: u64,
    /// Invariants that do not hold, in words.
    pub broken: Vec<String>,
    /// How many there were, past those in words.
    pub broken_count: u64,
}

impl CheckReport {
    /// Notes a broken invariant.
    pub fn fault(&mut self, what: String) {
        self.broken_count += 1;
        if self.broken.len() < 100 {
            self.broken.push(what);
        }
    }

    /// Whether every invariant holds.
    pub fn is_sound(&self) -> bool {
        self.broken_count == 0
    }
}
