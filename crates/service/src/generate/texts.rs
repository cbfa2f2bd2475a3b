//! What people write: sentences of our own in nine languages, with names, numbers and places filled in.

mod english;
mod french;
mod german;
mod greek;
mod polish;
mod portuguese;
mod spanish;
mod swedish;
mod ukrainian;

use super::places::Language;
use super::random::Random;

/// What a batch is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Topic {
    Delivery,
    Appointment,
    Code,
    Offer,
    Invoice,
    Travel,
    Event,
    Notice,
}

impl Topic {
    /// Every topic with how often of a hundred a batch is about it.
    const SHARES: [(Self, u32); 8] = [
        (Self::Delivery, 22),
        (Self::Appointment, 18),
        (Self::Code, 14),
        (Self::Offer, 16),
        (Self::Invoice, 10),
        (Self::Travel, 7),
        (Self::Event, 6),
        (Self::Notice, 7),
    ];

    /// A topic.
    pub(super) fn draw(random: &mut Random) -> Self {
        Self::SHARES[random.weighted(Self::SHARES.iter().map(|(_, share)| *share))].0
    }

    /// What a list of people for it is called.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Delivery => "Open orders",
            Self::Appointment => "Appointments",
            Self::Code => "Sign-ins",
            Self::Offer => "Newsletter readers",
            Self::Invoice => "Reminders",
            Self::Travel => "Travellers",
            Self::Event => "Guests",
            Self::Notice => "All customers",
        }
    }

    /// What references of it begin with.
    pub(super) fn reference(self) -> &'static str {
        match self {
            Self::Delivery => "order",
            Self::Appointment => "visit",
            Self::Code => "login",
            Self::Offer => "offer",
            Self::Invoice => "invoice",
            Self::Travel => "trip",
            Self::Event => "event",
            Self::Notice => "notice",
        }
    }
}

/// Sentences of a language. In them `{n}` is a number, `{code}` six digits, `{time}` a time of day, `{name}` a
/// given name, `{city}` a town, `{amount}` an amount.
struct Phrases {
    names: &'static [&'static str],
    cities: &'static [&'static str],
    /// By [`Topic`].
    topics: [&'static [&'static str]; 8],
    /// Sentences that may follow any other.
    tails: &'static [&'static str],
    /// What is answered.
    replies: &'static [&'static str],
}

fn phrases(language: Language) -> &'static Phrases {
    match language {
        Language::English => &english::PHRASES,
        Language::French => &french::PHRASES,
        Language::German => &german::PHRASES,
        Language::Swedish => &swedish::PHRASES,
        Language::Spanish => &spanish::PHRASES,
        Language::Portuguese => &portuguese::PHRASES,
        Language::Polish => &polish::PHRASES,
        Language::Greek => &greek::PHRASES,
        Language::Ukrainian => &ukrainian::PHRASES,
    }
}

/// The word by which people end all messages; understood everywhere.
pub(super) const STOP: &str = "STOP";

/// What ends some offers, and makes them UCS-2.
const PICTURES: &[&str] = &[" 🎉", " 😀", " ❤️", " 🚚", " ☀️", " 👍🏽"];

/// A town so seldom written of that a search for it finds a needle.
const SELDOM: &str = "Zanzibar";

/// The text of an MT.
pub(super) fn message(random: &mut Random, language: Language, topic: Topic) -> String {
    let phrases = phrases(language);
    let mut text = String::with_capacity(160);
    let templates = phrases.topics[topic as usize];
    if let Some(template) = random.pick(templates) {
        fill(&mut text, random, phrases, template);
    }
    for chance in [400, 70] {
        if topic != Topic::Code
            && random.per_mille(chance)
            && let Some(tail) = random.pick(phrases.tails)
        {
            text.push(' ');
            fill(&mut text, random, phrases, tail);
        }
    }
    if topic == Topic::Offer && random.per_mille(120) {
        text.push_str(random.pick(PICTURES).copied().unwrap_or_default());
    }
    text
}

