//! What a line may say, what its absence means, and every refusal.

use ledger::change::ImportRow;
use ledger::model::{Account, Entry, Word};
use proptest::prelude::*;
use serde_json::{Value, json};
use sms::id::{PackedId, PackedKind};
use sms::{AccountId, Coding, Direction, Micros, Money, Note, Outcome};

use super::{Judge, LineFault};

fn account() -> Account {
    Account {
        id: AccountId::new(7).expect("in range"),
        name: "test".to_owned(),
        username: "test".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        prepaid: false,
        balance: Money::ZERO,
        created: Micros::MIN,
        disabled: false,
        default_program: 11,
    }
}

fn read_as(line: &[u8], lenient: bool) -> Result<ImportRow, LineFault> {
    Judge::new(&account(), vec![11, 12], lenient).row(line).map(|(row, _)| row)
}

/// A minimal MT with some members changed, or taken away by naming them in `without`.
fn line(changes: Value, without: &[&str]) -> String {
    let mut record = json!({
        "id": "a-1", "direction": "mt", "recipient": "+46 701740605", "body": "Hello",
        "created": "2018-10-23T17:43:19.25Z",
    });
    let members = record.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        members.insert(name.clone(), value.clone());
    }
    for name in without {
        members.remove(*name);
    }
    record.to_string()
}

fn read(changes: Value) -> Result<ImportRow, LineFault> {
    read_as(line(changes, &[]).as_bytes(), false)
}

fn row(changes: Value) -> ImportRow {
    read(changes).expect("a sound record")
}

fn at(text: &str) -> Micros {
    Micros::parse_rfc3339(text).expect("a date")
}

#[test]
fn the_least_mt() {
    let row = row(json!({}));
    let message = &row.message;
    assert_eq!((row.own, row.batch, row.answers), (None, None, None));
    assert_eq!(message.direction, Direction::Mt);
    assert_eq!(message.created, at("2018-10-23T17:43:19.25Z"));
    assert_eq!(message.date, message.created.seconds());
    assert_eq!((message.sender.as_deref(), message.recipient.as_str()), (None, "46701740605"));
    assert_eq!((message.coding, message.segments, message.credits), (Coding::Gsm7, 1, 1));
    assert_eq!((message.program, message.priority, message.flash), (11, 1, false));
    assert_eq!(message.country.as_str(), "SE");
    assert!(message.network.is_unknown() && message.price == Money::ZERO);
    assert_eq!(message.outcome, Outcome::Queued);
    assert_eq!(message.history, [Entry::new(message.created, Outcome::Queued)]);
}

#[test]
fn the_least_mo() {
    let mo = json!({"direction": "mo", "sender": "+447700900123", "recipient": "72250", "body": "Привет",
                    "batch": "ignored"});
    let message = row(mo.clone()).message;
    assert_eq!(message.outcome, Outcome::Received);
    assert_eq!(message.country.as_str(), "GB");
    assert_eq!((message.coding, message.forced_by, message.credits), (Coding::Ucs2, Some('П'), 0));
    assert_eq!(row(mo).batch, None);
}

#[test]
fn a_full_record() {
    let row = row(json!({
        "batch": "b-7", "program": 12, "sender": "Kiosk", "reference": "r", "price": "0.0416",
        "currency": "eur", "country": "no", "mcc": "242", "mnc": "01", "network": "Nät",
        "date": "2018-10-24T00:00:00+02:00", "credits": 3, "flash": true, "list": "friends", "answers": null,
        "history": [
            {"at": "2018-10-23T17:43:19Z", "state": "funded"},
            {"at": "2018-10-23T17:43:19Z", "state": "submitted", "reason": "", "code": null, "text": null},
            {"at": "2018-10-23T17:43:21Z", "state": "denied", "reason": "opt-out", "code": "12", "text": "STOP"},
        ],
    }));
    let message = row.message;
    assert_eq!(row.batch, Some(super::ids::batch("b-7")));
    assert_eq!((message.program, message.credits, message.flash), (12, 3, true));
    assert_eq!(message.sender.as_deref(), Some("Kiosk"));
    assert_eq!(message.reference.as_deref(), Some("r"));
    assert_eq!(message.list.as_deref(), Some("friends"));
    assert_eq!(message.price, Money::from_millionths(41_600));
    assert_eq!(message.country.as_str(), "NO");
    assert_eq!(message.network.mcc.as_deref(), Some("242"));
    assert_eq!(message.network.mnc.as_deref(), Some("01"));
    assert_eq!(message.network.name.as_deref(), Some("Nät"));
    assert_eq!(message.date, at("2018-10-23T22:00:00Z").seconds());
    assert_eq!(message.outcome, Outcome::DeniedOptOut);
    assert_eq!(message.history.len(), 3);
    assert_eq!(message.history[0].word, Word::Note(Note::Funded));
    assert_eq!(message.history[2].code.as_deref(), Some("12"));
    assert_eq!(message.history[2].text.as_deref(), Some("STOP"));
}

