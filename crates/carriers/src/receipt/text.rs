//! The text of a receipt: `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, in any order
//! and case, with parts missing, other separators, other spellings of the names.

use std::fmt;

/// The fields of a receipt's text as they were written, each without the blanks around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptText {
    /// The segment's id.
    pub id: Option<String>,
    /// How many were submitted.
    pub sub: Option<String>,
    /// How many were delivered.
    pub dlvrd: Option<String>,
    /// When it was submitted.
    pub submit: Option<String>,
    /// When it reached its state.
    pub done: Option<String>,
    /// The state's word.
    pub stat: Option<String>,
    /// The error's code.
    pub err: Option<String>,
    /// What the message said.
    pub text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Id,
    Sub,
    Dlvrd,
    Submit,
    Done,
    Stat,
    Err,
    Text,
}

/// Names of fields, their blanks, `_` and `-` left out; longer ones before those they begin with.
const NAMES: [(&str, Field); 24] = [
    ("messageid", Field::Id),
    ("msgid", Field::Id),
    ("smsid", Field::Id),
    ("id", Field::Id),
    ("submitdate", Field::Submit),
    ("submittime", Field::Submit),
    ("submissiondate", Field::Submit),
    ("submit", Field::Submit),
    ("sub", Field::Sub),
    ("dlvrd", Field::Dlvrd),
    ("dlvd", Field::Dlvrd),
    ("dlvr", Field::Dlvrd),
    ("delivered", Field::Dlvrd),
    ("donedate", Field::Done),
    ("donetime", Field::Done),
    ("deliverydate", Field::Done),
    ("done", Field::Done),
    ("status", Field::Stat),
    ("state", Field::Stat),
    ("stat", Field::Stat),
    ("errorcode", Field::Err),
    ("error", Field::Err),
    ("err", Field::Err),
    ("text", Field::Text),
];

