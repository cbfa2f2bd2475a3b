//! Live traffic of the demonstration: an account that writes to people, and people who answer.

use std::time::Duration;

use carriers::simulator::Profile;
use rand::Rng;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use service::Service;
use service::model::Message;
use service::plan::{Policy, Recipient, SubmitRequest, Text};
use service::query::MessageQuery;
use sms::{AccountId, Direction, Number};

use crate::failure::Failure;
use crate::signals::{Asked, asked};

/// The number that people write to, and that writes to them.
pub(super) const OWN_NUMBER: &str = "46737494990";
/// Handsets that are written to: those of the newest messages, so that conversations go on.
const HANDSETS: u32 = 400;
/// Somebody to write to where there is no history.
pub(super) const SOMEBODY: &str = "46701740605";

/// How the carrier of the demonstration behaves.
pub(super) fn profile() -> Result<Profile, Failure> {
    let text = include_str!("carrier.toml");
    text.parse().map_err(|error| Failure::failed(format!("the demonstration's carrier: {error}")))
}

/// What is written: a text, whether one name stands for the sender instead of the number, and its program.
struct Occasion {
    text: &'static str,
    name: Option<&'static str>,
    /// With what the numbers of those begin who read its language; nothing where everybody may get it.
    readers: &'static [&'static str],
    /// Which of the account's programs, counted from its default one, which is left to what visitors send.
    program: usize,
}

impl Occasion {
    fn fits(&self, to: &str) -> bool {
        self.readers.is_empty() || self.readers.iter().any(|prefix| to.starts_with(prefix))
    }
}

const OCCASIONS: [Occasion; 8] = [
    Occasion {
        text: "Din leverans {n} kommer idag mellan 15 och 17. Svara JA om du är hemma.",
        name: None,
        readers: &["46"],
        program: 1,
    },
    Occasion {
        text: "Reminder: your appointment is tomorrow at {h}:30, ref {n}. Reply OK to confirm.",
        name: None,
        readers: &[],
        program: 2,
    },
    Occasion {
        text: "{n} is your login code. Do not share it with anybody.",
        name: Some("Bank"),
        readers: &[],
        program: 2,
    },
    Occasion {
        text: "Votre colis {n} arrive demain à partir de {h}h. Répondez OUI si vous serez chez vous.",
        name: None,
        readers: &["33", "32"],
        program: 1,
    },
    Occasion {
        text: "Spring offer: 20 % off everything until Sunday with the code SPRING{h}. Reply STOP to opt out.",
        name: None,
        readers: &[],
        program: 3,
    },
    Occasion {
        text: "How did we do with order {n}? Reply with a number from 1 to 5.",
        name: None,
        readers: &[],
        program: 1,
    },
    Occasion {
        text: "Ваше замовлення {n} готове. Ми працюємо до {h}:00 🎉",
        name: Some("Shop"),
        readers: &["380"],
        program: 1,
    },
    Occasion {
        text: "Server {n} is back after {h} minutes. Everything that was accepted meanwhile has been delivered; no action is needed. The report with all details will be in your mailbox tomorrow morning.",
        name: Some("Alarm"),
        readers: &[],
        program: 2,
    },
];

/// Who is written to.
async fn handsets(service: &Service, account: AccountId) -> Result<Vec<String>, Failure> {
    let direction = Some(Direction::Mt);
    let newest = MessageQuery { direction, limit: HANDSETS, descending: true, ..MessageQuery::default() };
    let page = service.messages(account, newest).await.map_err(Failure::failed)?;
    let mut all: Vec<String> = page.messages.into_iter().map(|message: Message| message.recipient).collect();
    all.push(SOMEBODY.to_owned());
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Who writes to people.
pub(super) struct Traffic {
    service: Service,
    account: AccountId,
    people: Vec<String>,
    programs: Vec<Number>,
}

impl Traffic {
    /// Traffic to those who have been written to until now, and to nobody else.
    pub(super) async fn of(service: &Service, account: AccountId) -> Result<Self, Failure> {
        let people = handsets(service, account).await?;
        let programs = service.programs(account).await.map_err(Failure::failed)?;
        let programs = programs.into_iter().map(|program| program.number).collect();
        Ok(Self { service: service.clone(), account, people, programs })
    }

    /// Writes to them, so many messages a second on average, until told to stop.
    pub(super) async fn run(self, rate: u32, seed: u64, mut stop: Asked) {
        let Some(each) = Duration::from_secs(1).checked_div(rate) else { return };
        let mut dice = StdRng::seed_from_u64(seed);
        loop {
            let pause = each.mul_f64(dice.random_range(0.2..1.8));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = asked(&mut stop) => return,
            }
            let request = request(&mut dice, &self.people, &self.programs);
            if let Err(error) = self.service.submit(self.account, request, &Policy::default(), None).await {
                tracing::warn!(%error, "a message of the demonstration was refused");
            }
        }
    }
}

fn request(dice: &mut StdRng, people: &[String], programs: &[Number]) -> SubmitRequest {
    let to = people.choose(dice).map_or(SOMEBODY, String::as_str);
    let fitting: Vec<&Occasion> = OCCASIONS.iter().filter(|occasion| occasion.fits(to)).collect();
    let Occasion { text, name, program, .. } = fitting.choose(dice).copied().unwrap_or(&OCCASIONS[0]);
    let text = text
        .replace("{n}", &dice.random_range(100_000..1_000_000).to_string())
        .replace("{h}", &dice.random_range(9..18).to_string());
    SubmitRequest {
        text: Text::Plain(text),
        recipients: vec![Recipient::of(to)],
        sender: Some(name.unwrap_or(OWN_NUMBER).to_owned()),
        program: programs.get(*program).copied().unwrap_or_default(),
        ..SubmitRequest::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_answer_what_is_written_to_them() {
        let profile = profile().expect("sound");
        let answered = OCCASIONS.iter().filter(|occasion| {
            profile.replies.iter().any(|rule| rule.recipient.fits("46701") && rule.text.fits(occasion.text))
        });
        assert_eq!(answered.count(), 5);
        assert!(profile.script.iter().all(|entry| entry.mo.to == OWN_NUMBER));
    }

    #[test]
    fn requests_are_as_from_an_account() {
        let mut dice = StdRng::seed_from_u64(1);
        for _ in 0..100 {
            let request = request(&mut dice, &["447700900123".to_owned()], &[7, 8, 9, 10]);
            let Text::Plain(text) = &request.text else { panic!("{request:?}") };
            assert!(!text.contains("Din leverans") && !text.contains("Votre colis"), "in English");
            assert!(!text.contains('{') && request.sender.is_some() && request.program >= 8, "{request:?}");
        }
    }
}
