//! The forms in which one carrier writes one id: the answer to the submission in hexadecimal and the receipt
//! in decimal, in another case, with zeros before it or without.

/// Widths to which ids are padded with zeros: 8 and 16 digits of hexadecimal, 10 and 20 of decimal.
const HEX_WIDTHS: [usize; 2] = [8, 16];
const DECIMAL_WIDTHS: [usize; 2] = [10, 20];

/// The forms of an id, the id itself first, without repeats: its case folded both ways, as hexadecimal where
/// it can be decimal, as decimal where it can be hexadecimal, each without leading zeros and padded to the
/// usual widths. About twenty at most; empty for an empty id.
///
/// Digits alone can be either base, so two ids of one carrier may share a form: a match by a form other than
/// the first is a guess, and one that fits two segments is none.
pub fn canonical_ids(id: &str) -> Vec<String> {
    canonical_forms(id).into_iter().map(|(_, form)| form).collect()
}

/// The same, each with the kind of form it is: 0 as it is, 1 in small and 2 in capital letters, from 3 on
/// the same number otherwise. A kind means the same for every id and in every release, so that the one which
/// a carrier uses can be remembered; a text that several kinds write has the lowest.
pub fn canonical_forms(id: &str) -> Vec<(u8, String)> {
    let id = id.trim();
    let mut forms = Forms::default();
    forms.add(0, id.to_owned());
    forms.add(1, id.to_ascii_lowercase());
    forms.add(2, id.to_ascii_uppercase());
    if !id.is_empty() && id.bytes().all(|octet| octet.is_ascii_digit()) {
        forms.add_numeric(3, id, DECIMAL_WIDTHS);
        if let Ok(value) = id.parse::<u128>() {
            forms.add_hexadecimal(6, &format!("{value:x}"));
        }
    }
    if !id.is_empty() && id.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        forms.add_hexadecimal(12, &id.to_ascii_lowercase());
        if let Ok(value) = u128::from_str_radix(id, 16) {
            forms.add_numeric(18, &value.to_string(), DECIMAL_WIDTHS);
        }
    }
    forms.0
}

#[derive(Default)]
struct Forms(Vec<(u8, String)>);

impl Forms {
    fn add(&mut self, kind: u8, form: String) {
        if !form.is_empty() && !self.0.iter().any(|(_, known)| *known == form) {
            self.0.push((kind, form));
        }
    }

    /// Digits as they are, without leading zeros, and padded: three kinds.
    fn add_numeric(&mut self, kind: u8, digits: &str, widths: [usize; 2]) {
        let bare = digits.trim_start_matches('0');
        let bare = if bare.is_empty() { "0" } else { bare };
        self.add(kind, bare.to_owned());
        for (kind, width) in (kind + 1..).zip(widths).filter(|(_, width)| bare.len() < *width) {
            self.add(kind, format!("{bare:0>width$}"));
        }
    }

    /// Six kinds.
    fn add_hexadecimal(&mut self, kind: u8, lower: &str) {
        self.add_numeric(kind, lower, HEX_WIDTHS);
        self.add_numeric(kind + 3, &lower.to_ascii_uppercase(), HEX_WIDTHS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_id_itself_is_the_first_form(id in "[0-9A-Za-z-]{1,40}") {
            let forms = canonical_ids(&id);
            prop_assert_eq!(&forms[0], &id);
            prop_assert!(forms.len() <= 20, "{}", forms.len());
            let mut seen = forms.clone();
            seen.sort();
            seen.dedup();
            prop_assert_eq!(seen.len(), forms.len());
        }

        #[test]
        fn any_way_of_writing_a_number_finds_the_others(value in 1u64.., submitted in 0usize..8, receipt in 0usize..8) {
            let write = |form| match form {
                0 => value.to_string(),
                1 => format!("{value:010}"),
                2 => format!("{value:020}"),
                3 => format!("{value:x}"),
                4 => format!("{value:X}"),
                5 => format!("{value:08x}"),
                6 => format!("{value:016X}"),
                _ => format!("{value:08X}"),
            };
            // Matching compares what was submitted, as it came, with the forms of the receipt.
            let forms = canonical_ids(&write(receipt));
            prop_assert!(forms.contains(&write(submitted)), "{} in {forms:?}", write(submitted));
        }

        #[test]
        fn any_text_has_forms(id in "\\PC{0,80}") {
            canonical_ids(&id);
        }
    }

    #[test]
    fn known_forms() {
        assert_eq!(canonical_ids(""), Vec::<String>::new());
        assert_eq!(canonical_ids(" abc-1 "), ["abc-1", "ABC-1"]);
        assert!(canonical_ids("1E240").contains(&"123456".to_owned()));
        assert!(canonical_ids("0000123456").contains(&"1e240".to_owned()));
        let kinds: Vec<u8> = canonical_forms("1e240").iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [0, 2, 13, 14, 16, 17, 18, 19, 20]);
        assert!(canonical_ids("000").contains(&"0".to_owned()));
        // Too large for any integer: read as a text.
        assert!(canonical_ids(&"9".repeat(60)).contains(&"9".repeat(60)));
    }
}
