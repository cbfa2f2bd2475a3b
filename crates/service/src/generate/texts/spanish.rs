//! Spanish sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Lucía", "Mateo", "Sofía", "Diego", "Elena", "Pablo", "Carmen", "Andrés", "Begoña", "Iñigo"],
    cities: &["Valencia", "Sevilla", "Bilbao", "Málaga", "Puebla", "Mérida", "Zaragoza", "Oviedo"],
    topics: [
        &[
            "Hola {name}, tu pedido {n} ha salido de {city} y llegará hoy antes de las {time}.",
            "Tu paquete {n} te espera en el punto de recogida de {city}. No olvides el código {code}.",
        ],
        &[
            "Recordatorio: tienes cita mañana a las {time}. Responde SI para confirmar o NO para cambiarla.",
            "{name}, ha quedado un hueco a las {time} en la clínica de {city}. ¿Quieres venir antes?",
        ],
        &[
            "{code} es tu código de acceso. Vale durante diez minutos. No lo compartas con nadie.",
            "Usa {code} para aprobar el pago de {amount}. Si no has sido tú, ignora este mensaje.",
        ],
        &[
            "Solo este fin de semana: 20% menos en toda la tienda de {city}. Enseña este mensaje en caja.",
            "{name}, hoy tus puntos valen {amount}. Gástalos antes del domingo, en línea o en la tienda.",
        ],
        &[
            "La factura {n} de {amount} vence el viernes. Si ya la has pagado, no hagas caso de este aviso.",
            "Gracias, {name}. Hemos recibido tu pago de {amount} por la factura {n}.",
        ],
        &[
            "Tu tren a {city} sale a las {time} de la vía 7. Te deseamos un buen viaje.",
            "El vuelo {n} a {city} embarca por la puerta 12. Las puertas cierran diez minutos antes de las {time}.",
        ],
        &[
            "Las puertas abren a las {time} en {city}. Enseña la entrada {n} en el teléfono.",
            "{name}, ¡gracias por venir ayer! ¿Qué te pareció? Responde con un número del 1 al 5.",
        ],
        &[
            "Habrá un corte de agua en tu calle desde las {time}, durante unas dos horas. Disculpa.",
            "Mañana no hay clase por la nieve. Daremos más noticias esta tarde a las {time}.",
        ],
    ],
    tails: &[
        "¿Dudas? Responde a este mensaje.",
        "Gracias por confiar en nosotros, {name}.",
        "Tu referencia es {n}.",
        "Responde STOP para darte de baja.",
    ],
    replies: &[
        "Sí, me viene bien, nos vemos a las {time}.",
        "No, lo siento, no puedo ir. ¿Puede ser otro día?",
        "¡Muchas gracias!",
        "Vale",
        "¿Dónde está mi pedido {n}? Tenía que llegar ayer.",
        "¿Me pueden llamar después de las {time}?",
        "Creo que se equivocan, yo me llamo {name}.",
    ],
};