impl ReceiptText {
    /// Reads a text. Takes anything; of a field that comes twice the first with a value counts.
    pub fn parse(text: &str) -> Self {
        let mut found = Self::default();
        let mut open: Option<(Field, usize)> = None;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            match name_at(text, at) {
                // The message's own text may look like a field, once it began and the rest is there.
                Some((field, value)) if !found.ends_in_text(open, field) => {
                    found.close(text, open, at);
                    open = Some((field, value));
                    at = value;
                }
                Some(_) | None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        found.close(text, open, text.len());
        found
    }

    /// Whether it reads like a receipt and like nothing else: an id, a state that is one, and at least one
    /// of the fields that nobody writes by chance.
    pub fn is_convincing(&self) -> bool {
        let value = |field: &Option<String>| field.as_deref().is_some_and(|value| !value.is_empty());
        let known = self.stat.as_deref().is_some_and(|word| super::outcome_of_word(word).is_some());
        let others = [&self.sub, &self.dlvrd, &self.submit, &self.done, &self.err];
        value(&self.id) && known && others.into_iter().any(value)
    }

    /// Whether `field`, found while the message's text is open, belongs to that text.
    fn ends_in_text(&self, open: Option<(Field, usize)>, field: Field) -> bool {
        let in_text = matches!(open, Some((Field::Text, _)));
        in_text && (self.field(field).is_some() || field == Field::Text || self.stat.is_some())
    }

    fn close(&mut self, text: &str, open: Option<(Field, usize)>, end: usize) {
        let Some((field, start)) = open else { return };
        let value = text.get(start..end).unwrap_or_default().trim();
        let value = match field {
            Field::Text => value,
            Field::Submit | Field::Done => value.trim_end_matches([',', ';', '|']).trim_end(),
            Field::Id | Field::Sub | Field::Dlvrd | Field::Stat | Field::Err => {
                let word = value.split_whitespace().next().unwrap_or_default();
                word.split(['|', ';', ',']).next().unwrap_or_default()
            }
        };
        let place = self.field_mut(field);
        if place.as_deref().unwrap_or_default().is_empty() {
            *place = Some(value.to_owned());
        }
    }

    fn field(&self, field: Field) -> Option<&String> {
        match field {
            Field::Id => self.id.as_ref(),
            Field::Sub => self.sub.as_ref(),
            Field::Dlvrd => self.dlvrd.as_ref(),
            Field::Submit => self.submit.as_ref(),
            Field::Done => self.done.as_ref(),
            Field::Stat => self.stat.as_ref(),
            Field::Err => self.err.as_ref(),
            Field::Text => self.text.as_ref(),
        }
    }

    fn field_mut(&mut self, field: Field) -> &mut Option<String> {
        match field {
            Field::Id => &mut self.id,
            Field::Sub => &mut self.sub,
            Field::Dlvrd => &mut self.dlvrd,
            Field::Submit => &mut self.submit,
            Field::Done => &mut self.done,
            Field::Stat => &mut self.stat,
            Field::Err => &mut self.err,
            Field::Text => &mut self.text,
        }
    }
}

/// The field whose name stands at `at`, and where its value begins.
fn name_at(text: &str, at: usize) -> Option<(Field, usize)> {
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    NAMES.iter().find_map(|(name, field)| {
        let end = at + spelled(text.get(at..)?, name)?;
        let rest = text.get(end..)?;
        let value = rest.trim_start_matches(' ').strip_prefix([':', '='])?;
        Some((*field, text.len() - value.len()))
    })
}

/// How many octets of `text` spell `name`, in any case, with a blank, `_` or `-` between its words.
fn spelled(text: &str, name: &str) -> Option<usize> {
    let mut letters = name.chars().peekable();
    let mut gap = true;
    for (at, c) in text.char_indices() {
        let Some(letter) = letters.peek() else { return Some(at) };
        if c.eq_ignore_ascii_case(letter) {
            letters.next();
            gap = false;
        } else if matches!(c, ' ' | '_' | '-') && !gap {
            gap = true;
        } else {
            return None;
        }
    }
    letters.peek().is_none().then_some(text.len())
}

impl fmt::Display for ReceiptText {
    /// The form of the specification's example (appendix B). Fields that are absent are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = [
            ("id", &self.id),
            ("sub", &self.sub),
            ("dlvrd", &self.dlvrd),
            ("submit date", &self.submit),
            ("done date", &self.done),
            ("stat", &self.stat),
            ("err", &self.err),
            ("text", &self.text),
        ];
        let mut gap = "";
        for (name, value) in fields {
            if let Some(value) = value {
                write!(f, "{gap}{name}:{value}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(pattern: &'static str) -> impl Strategy<Value = Option<String>> {
        proptest::option::of(pattern.prop_map(|text: String| text.trim().to_owned()))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            id in field("[0-9A-Fa-f-]{1,40}"), sub in field("[0-9]{3}"), dlvrd in field("[0-9]{3}"),
            submit in field("[0-9]{10,12}"), done in field("[0-9]{10,12}"),
            stat in "[A-Z]{7}", err in field("[0-9A-F]{1,4}"), text in field("[ -~é]{0,20}"),
        ) {
            let receipt = ReceiptText { id, sub, dlvrd, submit, done, stat: Some(stat), err, text };
            prop_assert_eq!(ReceiptText::parse(&receipt.to_string()), receipt);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,200}|(id|sub|stat|text|done date|[:= ]|é){0,40}") {
            ReceiptText::parse(&text);
        }
    }

    #[test]
    fn the_messages_own_text_may_look_like_a_receipt() {
        let text = "id:1 stat:DELIVRD err:000 text:id:2 stat:UNDELIV err:9";
        let receipt = ReceiptText::parse(text);
        assert_eq!(receipt.id.as_deref(), Some("1"));
        assert_eq!(receipt.stat.as_deref(), Some("DELIVRD"));
        assert_eq!(receipt.text.as_deref(), Some("id:2 stat:UNDELIV err:9"));
        assert!(receipt.is_convincing());
    }

    #[test]
    fn what_people_write_is_no_receipt() {
        for text in
            ["", "stat: fine", "my id: 5", "id:5 stat:ok sub:1", "id:5 stat:DELIVRD", "Paid: 5, state: Ohio"]
        {
            assert!(!ReceiptText::parse(text).is_convincing(), "{text}");
        }
    }
}
