//! What happened so far, for reconciliation.

use serde::Serialize;

/// Counts since the carrier was made. Where a figure is of messages, a segment is one.
///
/// What always holds: `submitted = accepted + taken_untold + refused + unanswered`, and, for receipts,
/// `receipts_planned = receipts_acknowledged + receipts_refused + receipts_expired` + those of `pending` that
/// are receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Binds accepted.
    pub binds: u64,
    /// Binds refused.
    pub binds_refused: u64,
    /// Submissions received.
    pub submitted: u64,
    /// Submissions taken, with an answer that says so (whether or not the answer still found its client).
    pub accepted: u64,
    /// Submissions taken whose client is not told.
    pub taken_untold: u64,
    /// Submissions refused, of whatever reason.
    pub refused: u64,
    /// Of these, because more came than the rate allows.
    pub over_rate: u64,
    /// Of these, because too many receipts and MO wait.
    pub over_pending: u64,
    /// Submissions neither taken nor answered.
    pub unanswered: u64,
    /// Submissions taken whose content had been taken before, as far back as the profile remembers: sent
    /// twice, unless the same text was meant twice.
    pub duplicates: u64,
    /// Connections cut by a fate.
    pub cuts: u64,
    /// Receipts that the fates of taken messages owe.
    pub receipts_planned: u64,
    /// Final receipts that a fate loses.
    pub receipts_lost: u64,
    /// Receipts handed to a client, each time anew.
    pub receipts_sent: u64,
    /// Receipts that a client acknowledged.
    pub receipts_acknowledged: u64,
    /// Receipts that a client refused for good.
    pub receipts_refused: u64,
    /// Receipts that nobody took in time.
    pub receipts_expired: u64,
    /// MO that were written.
    pub mo_written: u64,
    /// MO that were dropped because too much waits, or the text is too long for any message.
    pub mo_dropped: u64,
    /// MO, or their parts, to be delivered.
    pub mo_planned: u64,
    /// MO parts handed to a client, each time anew.
    pub mo_sent: u64,
    /// MO parts that a client acknowledged.
    pub mo_acknowledged: u64,
    /// MO parts that a client refused for good.
    pub mo_refused: u64,
    /// MO parts that nobody took in time.
    pub mo_expired: u64,
    /// Receipts and MO parts handed out again.
    pub redelivered: u64,
    /// Questions about messages.
    pub queries: u64,
    /// Receipts and MO parts that wait now, scheduled or ready or unacknowledged.
    pub pending: u64,
    /// Clients known now, bound or with something waiting for them.
    pub clients: u64,
}