#[test]
fn own_ids_name_their_message() {
    let packed = |seconds, account, kind, number| {
        let account = AccountId::new(account).expect("in range");
        PackedId { seconds, kind, account, number }.to_string()
    };
    let created = at("2018-10-23T17:43:19Z").seconds();
    let own = |id: String| row(json!({ "id": id })).own;
    assert_eq!(own(packed(created, 7, PackedKind::Message, 42)), Some(42));
    assert_eq!(own(packed(created + 1, 7, PackedKind::Message, 42)), None);
    assert_eq!(own(packed(created, 8, PackedKind::Message, 42)), None);
    assert_eq!(own(packed(created, 7, PackedKind::Batch, 42)), None);
    let answered = packed(5, 7, PackedKind::Message, 9);
    let mo = |answered: &str| {
        let row = row(json!({"direction": "mo", "sender": "1", "answers": answered}));
        row.answers.map(|answered| (answered.id, answered.own)).expect("an answer")
    };
    assert_eq!(mo(&answered), (super::ids::message(&answered), Some(9)));
    assert_eq!(mo("a-1"), (super::ids::message("a-1"), None));
}

#[test]
fn notes_alone_leave_the_implied_outcome() {
    let message = row(json!({"history": [{"at": "2018-10-23T17:43:19Z", "state": "funded"}]})).message;
    assert_eq!(message.outcome, Outcome::Queued);
    assert_eq!(message.history[0], Entry::new(at("2018-10-23T17:43:19Z"), Outcome::Queued));
    assert_eq!(message.history.len(), 2);
}

#[test]
fn odd_steps_are_kept_and_unknown_may_still_be_answered() {
    let history = |states: &[&str]| {
        let entries: Vec<Value> =
            states.iter().map(|state| json!({"at": "2018-10-23T17:43:20Z", "state": state})).collect();
        json!({ "history": entries })
    };
    for (states, outcome) in [
        (&["submitted", "failed"][..], Outcome::Failed),
        (&["submitted", "queued", "submitted"], Outcome::Submitted),
        (&["unknown", "delivered"], Outcome::Delivered),
        (&["delivered", "delivered", "refunded"], Outcome::Delivered),
    ] {
        let message = row(history(states)).message;
        assert_eq!((message.outcome, message.history.len()), (outcome, states.len()), "{states:?}");
    }
}

#[test]
fn a_final_outcome_is_not_left() {
    let entries = json!([
        {"at": "2018-10-23T17:43:20Z", "state": "delivered"},
        {"at": "2018-10-23T17:43:21Z", "state": "expired", "code": "7"},
        {"at": "2018-10-23T17:43:22Z", "state": "undelivered", "text": "absent"},
    ]);
    let fault = read(json!({ "history": entries })).expect_err("refused");
    assert_eq!(fault.to_string(), "\"history[1].state\": what is delivered does not become expired");
    let lenient = read_as(line(json!({ "history": entries }), &[]).as_bytes(), true).expect("kept");
    let message = lenient.message;
    assert_eq!(message.outcome, Outcome::Delivered);
    let words: Vec<Word> = message.history.iter().map(|entry| entry.word).collect();
    let contradiction = Word::Note(Note::Contradiction);
    assert_eq!(words, [Word::Outcome(Outcome::Delivered), contradiction, contradiction]);
    assert_eq!(message.history[1].text.as_deref(), Some("expired"));
    assert_eq!(message.history[2].text.as_deref(), Some("absent"));
}

