//! Which schedules: filters and orders beside the usual one by number.

use ledger::Result;
use ledger::people::Slice;
use ledger::query::Page;
use sms::{AccountId, Number};

use super::{Body, KIND, Schedule};
use crate::Service;
use crate::documents::page_of;

/// Schedules read at once.
const AT_ONCE: u32 = 100;

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

    fn matches(&self, schedule: &Schedule, text: Option<&str>) -> bool {
        self.numbers.as_ref().is_none_or(|numbers| numbers.contains(&schedule.number))
            && self.completed.is_none_or(|completed| schedule.is_completed() == completed)
            && text.is_none_or(|text| schedule.text.to_lowercase().contains(text))
    }

    fn key(&self, schedule: &Schedule) -> (Option<u32>, Number) {
        let time = match self.order {
            ScheduleOrder::Number => None,
            ScheduleOrder::Next => schedule.next,
            ScheduleOrder::Last => schedule.last,
        };
        (time, schedule.number)
    }
}

impl Service {
    /// A page of schedules. By number and without a filter it costs its own items; else every schedule is
    /// looked at, of which no more than number and time are held.
    pub async fn schedules(&self, account: AccountId, query: ScheduleQuery) -> Result<Page<Schedule>> {
        if query.is_plain() {
            let Page { total, items, bound } = self.typed_page::<Body>(account, KIND, query.slice).await?;
            let items = self.as_they_stand(account, items).await?;
            return Ok(Page { total, items, bound });
        }
        let text = query.text.as_ref().map(|text| text.to_lowercase());
        let mut keys = Vec::new();
        let mut offset = 0;
        loop {
            let slice = Slice { offset, limit: AT_ONCE, descending: false };
            let page = self.typed_page::<Body>(account, KIND, slice).await?.items;
            let ended = page.len() < AT_ONCE as usize;
            let all = self.as_they_stand(account, page).await?.into_iter();
            let found = all.filter(|schedule| query.matches(schedule, text.as_deref()));
            keys.extend(found.map(|schedule| query.key(&schedule)));
            if ended {
                break;
            }
            offset += u64::from(AT_ONCE);
        }
        keys.sort_unstable();
        let Page { total, items, bound } = page_of(keys, &query.slice);
        let mut schedules = Vec::with_capacity(items.len());
        for (_, number) in items {
            // One that was removed meanwhile is missing.
            schedules.extend(self.schedule(account, number).await?);
        }
        Ok(Page { total, items: schedules, bound })
    }
}
