//! What is written reads back: records by the import's own reader, CSV by a library.

use ledger::history;
use ledger::model::{Entry, Message, Network, Word};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use sms::{BatchKey, Country, Direction, Micros, Money, Note, Outcome};

use super::*;
use crate::interchange::Judge;

fn account() -> ledger::model::Account {
    ledger::model::Account {
        id: AccountId::new(3).expect("in range"),
        name: "a".to_owned(),
        username: "a".to_owned(),
        currency: "SEK".parse().expect("a currency"),
        prepaid: false,
        balance: Money::ZERO,
        created: Micros::MIN,
        disabled: false,
        default_program: 1,
    }
}

/// Another account of the same currency, into which the records are read.
fn fresh() -> Judge {
    let account = ledger::model::Account { id: AccountId::new(4).expect("in range"), ..account() };
    Judge::new(&account, vec![1, 2], false)
}

fn encode(format: ExportFormat, message: &Message) -> Vec<u8> {
    let account = account();
    let known = Account { currency: account.currency, default_program: account.default_program };
    let encoder: Box<dyn RowEncoder> = match format {
        ExportFormat::Ndjson => Box::new(json::JsonRows::lines(known, Damage::default())),
        ExportFormat::Json => Box::new(json::JsonRows::array(known, Damage::default())),
        ExportFormat::Csv => Box::new(csv::CsvRows::new(known, Damage::default())),
    };
    let packed = history::pack(message.created, &message.history);
    let mut out = Vec::new();
    encoder.encode(&reference(account.id, message, &packed), &mut out);
    out
}

fn reference<'a>(account: AccountId, message: &'a Message, history: &'a [u8]) -> ledger::row::MessageRef<'a> {
    ledger::row::MessageRef {
        account,
        number: message.number,
        direction: message.direction,
        outcome: message.outcome,
        created: message.created,
        date: message.date,
        sender: message.sender.as_deref(),
        sender_used: message.sender_used.as_deref(),
        recipient: &message.recipient,
        body: &message.body,
        coding: message.coding,
        forced_by: message.forced_by,
        segments: message.segments,
        flash: message.flash,
        priority: message.priority,
        batch: message.batch,
        batch_created: message.created,
        program: message.program,
        list: message.list.as_deref(),
        reference: message.reference.as_deref(),
        answers: message.answers,
        answers_created: message.answers.map(|_| Micros::from_seconds(77)),
        price: message.price,
        credits: message.credits,
        country: message.country,
        network: &message.network,
        hidden: message.hidden,
        history,
    }
}

fn party() -> impl Strategy<Value = String> {
    prop_oneof!["[1-9][0-9]{4,14}", "[A-Za-z&=@][A-Za-z0-9 ]{0,8}[a-z]"]
}

/// A history of which every entry is legal in a record: sorted, never leaving what is final.
fn story(direction: Direction, created: Micros) -> impl Strategy<Value = Vec<Entry>> {
    let words = (0..Outcome::ALL.len(), option::of(0..Note::ALL.len()));
    let rest = (option::of("\\PC{0,9}"), option::of("(\\PC|[\\n\"\\\\]){0,30}"), 0i64..90_000_000_000);
    vec((words, rest), 1..9).prop_map(move |drawn| {
        let mut entries = Vec::new();
        let (mut at, mut last) = (created.get(), None::<Outcome>);
        for ((outcome, note), (code, text, later)) in drawn {
            let outcome = Outcome::ALL[outcome];
            at += if later % 3 == 0 { 0 } else { later };
            let legal = outcome.direction() == direction
                && last.is_none_or(|last| !last.is_final() || last == outcome || last.may_become(outcome));
            let word = match note {
                Some(note) if last.is_some() => Word::Note(Note::ALL[note]),
                _ if legal => Word::Outcome(outcome),
                _ => continue,
            };
            last = if let Word::Outcome(outcome) = word { Some(outcome) } else { last };
            entries.push(Entry { at: Micros::new(at), word, code, text });
        }
        if last.is_none() {
            let outcome = if direction == Direction::Mt { Outcome::Queued } else { Outcome::Received };
            entries.insert(0, Entry::new(created, outcome));
        }
        entries
    })
}

