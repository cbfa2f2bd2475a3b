//! Words by which people say that they want no more messages, want them again, or want to know more.

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// To be written to no more.
    Stop,
    /// To be written to again.
    Start,
    /// To know who writes and how to make it stop.
    Help,
}

/// The longest text that is looked up, in octets of its letters and digits.
const LONGEST: usize = 40;

/// The words of a language: small letters without accents and blanks, so that `STOP ALL` and `opt-out` are one
/// word.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    /// In English.
    pub name: &'static str,
    /// Words for [`Command::Stop`].
    pub stop: &'static [&'static str],
    /// Words for [`Command::Start`].
    pub start: &'static [&'static str],
    /// Words for [`Command::Help`].
    pub help: &'static [&'static str],
}

impl Language {
    fn commands(&self) -> [(Command, &'static [&'static str]); 3] {
        [(Command::Stop, self.stop), (Command::Start, self.start), (Command::Help, self.help)]
    }
}

/// All are obeyed everywhere. Among the English ones are those that the telecommunications authority of the USA
/// lists.
pub const LANGUAGES: &[Language] = &[
    Language {
        name: "English",
        stop: &[
            "stop",
            "stopall",
            "stopp",
            "unsubscribe",
            "cancel",
            "end",
            "quit",
            "optout",
            "revoke",
            "stopsms",
            "unsub",
        ],
        start: &["start", "unstop", "optin", "subscribe", "resubscribe", "startall"],
        help: &["help", "info"],
    },
    Language {
        name: "Swedish",
        stop: &[
            "stoppa",
            "sluta",
            "avsluta",
            "avregistrera",
            "avprenumerera",
            "avanmal",
            "stoppalla",
            "stoppaalla",
        ],
        start: &["starta", "borja", "prenumerera", "anmal"],
        help: &["hjalp", "hjalpa"],
    },
    Language {
        name: "Norwegian",
        stop: &["stans", "avslutt", "avmeld", "slutt", "stoppalle"],
        start: &["begynn", "pamelding", "meldpa"],
        help: &["hjelp"],
    },
    Language {
        name: "Danish",
        stop: &["afmeld", "stands", "afslut", "frameld", "stopalle"],
        start: &["tilmeld"],
        help: &["hjaelp", "hjlp"],
    },
    Language {
        name: "Finnish",
        stop: &["lopeta", "seis", "peruuta", "pysayta", "stopkaikki"],
        start: &["aloita", "tilaa"],
        help: &["apua", "ohje", "ohjeet"],
    },
    Language {
        name: "German",
        stop: &["abmelden", "abbestellen", "beenden", "ende", "austragen", "stopalles"],
        start: &["starten", "anmelden"],
        help: &["hilfe"],
    },
    Language {
        name: "French",
        stop: &[
            "arret",
            "arreter",
            "arretez",
            "desabonner",
            "desabonnement",
            "desinscrire",
            "desinscription",
            "stoptout",
        ],
        start: &["reprendre", "demarrer", "reabonner"],
        help: &["aide"],
    },
    Language {
        name: "Spanish",
        stop: &["baja", "alto", "parar", "detener", "cancelar", "darsedebaja", "dardebaja", "stoptodo"],
        start: &["alta", "iniciar", "empezar", "darsedealta"],
        help: &["ayuda", "informacion"],
    },
    Language {
        name: "Italian",
        stop: &["ferma", "fermare", "basta", "cancella", "disiscrivi", "annulla", "stoptutto"],
        start: &["inizia", "iscrivi", "avvia"],
        help: &["aiuto", "informazioni"],
    },
    Language {
        name: "Dutch",
        stop: &["stoppen", "afmelden", "uitschrijven", "stopallemaal"],
        start: &["beginnen", "aanmelden", "inschrijven"],
        help: &["hulp"],
    },
    Language {
        name: "Portuguese",
        stop: &["pare", "sair", "remover", "descadastrar", "paratudo"],
        start: &["comecar", "voltar", "cadastrar"],
        help: &["ajuda", "informacao"],
    },
    Language {
        name: "Polish",
        stop: &["koniec", "rezygnuje", "rezygnacja", "wypisz", "zatrzymaj", "anuluj"],
        start: &["wznow", "zapisz"],
        help: &["pomoc", "informacje"],
    },
    Language {
        name: "Czech and Slovak",
        stop: &["konec", "odhlasit", "zrusit", "zastavit"],
        start: &["zacit", "prihlasit"],
        help: &["napoveda"],
    },
    Language { name: "Estonian", stop: &["peata", "loobu"], start: &["alusta"], help: &["abi"] },
    Language {
        name: "Greek", stop: &["στοπ", "διακοπη"], start: &["εναρξη"], help: &["βοηθεια"]
    },
    Language {
        name: "Russian and Ukrainian",
        stop: &["стоп", "отписка", "отписаться", "відписатися"],
        start: &["старт"],
        help: &["помощь", "допомога"],
    },
];

/// What these words ask for, if they are one of the known ones and nothing else.
pub(crate) fn command(words: &[String]) -> Option<Command> {
    let text = compact(words)?;
    LANGUAGES
        .iter()
        .flat_map(Language::commands)
        .find(|(_, known)| known.contains(&text.as_str()))
        .map(|(command, _)| command)
}

/// Words without what stands between them: `opt-out`, `OPT OUT` and `optout` are the same.
pub(crate) fn compact(words: &[String]) -> Option<String> {
    let length: usize = words.iter().map(String::len).sum();
    (1..=LONGEST).contains(&length).then(|| words.concat())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::fold;
    use super::*;

    fn of(text: &str) -> Option<Command> {
        command(&fold::words(text))
    }

    #[test]
    fn only_the_whole_text_is_a_command() {
        for text in [
            "STOP",
            "stop.",
            "\"Stop\"",
            "Stop all!!",
            "STOP-ALL",
            "S T O P",
            "Opt out",
            "ARRÊT",
            "ΣΤΟΠ",
            "stopp 🛑",
        ] {
            assert_eq!(of(text), Some(Command::Stop), "{text}");
        }
        assert_eq!(of("Hjälp?"), Some(Command::Help));
        assert_eq!(of("START"), Some(Command::Start));
        for text in ["", "!!", "please stop", "stop it", "don't stop", "the end", "Non stop", "ok", "stop 1"]
        {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of(&"stop ".repeat(50)), None);
    }

    #[test]
    fn words_are_plain_and_mean_one_thing() {
        let mut known = HashMap::new();
        for language in LANGUAGES {
            let name = language.name;
            for (command, words) in language.commands() {
                for word in words {
                    assert_eq!(fold::words(word), [*word], "{name}");
                    assert!(word.len() <= LONGEST);
                    assert_eq!(known.insert(*word, command), None, "{name}: {word} stands twice");
                }
            }
        }
    }

    #[test]
    fn the_documentation_lists_them_all() {
        let page = include_str!("../../../../docs/receiving.md");
        for language in LANGUAGES {
            let name = language.name;
            let row = page.lines().find(|line| line.starts_with(&format!("| {name} |")));
            let row = row.unwrap_or_else(|| panic!("no row for {name}"));
            assert_eq!(
                row.matches('`').count() / 2,
                language.commands().iter().map(|(_, words)| words.len()).sum::<usize>(),
                "{name}"
            );
            for word in language.commands().into_iter().flat_map(|(_, words)| words) {
                assert!(row.contains(&format!("`{word}`")), "{name}: {word}");
            }
        }
    }
}
