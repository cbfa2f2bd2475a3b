//! The file: TOML, taken apart into dotted keys with the lines they stand on.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::Given;
use super::{Fault, Source};

/// One `key = value` of the file.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) given: Given,
}

/// Takes a document apart; a syntax error is one fault with its line.
pub(crate) fn entries(path: &Path, text: &str) -> Result<Vec<Entry>, Fault> {
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let what = error.message().replace('\n', "; ");
        Fault { source: Source::File(path.to_owned(), line), key: String::new(), what }
    })?;
    let mut entries = Vec::new();
    flatten("", document.get_ref(), text, &mut entries);
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

fn flatten(prefix: &str, table: &DeTable<'_>, text: &str, entries: &mut Vec<Entry>) {
    for (name, value) in table {
        let key = match prefix {
            "" => name.get_ref().to_string(),
            _ => format!("{prefix}.{}", name.get_ref()),
        };
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => flatten(&key, inner, text, entries),
            other => {
                let line = line_of(text, name.span().start);
                entries.push(Entry { key, line, given: given(other) });
            }
        }
    }
}

fn given(value: &DeValue<'_>) -> Given {
    match value {
        DeValue::String(text) => Given::Text(text.to_string()),
        DeValue::Boolean(truth) => Given::Bool(*truth),
        DeValue::Integer(integer) => {
            let number = i64::from_str_radix(integer.as_str(), integer.radix());
            number.map_or(Given::Other("number out of range"), Given::Integer)
        }
        DeValue::Array(items) => {
            let text = |item: &Spanned<DeValue<'_>>| item.get_ref().as_str().map(str::to_owned);
            let texts: Option<Vec<String>> = items.iter().map(text).collect();
            texts.map_or(Given::Other("list of other things than texts"), Given::List)
        }
        DeValue::Table(_) => Given::Other("table"),
        DeValue::Float(_) => Given::Other("fraction"),
        DeValue::Datetime(_) => Given::Other("date"),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|octet| **octet == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, usize, Given)>, String> {
        let entries = entries(Path::new("f.toml"), text).map_err(|fault| fault.to_string())?;
        Ok(entries.into_iter().map(|entry| (entry.key, entry.line, entry.given)).collect())
    }

    #[test]
    fn keys_have_their_lines() {
        let text = "a = 1\n\n[t]\nb = \"x\"\nc.d = [\"y\"]\n[t.e]\nf = true\n";
        let expected = [
            ("a", 1, Given::Integer(1)),
            ("t.b", 4, Given::Text("x".to_owned())),
            ("t.c.d", 5, Given::List(vec!["y".to_owned()])),
            ("t.e.f", 7, Given::Bool(true)),
        ];
        let expected: Vec<_> =
            expected.into_iter().map(|(key, line, given)| (key.to_owned(), line, given)).collect();
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn odd_values_are_named() {
        let text = "a = 1.5\nb = [1]\nc = {}\nd = 2026-01-31\ne = 0x10\nf = 99999999999999999999";
        let kinds: Vec<Given> = read(text).expect("read").into_iter().map(|(_, _, given)| given).collect();
        assert_eq!(kinds[0], Given::Other("fraction"));
        assert_eq!(kinds[1], Given::Other("list of other things than texts"));
        assert_eq!(kinds[2], Given::Other("table"));
        assert_eq!(kinds[3], Given::Other("date"));
        assert_eq!(kinds[4], Given::Integer(16));
        assert_eq!(kinds[5], Given::Other("number out of range"));
    }

    #[test]
    fn syntax_errors_have_their_line() {
        let said = read("a = 1\nb = = 2\n").expect_err("no TOML");
        assert!(said.starts_with("f.toml:2: "), "{said}");
        let said = read("a = 1\na = 2\n").expect_err("doubled");
        assert!(said.starts_with("f.toml:2: ") && said.contains("duplicate"), "{said}");
    }
}
