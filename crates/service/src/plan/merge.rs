//! Placeholders: a text taken apart once, and put together for each recipient.

use std::collections::{HashMap, HashSet};

use sms::Number;

use super::policy::{Field, Templating};
use super::recipient::Target;
use crate::contact_values::Values;

/// The longest word that is taken for a placeholder's, in octets.
const LONGEST_WORD: usize = 100;

/// The longest text that is put together, in octets. No message has so much: 255 segments of 153 septets, each
/// an octet pair at most, are less; so what is cut off here would be refused, or cut, in any case.
const LONGEST_TEXT: usize = 80_000;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    /// As it stands.
    Literal(&'t str),
    /// A word, with the marks around it.
    Word { word: &'t str, marked: &'t str },
}

/// A text with placeholders.
#[derive(Clone, Debug)]
pub(crate) struct Template<'t> {
    templating: &'t Templating,
    pieces: Vec<Piece<'t>>,
    /// Words that stand for nothing where a recipient has no value, instead of for themselves.
    known: HashSet<&'t str>,
}

/// What the submission and its account know of placeholders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) defaults: Values,
    pub(crate) contact_values: HashMap<Number, Values>,
}

/// The words between a text's marks.
pub(crate) fn words<'t>(text: &'t str, templating: &Templating) -> impl Iterator<Item = &'t str> {
    take_apart(text, templating).into_iter().filter_map(|piece| match piece {
        Piece::Word { word, .. } => Some(word),
        Piece::Literal(_) => None,
    })
}

fn take_apart<'t>(text: &'t str, templating: &Templating) -> Vec<Piece<'t>> {
    let (open, close) = templating.marks.both();
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(close) {
        // The word is between a closing mark and the nearest opening one before it.
        let after = end + close.len_utf8();
        let (head, tail) = rest.split_at(after);
        rest = tail;
        let begin = head[..end].rfind(open);
        let word = begin.map(|begin| &head[begin + open.len_utf8()..end]);
        match (begin, word) {
            (Some(begin), Some(word)) if !word.is_empty() && word.len() <= LONGEST_WORD => {
                pieces.push(Piece::Literal(&head[..begin]));
                pieces.push(Piece::Word { word, marked: &head[begin..] });
            }
            _ => pieces.push(Piece::Literal(head)),
        }
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

impl<'t> Template<'t> {
    /// Takes a text apart; `None` where it has no placeholder that anybody knows, and goes as it is.
    pub(crate) fn of(
        text: &'t str,
        templating: &'t Templating,
        known: &'t Known,
        targets: &'t [Target],
    ) -> Option<Self> {
        let pieces = take_apart(text, templating);
        let asked: HashSet<&str> = words_of(&pieces).collect();
        let mut found: HashSet<&str> = HashSet::new();
        found.extend(asked.iter().filter(|word| is_field(word, templating)));
        let contact_values = known.contact_values.values().filter(|_| templating.contact_values);
        let tables =
            targets.iter().map(|target| &target.values).chain([&known.defaults]).chain(contact_values);
        for values in tables {
            if found.len() == asked.len() {
                break;
            }
            found.extend(asked.iter().filter(|word| values.contains_key(**word)));
        }
        (!found.is_empty()).then_some(Self { templating, pieces, known: found })
    }

    /// The text for one recipient; its beginning where it is longer than [`LONGEST_TEXT`].
    pub(crate) fn fill(&self, target: &Target, known: &Known) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            let more = match *piece {
                Piece::Literal(literal) => literal,
                Piece::Word { word, .. } if self.known.contains(word) => {
                    self.value(word, target, known).unwrap_or_default()
                }
                Piece::Word { marked, .. } => marked,
            };
            let room = LONGEST_TEXT - text.len();
            if more.len() > room {
                text.push_str(&more[..more.floor_char_boundary(room)]);
                break;
            }
            text.push_str(more);
        }
        text
    }

    fn value<'v>(&self, word: &str, target: &'v Target, known: &'v Known) -> Option<&'v str> {
        let contact = target.contact.as_ref();
        let values = || contact.and_then(|contact| known.contact_values.get(&contact.number));
        let of_contact = || {
            let field = self.templating.words.iter().find(|(name, _)| name == word).map(|(_, field)| field);
            match field {
                Some(Field::FirstName) => contact?.first_name.as_deref(),
                Some(Field::LastName) => contact?.last_name.as_deref(),
                Some(Field::Company) => contact?.company.as_deref(),
                Some(Field::Email) => contact?.email.as_deref(),
                Some(Field::Phone) => Some(target.to.as_str()),
                Some(Field::Value(name)) => values()?.get(name.as_ref()).map(String::as_str),
                None if self.templating.contact_values => values()?.get(word).map(String::as_str),
                None => None,
            }
        };
        let given = target.values.get(word).or_else(|| known.defaults.get(word));
        given.map(String::as_str).or_else(of_contact)
    }
}

