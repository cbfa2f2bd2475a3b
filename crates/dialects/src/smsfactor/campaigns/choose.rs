//! Which campaigns a list shows. By age they are read a page at a time; any other order or filter is made
//! here, of all campaigns of the period.

use std::collections::{HashMap, HashSet};

use service::model::Batch;
use service::query::{BatchQuery, MessageQuery};
use sms::{BatchKey, Direction, Number};

use super::super::call::Call;
use super::super::error::Failure;
use super::super::local_time::{self, Bound};
use super::super::messages::number;
use super::super::parameters::{Stretch, sort, stretch, text, word};
use super::record::{cost, date, dates, state};

/// The most campaigns that are filtered or sorted here.
const MOST: u64 = 20_000;
/// Batches, or messages, read at once.
const AT_ONCE: u32 = 1000;

/// A page of campaigns.
pub(super) struct Chosen {
    /// All of the account.
    pub(super) all: u64,
    /// Those that the filters left.
    pub(super) matching: u64,
    /// The page.
    pub(super) page: Vec<Batch>,
}

/// What campaigns can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// When it was made.
    Age,
    /// When it was or will be sent.
    Date,
    Text,
    Cost,
    Status,
}

const KEYS: [(&str, Key); 5] = [
    ("id", Key::Age),
    ("date", Key::Date),
    ("text", Key::Text),
    ("cost", Key::Cost),
    ("status", Key::Status),
];

/// What a list asks for.
struct Wish {
    /// Whether the account pays beforehand, which decides what campaigns cost.
    prepaid: bool,
    from: Option<u32>,
    to: Option<u32>,
    /// Whether nothing can lie in the period.
    never: bool,
    least: Option<u64>,
    most: Option<u64>,
    destination: Option<String>,
    text: Option<String>,
    key: Key,
    descending: bool,
    stretch: Stretch,
}

impl Wish {
    fn read(call: &Call<'_>) -> Result<Self, Failure> {
        let query = &call.query;
        let problem = "is not a date of the form YYYY-MM-DD hh:mm:ss";
        let from = word(query, "date_start", problem, |text| local_time::read(text, Bound::Start))?;
        let to = word(query, "date_end", problem, |text| local_time::read(text, Bound::End))?;
        let never = from.zip(to).is_some_and(|(from, to)| from > to)
            || from.is_some_and(|from| from > i64::from(u32::MAX))
            || to.is_some_and(|to| to < 0);
        let second = |moment: i64| u32::try_from(moment.max(0)).unwrap_or(u32::MAX);
        let count = |name| {
            let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
            let read = |text: &str| digits(text).then(|| text.parse().unwrap_or(u64::MAX));
            word(query, name, "is not a whole number of 0 or more", read)
        };
        let problem = "is none of id, date, text, cost and status, with or without a - before it";
        // The newest come first unless told otherwise.
        let (key, descending) = sort(query, &KEYS, problem)?.unwrap_or((Key::Age, true));
        let destination = text(query, "destination")?.map(str::trim).filter(|text| !text.is_empty());
        Ok(Self {
            prepaid: call.access.account.prepaid,
            from: from.map(second),
            to: to.map(second),
            never,
            least: count("sms_min")?,
            most: count("sms_max")?,
            destination: destination.map(number),
            text: text(query, "text")?.map(str::to_lowercase),
            key,
            descending,
            stretch: stretch(query)?,
        })
    }

    /// All campaigns of the period, by age.
    fn query(&self) -> BatchQuery {
        BatchQuery {
            submissions_only: true,
            from: self.from,
            to: self.to,
            descending: self.descending,
            ..BatchQuery::default()
        }
    }

    fn is_by_age_alone(&self) -> bool {
        let counted = self.least.is_some() || self.most.is_some();
        self.key == Key::Age && !counted && self.destination.is_none() && self.text.is_none()
    }

