//! Swedish sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Astrid", "Björn", "Elsa", "Gustav", "Maja", "Oskar", "Saga", "Nils", "Åsa", "Östen"],
    cities: &["Malmö", "Uppsala", "Lund", "Umeå", "Örebro", "Åbo", "Gävle", "Växjö"],
    topics: [
        &[
            "Hej {name}, din beställning {n} har lämnat lagret i {city} och kommer i dag efter {time}.",
            "Ditt paket {n} finns att hämta hos ombudet i {city}. Ta med dig koden {code}.",
        ],
        &[
            "Påminnelse: du har en tid i morgon klockan {time}. Svara JA för att bekräfta eller NEJ för att avboka.",
            "{name}, vi har fått en ledig tid klockan {time} på mottagningen i {city}. Vill du komma tidigare?",
        ],
        &[
            "{code} är din inloggningskod. Den gäller i tio minuter. Lämna aldrig ut den till någon.",
            "Ange {code} för att godkänna köpet på {amount}. Var det inte du? Bortse från meddelandet.",
        ],
        &[
            "Bara i helgen: 20% på allt i butiken i {city}. Visa upp det här meddelandet i kassan.",
            "{name}, dina poäng är värda {amount} i dag. Använd dem före söndag, på nätet eller hos oss.",
        ],
        &[
            "Faktura {n} på {amount} förfaller på fredag. Bortse från påminnelsen om du redan har betalat.",
            "Tack {name}, vi har tagit emot din betalning på {amount} för faktura {n}.",
        ],
        &[
            "Ditt tåg mot {city} går klockan {time} från spår 7. Vi önskar dig en trevlig resa.",
            "Flyg {n} till {city}: ombordstigning vid gate 12. Dörrarna stänger tio minuter före {time}.",
        ],
        &[
            "Insläppet börjar klockan {time} i {city}. Biljetten {n} visar du i telefonen.",
            "{name}, tack för att du kom i går! Hur var det? Svara gärna med en siffra från 1 till 5.",
        ],
        &[
            "Vattnet stängs av på din gata från klockan {time} i ungefär två timmar. Vi beklagar.",
            "Skolan är stängd i morgon på grund av snön. Mer information kommer i kväll vid {time}.",
        ],
    ],
    tails: &[
        "Frågor? Svara på det här meddelandet.",
        "Tack för att du är kund hos oss, {name}.",
        "Din referens är {n}.",
        "Svara STOPP för att slippa fler utskick.",
    ],
    replies: &[
        "Ja, det går bra, vi ses klockan {time}.",
        "Nej, tyvärr kan jag inte då. Går det en annan dag?",
        "Tack så mycket!",
        "Okej",
        "Var är min beställning {n}? Den skulle ha kommit i går.",
        "Kan ni ringa mig efter klockan {time}?",
        "Ni har nog skrivit fel nummer, jag heter {name}.",
    ],
};
