//! From the members of a line to a row of the ledger: what each may say, and what its absence means.

mod story;

use ledger::change::{Answered, ImportRow};
use ledger::model::{Account, Message, Network};
use sms::id::{PackedId, PackedKind};
use sms::phone::{CountryLookup, Phone};
use sms::{AccountId, BatchKey, Country, Currency, Direction, Micros, Money, Number};

use super::record::{Record, Text};
use super::{LineFault, ids, party};

/// Numbers of which the country is remembered while an import runs: some 300 KB.
const REMEMBERED: usize = 1 << 14;

/// Judges records for one account.
pub(crate) struct Judge {
    account: AccountId,
    currency: Currency,
    default_program: Number,
    programs: Vec<Number>,
    lenient: bool,
    countries: CountryLookup,
}

impl Judge {
    /// A judge for `account`, which has `programs` besides its default one.
    pub(crate) fn new(account: &Account, programs: Vec<Number>, lenient: bool) -> Self {
        Self {
            account: account.id,
            currency: account.currency,
            default_program: account.default_program,
            programs,
            lenient,
            countries: CountryLookup::new(REMEMBERED),
        }
    }

    /// Reads a line into a row. With it comes the own id of the MT it answers, if it is one: the row names
    /// that message by its number alone, and whoever writes it sees that the id fits.
    pub(crate) fn row(&mut self, line: &[u8]) -> Result<(ImportRow, Option<PackedId>), LineFault> {
        self.judge(&Record::read(line, self.lenient)?)
    }

    fn judge(&mut self, record: &Record<'_>) -> Result<(ImportRow, Option<PackedId>), LineFault> {
        let id = required("id", record.id.as_ref())?;
        if id.is_empty() {
            return Err(LineFault::member("id", "nothing in it"));
        }
        let direction = direction(required("direction", record.direction.as_ref())?)?;
        let created = instant("created", required("created", record.created.as_ref())?)?;
        let answers = match (&record.answers, direction) {
            (Some(_), Direction::Mt) => return Err(LineFault::member("answers", "only an MO answers")),
            (Some(answered), Direction::Mo) => Some((ids::message(answered), self.own(answered))),
            (None, _) => None,
        };
        let own = self.own(id).filter(|own| own.seconds == created.seconds()).map(|own| own.number);
        let message = self.message(record, direction, created)?;
        let batch = record.batch.as_deref().filter(|_| direction == Direction::Mt).map(ids::batch);
        let doubtful = answers.and_then(|(_, own)| own);
        let answers =
            answers.map(|(id, own)| Answered { id, own: own.map(|own| own.number), optional: self.lenient });
        Ok((ImportRow { id: ids::message(id), own, batch, answers, message }, doubtful))
    }

    fn message(
        &mut self,
        record: &Record<'_>,
        direction: Direction,
        created: Micros,
    ) -> Result<Message, LineFault> {
        let party = |member, given: &str| match direction {
            // A carrier may name neither end; what was taken in so reads back.
            Direction::Mo if given.is_empty() => Ok(String::new()),
            Direction::Mo | Direction::Mt => a_party(member, given),
        };
        let sender = match &record.sender {
            Some(sender) => Some(party("sender", sender)?),
            None if direction == Direction::Mo => return Err(missing("sender")),
            None => None,
        };
        let recipient = party("recipient", required("recipient", record.recipient.as_ref())?)?;
        let body = required("body", record.body.as_ref())?;
        let measure = sms::coding::measure(body);
        let handset = if direction == Direction::Mt { Some(&recipient) } else { sender.as_ref() };
        let country = self.country(record.country.as_deref(), handset.map_or("", String::as_str))?;
        let story = story::read(&record.history, direction, created, self.lenient)?;
        Ok(Message {
            number: 0,
            direction,
            outcome: story.outcome,
            created,
            date: match &record.date {
                Some(date) => instant("date", date)?.seconds(),
                None => created.seconds(),
            },
            country,
            sender,
            sender_used: None,
            recipient,
            body: body.to_owned(),
            coding: measure.coding,
            forced_by: measure.forced_by,
            segments: measure.segments,
            flash: record.flash.unwrap_or(false),
            priority: 1,
            batch: BatchKey::Mt(0),
            program: self.program(record.program)?,
            list: owned(record.list.as_ref()),
            reference: owned(record.reference.as_ref()),
            answers: None,
            price: self.price(record)?,
            credits: record.credits.unwrap_or(match direction {
                // Whatever became of it: a history that grows later must not change what is known.
                Direction::Mt => measure.segments.into(),
                Direction::Mo => 0,
            }),
            network: network(record)?,
            hidden: false,
            history: story.entries,
        })
    }