    fn fits(&self, batch: &Batch, to_destination: Option<&HashSet<BatchKey>>) -> bool {
        let cost = cost(batch, self.prepaid);
        self.least.is_none_or(|least| cost >= least)
            && self.most.is_none_or(|most| cost <= most)
            && self.text.as_ref().is_none_or(|text| batch.text.to_lowercase().contains(text))
            && to_destination.is_none_or(|batches| batches.contains(&batch.key))
    }
}

/// Finds the campaigns that a call asks for.
pub(super) async fn choose(call: &Call<'_>) -> Result<Chosen, Failure> {
    let wish = Wish::read(call)?;
    let (service, account) = (call.service, call.account());
    let every = BatchQuery { submissions_only: true, ..BatchQuery::default() };
    let all = service.batches(account, every).await?.total;
    if wish.never {
        return Ok(Chosen { all, matching: 0, page: Vec::new() });
    }
    let Stretch { start: offset, length: limit } = wish.stretch;
    if wish.is_by_age_alone() {
        let page = service.batches(account, BatchQuery { offset, limit, ..wish.query() }).await?;
        return Ok(Chosen { all, matching: page.total, page: page.items });
    }
    let mut found = matching(call, &wish).await?;
    let dates = match wish.key {
        Key::Date => dates(call, &found).await?,
        Key::Age | Key::Text | Key::Cost | Key::Status => HashMap::new(),
    };
    order(&mut found, &wish, &dates);
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let matching = found.len() as u64;
    Ok(Chosen { all, matching, page: found.into_iter().skip(start).take(limit as usize).collect() })
}

/// Every campaign of the period that fits, by age.
async fn matching(call: &Call<'_>, wish: &Wish) -> Result<Vec<Batch>, Failure> {
    let to_destination = match &wish.destination {
        Some(destination) => Some(batches_to(call, destination).await?),
        None => None,
    };
    let mut found = Vec::new();
    let mut query = BatchQuery { limit: AT_ONCE, ..wish.query() };
    loop {
        let page = call.service.batches(call.account(), query.clone()).await?;
        if page.total > MOST {
            return Err(Failure::Refused(format!(
                "campaigns are filtered and sorted this way in periods of at most {MOST} of them"
            )));
        }
        query.bound = query.bound.or(Some(page.bound));
        query.after = page.items.last().map(|last| (last.created.seconds(), last.key));
        let ended = page.items.len() < AT_ONCE as usize;
        found.extend(page.items.into_iter().filter(|batch| wish.fits(batch, to_destination.as_ref())));
        if ended {
            return Ok(found);
        }
    }
}

/// The campaigns that wrote to a number.
async fn batches_to(call: &Call<'_>, destination: &str) -> Result<HashSet<BatchKey>, Failure> {
    let mut batches = HashSet::new();
    let mut query = MessageQuery {
        direction: Some(Direction::Mt),
        destination: Some(destination.to_owned()),
        limit: AT_ONCE,
        ..MessageQuery::default()
    };
    loop {
        let page = call.service.messages(call.account(), query.clone()).await?;
        if page.total > MOST {
            let problem = "was written to too often to be looked for";
            return Err(Failure::Data { parameter: "destination", problem });
        }
        query.bound = query.bound.or(Some(page.bound));
        query.offset += u64::from(AT_ONCE);
        batches.extend(page.messages.iter().map(|message| message.batch));
        if !page.more {
            return Ok(batches);
        }
    }
}

/// Sorts campaigns that come by age, of which these are the dates; equal ones stay so, by rising number unless it
/// is a time that is asked for.
fn order(found: &mut [Batch], wish: &Wish, dates: &HashMap<Number, u32>) {
    if wish.key == Key::Age {
        return;
    }
    if wish.descending && wish.key != Key::Date {
        found.reverse();
    }
    found.sort_by(|one, other| {
        let by_key = match wish.key {
            Key::Age => std::cmp::Ordering::Equal,
            Key::Date => date(one, dates).cmp(&date(other, dates)),
            Key::Text => one.text.cmp(&other.text),
            Key::Cost => cost(one, wish.prepaid).cmp(&cost(other, wish.prepaid)),
            Key::Status => state(one).cmp(state(other)),
        };
        if wish.descending { by_key.reverse() } else { by_key }
    });
}
