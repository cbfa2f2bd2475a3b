//! Plans without a ledger: what becomes of each recipient.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use sms::Note;

use super::super::merge::Known;
use super::super::policy::{Policy, Templating, UnregisteredSender};
use super::super::recipient::Targets;
use super::super::request::{Recipient, SubmitRequest, Window};
use super::*;
use crate::account_settings::AccountSettings;
use crate::contact_values::Values;
use crate::quiet::QuietHours;
use crate::rates::{Rate, RateFor, RateRow, Rates, Table};
use crate::rules::Rules;

/// 2023-11-14T22:13:20Z, a Tuesday.
const NOW: u32 = 1_700_000_000;

/// Rules of an account that has decided nothing.
pub(in crate::plan) fn rules() -> Rules {
    Rules {
        settings: AccountSettings::default(),
        zone: TimeZone::UTC,
        rates: Table::of(&Rates::default()),
        senders: Vec::new(),
        sender_set: HashSet::new(),
        prepaid: false,
        knows_unassigned: false,
    }
}

/// 0.05 a segment to Sweden, 0.10 anywhere else, 0.01 more for high priority.
fn rates() -> Table {
    let rate = |price| Rate { price: Money::from_millionths(price), credits: 1 };
    let sweden = RateFor::Country(Country::parse("SE").expect("a country"));
    Table::of(&Rates {
        default: rate(100_000),
        high_priority: Money::from_millionths(10_000),
        rows: vec![RateRow { handsets: sweden, rate: Rate { credits: 2, ..rate(50_000) } }],
    })
}

fn facts(request: SubmitRequest, policy: Policy, rules: Rules) -> Facts {
    let super::super::request::Text::Plain(text) = request.text.clone() else { panic!("a plain text") };
    let mut request = request;
    let mut targets = Targets::new(None, 0);
    for recipient in std::mem::take(&mut request.recipients) {
        targets.add(recipient);
    }
    let known = Known { defaults: std::mem::take(&mut request.defaults), ..Known::default() };
    Facts {
        now: Micros::from_seconds(NOW),
        rules: Arc::new(rules),
        balance: None,
        request,
        policy,
        text,
        targets,
        known,
        opted_out: HashSet::new(),
        unassigned: HashSet::new(),
        list: None,
    }
}

fn to(recipients: &[&str]) -> SubmitRequest {
    SubmitRequest {
        text: super::super::request::Text::Plain("Hello".to_owned()),
        recipients: recipients.iter().map(|to| Recipient::of(*to)).collect(),
        ..SubmitRequest::default()
    }
}

fn outcomes(plan: &Plan) -> Vec<Outcome> {
    plan.messages.iter().map(|message| message.outcome).collect()
}

const SE: &str = "46701740605";
const FR: &str = "33612345678";

#[test]
fn refused_recipients_become_messages() {
    let mut rules = rules();
    rules.rates = rates();
    rules.settings.countries = Some(vec![Country::parse("SE").expect("a country")]);
    let mut facts = facts(to(&[SE, "12", FR, "46701740606", "+46 701740605"]), Policy::default(), rules);
    facts.opted_out.insert("46701740606".to_owned());
    facts.policy.repeated = Repeated::Count;
    let plan = facts.plan(false).expect("a plan");
    use Outcome::{DeniedCountry, DeniedOptOut, DeniedRecipient, Queued};
    assert_eq!(outcomes(&plan), [Queued, DeniedRecipient, DeniedCountry, DeniedOptOut]);
    let counts = plan.summary.counts;
    assert_eq!((counts.total, counts.sendable, counts.duplicated), (5, 1, 1));
    assert_eq!((counts.invalid, counts.not_allowed, counts.opted_out), (1, 1, 1));
    assert_eq!((plan.summary.price.millionths(), plan.summary.credits), (50_000, 2));
    assert!(plan.messages[1..].iter().all(|message| message.price == Money::ZERO && message.credits == 0));
    assert!(plan.messages[1..].iter().all(|message| message.history[0].text.is_some()));
    facts.policy.unusable = Unusable::Refuse;
    let refused = facts.plan(false).expect_err("refused");
    assert!(matches!(refused, SubmitRefusal::Recipient { place: 1, text, .. } if text == "12"));
}

#[test]
fn senders_are_judged_by_the_policy() {
    let mut rules = rules();
    rules.settings.registers_senders = true;
    let request = SubmitRequest { sender: Some("Acme".to_owned()), ..to(&[SE]) };
    let mut facts = facts(request, Policy::default(), rules);
    facts.policy.unregistered = UnregisteredSender::Deny;
    assert_eq!(outcomes(&facts.plan(false).expect("a plan")), [Outcome::DeniedSender]);
    facts.policy.unregistered = UnregisteredSender::FallBack;
    let plan = facts.plan(false).expect("a plan");
    assert_eq!((plan.messages[0].sender.as_deref(), plan.messages[0].shown_sender()), (Some("Acme"), ""));
}