fn words_of<'t>(pieces: &[Piece<'t>]) -> impl Iterator<Item = &'t str> {
    pieces.iter().filter_map(|piece| match *piece {
        Piece::Word { word, .. } => Some(word),
        Piece::Literal(_) => None,
    })
}

fn is_field(word: &str, templating: &Templating) -> bool {
    templating.words.iter().any(|(name, _)| name == word)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use ledger::model::Contact;
    use proptest::prelude::*;

    use super::super::policy::Marks;
    use super::super::recipient::Targets;
    use super::super::request::Recipient;
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn filled(
        text: &str,
        templating: &Templating,
        own: &[&[(&str, &str)]],
        defaults: &[(&str, &str)],
    ) -> Vec<String> {
        let mut targets = Targets::new(None, own.len());
        for (index, own) in own.iter().enumerate() {
            let to = format!("4670174060{index}");
            targets.add(Recipient { to, values: values(own), ..Recipient::default() });
        }
        let known = Known { defaults: values(defaults), ..Known::default() };
        match Template::of(text, templating, &known, &targets.all) {
            Some(template) => targets.all.iter().map(|target| template.fill(target, &known)).collect(),
            None => vec![text.to_owned(); own.len()],
        }
    }

    #[test]
    fn own_then_default_then_nothing_then_itself() {
        let text = "{greeting} {name}, {unknown} {{name}} {} {name";
        let own: &[&[(&str, &str)]] = &[&[("name", "Ada")], &[("greeting", "Hej")], &[]];
        assert_eq!(
            filled(text, &Templating::GIVEN, own, &[("greeting", "Hi")]),
            ["Hi Ada, {unknown} {Ada} {} {name", "Hej , {unknown} {} {} {name", "Hi , {unknown} {} {} {name"]
        );
        assert_eq!(filled("{Name}", &Templating::GIVEN, &[&[("name", "x")]], &[]), ["{Name}"]);
    }

    #[test]
    fn values_are_not_read_again() {
        let own: &[&[(&str, &str)]] = &[&[("a", "{b}"), ("b", "x")]];
        assert_eq!(filled("{a}{b}", &Templating::GIVEN, own, &[]), ["{b}x"]);
    }

    #[test]
    fn contacts_fill_the_dialects_words() {
        let templating = Templating {
            marks: Marks::Brackets,
            words: Cow::Owned(vec![
                ("First".into(), Field::FirstName),
                ("Phone".into(), Field::Phone),
                ("i1".into(), Field::Value("info".into())),
            ]),
            contact_values: true,
        };
        let mut targets = Targets::new(None, 2);
        let contact = Contact {
            number: 7,
            phone: "46701740605".to_owned(),
            first_name: Some("Ada".to_owned()),
            ..Contact::default()
        };
        targets.add_contact(contact, None);
        targets.add(Recipient::of("33612345678"));
        let contact_values = HashMap::from([(7, values(&[("info", "gold"), ("City", "Lund")]))]);
        let known = Known { contact_values, ..Known::default() };
        let template = Template::of("[First]/[Phone]/[i1]/[City]/[Else]", &templating, &known, &targets.all);
        let template = template.expect("placeholders");
        assert_eq!(template.fill(&targets.all[0], &known), "Ada/46701740605/gold/Lund/[Else]");
        assert_eq!(template.fill(&targets.all[1], &known), "/33612345678///[Else]");
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[{}a-cé]{0,40}|\\PC{0,40}") {
            let whole: String = take_apart(&text, &Templating::GIVEN)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Literal(literal) => literal,
                    Piece::Word { marked, .. } => marked,
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
