//! German sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Anna", "Lukas", "Mia", "Jonas", "Lena", "Felix", "Sophie", "Paul", "Jürgen", "Käthe"],
    cities: &["Köln", "Bremen", "Leipzig", "Graz", "Bern", "Dresden", "Münster", "Basel"],
    topics: [
        &[
            "Hallo {name}, Ihre Bestellung {n} ist in {city} unterwegs und kommt heute bis {time} an.",
            "Ihr Paket {n} liegt in der Filiale {city} bereit. Bitte bringen Sie den Code {code} mit.",
        ],
        &[
            "Erinnerung: Ihr Termin ist morgen um {time}. Antworten Sie JA zum Bestätigen oder NEIN zum Absagen.",
            "{name}, in der Praxis in {city} ist um {time} etwas frei geworden. Möchten Sie früher kommen?",
        ],
        &[
            "{code} ist Ihr Anmeldecode. Er gilt zehn Minuten. Geben Sie ihn an niemanden weiter.",
            "Mit {code} bestätigen Sie Ihre Zahlung über {amount}. Waren Sie das nicht? Dann bitte ignorieren.",
        ],
        &[
            "Nur dieses Wochenende: 20% auf alles in unserem Laden in {city}. Einfach diese Nachricht zeigen.",
            "{name}, Ihre Punkte sind heute {amount} wert. Einlösen geht bis Sonntag, online oder vor Ort.",
        ],
        &[
            "Rechnung {n} über {amount} ist am Freitag fällig. Falls schon bezahlt, ist nichts weiter zu tun.",
            "Danke, {name}. Ihre Zahlung von {amount} zu Rechnung {n} ist bei uns eingegangen.",
        ],
        &[
            "Ihr Zug nach {city} fährt um {time} von Gleis 7. Wir wünschen eine angenehme Reise.",
            "Flug {n} nach {city}: Einsteigen an Gate 12. Die Türen schließen zehn Minuten vor {time}.",
        ],
        &[
            "Einlass ist um {time} in {city}. Ihre Karte {n} zeigen Sie am besten auf dem Telefon.",
            "{name}, schön, dass Sie gestern da waren! Wie war es? Eine Zahl von 1 bis 5 genügt uns.",
        ],
        &[
            "Wegen Bauarbeiten gibt es ab {time} für etwa zwei Stunden kein Wasser in Ihrer Straße.",
            "Morgen fällt der Unterricht wegen Glätte aus. Mehr dazu heute Abend ab {time}.",
        ],
    ],
    tails: &[
        "Fragen? Antworten Sie einfach hier.",
        "Vielen Dank für Ihr Vertrauen, {name}.",
        "Ihr Zeichen: {n}.",
        "Mit STOP melden Sie sich ab.",
    ],
    replies: &[
        "Ja, das passt gut, bis {time}.",
        "Nein, leider kann ich da nicht. Geht ein anderer Tag?",
        "Danke schön!",
        "In Ordnung",
        "Wo bleibt meine Bestellung {n}? Sie sollte gestern kommen.",
        "Können Sie mich bitte nach {time} anrufen?",
        "Falsche Nummer, ich heiße {name}.",
    ],
};