fn message() -> impl Strategy<Value = Message> {
    let created = 0i64..4_000_000_000_000_000;
    (any::<bool>(), created)
        .prop_flat_map(|(mt, created)| {
            let direction = if mt { Direction::Mt } else { Direction::Mo };
            let created = Micros::new(created);
            let texts = (
                option::of(party()),
                party(),
                "(\\PC|[\\n\\r\\t\"\\\\\\x00-\\x1f]){0,80}",
                option::of("\\PC{0,20}"),
                option::of("\\PC{0,20}"),
            );
            let network = (option::of("[0-9]{3}"), option::of("[0-9]{2,3}"), option::of("\\PC{0,12}"));
            let numbers = (
                1..=sms::id::MAX_NUMBER,
                any::<u32>(),
                any::<u32>(),
                0..i64::MAX,
                1..=2u32,
                option::of(1u32..99),
            );
            let rest = (any::<bool>(), 0..676u16, 1..=sms::id::MAX_NUMBER);
            (Just((direction, created)), texts, network, numbers, rest, story(direction, created))
        })
        .prop_map(|((direction, created), texts, network, numbers, rest, entries)| {
            let (sender, recipient, body, reference, list) = texts;
            let (mcc, mnc, name) = network;
            let (number, date, credits, price, program, answers) = numbers;
            let (flash, country, batch) = rest;
            let is_mo = direction == Direction::Mo;
            let measure = sms::coding::measure(&body);
            Message {
                number,
                direction,
                outcome: entries.iter().rev().find_map(Entry::outcome).expect("a story has an outcome"),
                created,
                date,
                sender: sender.or_else(|| is_mo.then(|| "46701740605".to_owned())),
                sender_used: None,
                recipient,
                body,
                coding: measure.coding,
                forced_by: measure.forced_by,
                segments: measure.segments,
                flash,
                priority: 1,
                batch: if is_mo { BatchKey::Mo(number) } else { BatchKey::Mt(batch) },
                program,
                list,
                reference,
                answers: answers.filter(|_| is_mo),
                price: Money::from_millionths(price),
                credits,
                // An unknown country is written as null, and read as what the number tells.
                country: Country::from_code(country.max(1)).expect("in range"),
                network: Network { mcc, mnc, name },
                hidden: false,
                history: entries,
            }
        })
}

proptest! {
    #[test]
    fn records_read_back(message in message()) {
        let line = encode(ExportFormat::Ndjson, &message);
        prop_assert_eq!(line.iter().filter(|octet| **octet == b'\n').count(), 1);
        let (row, _) = fresh().row(&line).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        prop_assert_eq!(row.own, None);
        prop_assert_eq!(row.answers.is_some(), message.answers.is_some());
        prop_assert_eq!(row.batch.is_some(), message.direction == Direction::Mt);
        let expected = Message { number: 0, batch: BatchKey::Mt(0), answers: None, ..message.clone() };
        prop_assert_eq!(row.message, expected);
        let (own, answers) = Judge::new(&account(), vec![1, 2], false).row(&line).expect("read before");
        prop_assert_eq!(own.own, Some(message.number));
        prop_assert_eq!(answers.map(|id| id.number), message.answers);
        prop_assert_eq!(own.answers.and_then(|answered| answered.own), message.answers);
    }

    #[test]
    fn an_array_holds_the_same_records(messages in vec(message(), 1..4)) {
        let (mut lines, mut array) = (Vec::new(), Vec::new());
        for message in &messages {
            lines.push(serde_json::from_slice::<serde_json::Value>(&encode(ExportFormat::Ndjson, message)).expect("JSON"));
            array.extend(encode(ExportFormat::Json, message));
        }
        let stretch = Scanned { octets: array, rows: messages.len() as u64, next: None };
        let whole = [head(ExportFormat::Json), inside(ExportFormat::Json, &stretch, true), tail(ExportFormat::Json, stretch.rows)];
        let read: Vec<serde_json::Value> = serde_json::from_slice(&whole.concat()).expect("an array");
        prop_assert_eq!(read, lines);
    }

    #[test]
    fn csv_reads_back_and_holds_no_formula(message in message()) {
        let text = [csv::HEADER, &encode(ExportFormat::Csv, &message)].concat();
        let mut reader = ::csv::Reader::from_reader(text.as_slice());
        let header = reader.headers().expect("a header").clone();
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("CSV");
        prop_assert_eq!(rows.len(), 1);
        for cell in &rows[0] {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']), "{:?}", cell);
        }
        let cell = |name: &str| {
            let place = header.iter().position(|column| column == name).expect("a column");
            rows[0].get(place).expect("a cell").to_owned()
        };
        let plain = |text: &str| if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        prop_assert_eq!(cell("body"), plain(&message.body));
        prop_assert_eq!(cell("recipient"), plain(&message.recipient));
        prop_assert_eq!(cell("reference"), plain(message.reference.as_deref().unwrap_or_default()));
        prop_assert_eq!(cell("created"), message.created.to_string());
        prop_assert_eq!(cell("price"), message.price.to_string());
        prop_assert_eq!(cell("state"), message.outcome.state());
        prop_assert_eq!(cell("program"), message.program.to_string());
        let id = PackedId { seconds: message.created.seconds(), kind: PackedKind::Message, account: account().id, number: message.number };
        prop_assert_eq!(cell("id"), id.to_string());
    }
}

