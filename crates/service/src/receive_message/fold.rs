//! A text as words that compare: small letters without accents, whatever stands between them left out. People
//! write `Stopp!`, `STOPP`, `stöpp`; handsets drop accents that their alphabet lacks.

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Plain::Letters(letters) => word.push_str(letters),
            Plain::Nothing => {}
            Plain::Itself if c.is_alphanumeric() => word.push(c),
            Plain::Itself if word.is_empty() => {}
            Plain::Itself => words.push(std::mem::take(&mut word)),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

enum Plain {
    Letters(&'static str),
    Nothing,
    Itself,
}

/// A small letter without its accents.
fn plain(c: char) -> Plain {
    Plain::Letters(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'į' => "i",
        'ķ' => "k",
        'ł' | 'ľ' | 'ĺ' | 'ļ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => "o",
        'œ' => "oe",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' | 'ţ' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' | 'ΐ' => "ι",
        'ό' => "ο",
        'ύ' | 'ϋ' | 'ΰ' => "υ",
        'ώ' => "ω",
        'ς' => "σ",
        'ё' => "е",
        // Accents that stand behind their letter, and what joins or hides.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => return Plain::Nothing,
        _ => return Plain::Itself,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_plainly() {
        for (text, expected) in [
            ("  STOP ALL!!", &["stop", "all"][..]),
            ("Opt-out.", &["opt", "out"]),
            ("ARRÊT", &["arret"]),
            ("arre\u{302}t", &["arret"]),
            ("Hjälp / HJÆLP", &["hjalp", "hjaelp"]),
            ("WYPISZ\u{FE0F} mnie🛑", &["wypisz", "mnie"]),
            ("ΣΤΟΠ στοπς", &["στοπ", "στοπσ"]),
            ("İptal", &["iptal"]),
            ("…!?", &[]),
            ("", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