/// The text of an MO.
pub(super) fn reply(random: &mut Random, language: Language) -> String {
    let phrases = phrases(language);
    let mut text = String::with_capacity(120);
    for chance in [1000, 450, 120] {
        if random.per_mille(chance)
            && let Some(reply) = random.pick(phrases.replies)
        {
            if !text.is_empty() {
                text.push(' ');
            }
            fill(&mut text, random, phrases, reply);
        }
    }
    if random.per_mille(40) {
        text.push_str(random.pick(PICTURES).copied().unwrap_or_default());
    }
    text
}

/// A given name.
pub(super) fn given_name(random: &mut Random, language: Language) -> &'static str {
    random.pick(phrases(language).names).copied().unwrap_or_default()
}

fn fill(text: &mut String, random: &mut Random, phrases: &Phrases, template: &str) {
    use std::fmt::Write as _;
    let mut parts = template.split(['{', '}']);
    while let Some(plain) = parts.next() {
        text.push_str(plain);
        // Writing to a `String` cannot fail.
        let _infallible = match parts.next() {
            Some("n") => write!(text, "{}", 1000 + random.below(99_000)),
            Some("code") => write!(text, "{:06}", random.below(1_000_000)),
            Some("time") => write!(text, "{:02}:{:02}", 7 + random.below(14), 5 * random.below(12)),
            Some("name") => write!(text, "{}", random.pick(phrases.names).copied().unwrap_or_default()),
            Some("city") if random.below(20_000) == 0 => write!(text, "{SELDOM}"),
            Some("city") => write!(text, "{}", random.pick(phrases.cities).copied().unwrap_or_default()),
            Some("amount") => write!(text, "{}.{:02}", 3 + random.below(240), 5 * random.below(20)),
            _ => Ok(()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 9] = [
        Language::English,
        Language::French,
        Language::German,
        Language::Swedish,
        Language::Spanish,
        Language::Portuguese,
        Language::Polish,
        Language::Greek,
        Language::Ukrainian,
    ];

    #[test]
    fn topics_have_their_places() {
        for (place, (topic, _)) in Topic::SHARES.iter().enumerate() {
            assert_eq!(*topic as usize, place);
            assert!(!topic.list().is_empty() && !topic.reference().is_empty());
        }
        assert_eq!(Topic::SHARES.iter().map(|(_, share)| share).sum::<u32>(), 100);
    }

    #[test]
    fn slots_are_known_and_nothing_is_empty() {
        for language in LANGUAGES {
            let phrases = phrases(language);
            let all = phrases.topics.iter().copied().chain([phrases.tails, phrases.replies]);
            for templates in all {
                assert!(templates.len() >= 2, "{language:?}");
                for template in templates {
                    let slots = template.split('{').skip(1).map(|rest| rest.split('}').next());
                    for slot in slots {
                        let known = ["n", "code", "time", "name", "city", "amount"];
                        assert!(slot.is_some_and(|slot| known.contains(&slot)), "{template}");
                    }
                }
            }
            assert!(phrases.names.len() >= 8 && phrases.cities.len() >= 6, "{language:?}");
        }
    }

    #[test]
    fn lengths_are_those_of_life() {
        let mut random = Random::new(3, 3);
        for language in LANGUAGES {
            let total: usize = (0..4000)
                .map(|_| {
                    let topic = Topic::draw(&mut random);
                    message(&mut random, language, topic).chars().count()
                })
                .sum();
            assert!((70..130).contains(&(total / 4000)), "{language:?}: {}", total / 4000);
            let replies: usize = (0..4000).map(|_| reply(&mut random, language).chars().count()).sum();
            assert!((20..90).contains(&(replies / 4000)), "{language:?}: {}", replies / 4000);
        }
    }

    #[test]
    fn greek_and_cyrillic_are_not_of_the_basic_alphabet() {
        let mut random = Random::new(3, 4);
        for language in [Language::Greek, Language::Ukrainian] {
            let text = message(&mut random, language, Topic::Offer);
            assert_eq!(sms::coding::measure(&text).coding, sms::Coding::Ucs2, "{text}");
        }
    }
}