#[test]
fn texts_that_do_not_fit() {
    let gsm = SubmitRequest { coding: CodingLimit::Gsm, ..to(&[SE, FR]) };
    let text = |text: &str| super::super::request::Text::Plain(text.to_owned());
    let plan = facts(SubmitRequest { text: text("Привет"), ..gsm }, Policy::default(), rules()).plan(false);
    let plan = plan.expect("a plan");
    assert_eq!(outcomes(&plan), [Outcome::DeniedBody, Outcome::DeniedBody]);
    assert_eq!((plan.messages[0].body.as_str(), plan.messages[0].forced_by), ("Привет", Some('П')));
    assert_eq!(plan.batch.coding, Coding::Gsm7);
    let long = SubmitRequest { text: text(&"a".repeat(400)), most_segments: Some(2), ..to(&[SE]) };
    let mut facts = facts(long, Policy::default(), rules());
    assert_eq!(outcomes(&facts.plan(false).expect("a plan")), [Outcome::DeniedBody]);
    facts.policy.long = LongText::Refuse;
    assert_eq!(facts.plan(false).err(), Some(SubmitRefusal::TooLong { segments: 3, most: 2 }));
    facts.request.cut_extra = true;
    let plan = facts.plan(false).expect("cut");
    assert_eq!((plan.messages[0].body.len(), plan.summary.most_segments), (306, 2));
    assert_eq!(plan.batch.text.len(), 400);
}

#[test]
fn the_balance_covers_what_it_covers() {
    let mut rules = rules();
    rules.rates = rates();
    let mut facts = facts(to(&[FR, SE, "46701740606", "46701740607"]), Policy::default(), rules);
    facts.balance = Some(Money::from_millionths(160_000));
    let plan = facts.plan(false).expect("a plan");
    use Outcome::{DeniedFunds, Queued};
    assert_eq!(outcomes(&plan), [Queued, Queued, DeniedFunds, DeniedFunds]);
    assert_eq!(plan.charge, Some(Money::from_millionths(150_000)));
    assert!(!plan.summary.covered);
    let funded =
        |message: &Message| message.history.iter().any(|entry| entry.word == Word::Note(Note::Funded));
    assert_eq!(plan.messages.iter().map(funded).collect::<Vec<_>>(), [true, true, false, false]);
    facts.policy.funds = MissingFunds::Refuse;
    let wanted = SubmitRefusal::Funds {
        balance: Money::from_millionths(160_000),
        price: Money::from_millionths(250_000),
    };
    assert_eq!(facts.plan(false).err(), Some(wanted));
    // A dry plan shows the whole price.
    let dry = facts.plan(true).expect("a plan");
    assert_eq!((dry.summary.price.millionths(), dry.summary.covered), (250_000, false));
    facts.request.priority = 2;
    assert_eq!(facts.plan(true).expect("a plan").summary.price.millionths(), 290_000);
}

#[test]
fn due_times_windows_and_quiet_hours() {
    let due = |when: When, change: fn(&mut Facts)| {
        let mut facts = facts(SubmitRequest { when, ..to(&[SE]) }, Policy::default(), rules());
        change(&mut facts);
        facts.plan(false).map(|plan| (plan.messages[0].outcome, plan.messages[0].date - NOW))
    };
    let at = |second| When::At { second, zone: None };
    use Outcome::{ExpiredUnsent, Queued, Scheduled};
    assert_eq!(due(at(NOW + 60), |_| {}), Ok((Scheduled, 60)));
    assert_eq!(due(at(NOW - 600), |_| {}), Ok((Queued, 0)));
    assert_eq!(due(at(NOW - 300), |facts| facts.policy.late = Some(300)), Ok((Queued, 0)));
    assert_eq!(due(at(NOW - 301), |facts| facts.policy.late = Some(300)), Err(SubmitRefusal::Past));
    let window = |opens, closes| Window { opens: NOW - 100 + opens, closes: NOW - 100 + closes };
    assert_eq!(due(When::Windows(vec![window(0, 200)]), |_| {}), Ok((Queued, 0)));
    let later = vec![window(500, 600), window(0, 50), window(300, 400)];
    assert_eq!(due(When::Windows(later), |_| {}), Ok((Scheduled, 200)));
    assert_eq!(due(When::Windows(vec![window(0, 100)]), |_| {}), Ok((ExpiredUnsent, 0)));
    assert_eq!(due(When::Windows(vec![window(5, 5)]), |_| {}), Err(SubmitRefusal::Window));
    // Quiet from 21:00 to 08:00; now it is 22:13:20.
    fn quiet(facts: &mut Facts) {
        let mut rules = rules();
        let night = QuietHours { from: 21 * 60, to: 8 * 60, days: Vec::new(), promotional_only: false };
        rules.settings.quiet = vec![night];
        facts.rules = Arc::new(rules);
    }
    let morning = 9 * 3600 + 46 * 60 + 40;
    assert_eq!(due(When::Now, quiet), Ok((Scheduled, morning)));
    assert_eq!(due(at(NOW + morning + 1), quiet), Ok((Scheduled, morning + 1)));
    assert_eq!(due(When::Windows(vec![window(0, 500)]), quiet), Ok((ExpiredUnsent, 0)));
}

