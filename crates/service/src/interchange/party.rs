//! Senders and recipients as history gives them: taken as they are, save for the way numbers are written.

/// The most characters of a party: what is kept of one that is no number, which may be anything.
pub(crate) const LONGEST: usize = 40;

/// What is kept of a party that is no number: what can be seen of it, as far as it is read back from an export.
/// Empty where that is nothing.
pub(crate) fn kept(given: &str) -> String {
    let visible: String = given.chars().filter(|c| !c.is_control()).collect();
    let cut: String = visible.trim().chars().take(LONGEST).collect();
    normalise(&cut).unwrap_or_default()
}

/// A party without the blanks around it, without a `+` before digits, and, where only digits and blanks are
/// left, without those blanks. Refused in words when nothing or too much is left.
pub(super) fn normalise(given: &str) -> Result<String, &'static str> {
    let text = given.trim();
    let text = match text.strip_prefix('+').map(str::trim_start) {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) && is_number(number) => number,
        _ => text,
    };
    if text.is_empty() {
        return Err("nothing in it");
    }
    let text: String = if is_number(text) { text.split_whitespace().collect() } else { text.to_owned() };
    if text.chars().any(char::is_control) {
        return Err("a control character in it");
    }
    if text.chars().count() > LONGEST {
        return Err("more than 40 characters");
    }
    Ok(text)
}

/// Whether it is digits and blanks.
fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        for (given, kept) in [
            ("+46701740605", "46701740605"),
            (" + 46 70 174 06 05 ", "46701740605"),
            ("46701740605", "46701740605"),
            ("++467", "++467"),
            ("+Plus", "+Plus"),
            ("+33 or so", "+33 or so"),
            ("Pizza & co.", "Pizza & co."),
            ("72 250", "72250"),
            ("Кафе", "Кафе"),
            ("0046-70", "0046-70"),
        ] {
            assert_eq!(normalise(given).as_deref(), Ok(kept), "{given:?}");
        }
    }

    #[test]
    fn refusals() {
        for given in ["", "   ", "\t\n"] {
            assert_eq!(normalise(given), Err("nothing in it"));
        }
        assert_eq!(normalise("a\u{7}b"), Err("a control character in it"));
        assert_eq!(normalise(&"1".repeat(41)), Err("more than 40 characters"));
        assert!(normalise(&"é".repeat(40)).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_kept_reads_back(given in "[+]?[0-9 ]{0,60}|.{0,60}") {
            let kept = kept(&given);
            prop_assert!(kept.is_empty() || normalise(&kept).as_ref() == Ok(&kept), "{:?}", kept);
        }

        #[test]
        fn what_is_kept_is_kept_again(given in "[+]?[0-9 ]{0,44}|\\PC{0,44}") {
            if let Ok(kept) = normalise(&given) {
                prop_assert_eq!(normalise(&kept), Ok(kept.clone()));
            }
        }
    }
}
