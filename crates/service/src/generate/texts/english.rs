//! English sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &[
        "Alice", "Ben", "Chloe", "Daniel", "Emma", "George", "Hannah", "Jack", "Maya", "Oliver", "Ruby",
        "Sam",
    ],
    cities: &[
        "Boston", "Bristol", "Leeds", "Denver", "Austin", "Portland", "Cardiff", "Toronto", "Dublin", "Perth",
    ],
    topics: [
        &[
            "Hi {name}, your order {n} has left our store in {city} and will be with you today after {time}.",
            "Good news: parcel {n} is waiting for you at the counter in {city}. Please bring the code {code}.",
            "Your order {n} is delayed by one day. We are sorry, {name}, and will write again when it moves.",
        ],
        &[
            "Reminder: your appointment is tomorrow at {time}. Reply YES to confirm or NO to choose another day.",
            "{name}, the dentist in {city} has a free chair at {time}. Would you like to come earlier?",
            "We missed you at {time} today. Call us or answer this message to book a new time.",
        ],
        &[
            "{code} is your sign-in code. It is good for ten minutes. Never share it with anybody.",
            "Use {code} to confirm your payment of {amount}. If this was not you, ignore this message.",
        ],
        &[
            "This weekend only: 20% off everything in our {city} shop. Show this message at the till.",
            "{name}, your loyalty points are worth {amount} today. Spend them before Sunday, online or in store.",
            "New season, new shoes: the first hundred orders get free delivery. Code SPRING{n}.",
        ],
        &[
            "Invoice {n} of {amount} is due on Friday. Please ignore this if you have paid already.",
            "Thank you, {name}. We have received your payment of {amount} for invoice {n}.",
        ],
        &[
            "Your train to {city} leaves at {time} from platform 7. Have a pleasant journey.",
            "Flight {n} to {city} now boards at gate 12. Doors close ten minutes before {time}.",
        ],
        &[
            "Doors open at {time} in {city}. Your ticket is {n}; show it on your phone, no need to print it.",
            "{name}, thank you for coming yesterday! How was it? Answer with a number from 1 to 5.",
        ],
        &[
            "Planned work: no water in your street from {time}, for about two hours. We apologise.",
            "School is closed tomorrow because of the snow. Stay warm, and read the news page for more.",
        ],
    ],
    tails: &[
        "Questions? Answer this message.",
        "Thank you for being our customer, {name}.",
        "Call us any day until {time}.",
        "Your reference is {n}.",
        "Reply STOP to end these messages.",
    ],
    replies: &[
        "Yes, that works for me, see you at {time}.",
        "No, sorry, I cannot come. Is another day possible?",
        "Thanks!",
        "OK",
        "Where is my order {n}? It should have been here yesterday.",
        "Could you please call me after {time}?",
        "I think this was meant for somebody else, my name is {name}.",
        "Great service, thank you very much.",
    ],
};