#[test]
fn a_batch_says_what_was_asked() {
    let mut request = SubmitRequest {
        sender: Some("Acme".to_owned()),
        reference: Some("order 7".to_owned()),
        tags: vec!["a".to_owned()],
        report_url: Some("https://example.com/".to_owned()),
        when: When::Windows(vec![Window { opens: NOW, closes: NOW + 9 }]),
        validity: Some(60),
        flash: true,
        coding: CodingLimit::Ucs,
        ..to(&[SE, FR])
    };
    request.text = super::super::request::Text::Plain("Hi {name}".to_owned());
    request.recipients[1].values = Values::from([("name".to_owned(), "Ada".to_owned())]);
    request.recipients[1].reference = Some("line 2".to_owned());
    let policy = Policy { templating: Some(Templating::GIVEN), ..Policy::default() };
    let plan = facts(request, policy, rules()).plan(false).expect("a plan");
    assert_eq!((plan.messages[0].body.as_str(), plan.messages[1].body.as_str()), ("Hi ", "Hi Ada"));
    let references: Vec<_> = plan.messages.iter().map(|message| message.reference.as_deref()).collect();
    assert_eq!(references, [Some("order 7"), Some("line 2")]);
    assert!(plan.batch.templated && plan.batch.flash && plan.batch.coding == Coding::Ucs2);
    assert_eq!(plan.batch.text, "Hi {name}");
    let now = i64::from(NOW) * 1_000_000;
    assert_eq!(
        (plan.batch.extra.windows, plan.batch.extra.validity),
        (vec![(now, now + 9_000_000)], Some(60))
    );
}

/// A recipient of any sort, often the same.
fn recipient() -> impl Strategy<Value = Recipient> {
    let number = prop_oneof![
        3 => (0..30u32).prop_map(|last| format!("467017406{last:02}")),
        1 => (0..30u32).prop_map(|last| format!("+33 6 12 34 56 {last:02}")),
        1 => "[0-9]{0,16}",
        1 => "\\PC{0,6}",
    ];
    let values = proptest::collection::btree_map("[ab]", "[a-zé]{0,9}", 0..3);
    (number, values).prop_map(|(to, values)| Recipient { to, values, ..Recipient::default() })
}

proptest! {
    #[test]
    fn every_recipient_is_a_message_or_counted(
        recipients in proptest::collection::vec(recipient(), 1..60),
        text in "[a-z {}ж]{1,200}",
        balance in proptest::option::of(0..2_000_000i64),
        opted_out in 0..30u32,
        later in any::<bool>(),
    ) {
        prop_assume!(!text.trim().is_empty());
        let given = recipients.len();
        let when = if later { When::At { second: NOW + 5, zone: None } } else { When::Now };
        let text = super::super::request::Text::Plain(text);
        let request = SubmitRequest { text, recipients, when, most_segments: Some(2), ..SubmitRequest::default() };
        let policy = Policy { templating: Some(Templating::GIVEN), ..Policy::default() };
        let mut rules = rules();
        rules.rates = rates();
        let mut facts = facts(request, policy, rules);
        facts.balance = balance.map(Money::from_millionths);
        facts.opted_out.insert(format!("467017406{opted_out:02}"));
        let plan = facts.plan(false).expect("a plan");
        let summary = &plan.summary;
        let counts = summary.counts;
        prop_assert_eq!(plan.messages.len() + counts.duplicated as usize, given);
        let refused = counts.invalid + counts.opted_out + counts.not_allowed + counts.sender + counts.body
            + counts.funds + counts.expired;
        prop_assert_eq!(counts.sendable + refused, plan.messages.len() as u32);
        prop_assert_eq!(counts.total, plan.messages.len() as u32);
        let numbers: HashSet<_> = plan.messages.iter().map(|message| message.recipient.as_str()).collect();
        prop_assert_eq!(numbers.len(), plan.messages.len());
        let price: i64 = plan.messages.iter().map(|message| message.price.millionths()).sum();
        prop_assert_eq!(summary.price.millionths(), price);
        prop_assert_eq!(summary.countries.iter().map(|total| total.sum.millionths()).sum::<i64>(), price);
        prop_assert_eq!(summary.countries.iter().map(|total| total.count).sum::<u32>(), counts.sendable);
        prop_assert_eq!(plan.charge.map(Money::millionths), balance.map(|_| price));
        prop_assert!(balance.is_none_or(|balance| price <= balance));
        for message in &plan.messages {
            prop_assert_eq!(message.outcome.is_final(), message.price == Money::ZERO);
            prop_assert_eq!(message.history.iter().rev().find_map(Entry::outcome), Some(message.outcome));
        }
    }
}
