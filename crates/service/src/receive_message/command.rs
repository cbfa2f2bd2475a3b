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

/// Words of a language, as [`super::fold`] leaves them, without blanks: `STOP ALL` and `opt-out` are one word.
/// All are obeyed everywhere. Among the English ones are those that the telecommunications authority of the USA lists.
pub(crate) const WORDS: &[(&str, &[(Command, &[&str])])] = &[
    (
        "English",
        &[
            (
                Command::Stop,
                &[
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
            ),
            (Command::Start, &["start", "unstop", "optin", "subscribe", "resubscribe", "startall"]),
            (Command::Help, &["help", "info"]),
        ],
    ),
    (
        "Swedish",
        &[
            (
                Command::Stop,
                &[
                    "stoppa",
                    "sluta",
                    "avsluta",
                    "avregistrera",
                    "avprenumerera",
                    "avanmal",
                    "stoppalla",
                    "stoppaalla",
                ],
            ),
            (Command::Start, &["starta", "borja", "prenumerera", "anmal"]),
            (Command::Help, &["hjalp", "hjalpa"]),
        ],
    ),
    (
        "Norwegian",
        &[
            (Command::Stop, &["stans", "avslutt", "avmeld", "slutt", "stoppalle"]),
            (Command::Start, &["begynn", "pamelding", "meldpa"]),
            (Command::Help, &["hjelp"]),
        ],
    ),
    (
        "Danish",
        &[
            (Command::Stop, &["afmeld", "stands", "afslut", "frameld", "stopalle"]),
            (Command::Start, &["tilmeld"]),
            (Command::Help, &["hjaelp", "hjlp"]),
        ],
    ),
    (
        "Finnish",
        &[
            (Command::Stop, &["lopeta", "seis", "peruuta", "pysayta", "stopkaikki"]),
            (Command::Start, &["aloita", "tilaa"]),
            (Command::Help, &["apua", "ohje", "ohjeet"]),
        ],
    ),
    (
        "German",
        &[
            (Command::Stop, &["abmelden", "abbestellen", "beenden", "ende", "austragen", "stopalles"]),
            (Command::Start, &["starten", "anmelden"]),
            (Command::Help, &["hilfe"]),
        ],
    ),
    (
        "French",
        &[
            (
                Command::Stop,
                &[
                    "arret",
                    "arreter",
                    "arretez",
                    "desabonner",
                    "desabonnement",
                    "desinscrire",
                    "desinscription",
                    "stoptout",
                ],
            ),
            (Command::Start, &["reprendre", "demarrer", "reabonner"]),
            (Command::Help, &["aide"]),
        ],
    ),
    (
        "Spanish",
        &[
            (
                Command::Stop,
                &["baja", "alto", "parar", "detener", "cancelar", "darsedebaja", "dardebaja", "stoptodo"],
            ),
            (Command::Start, &["alta", "iniciar", "empezar", "darsedealta"]),
            (Command::Help, &["ayuda", "informacion"]),
        ],
    ),
    (
        "Italian",
        &[
            (Command::Stop, &["ferma", "fermare", "basta", "cancella", "disiscrivi", "annulla", "stoptutto"]),
            (Command::Start, &["inizia", "iscrivi", "avvia"]),
            (Command::Help, &["aiuto", "informazioni"]),
        ],
    ),
    (
        "Dutch",
        &[
            (Command::Stop, &["stoppen", "afmelden", "uitschrijven", "stopallemaal"]),
            (Command::Start, &["beginnen", "aanmelden", "inschrijven"]),
            (Command::Help, &["hulp"]),
        ],
    ),
    (
        "Portuguese",
        &[
            (Command::Stop, &["pare", "sair", "remover", "descadastrar", "paratudo"]),
            (Command::Start, &["comecar", "voltar", "cadastrar"]),
            (Command::Help, &["ajuda", "informacao"]),
        ],
    ),
    (
        "Polish",
        &[
            (Command::Stop, &["koniec", "rezygnuje", "rezygnacja", "wypisz", "zatrzymaj", "anuluj"]),
            (Command::Start, &["wznow", "zapisz"]),
            (Command::Help, &["pomoc", "informacje"]),
        ],
    ),
    (
        "Czech and Slovak",
        &[
            (Command::Stop, &["konec", "odhlasit", "zrusit", "zastavit"]),
            (Command::Start, &["zacit", "prihlasit"]),
            (Command::Help, &["napoveda"]),
        ],
    ),
    (
        "Estonian",
        &[(Command::Stop, &["peata", "loobu"]), (Command::Start, &["alusta"]), (Command::Help, &["abi"])],
    ),
    (
        "Greek",
        &[
            (Command::Stop, &["στοπ", "διακοπη"]),
            (Command::Start, &["εναρξη"]),
            (Command::Help, &["βοηθεια"]),
        ],
    ),
    (
        "Russian and Ukrainian",
        &[
            (Command::Stop, &["стоп", "отписка", "отписаться", "відписатися"]),
            (Command::Start, &["старт"]),
            (Command::Help, &["помощь", "допомога"]),
        ],
    ),
];

/// What these words ask for, if they are one of the known ones and nothing else.
pub(crate) fn command(words: &[String]) -> Option<Command> {
    let text = compact(words)?;
    WORDS
        .iter()
        .flat_map(|(_, commands)| commands.iter())
        .find(|(_, known)| known.contains(&text.as_str()))
        .map(|(command, _)| *command)
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
        for (language, commands) in WORDS {
            for (command, words) in *commands {
                for word in *words {
                    assert_eq!(fold::words(word), [*word], "{language}");
                    assert!(word.len() <= LONGEST);
                    assert_eq!(known.insert(*word, *command), None, "{language}: {word} stands twice");
                }
            }
        }
    }

    #[test]
    fn the_documentation_lists_them_all() {
        let page = include_str!("../../../../docs/receiving.md");
        for (language, commands) in WORDS {
            let row = page.lines().find(|line| line.starts_with(&format!("| {language} |")));
            let row = row.unwrap_or_else(|| panic!("no row for {language}"));
            for word in commands.iter().flat_map(|(_, words)| *words) {
                assert!(row.contains(&format!("`{word}`")), "{language}: {word}");
            }
        }
    }
}
