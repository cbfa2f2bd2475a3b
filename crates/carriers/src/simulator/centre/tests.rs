//! The centre, without a socket and with a clock of its own.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::simulator::delivery::{DeliveryKind, address};
use crate::smpp::pdu::Tag;

const START: Micros = Micros::MIN;
const LINK: LinkId = LinkId(1);

fn message(recipient: &str, text: &str) -> ShortMessage {
    ShortMessage {
        source: address("71717"),
        destination: address(recipient),
        registered_delivery: 1,
        short_message: sms::coding::encode_gsm(text).expect("in the alphabet"),
        ..ShortMessage::default()
    }
}

fn centre(profile: &str, seed: u64) -> Centre {
    let profile: Profile = profile.parse().expect("a profile");
    let mut centre = Centre::new(Arc::new(profile), seed, START);
    centre.bound("acme", true);
    centre
}

/// What happened to one submission, as its client saw it: the answers by token, and the receipts by id.
#[derive(Debug, Default)]
struct Seen {
    answers: BTreeMap<u64, Vec<(Micros, Verdict)>>,
    forgotten: Vec<u64>,
    cuts: usize,
    deliveries: Vec<(Micros, Delivery)>,
}

impl Seen {
    fn receipts(&self) -> impl Iterator<Item = (Micros, u8)> {
        self.deliveries.iter().filter(|(_, delivery)| delivery.kind != DeliveryKind::Mo).map(
            |(at, delivery)| {
                let state = delivery.message.tlvs.number(Tag::MESSAGE_STATE).expect("a state");
                (*at, u8::try_from(state).expect("an octet"))
            },
        )
    }
}

/// Lets time pass until nothing is to come but the sweep.
fn run(centre: &mut Centre, seen: &mut Seen) {
    let end = after(START, Duration::from_secs(3600));
    let mut now = START;
    loop {
        centre.advance(now);
        collect(centre, now, seen);
        match centre.next_due() {
            Some(due) if due <= end => now = due.max(now),
            _ => return,
        }
    }
}

fn collect(centre: &mut Centre, now: Micros, seen: &mut Seen) {
    while let Some(action) = centre.poll() {
        match action {
            Action::Answer { token, verdict, twice, .. } => {
                let answers = seen.answers.entry(token).or_default();
                answers.push((now, verdict.clone()));
                if twice {
                    answers.push((now, verdict));
                }
            }
            Action::Forget { token, .. } => seen.forgotten.push(token),
            Action::Cut { .. } => seen.cuts += 1,
        }
    }
    while let Some(delivery) = centre.take(now, "acme") {
        centre.acknowledge(delivery.key);
        seen.deliveries.push((now, delivery));
    }
}

/// The outcome of one submission to a number, and what its receipts say.
fn one(recipient: &str) -> (Seen, Centre) {
    let mut centre = centre("", 1);
    let mut seen = Seen::default();
    centre.submit(START, "acme", LINK, 1, &message(recipient, "Hello"));
    run(&mut centre, &mut seen);
    (seen, centre)
}

fn states(seen: &Seen) -> Vec<u8> {
    seen.receipts().map(|(_, state)| state).collect()
}

#[test]
fn endings_by_magic_number() {
    let expected = [("0001", 5), ("0002", 3), ("0013", 8), ("0014", 7), ("0015", 4)];
    for (number, state) in expected {
        let (seen, centre) = one(&format!("4670000{number}"));
        assert_eq!(states(&seen), [state], "{number}");
        assert!(matches!(seen.answers[&1][..], [(_, Verdict::Accepted(_))]), "{number}");
        assert_eq!(centre.counters().pending, 0);
    }
}

#[test]
fn refusals_by_magic_number() {
    for (number, status) in [("0003", Status::INVALID_DESTINATION), ("0022", Status(0x400))] {
        let (seen, centre) = one(&format!("4670000{number}"));
        assert!(
            matches!(seen.answers[&1][..], [(_, Verdict::Refused(given))] if given == status),
            "{number}"
        );
        assert_eq!((seen.deliveries.len(), centre.counters().refused), (0, 1));
    }
}

#[test]
fn attempts_by_magic_number() {
    for (number, refusals, status) in
        [("0004", 2, Status::THROTTLED), ("0020", 1, Status::QUEUE_FULL), ("0021", 1, Status::SYSTEM_ERROR)]
    {
        let mut centre = centre("", 1);
        let mut seen = Seen::default();
        for token in 0..=refusals {
            centre.submit(START, "acme", LINK, token, &message(&format!("4670000{number}"), "Hello"));
        }
        run(&mut centre, &mut seen);
        for token in 0..refusals {
            assert!(matches!(seen.answers[&token][..], [(_, Verdict::Refused(given))] if given == status));
        }
        assert!(matches!(seen.answers[&refusals][..], [(_, Verdict::Accepted(_))]), "{number}");
        assert_eq!(states(&seen), [2]);
    }
}

