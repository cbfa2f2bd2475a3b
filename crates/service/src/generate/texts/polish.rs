//! Polish sentences. Senders there mostly leave the accents out, which keeps a text in the GSM alphabet; some
//! of these do, some do not.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Zofia", "Jan", "Maja", "Filip", "Hanna", "Antoni", "Julia", "Szymon", "Lena", "Igor"],
    cities: &["Gdynia", "Lublin", "Poznan", "Krakow", "Opole", "Torun", "Radom", "Sopot"],
    topics: [
        &[
            "Witaj {name}, zamowienie {n} opuscilo magazyn w miescie {city} i dotrze dzisiaj po {time}.",
            "Paczka {n} czeka w punkcie {city}. Przy odbiorze prosimy podać kod {code}.",
        ],
        &[
            "Przypominamy o wizycie jutro o {time}. Odpisz TAK, aby potwierdzic, lub NIE, aby zmienic termin.",
            "{name}, zwolnil sie termin o {time} w przychodni {city}. Czy chcesz przyjsc wczesniej?",
        ],
        &[
            "{code} to Twoj kod logowania. Jest wazny dziesiec minut. Nikomu go nie podawaj.",
            "Wpisz {code}, aby potwierdzic platnosc {amount}. To nie Ty? Zignoruj te wiadomosc.",
        ],
        &[
            "Tylko w ten weekend: 20% taniej w sklepie {city}. Pokaż tę wiadomość przy kasie.",
            "{name}, Twoje punkty sa dzis warte {amount}. Wykorzystaj je do niedzieli w sklepie lub w sieci.",
        ],
        &[
            "Faktura {n} na kwote {amount} jest platna w piatek. Jesli juz zaplacona, prosimy nic nie robic.",
            "Dziekujemy, {name}. Wplata {amount} do faktury {n} zostala przyjeta.",
        ],
        &[
            "Pociag do stacji {city} odjezdza o {time} z peronu 7. Zyczymy przyjemnej podrozy.",
            "Lot {n} do miasta {city}: wejscie przez bramke 12. Drzwi zamykamy dziesiec minut przed {time}.",
        ],
        &[
            "Wejscie od {time}, {city}. Bilet {n} wystarczy pokazac na telefonie.",
            "{name}, dziękujemy za wczorajszy wieczór! Jak było? Odpisz liczbą od 1 do 5.",
        ],
        &[
            "Prace na sieci: brak wody na Twojej ulicy od {time}, przez okolo dwie godziny.",
            "Jutro szkola jest zamknieta z powodu sniegu. Wiecej wiadomosci dzis po {time}.",
        ],
    ],
    tails: &[
        "Pytania? Odpisz na te wiadomosc.",
        "Dziekujemy za zaufanie, {name}.",
        "Numer sprawy: {n}.",
        "Odpisz STOP, aby zrezygnowac.",
    ],
    replies: &[
        "Tak, pasuje, do zobaczenia o {time}.",
        "Nie, przykro mi, nie moge. Czy mozliwy jest inny dzien?",
        "Dziękuję bardzo!",
        "Dobrze",
        "Gdzie jest moje zamowienie {n}? Mialo byc wczoraj.",
        "Czy moga Panstwo zadzwonic po {time}?",
        "To chyba pomylka, nazywam sie {name}.",
    ],
};
