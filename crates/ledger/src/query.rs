//! What is asked: filters, orders, pages. All filters combine with AND.

use sms::{BatchKey, Country, Direction, Number, OutcomeSet};

use crate::model::{ChatStatus, Message};

/// How a list of messages is ordered. Descending is the exact reverse for [`Order::Time`], [`Order::Made`] and
/// [`Order::Number`]; for the others ties stay by rising number in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By (date, number).
    #[default]
    Time,
    /// As [`Order::Time`], but what is dated in the future stands where it was made, by (second of creation,
    /// number), until its date has come. So what was taken in last is last.
    Made,
    /// By number: the order of acceptance.
    Number,
    /// By the sender given (of an MO the handset), as text; none comes first.
    Sender,
    /// By the recipient of either direction, as text.
    Destination,
    /// By groups of outcomes, in the order given; a vendor's words sorted.
    State(Vec<OutcomeSet>),
}

/// A place in a walk by (date, number): what comes strictly after it is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The date of the last message seen, in seconds since 1970.
    pub date: u32,
    /// Its number.
    pub number: Number,
}

/// Which messages, in what order, which page of them. The default is every visible message, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageQuery {
    /// Only this direction.
    pub direction: Option<Direction>,
    /// Only these outcomes.
    pub outcomes: Option<OutcomeSet>,
    /// The outcomes that exist at all for the caller: others count in no total. `None` is every outcome.
    pub scope: Option<OutcomeSet>,
    /// Only dates at or after this, in seconds since 1970.
    pub from: Option<u32>,
    /// Only dates at or before this.
    pub to: Option<u32>,
    /// Only handsets of this country.
    pub country: Option<Country>,
    /// Only messages whose recipient this is: of an MT the handset, of an MO the number written to.
    pub destination: Option<String>,
    /// Only messages exchanged with this other party.
    pub peer: Option<String>,
    /// Only bodies that contain this, literally, without regard to case.
    pub text: Option<String>,
    /// Only this batch.
    pub batch: Option<BatchKey>,
    /// Only this program.
    pub program: Option<Number>,
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only numbers above this.
    pub above: Option<Number>,
    /// Only numbers below this.
    pub below: Option<Number>,
    /// Only numbers up to this: the bound at which a walk began.
    pub bound: Option<Number>,
    /// Only what comes after this place in the order asked for; for [`Order::Time`], and by its number alone
    /// for [`Order::Number`]. The other orders have no places.
    pub after: Option<Cursor>,
    /// The order.
    pub order: Order,
    /// Whether it is reversed.
    pub descending: bool,
    /// Items passed over.
    pub offset: u64,
    /// Items wanted at most.
    pub limit: u32,
}

/// A page of messages with its exact totals, all of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// Messages that match, before paging (and not counting [`MessageQuery::after`]).
    pub total: u64,
    /// Visible messages in the range of dates and [`MessageQuery::scope`], before the other filters.
    pub in_period: u64,
    /// The page.
    pub messages: Vec<Message>,
    /// Whether more follow the page in its order.
    pub more: bool,
    /// The highest number given when the page was made: the bound of a walk that begins here.
    pub bound: Number,
    /// The earliest date among the matches, in seconds since 1970.
    pub first_date: Option<u32>,
    /// The latest date among the matches.
    pub last_date: Option<u32>,
}

/// Which batches, newest or oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchQuery {
    /// Whether the MO, each a batch of one, are left out.
    pub submissions_only: bool,
    /// Only batches made at or after this, in seconds since 1970.
    pub from: Option<u32>,
    /// Only batches made at or before this.
    pub to: Option<u32>,
    /// Only what comes after the batch of this creation second and key, in the order asked for.
    pub after: Option<(u32, BatchKey)>,
    /// Only batches whose first message has a number up to this.
    pub bound: Option<Number>,
    /// Newest first.
    pub descending: bool,
    /// Items passed over.
    pub offset: u64,
    /// Items wanted at most.
    pub limit: u32,
}

/// A page of anything, with its exact total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Items that match, before paging.
    pub total: u64,
    /// The page.
    pub items: Vec<T>,
    /// The highest message number given when the page was made.
    pub bound: Number,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { total: 0, items: Vec::new(), bound: 0 }
    }
}

/// How a list of chats is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChatOrder {
    /// By number.
    #[default]
    Number,
    /// By the date of the newest MO; chats without one come before all others.
    LastInbound,
    /// By unread MO.
    Unread,
}

/// Which chats, in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatQuery {
    /// Only this status; `None` is all but the deleted.
    pub status: Option<ChatStatus>,
    /// Only chats with a visible message that contains this.
    pub text: Option<String>,
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only peers that contain these digits, or are among [`ChatQuery::peers`].
    pub peer_contains: Option<String>,
    /// With [`ChatQuery::peer_contains`]: these peers too (found by the names of contacts).
    pub peers: Vec<String>,
    /// The order.
    pub order: ChatOrder,
    /// Whether it is reversed.
    pub descending: bool,
    /// Items passed over.
    pub offset: u64,
    /// Items wanted at most.
    pub limit: u32,
}

/// How a list of contacts is ordered. Descending is the exact reverse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContactOrder {
    /// By number.
    #[default]
    Number,
    /// By the given name, without regard to the case of A to Z; none comes first, equal ones by number.
    FirstName,
    /// By the family name in the same way.
    LastName,
}

/// Which contacts, in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// Only contacts whose names, company, phone or address contain this.
    pub text: Option<String>,
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only those that stand in this list.
    pub list: Option<Number>,
    /// Only favorites, or only others.
    pub favorite: Option<bool>,
    /// Only blocked ones, or only others.
    pub blocked: Option<bool>,
    /// The order.
    pub order: ContactOrder,
    /// Whether it is reversed.
    pub descending: bool,
    /// Items passed over.
    pub offset: u64,
    /// Items wanted at most.
    pub limit: u32,
}
