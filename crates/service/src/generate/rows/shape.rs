//! How made-up messages and contacts look in the ledger's terms.

use ledger::model::{Contact, Message, Network};
use sms::{BatchKey, Direction, Micros, Money, Outcome};

use super::super::people::Person;
use super::super::places::Operator;
use super::super::random::Random;
use super::super::texts;

/// Family names of contacts.
const LAST_NAMES: [&str; 12] = [
    "Ashby", "Brandt", "Castell", "Dahl", "Evans", "Fournier", "Grant", "Holm", "Ivers", "Jansen", "Keller",
    "Lund",
];

/// What messages of either direction have in common.
pub(super) fn blank(
    direction: Direction,
    created: Micros,
    person: &Person,
    body: String,
    measure: &sms::Measure,
) -> Message {
    Message {
        number: 0,
        direction,
        outcome: Outcome::Queued,
        created,
        date: created.seconds(),
        sender: None,
        sender_used: None,
        recipient: String::new(),
        body,
        coding: measure.coding,
        forced_by: measure.forced_by,
        segments: measure.segments,
        flash: false,
        priority: 1,
        batch: BatchKey::Mt(0),
        program: 0,
        list: None,
        reference: None,
        answers: None,
        price: Money::ZERO,
        credits: 0,
        country: person.place.country(),
        network: person.place.operators.get(person.operator).map_or_else(Network::default, network),
        hidden: false,
        history: Vec::new(),
    }
}

fn network(operator: &Operator) -> Network {
    let (mcc, mnc, name) = *operator;
    Network { mcc: Some(mcc.to_owned()), mnc: Some(mnc.to_owned()), name: Some(name.to_owned()) }
}

/// A contact of a person.
pub(super) fn contact(random: &mut Random, person: Person, created: Micros) -> Contact {
    let first = texts::given_name(random, person.place.language);
    let last = random.pick(&LAST_NAMES).copied().unwrap_or_default();
    let plain =
        |name: &str| name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let local = [plain(first), plain(last)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    Contact {
        number: 0,
        email: (!local.is_empty()).then(|| format!("{}@example.com", local.join("."))),
        phone: person.phone,
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        company: None,
        favorite: false,
        blocked: false,
        created,
    }
}
