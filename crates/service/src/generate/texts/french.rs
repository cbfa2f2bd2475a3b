//! French sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Camille", "Louis", "Manon", "Hugo", "Chloé", "Jules", "Zoé", "Arthur", "Léa", "Gaspard"],
    cities: &["Lyon", "Nantes", "Lille", "Bordeaux", "Rennes", "Nice", "Namur", "Toulouse"],
    topics: [
        &[
            "Bonjour {name}, votre commande {n} est partie de {city} et arrivera aujourd'hui avant {time}.",
            "Votre colis {n} vous attend au relais de {city}. Pensez à apporter le code {code}.",
        ],
        &[
            "Rappel : votre rendez-vous est demain à {time}. Répondez OUI pour confirmer, NON pour annuler.",
            "{name}, une place s'est libérée à {time} au cabinet de {city}. Souhaitez-vous venir plus tôt ?",
        ],
        &[
            "{code} est votre code de connexion. Il est valable dix minutes. Ne le donnez à personne.",
            "Saisissez {code} pour valider votre paiement de {amount}. Ce n'est pas vous ? Ignorez ce message.",
        ],
        &[
            "Ce week-end seulement : -20% sur tout le magasin de {city}. Montrez ce message à la caisse.",
            "{name}, vos points valent {amount} aujourd'hui. Profitez-en avant dimanche, en ligne ou sur place.",
        ],
        &[
            "La facture {n} de {amount} arrive à échéance vendredi. Ne tenez pas compte de ce rappel si elle est réglée.",
            "Merci {name}, nous avons bien reçu votre paiement de {amount} pour la facture {n}.",
        ],
        &[
            "Votre train pour {city} part à {time}, voie 7. Nous vous souhaitons un agréable voyage.",
            "Le vol {n} pour {city} embarque porte 12. Fermeture des portes dix minutes avant {time}.",
        ],
        &[
            "Ouverture des portes à {time} à {city}. Votre billet {n} se montre sur le téléphone.",
            "{name}, merci d'être venue hier ! Votre avis en un chiffre de 1 à 5 nous aiderait beaucoup.",
        ],
        &[
            "Travaux : coupure d'eau dans votre rue à partir de {time}, pendant deux heures environ.",
            "L'école est fermée demain à cause de la neige. D'autres nouvelles ce soir vers {time}.",
        ],
    ],
    tails: &[
        "Une question ? Répondez à ce message.",
        "Merci de votre confiance, {name}.",
        "Votre référence : {n}.",
        "STOP pour ne plus recevoir nos messages.",
    ],
    replies: &[
        "Oui, c'est parfait, à demain {time}.",
        "Non, désolé, je ne peux pas venir. Un autre jour ?",
        "Merci beaucoup !",
        "D'accord",
        "Où est ma commande {n} ? Je l'attendais hier.",
        "Pouvez-vous m'appeler après {time} ?",
        "Vous devez vous tromper de numéro, je m'appelle {name}.",
    ],
};