    /// The message that an id names if it is one of this account's own.
    fn own(&self, id: &str) -> Option<PackedId> {
        PackedId::parse(id).filter(|own| own.kind == PackedKind::Message && own.account == self.account)
    }

    fn program(&self, program: Option<Number>) -> Result<Number, LineFault> {
        match program {
            None => Ok(self.default_program),
            Some(number) if number == self.default_program || self.programs.contains(&number) => Ok(number),
            Some(number) => Err(LineFault::member("program", format!("the account has no program {number}"))),
        }
    }

    fn price(&self, record: &Record<'_>) -> Result<Money, LineFault> {
        let currency = match &record.currency {
            Some(given) => Some(
                given
                    .parse::<Currency>()
                    .map_err(|error| LineFault::member("currency", error.to_string()))?,
            ),
            None => None,
        };
        let Some(price) = &record.price else { return Ok(Money::ZERO) };
        if let Some(currency) = currency.filter(|currency| *currency != self.currency) {
            let what = format!("{currency}, but the account keeps its prices in {}", self.currency);
            return Err(LineFault::member("currency", what));
        }
        let price: Money = price
            .parse()
            .map_err(|error: sms::money::MoneyError| LineFault::member("price", error.to_string()))?;
        if price < Money::ZERO {
            return Err(LineFault::member("price", "a price below nothing"));
        }
        Ok(price)
    }

    fn country(&mut self, given: Option<&str>, handset: &str) -> Result<Country, LineFault> {
        if let Some(given) = given {
            return given.parse().map_err(|error: sms::country::CountryError| {
                LineFault::member("country", error.to_string())
            });
        }
        let digits = handset.bytes().all(|digit| digit.is_ascii_digit());
        let phone = if digits { Phone::parse(handset).ok() } else { None };
        Ok(phone.map_or(Country::UNKNOWN, |phone| self.countries.country(&phone)))
    }
}

fn missing(member: &str) -> LineFault {
    LineFault::member(member, "missing")
}

fn required<'t>(member: &str, text: Option<&'t Text<'_>>) -> Result<&'t str, LineFault> {
    text.map(|text| &**text).ok_or_else(|| missing(member))
}

fn owned(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.to_string())
}

fn direction(word: &str) -> Result<Direction, LineFault> {
    [Direction::Mt, Direction::Mo]
        .into_iter()
        .find(|direction| direction.word() == word)
        .ok_or_else(|| LineFault::member("direction", "neither \"mt\" nor \"mo\""))
}

fn a_party(member: &str, given: &str) -> Result<String, LineFault> {
    party::normalise(given).map_err(|what| LineFault::member(member, what))
}

/// Reads an instant; `member` may be a path such as `history[2].at`.
fn instant(member: &str, text: &str) -> Result<Micros, LineFault> {
    // The library reads more of ISO 8601 than RFC 3339 has; the fixed places of the latter tell them apart.
    let shaped = text.is_ascii()
        && text.len() >= 20
        && [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')]
            .iter()
            .all(|(place, mark)| text.as_bytes().get(*place) == Some(mark))
        && !text.contains('[');
    let instant = Micros::parse_rfc3339(text)
        .filter(|_| shaped)
        .ok_or_else(|| LineFault::member(member, "no date as of RFC 3339, such as 2018-10-23T17:43:19Z"))?;
    if !instant.in_range() {
        return Err(LineFault::member(member, "not between 1970 and February 2106"));
    }
    Ok(instant)
}

fn network(record: &Record<'_>) -> Result<Network, LineFault> {
    let code = |member: &str, text: Option<&Text<'_>>, lengths: std::ops::RangeInclusive<usize>| {
        let Some(text) = text else { return Ok(None) };
        if !lengths.contains(&text.len()) || !text.bytes().all(|digit| digit.is_ascii_digit()) {
            let (least, most) = (lengths.start(), lengths.end());
            let what = if least == most {
                format!("not {most} digits")
            } else {
                format!("not {least} or {most} digits")
            };
            return Err(LineFault::member(member, what));
        }
        Ok(Some(text.to_string()))
    };
    Ok(Network {
        mcc: code("mcc", record.mcc.as_ref(), 3..=3)?,
        mnc: code("mnc", record.mnc.as_ref(), 2..=3)?,
        name: owned(record.network.as_ref()),
    })
}
