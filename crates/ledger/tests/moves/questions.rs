//! Random questions.

use ledger::conformance::random::Question;
use ledger::model::ChatStatus;
use ledger::query::{
    BatchQuery, ChatOrder, ChatQuery, ContactOrder, ContactQuery, Cursor, MessageQuery, Order,
};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use sms::{BatchKey, Country, Direction, Outcome, OutcomeSet};

use super::{COUNTRIES, PEERS, SENDERS, TEXTS, date, number, word};

pub(super) fn all() -> impl Strategy<Value = Question> {
    prop_oneof![
        12 => messages().prop_map(Question::Messages),
        3 => messages().prop_map(Question::Walk),
        1 => number().prop_map(Question::Message),
        3 => batches().prop_map(Question::Batches),
        1 => vec(key(), 0..5).prop_map(Question::BatchesByKey),
        3 => chats().prop_map(Question::Chats),
        1 => word(&PEERS).prop_map(Question::ChatWith),
        1 => contacts().prop_map(Question::Contacts),
        1 => vec(word(&PEERS), 0..4).prop_map(Question::ContactsByPhone),
        2 => vec(number(), 0..8).prop_map(Question::Answered),
        1 => messages().prop_map(Question::Sums),
        1 => (messages(), 1..40u32, 0..200usize)
            .prop_map(|(filter, limit, octets)| Question::Scan(filter, limit, octets)),
    ]
}

fn key() -> impl Strategy<Value = BatchKey> {
    prop_oneof![2 => (0..20u32).prop_map(BatchKey::Mt), 1 => (0..40u32).prop_map(BatchKey::Mo)]
}

fn set() -> impl Strategy<Value = OutcomeSet> {
    let several = || vec(select(Outcome::ALL), 0..6).prop_map(|outcomes| outcomes.into_iter().collect());
    prop_oneof![
        4 => several(),
        4 => several().prop_map(|few: OutcomeSet| OutcomeSet::matching(|outcome| !few.contains(outcome))),
        1 => Just(OutcomeSet::all()),
    ]
}

fn order() -> impl Strategy<Value = Order> {
    // Groups without an outcome in common, as a vendor's words are; some outcomes in none.
    let groups = vec(0..4usize, Outcome::ALL.len()).prop_map(|which| {
        let group =
            |wanted: usize| OutcomeSet::matching(|outcome| which[usize::from(outcome.code()) - 1] == wanted);
        Order::State((0..3).map(group).collect())
    });
    prop_oneof![
        4 => Just(Order::Time),
        4 => Just(Order::Made),
        2 => Just(Order::Number),
        1 => Just(Order::Sender),
        1 => Just(Order::Destination),
        1 => groups,
    ]
}

fn offset() -> impl Strategy<Value = u64> {
    prop_oneof![8 => Just(0u64), 4 => 0..10u64, 2 => 0..150u64, 1 => Just(u64::MAX)]
}

fn limit() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 1..8u32, 2 => Just(1000u32), 1 => Just(0u32), 1 => Just(u32::MAX)]
}

fn messages() -> impl Strategy<Value = MessageQuery> {
    let few = 0.12;
    let states = (
        weighted(few, select(&[Direction::Mt, Direction::Mo][..])),
        weighted(few, set()),
        weighted(few, set()),
        weighted(few, select(&COUNTRIES[..])),
    );
    let dates = (weighted(few, date()), weighted(few, date()));
    let ends = (
        weighted(few, prop_oneof![word(&PEERS), word(&SENDERS)]),
        weighted(few, prop_oneof![word(&PEERS), word(&SENDERS)]),
        weighted(few, word(&TEXTS)),
    );
    let numbers = (
        weighted(few, key()),
        weighted(few, 0..6u32),
        weighted(few, vec(number(), 0..12)),
        weighted(few, number()),
        weighted(few, number()),
        weighted(few, number()),
    );
    let page = (
        weighted(0.3, (date(), number()).prop_map(|(date, number)| Cursor { date, number })),
        order(),
        any::<bool>(),
        offset(),
        limit(),
    );
    (states, dates, ends, numbers, page).prop_map(|(states, dates, ends, numbers, page)| MessageQuery {
        direction: states.0,
        outcomes: states.1,
        scope: states.2,
        from: dates.0,
        to: dates.1,
        country: states.3.and_then(Country::parse),
        destination: ends.0,
        peer: ends.1,
        text: ends.2,
        batch: numbers.0,
        program: numbers.1,
        numbers: numbers.2,
        below: numbers.3,
        bound: numbers.4,
        above: numbers.5,
        after: page.0,
        order: page.1,
        descending: page.2,
        offset: page.3,
        limit: page.4,
    })
}

fn batches() -> impl Strategy<Value = BatchQuery> {
    let filters = (any::<bool>(), weighted(0.2, date()), weighted(0.2, date()), weighted(0.2, number()));
    (filters, weighted(0.3, (date(), key())), any::<bool>(), offset(), limit()).prop_map(
        |((submissions_only, from, to, bound), after, descending, offset, limit)| BatchQuery {
            submissions_only,
            from,
            to,
            after,
            bound,
            descending,
            offset,
            limit,
        },
    )
}

fn chats() -> impl Strategy<Value = ChatQuery> {
    let filters = (
        weighted(0.4, select(&[ChatStatus::Active, ChatStatus::Closed, ChatStatus::Deleted][..])),
        weighted(0.2, word(&TEXTS)),
        weighted(0.2, vec(0..9u32, 0..5)),
        weighted(0.2, prop_oneof![Just("467".to_owned()), Just(String::new()), Just("6".to_owned())]),
        vec(word(&PEERS), 0..2),
    );
    let order = select(&[ChatOrder::Number, ChatOrder::LastInbound, ChatOrder::Unread][..]);
    (filters, order, any::<bool>(), offset(), limit()).prop_map(
        |((status, text, numbers, peer_contains, peers), order, descending, offset, limit)| ChatQuery {
            status,
            text,
            numbers,
            peer_contains,
            peers,
            order,
            descending,
            offset,
            limit,
        },
    )
}

fn contacts() -> impl Strategy<Value = ContactQuery> {
    let text = weighted(0.4, prop_oneof![word(&TEXTS), word(&PEERS)]);
    let marks = (weighted(0.2, any::<bool>()), weighted(0.2, any::<bool>()));
    let orders = [ContactOrder::Number, ContactOrder::FirstName, ContactOrder::LastName];
    let order = (select(orders.to_vec()), any::<bool>());
    (text, weighted(0.2, vec(0..6u32, 0..4)), marks, order, offset(), limit()).prop_map(
        |(text, numbers, (favorite, blocked), (order, descending), offset, limit)| ContactQuery {
            text,
            numbers,
            list: None,
            favorite,
            blocked,
            order,
            descending,
            offset,
            limit,
        },
    )
}