#[test]
fn required_members() {
    for member in ["id", "direction", "recipient", "body", "created"] {
        for line in [line(json!({}), &[member]), line(json!({ member: null }), &[])] {
            let fault = read_as(line.as_bytes(), true).expect_err("refused");
            assert_eq!(fault, LineFault::member(member, "missing"), "{member}");
        }
    }
    assert_eq!(read(json!({"direction": "mo"})).err(), Some(LineFault::member("sender", "missing")));
}

#[test]
fn refused_members() {
    let history = |entry: Value| json!({ "history": [entry] });
    let long = "x".repeat(41);
    let cases = [
        (json!({"id": ""}), "\"id\": nothing in it"),
        (json!({"direction": "MT"}), "\"direction\": neither"),
        (json!({"recipient": " "}), "\"recipient\": nothing in it"),
        (json!({"recipient": long}), "\"recipient\": more than 40"),
        (json!({"sender": "a\nb"}), "\"sender\": a control character"),
        (json!({"created": "yesterday"}), "\"created\": no date"),
        (json!({"created": "2018-10-23"}), "\"created\": no date"),
        (json!({"created": "2018-10-23T17:43:19"}), "\"created\": no date"),
        (json!({"created": "20181023T174319Z"}), "\"created\": no date"),
        (json!({"created": "2018-13-23T17:43:19Z"}), "\"created\": no date"),
        (json!({"created": "1969-12-31T23:59:59Z"}), "\"created\": not between 1970"),
        (json!({"date": "2106-02-07T06:28:16Z"}), "\"date\": not between 1970"),
        (json!({"price": "1,5"}), "\"price\": not a decimal"),
        (json!({"price": "0.0000001"}), "\"price\": more than six"),
        (json!({"price": "-1"}), "\"price\": a price below nothing"),
        (
            json!({"price": "1", "currency": "SEK"}),
            "\"currency\": SEK, but the account keeps its prices in EUR",
        ),
        (json!({"currency": "EURO"}), "\"currency\": a currency is three letters"),
        (json!({"country": "SWE"}), "\"country\": a country is two letters"),
        (json!({"program": 13}), "\"program\": the account has no program 13"),
        (json!({"mcc": "24"}), "\"mcc\": not 3 digits"),
        (json!({"mnc": "x1"}), "\"mnc\": not 2 or 3 digits"),
        (json!({"answers": "x"}), "\"answers\": only an MO answers"),
        (history(json!({"state": "queued"})), "\"history[0].at\": missing"),
        (history(json!({"at": "2018-10-23T17:43:19Z"})), "\"history[0].state\": missing"),
        (history(json!({"at": "x", "state": "queued"})), "\"history[0].at\": no date"),
        (
            history(json!({"at": "2018-10-23T17:43:18.99Z", "state": "queued"})),
            "\"history[0].at\": before the message was created",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "lost"})),
            "\"history[0].state\": \"lost\" is no state",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "received"})),
            "\"history[0].state\": an MT is never received",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "denied"})),
            "\"history[0].reason\": of \"denied\" it is one of sender, recipient, body, funds, opt-out",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "expired", "reason": "late"})),
            "\"history[0].reason\": of \"expired\" it is null or unsent",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "delivered", "reason": "x"})),
            "\"history[0].reason\": \"delivered\" has none",
        ),
        (
            history(json!({"at": "2018-10-23T17:43:19Z", "state": "funded", "reason": "x"})),
            "\"history[0].reason\": \"funded\" has none",
        ),
        (
            json!({"history": [{"at": "2018-10-23T17:43:21Z", "state": "queued"},
                               {"at": "2018-10-23T17:43:20Z", "state": "submitted"}]}),
            "\"history[1].at\": before the entry above it",
        ),
        (
            json!({"direction": "mo", "sender": "1", "history": [{"at": "2018-10-23T17:43:21Z", "state": "queued"}]}),
            "\"history[0].state\": an MO is never queued",
        ),
    ];
    for (changes, expected) in cases {
        let fault = read(changes.clone()).expect_err("refused").to_string();
        assert!(fault.starts_with(expected), "{changes}: {fault}");
    }
}

