//! Which schedules: filters and orders beside the usual one by number.

use ledger::Result;
use ledger::people::Slice;
use ledger::query::Page;
use sms::{AccountId, Number};

use super::standing::Standing;
use super::{Body, KIND, Schedule, schedule};
use crate::Service;
use crate::documents::{Typed, page_of};

/// Schedules whose requests are held at once: each may have ten thousand recipients.
const AT_ONCE: u32 = 10;

/// How a list of schedules is ordered; ties stay by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScheduleOrder {
    /// By number.
    #[default]
    Number,
    /// By the next occurrence; completed ones come before all others.
    Next,
    /// By the last occurrence that is past; those without one come before all others.
    Last,
}

/// Which schedules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduleQuery {
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only those that are, or are not, completed.
    pub completed: Option<bool>,
    /// Only those whose text contains this, without regard to case.
    pub text: Option<String>,
    /// The order; the slice says whether it is reversed.
    pub order: ScheduleOrder,
    /// Which of them.
    pub slice: Slice,
}

impl ScheduleQuery {
    fn is_plain(&self) -> bool {
        let Self { numbers, completed, text, order, slice: _ } = self;
        numbers.is_none() && completed.is_none() && text.is_none() && *order == ScheduleOrder::Number
    }

    fn names(&self, schedule: &Schedule, text: Option<&str>) -> bool {
        self.numbers.as_ref().is_none_or(|numbers| numbers.contains(&schedule.number))
            && text.is_none_or(|text| schedule.text.to_lowercase().contains(text))
    }

    fn fits(&self, standing: &Standing) -> bool {
        self.completed.is_none_or(|completed| standing.next.is_none() == completed)
    }

    fn key(&self, standing: &Standing) -> (Option<u32>, Number) {
        let time = match self.order {
            ScheduleOrder::Number => None,
            ScheduleOrder::Next => standing.next,
            ScheduleOrder::Last => standing.last,
        };
        (time, standing.number)
    }
}

impl Service {
    /// A page of schedules. By number and without a filter it costs its own items; else every schedule is
    /// looked at, of which no more than number and time are held.
    pub async fn schedules(&self, account: AccountId, query: ScheduleQuery) -> Result<Page<Schedule>> {
        if query.is_plain() {
            return self.schedules_by_number(account, query.slice).await;
        }
        let now = self.now().seconds();
        let text = query.text.as_ref().map(|text| text.to_lowercase());
        let mut found: Vec<Standing> = Vec::new();
        let note = |document: Typed<Body>| {
            let schedule = schedule(document, now);
            if query.names(&schedule, text.as_deref()) {
                found.push(schedule.standing());
            }
        };
        self.typed_each(account, KIND, note).await?;
        self.settle(account, &mut found, now).await?;
        let fit = found.iter().filter(|standing| query.fits(standing));
        let mut keys: Vec<_> = fit.map(|standing| query.key(standing)).collect();
        keys.sort_unstable();
        let Page { total, items, bound } = page_of(keys, &query.slice);
        let mut schedules = Vec::with_capacity(items.len());
        for (_, number) in items {
            // One that was removed meanwhile is missing.
            schedules.extend(self.schedule(account, number).await?);
        }
        Ok(Page { total, items: schedules, bound })
    }

    async fn schedules_by_number(&self, account: AccountId, slice: Slice) -> Result<Page<Schedule>> {
        let mut page = Page { total: 0, items: Vec::new(), bound: 0 };
        let mut left = slice.limit;
        let mut offset = slice.offset;
        loop {
            let part = Slice { offset, limit: left.min(AT_ONCE), descending: slice.descending };
            let wanted = part.limit;
            let read = self.typed_page::<Body>(account, KIND, part).await?;
            let ended = read.items.len() < wanted as usize;
            page.total = read.total;
            page.items.extend(self.as_they_stand(account, read.items).await?);
            left -= wanted;
            offset = offset.saturating_add(u64::from(wanted));
            if ended || left == 0 {
                return Ok(page);
            }
        }
    }
}