#[test]
fn doubt_by_magic_number() {
    // Number, whether the connection is cut, whether the first attempt was taken.
    for (number, cut, taken) in
        [("0008", true, false), ("0009", false, false), ("0010", false, true), ("0011", true, true)]
    {
        let (seen, mut centre) = one(&format!("4670000{number}"));
        assert!(seen.answers.is_empty(), "{number}");
        assert_eq!((seen.cuts, seen.forgotten.len()), (usize::from(cut), usize::from(!cut)), "{number}");
        assert_eq!(seen.deliveries.len(), usize::from(taken), "{number}");
        let mut again = Seen::default();
        centre.submit(START, "acme", LINK, 2, &message(&format!("4670000{number}"), "Hello"));
        run(&mut centre, &mut again);
        assert!(matches!(again.answers[&2][..], [(_, Verdict::Accepted(_))]), "{number}");
        assert_eq!(centre.counters().duplicates, u64::from(taken), "{number}");
    }
    let (seen, _) = one("46700000012");
    assert_eq!((seen.answers.len(), seen.cuts, states(&seen)), (1, 1, vec![2]));
}

#[test]
fn what_is_taken_twice_is_told() {
    let mut centre = centre("base = \"swift\"", 1);
    for (token, text) in ["a", "b", "a", "a"].into_iter().enumerate() {
        centre.submit(START, "acme", LINK, token as u64, &message("46701", text));
    }
    let duplicates: Vec<&Duplicate> = centre.duplicates().collect();
    let [duplicate] = duplicates[..] else { panic!("one is taken more than once") };
    assert_eq!((&*duplicate.recipient, &*duplicate.text, duplicate.times), ("46701", "a", 3));
    let mut ids = duplicate.ids.clone();
    ids.dedup();
    assert_eq!((ids.len(), centre.counters().duplicates), (3, 2));
}

#[test]
fn receipts_by_magic_number() {
    assert!(one("46700000005").0.deliveries.is_empty());
    let (seen, _) = one("46700000006");
    assert!(seen.deliveries[0].0 < seen.answers[&1][0].0, "the receipt comes first");
    let (seen, _) = one("46700000007");
    assert_eq!(seen.deliveries.len(), 2);
    assert_eq!(seen.deliveries[0].1.message, seen.deliveries[1].1.message);
    assert_eq!(states(&one("46700000016").0), [6, 1, 2]);
    assert_eq!(states(&one("46700000017").0)[0], 2);
    assert_eq!(states(&one("46700000018").0), [2, 5]);
    let (seen, _) = one("46700000019");
    assert!(seen.deliveries[0].0 > after(START, Duration::from_secs(60)));
    let (seen, _) = one("46700000023");
    assert_eq!(seen.answers[&1][0].1, Verdict::Accepted(String::new()));
    assert_eq!(one("46700000024").0.answers[&1].len(), 2);
    let (seen, _) = one("46700000025");
    let ids: Vec<Option<String>> = seen
        .deliveries
        .iter()
        .map(|(_, delivery)| delivery.message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID))
        .collect();
    assert!(ids.len() == 2 && ids[0] != ids[1]);
}

#[test]
fn forms_by_magic_number() {
    let receipt = |number: &str| {
        let (seen, _) = one(&format!("4670000{number}"));
        let [(_, Verdict::Accepted(id))] = &seen.answers[&1][..] else { panic!("not accepted") };
        (id.clone(), seen.deliveries[0].1.message.clone())
    };
    let (_, message) = receipt("0026");
    assert!(message.short_message.is_empty() && !message.tlvs.is_empty());
    let (id, message) = receipt("0027");
    assert!(message.tlvs.is_empty() && message.short_message.starts_with(format!("id:{id} ").as_bytes()));
    let (id, message) = receipt("0028");
    assert_eq!(message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID), Some(id));
    assert!(!message.short_message.starts_with(b"id:"));
    let (_, message) = receipt("0029");
    assert!(message.short_message.ends_with(b"stat:UNDELIV err:99"));
    for (number, form) in [
        ("0031", "hex"),
        ("0032", "hex_upper"),
        ("0033", "hex_padded"),
        ("0034", "decimal"),
        ("0035", "decimal_padded"),
    ] {
        let (id, message) = receipt(number);
        let given = u64::from_str_radix(&id, 16).expect("hexadecimal");
        let expected = match form {
            "hex" => format!("{given:x}"),
            "hex_upper" => format!("{given:X}"),
            "hex_padded" => format!("{given:016x}"),
            "decimal" => given.to_string(),
            _ => format!("{given:020}"),
        };
        assert_eq!(message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID), Some(expected), "{form}");
    }
}