#[test]
fn refused_shapes() {
    let entry = json!({"at": "2018-10-23T17:43:19Z", "state": "funded"});
    let cases = [
        ("nonsense".to_owned(), "expected"),
        ("[]".to_owned(), "invalid type: sequence, expected a record"),
        ("\"x\"".to_owned(), "invalid type: string"),
        ("{".to_owned(), "EOF"),
        (format!("{} {{}}", line(json!({}), &[])), "trailing characters"),
        (line(json!({"colour": "red"}), &[]), "unknown member \"colour\""),
        (line(json!({"history": [{"colour": 1}]}), &[]), "in \"history\": unknown member \"colour\""),
        (line(json!({"id": 5}), &[]), "in \"id\": invalid type: integer `5`, expected a string"),
        (line(json!({"price": 0.5}), &[]), "in \"price\": invalid type"),
        (line(json!({"flash": "yes"}), &[]), "in \"flash\": invalid type"),
        (line(json!({"program": -1}), &[]), "in \"program\": invalid value"),
        (line(json!({"program": 4_294_967_296u64}), &[]), "in \"program\": invalid value"),
        (line(json!({"credits": 1.5}), &[]), "in \"credits\": invalid type"),
        (line(json!({"history": {}}), &[]), "in \"history\": invalid type: map"),
        (line(json!({"history": ["x"]}), &[]), "in \"history\": invalid type"),
        (line(json!({"history": vec![entry.clone(); 65]}), &[]), "in \"history\": more than 64 entries"),
        ("{\"id\":\"a\",\"id\":\"b\"}".to_owned(), "\"id\" is given twice"),
        ("{\"id\":null,\"id\":\"b\"}".to_owned(), "\"id\" is given twice"),
        ("{\"body\":\"\\ud800\"}".to_owned(), "in \"body\": "),
    ];
    for (line, expected) in cases {
        let fault = read_as(line.as_bytes(), false).expect_err("refused");
        assert!(matches!(fault, LineFault::Record { .. }), "{line}: {fault:?}");
        assert!(fault.to_string().starts_with(expected), "{line}: {fault}");
        assert!(!fault.to_string().contains(" line "), "{fault}");
    }
    let full = json!({"history": vec![entry; 64]});
    let fault = read(full).expect_err("no room for the outcome");
    assert!(fault.to_string().starts_with("\"history\": no outcome"), "{fault}");
    assert_eq!(read_as(b"{\"id\":\"\xff\"}", false).err(), Some(LineFault::Encoding(7)));
}

#[test]
fn leniently_unknown_members_are_passed_over() {
    let line = line(
        json!({"colour": {"deep": [1, 2]}, "history": [{"at": "2018-10-23T17:43:19Z", "state": "queued", "x": 1}]}),
        &[],
    );
    assert!(read_as(line.as_bytes(), true).is_ok());
    assert!(read_as(line.as_bytes(), false).is_err());
}

/// Lines that are nearly records: members that exist with values of every kind.
fn nearly() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("id"),
        Just("direction"),
        Just("batch"),
        Just("program"),
        Just("sender"),
        Just("recipient"),
        Just("body"),
        Just("created"),
        Just("price"),
        Just("currency"),
        Just("country"),
        Just("mcc"),
        Just("date"),
        Just("credits"),
        Just("flash"),
        Just("answers"),
        Just("history"),
        Just("other"),
    ];
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+][0-9]{2}:[0-9]{2})".prop_map(Value::from),
        proptest::collection::vec("\\PC{0,3}".prop_map(Value::from), 0..3).prop_map(Value::from),
    ];
    proptest::collection::vec((name, value), 0..8)
        .prop_map(|changes| line(changes.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(), &[]))
}

proptest! {
    #[test]
    fn any_octets_are_read_or_refused(octets: Vec<u8>, lenient: bool) {
        let _read_or_refused = read_as(&octets, lenient);
    }

    #[test]
    fn near_records_are_read_or_refused(line in nearly(), lenient: bool) {
        if let Ok(row) = read_as(line.as_bytes(), lenient) {
            let message = row.message;
            prop_assert!(message.history.windows(2).all(|pair| pair[0].at <= pair[1].at));
            let last = message.history.iter().rev().find_map(Entry::outcome);
            prop_assert_eq!(last, Some(message.outcome));
            prop_assert_eq!(message.outcome.direction(), message.direction);
        }
    }

    #[test]
    fn cut_records_are_refused(cut in 0usize..100) {
        let whole = line(json!({}), &[]);
        prop_assume!(cut < whole.len());
        let mut octets = whole.into_bytes();
        octets.truncate(cut);
        prop_assert!(read_as(&octets, true).is_err());
    }
}