fn sample() -> Message {
    let created = Micros::new(1_540_316_599_000_000);
    Message {
        number: 5,
        direction: Direction::Mt,
        outcome: Outcome::Expired,
        created,
        date: created.seconds(),
        sender: Some("Kiosk".to_owned()),
        sender_used: Some("46700".to_owned()),
        recipient: "46701740605".to_owned(),
        body: "say \"hi\"\n".to_owned(),
        coding: sms::Coding::Gsm7,
        forced_by: None,
        segments: 1,
        flash: false,
        priority: 1,
        batch: BatchKey::Mt(2),
        program: 1,
        list: None,
        reference: None,
        answers: None,
        price: Money::from_millionths(41_600),
        credits: 1,
        country: Country::UNKNOWN,
        network: Network::default(),
        hidden: false,
        history: vec![Entry {
            at: Micros::new(created.get() + 2_500_000),
            word: Word::Outcome(Outcome::Expired),
            code: Some("7".to_owned()),
            text: Some("=cmd".to_owned()),
        }],
    }
}

#[test]
fn a_record_to_the_letter() {
    let line = String::from_utf8(encode(ExportFormat::Ndjson, &sample())).expect("UTF-8");
    assert_eq!(
        line,
        concat!(
            r#"{"id":"5bcf5db70060000300000005","direction":"mt","batch":"5bcf5db70020000300000002","program":null,"#,
            r#""sender":"Kiosk","recipient":"46701740605","body":"say \"hi\"\n","created":"2018-10-23T17:43:19Z","#,
            r#""reference":null,"price":"0.0416","currency":"SEK","country":null,"mcc":null,"mnc":null,"#,
            r#""network":null,"date":"2018-10-23T17:43:19Z","credits":1,"flash":false,"list":null,"#,
            r#""answers":null,"history":[{"at":"2018-10-23T17:43:21.500000Z","state":"expired","reason":null,"#,
            r#""code":"7","text":"=cmd"}]}"#,
            "\n"
        )
    );
}

#[test]
fn a_csv_line_to_the_letter() {
    let line = String::from_utf8(encode(ExportFormat::Csv, &sample())).expect("UTF-8");
    assert_eq!(
        line,
        concat!(
            "5bcf5db70060000300000005,mt,5bcf5db70020000300000002,1,Kiosk,46701740605,\"say \"\"hi\"\"\n\",",
            "2018-10-23T17:43:19Z,2018-10-23T17:43:19Z,,0.0416,SEK,,,,,1,gsm,1,false,,,expired,,",
            "2018-10-23T17:43:21.500000Z,7,'=cmd\r\n"
        )
    );
    let columns = std::str::from_utf8(csv::HEADER).expect("UTF-8").split(',').count();
    assert_eq!(columns, 27);
}

#[test]
fn formulas_are_disarmed() {
    for (body, cell) in [
        ("=1+1", "'=1+1"),
        ("+46", "'+46"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "\"'\rx\""),
        ("\nx", "\"'\nx\""),
        ("＝1", "'＝1"),
        ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
        ("a=1", "a=1"),
    ] {
        let line = encode(ExportFormat::Csv, &Message { body: body.to_owned(), ..sample() });
        let line = String::from_utf8(line).expect("UTF-8");
        assert!(line.contains(&format!(",46701740605,{cell},2018")), "{body:?}: {line}");
    }
}

#[test]
fn a_damaged_history_is_told() {
    let account = account();
    let damage = Damage::default();
    let known = Account { currency: account.currency, default_program: account.default_program };
    let encoder = json::JsonRows::lines(known, damage.clone());
    assert!(damage.check().is_ok());
    encoder.encode(&reference(account.id, &sample(), &[0xFF, 0xFF]), &mut Vec::new());
    assert!(matches!(damage.check(), Err(LedgerError::Corrupt(_))));
}

#[test]
fn hashes_are_shown_in_hex() {
    let report = ExportReport { sha256: [0xAB; 32], ..ExportReport::default() };
    assert_eq!(report.sha256_hex(), "ab".repeat(32));
}
