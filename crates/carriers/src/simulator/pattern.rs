//! Patterns of numbers and texts: `*` stands for any characters, `?` for one, upper and lower case are one.

use serde::Deserialize;

/// A pattern over a whole number or text: `467*` is a prefix, `*0001` a suffix, `*` everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    characters: Vec<char>,
}

impl Pattern {
    /// The pattern of this text; every text is one.
    pub fn new(text: &str) -> Self {
        Self { characters: fold(text).collect() }
    }

    /// Whether the whole of `text` fits. Takes at most (length of the pattern × length of the text) steps.
    pub fn fits(&self, text: &str) -> bool {
        let text: Vec<char> = fold(text).collect();
        let (mut at, mut place) = (0, 0);
        // Where the last `*` stands, and how much of the text it has taken.
        let mut star: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.characters.get(place) {
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
        self.characters[place..].iter().all(|c| *c == '*')
    }
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
