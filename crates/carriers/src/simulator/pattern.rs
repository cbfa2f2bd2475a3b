//! Patterns of numbers and texts: `*` stands for any characters, `?` for one, upper and lower case are one.

use serde::Deserialize;

/// A pattern over a whole number or text: `467*` is a prefix, `*0001` a suffix, `*` everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    shape: Shape,
}

/// The usual patterns, which are many and tried upon every message, and all others.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Everything,
    /// ASCII after a star.
    Suffix(Vec<u8>),
    /// ASCII before a star.
    Prefix(Vec<u8>),
    /// In small letters.
    Glob(Vec<char>),
}

impl Pattern {
    /// The pattern of this text; every text is one.
    pub fn new(text: &str) -> Self {
        let plain = |text: &str| text.is_ascii() && !text.contains(['*', '?']);
        let shape = match (text.strip_prefix('*'), text.strip_suffix('*')) {
            (Some(""), _) => Shape::Everything,
            (Some(suffix), _) if plain(suffix) => Shape::Suffix(suffix.as_bytes().to_vec()),
            (_, Some(prefix)) if plain(prefix) => Shape::Prefix(prefix.as_bytes().to_vec()),
            _ => Shape::Glob(fold(text).collect()),
        };
        Self { shape }
    }

    /// Whether the whole of `text` fits. Takes at most (length of the pattern × length of the text) steps.
    pub fn fits(&self, text: &str) -> bool {
        let octets = text.as_bytes();
        match &self.shape {
            Shape::Everything => true,
            Shape::Suffix(suffix) => {
                let from = octets.len().checked_sub(suffix.len());
                from.is_some_and(|from| octets[from..].eq_ignore_ascii_case(suffix))
            }
            Shape::Prefix(prefix) => {
                octets.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
            }
            Shape::Glob(pattern) => glob(pattern, &fold(text).collect::<Vec<char>>()),
        }
    }
}

fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    // Where the last `*` stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some('*') => {
                star = Some((place, at));
                place += 1;
            }
            Some(c) if *c == '?' || *c == text[at] => {
                place += 1;
                at += 1;
            }
            _ => {
                let Some((stood, taken)) = star else { return false };
                star = Some((stood, taken + 1));
                place = stood + 1;
                at = taken + 1;
            }
        }
    }
    pattern[place..].iter().all(|c| *c == '*')
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_fits_itself_its_ends_and_the_star(text in "[a-z0-9 ]{0,20}", cut in 0usize..20) {
            let cut = cut.min(text.len());
            prop_assert!(Pattern::new(&text).fits(&text));
            prop_assert!(Pattern::new("*").fits(&text));
            let (head, tail) = (format!("{}*", &text[..cut]), format!("*{}", &text[cut..]));
            prop_assert!(Pattern::new(&head).fits(&text));
            prop_assert!(Pattern::new(&tail).fits(&text));
        }

        #[test]
        fn the_usual_patterns_are_globs(literal in "[abA]{0,4}", text in "[abAB]{0,8}") {
            let folded: Vec<char> = fold(&text).collect();
            for pattern in [format!("*{literal}"), format!("{literal}*"), literal] {
                let characters: Vec<char> = fold(&pattern).collect();
                prop_assert_eq!(Pattern::new(&pattern).fits(&text), glob(&characters, &folded), "{}", pattern);
            }
        }

        #[test]
        fn any_pattern_ends(pattern in "[a*?]{0,12}", text in "[ab]{0,30}") {
            Pattern::new(&pattern).fits(&text);
        }
    }

    #[test]
    fn examples() {
        for (pattern, text) in
            [("467*", "46701"), ("*0001", "467010001"), ("4?7", "467"), ("stop*", "STOP all"), ("", "")]
        {
            assert!(Pattern::new(pattern).fits(text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("467*", "4567"), ("*0001", "00012"), ("4?7", "47"), ("", "a"), ("a*b*c", "acb")]
        {
            assert!(!Pattern::new(pattern).fits(text), "{pattern} {text}");
        }
    }
}