#[test]
fn replies_by_magic_number() {
    let replies = |number: &str| {
        let (seen, _) = one(&format!("4670000{number}"));
        let of_mo = |(_, delivery): &(Micros, Delivery)| {
            (delivery.kind == DeliveryKind::Mo).then(|| delivery.message.clone())
        };
        seen.deliveries.iter().filter_map(of_mo).collect::<Vec<_>>()
    };
    let texts = |number: &str| {
        replies(number).iter().map(|part| Segment::of(part).text().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("0040"), ["Yes"]);
    assert_eq!(texts("0041"), ["STOP"]);
    assert_eq!(texts("0049"), ["Hello"]);
    let places = |number: &str| {
        let place = |part: &ShortMessage| Segment::of(part).place.map(|place| (place.index, place.total));
        replies(number).iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(places("0042"), [Some((1, 2)), Some((2, 2))]);
    assert_eq!(places("0043"), [Some((2, 2)), Some((1, 2))]);
    assert_eq!(places("0044"), [Some((1, 2))]);
    assert_eq!(places("0045"), [Some((1, 2)), Some((2, 2))]);
    assert_eq!(places("0046"), [Some((1, 2)), Some((2, 2))]);
    assert_eq!(places("0047"), [None]);
    assert_eq!(places("0048"), [Some((1, 2)), Some((2, 2)), Some((1, 2))]);
    let reply = &replies("0040")[0];
    assert_eq!((&*reply.source.text, &*reply.destination.text), ("46700000040", "71717"));
    assert_eq!(replies("0045")[0].data_coding, 8);
}

#[test]
fn who_answers_has_got_the_message() {
    let profile = |ending: &str| {
        format!(
            "[behaviour]\nfinal_after = \"5s\"\nendings = {{ {ending} = 1 }}\n\
             [[replies]]\nafter = \"2s\"\nanswers = [\"Yes\"]\n"
        )
    };
    let answers = |ending: &str| {
        let mut centre = centre(&profile(ending), 1);
        centre.submit(START, "acme", LINK, 1, &message("46701740605", "Hello"));
        let mut seen = Seen::default();
        run(&mut centre, &mut seen);
        let of_mo = |(at, delivery): &(Micros, Delivery)| (delivery.kind == DeliveryKind::Mo).then_some(*at);
        let (answers, receipts): (Vec<Micros>, Vec<Micros>) =
            (seen.deliveries.iter().filter_map(of_mo).collect(), seen.receipts().map(|(at, _)| at).collect());
        (answers, receipts)
    };
    let (answered, receipts) = answers("delivered");
    assert_eq!(receipts.len(), 1);
    assert_eq!(answered, [after(receipts[0], Duration::from_secs(2))]);
    for ending in ["undelivered", "expired", "never"] {
        assert_eq!(answers(ending).0, [], "{ending}");
    }
}

/// Everything about a message but the numbers that were given on the way: when it was answered and how, and
/// when its receipts came.
type Told = (Vec<(Micros, bool)>, Vec<(Micros, u8)>);

fn fates(profile: &str, seed: u64, order: &[usize]) -> BTreeMap<usize, Told> {
    let mut centre = centre(profile, seed);
    let mut seen = Seen::default();
    for index in order {
        let recipient = format!("46701{index:06}");
        centre.submit(START, "acme", LINK, *index as u64, &message(&recipient, "Hello"));
    }
    run(&mut centre, &mut seen);
    let mut fates = BTreeMap::new();
    for index in order {
        let recipient = format!("46701{index:06}");
        let answers = seen.answers.get(&(*index as u64)).cloned().unwrap_or_default();
        let answers =
            answers.iter().map(|(at, verdict)| (*at, matches!(verdict, Verdict::Accepted(_)))).collect();
        let mine = seen.deliveries.iter().filter(|(_, delivery)| {
            delivery.kind != DeliveryKind::Mo && delivery.message.source.text == recipient
        });
        let mut receipts: Vec<(Micros, u8)> =
            mine.map(|(at, delivery)| (*at, delivery.message.esm_class)).collect();
        receipts.sort_unstable();
        fates.insert(*index, (answers, receipts));
    }
    fates
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn fates_do_not_depend_on_interleaving(seed: u64, turn in 1usize..100, back: bool) {
        let straight: Vec<usize> = (0..100).collect();
        let mut other = straight.clone();
        other.rotate_left(turn);
        if back {
            other.reverse();
        }
        let profile = "base = \"hostile\"\nrate = 0";
        prop_assert_eq!(fates(profile, seed, &straight), fates(profile, seed, &other));
    }

    #[test]
    fn every_message_gets_what_its_fate_says(seed: u64, texts in proptest::collection::vec("[a-c]{0,2}", 1..60)) {
        let mut centre = centre("base = \"hostile\"\nrate = 0\nmagic_numbers = false", seed);
        let behaviour = centre.profile().behaviour.clone();
        let mut seen = Seen::default();
        let mut made: BTreeMap<&str, u32> = BTreeMap::new();
        let mut owed = Vec::new();
        for (token, text) in texts.iter().enumerate() {
            let message = message("46701234567", text);
            let attempt = made.entry(text).or_default();
            let fate = Fate::draw(&behaviour, seed, Content::of(&Segment::of(&message)), *attempt);
            *attempt += 1;
            centre.submit(START, "acme", LINK, token as u64, &message);
            owed.extend(fate.receipts.iter().map(|receipt| after(START, receipt.after)));
        }
        run(&mut centre, &mut seen);
        let mut came: Vec<Micros> = seen
            .deliveries
            .iter()
            .filter(|(_, delivery)| delivery.kind != DeliveryKind::Mo)
            .map(|(at, _)| *at)
            .collect();
        came.sort_unstable();
        owed.sort_unstable();
        prop_assert_eq!(&came, &owed);
        let counters = centre.counters();
        prop_assert_eq!(counters.submitted, texts.len() as u64);
        let told = counters.accepted + counters.taken_untold + counters.refused + counters.unanswered;
        prop_assert_eq!(told, counters.submitted);
        prop_assert_eq!((counters.receipts_planned, counters.receipts_acknowledged), (owed.len() as u64, owed.len() as u64));
        prop_assert_eq!((counters.mo_planned, counters.pending), (counters.mo_acknowledged, 0));
    }
}

#[test]
fn another_seed_is_another_fate() {
    let order: Vec<usize> = (0..100).collect();
    assert_ne!(fates("base = \"hostile\"", 1, &order), fates("base = \"hostile\"", 2, &order));
}

#[test]
fn only_what_is_asked_for_is_owed() {
    for (registered, recipient, receipts) in [
        (0, "46701", 0),
        (1, "46701", 1),
        (2, "46701", 0),
        (2, "46700000001", 1),
        (3, "46701", 1),
        (3, "46700000001", 0),
    ] {
        let mut centre = centre("base = \"swift\"\nmagic_numbers = true", 1);
        let mut seen = Seen::default();
        let asked = ShortMessage { registered_delivery: registered, ..message(recipient, "x") };
        centre.submit(START, "acme", LINK, 1, &asked);
        run(&mut centre, &mut seen);
        assert_eq!(seen.deliveries.len(), receipts, "{registered} {recipient}");
    }
}

#[test]
fn memory_is_bounded() {
    let mut centre = centre("base = \"swift\"\npending = 50\nremember = 20", 1);
    for token in 0..1_000 {
        centre.submit(START, "acme", LINK, token, &message(&format!("4670{token}"), "x"));
    }
    centre.advance(START);
    let counters = centre.counters();
    assert_eq!((counters.accepted, counters.over_pending, counters.pending), (50, 950, 50));
    assert!(centre.messages.len() <= 20 && centre.attempts.len() <= 20);
    let mo = |text: &str| crate::simulator::mo::Mo {
        from: "46701".to_owned(),
        to: "71717".to_owned(),
        text: text.to_owned(),
        system_id: None,
        manner: crate::simulator::mo::Manner::default(),
    };
    assert_eq!(centre.write(START, &mo("hi")), Err(WriteError::Full));
    // Room comes back with each acknowledgement.
    let delivery = centre.take(START, "acme").expect("a receipt");
    centre.acknowledge(delivery.key);
    assert_eq!(centre.write(START, &mo("hi")), Ok(1));
}

#[test]
fn the_rate_is_kept() {
    let mut centre = centre("base = \"swift\"\nrate = 100", 1);
    let mut now = START;
    for token in 0..3_000 {
        centre.submit(now, "acme", LINK, token, &message("46701", "x"));
        now = after(now, Duration::from_millis(1));
    }
    let accepted = centre.counters().accepted;
    assert!((300..=312).contains(&accepted), "{accepted}");
    assert_eq!(centre.counters().over_rate, 3_000 - accepted);
}

#[test]
fn what_is_not_acknowledged_comes_again() {
    let mut centre = centre("base = \"swift\"", 1);
    centre.submit(START, "acme", LINK, 1, &message("46701", "x"));
    centre.advance(START);
    let first = centre.take(START, "acme").expect("a receipt");
    assert_eq!(centre.take(START, "acme"), None);
    centre.release(first.key);
    let second = centre.take(START, "acme").expect("the same again");
    assert_eq!((&second.message, second.attempts), (&first.message, 1));
    centre.refused(START, second.key);
    assert_eq!(centre.take(START, "acme"), None);
    let later = after(START, Duration::from_secs(2));
    centre.advance(later);
    let third = centre.take(later, "acme").expect("the same again");
    centre.acknowledge(third.key);
    centre.acknowledge(third.key);
    let counters = centre.counters();
    assert_eq!((counters.receipts_sent, counters.redelivered, counters.receipts_acknowledged), (3, 2, 1));
    assert_eq!(counters.pending, 0);
}

#[test]
fn what_nobody_takes_is_given_up() {
    let mut centre = centre("base = \"swift\"\nlink = { keep = \"1m\" }", 1);
    centre.submit(START, "acme", LINK, 1, &message("46701", "x"));
    centre.unbound(START, "acme", true);
    let mut now = START;
    for _ in 0..20 {
        now = after(now, Duration::from_secs(8));
        centre.advance(now);
    }
    let counters = centre.counters();
    assert_eq!((counters.receipts_expired, counters.pending, counters.clients), (1, 0, 0));
}

#[test]
fn questions_are_answered() {
    let mut centre = centre("", 1);
    centre.submit(START, "acme", LINK, 1, &message("46700000001", "x"));
    let mut seen = Seen::default();
    let soon = after(START, Duration::from_millis(100));
    centre.advance(soon);
    collect(&mut centre, soon, &mut seen);
    let Verdict::Accepted(id) = &seen.answers[&1][0].1 else { panic!("not accepted") };
    assert_eq!(centre.query(soon, id).map(|standing| standing.state), Some(State::Enroute));
    let later = after(START, Duration::from_secs(60));
    let standing = centre.query(later, id).expect("known");
    assert!(standing.state == State::Undelivered && standing.error > 0 && standing.final_at.is_some());
    assert_eq!(centre.query(later, "ffff"), None);
    assert_eq!(centre.query(later, "no id"), None);
}

#[test]
fn mo_find_their_client() {
    let mut centre = Centre::new(Arc::new("".parse().expect("a profile")), 1, START);
    let mo = |to: &str, system_id: Option<&str>| crate::simulator::mo::Mo {
        from: "46701".to_owned(),
        to: to.to_owned(),
        text: "hi".to_owned(),
        system_id: system_id.map(str::to_owned),
        manner: crate::simulator::mo::Manner::default(),
    };
    // Nobody is there yet: the first receiver gets it.
    centre.write(START, &mo("71717", None)).expect("written");
    centre.advance(START);
    centre.bound("sender", false);
    assert!(!centre.has_delivery("sender"));
    centre.bound("first", true);
    centre.bound("second", true);
    assert!(centre.take(START, "first").is_some());
    // By name, by the number last sent from, else the longest bound.
    centre.submit(START, "second", LINK, 1, &message("46702", "x"));
    for (to, system_id, owner) in
        [("71717", None, "second"), ("72000", None, "first"), ("71717", Some("first"), "first")]
    {
        centre.write(START, &mo(to, system_id)).expect("written");
        centre.advance(START);
        let delivery = centre.take(START, owner).expect("delivered");
        assert_eq!(delivery.kind, DeliveryKind::Mo, "{to}");
    }
}

#[test]
fn scripts_are_played() {
    let profile = "[[script]]\nafter = \"5s\"\nevery = \"10s\"\nmo = { from = \"46701\", to = \"71717\", text = \"Hi\" }";
    let mut centre = centre(profile, 1);
    let mut times = Vec::new();
    for second in 0..30 {
        let now = after(START, Duration::from_secs(second));
        centre.advance(now);
        times.extend(std::iter::from_fn(|| centre.take(now, "acme")).map(|_| second));
    }
    assert_eq!(times, [5, 15, 25]);
}
