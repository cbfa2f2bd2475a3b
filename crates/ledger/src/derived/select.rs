//! From a query to the numbers of its page, with exact totals.

use std::borrow::Cow;

use memchr::memmem;
use roaring::RoaringBitmap;
use sms::{BatchKey, Direction, Number, Outcome, OutcomeSet};

use super::order::SideFact;
use super::state::Derived;
use super::text::fold;
use crate::query::{MessageQuery, Order};

/// Which numbers a batch has, as its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// `first` and the numbers after it.
    Range {
        /// The lowest number.
        first: Number,
        /// How many.
        count: u32,
    },
    /// Whatever [`super::batches::Batches::members`] says.
    Scattered(Number),
}

/// A page's numbers, and what was counted on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// Messages that match.
    pub total: u64,
    /// Visible messages of the period and scope.
    pub in_period: u64,
    /// The page.
    pub numbers: Vec<Number>,
    /// Whether more follow.
    pub more: bool,
    /// Earliest and latest date among the matches.
    pub dates: Option<(u32, u32)>,
}

/// What matches: placed messages as a set cut to positions `lo..hi`, and those on the side.
pub(super) struct Candidates<'a> {
    pub(super) set: Cow<'a, RoaringBitmap>,
    pub(super) lo: u32,
    pub(super) hi: u32,
    pub(super) side: Vec<(u32, Number, &'a SideFact)>,
}

impl Candidates<'_> {
    /// Placed messages that match.
    pub(super) fn placed(&self) -> u64 {
        if self.lo >= self.hi { 0 } else { self.set.range_cardinality(self.lo..self.hi) }
    }

    pub(super) fn total(&self) -> u64 {
        self.placed() + self.side.len() as u64
    }

    /// Placed matches before a position, which is `lo` or past it.
    pub(super) fn placed_before(&self, position: u32) -> u64 {
        if self.lo < position { self.set.range_cardinality(self.lo..position) } else { 0 }
    }

    /// Positions of placed matches, from the one with `skip` before it.
    pub(super) fn positions(&self, skip: u64) -> impl Iterator<Item = u32> + '_ {
        let before = if self.lo == 0 { 0 } else { self.set.rank(self.lo - 1) };
        let first = u32::try_from(before + skip).ok().and_then(|index| self.set.select(index));
        let from = first.unwrap_or(self.hi).clamp(self.lo.min(self.hi), self.hi);
        self.set.range(from..self.hi)
    }
}

impl Derived {
    /// The page of a query. The caller has settled the state, and gives the span of a batch it filters by.
    pub fn select(&self, query: &MessageQuery, span: Option<Span>) -> Selected {
        let candidates = self.candidates(query, span);
        let mut selected = Selected {
            total: candidates.total(),
            in_period: self.in_period(query),
            dates: self.dates_of(&candidates),
            ..Selected::default()
        };
        let wanted = Wanted {
            offset: query.offset,
            limit: query.limit as usize,
            descending: query.descending,
            after: query.after,
        };
        (selected.numbers, selected.more) = match &query.order {
            Order::Time => self.page_by_time(&candidates, &wanted),
            Order::Made => self.page_by_making(&candidates, &wanted),
            Order::Number => self.page_by_number(&candidates, &wanted),
            Order::State(groups) => self.page_by_state(&candidates, groups, &wanted),
            Order::Sender => self.page_by_address(&candidates, true, &wanted),
            Order::Destination => self.page_by_address(&candidates, false, &wanted),
        };
        selected
    }

    /// Every number that matches, rising.
    pub fn matching(&self, query: &MessageQuery, span: Option<Span>) -> RoaringBitmap {
        let candidates = self.candidates(query, span);
        let mut numbers: RoaringBitmap = if self.order.is_identity() {
            RoaringBitmap::from_sorted_iter(candidates.positions(0)).unwrap_or_default()
        } else {
            candidates.positions(0).map(|position| self.order.number_at(position)).collect()
        };
        numbers.extend(candidates.side.iter().map(|(_, number, _)| *number));
        numbers
    }

    /// Positions with a date in the range.
    fn period(&self, query: &MessageQuery) -> (u32, u32) {
        let dates = &self.dates[1..];
        let lo = query.from.map_or(0, |from| dates.partition_point(|date| *date < from));
        let hi = query.to.map_or(dates.len(), |to| dates.partition_point(|date| *date <= to));
        (lo as u32 + 1, hi as u32 + 1)
    }

    fn in_period(&self, query: &MessageQuery) -> u64 {
        let (lo, hi) = self.period(query);
        let count = |set: &RoaringBitmap| if lo < hi { set.range_cardinality(lo..hi) } else { 0 };
        let scope = query.scope.unwrap_or_else(OutcomeSet::all);
        let outside: u64 = Outcome::ALL
            .iter()
            .filter(|outcome| !scope.contains(**outcome))
            .map(|outcome| count(self.sets.outcome(*outcome)))
            .sum();
        let in_dates =
            |date| query.from.is_none_or(|from| from <= date) && query.to.is_none_or(|to| date <= to);
        let side = self
            .side
            .iter()
            .filter(|(date, _, fact)| fact.visible && in_dates(*date) && scope.contains(fact.outcome));
        count(&self.sets.live) - outside + side.count() as u64
    }

    fn candidates(&self, query: &MessageQuery, span: Option<Span>) -> Candidates<'_> {
        let (mut lo, mut hi) = self.period(query);
        let mut set = self.set_of_sets(query);
        let mut span = span;
        if let Some(BatchKey::Mo(number)) = query.batch {
            // The number of an MT names no such batch.
            set = Cow::Owned(set.as_ref() & &self.sets.mo);
            span = Some(Span::Range { first: number, count: 1 });
        }
        // A number is at most 2^31 - 1, so that the end of the range cuts nothing off.
        let past_bound = query.bound.map_or(Number::MAX, |bound| bound.saturating_add(1));
        let below = query.below.unwrap_or(Number::MAX).min(past_bound);
        if self.order.is_identity() {
            hi = hi.min(below);
            lo = lo.max(query.above.map_or(0, |above| above.saturating_add(1)));
            if let Some(Span::Range { first, count }) = span {
                (lo, hi) = (lo.max(first), hi.min(first.saturating_add(count)));
            }
        } else {
            if let Some(above) = query.above {
                let last = below.saturating_sub(1).min(self.highest);
                set = Cow::Owned(set.as_ref() & self.to_positions(above.saturating_add(1)..=last));
            } else if below <= self.highest {
                let past = self.to_positions(below..=self.highest);
                set = Cow::Owned(set.as_ref() - past);
            }
            if let Some(Span::Range { first, count }) = span {
                set = Cow::Owned(set.as_ref() & self.to_positions(first..first.saturating_add(count)));
            }
        }
        if let Some(Span::Scattered(batch)) = span {
            let members = self.batches.members(batch).map(|members| self.to_positions(members.iter()));
            set = Cow::Owned(members.map_or_else(RoaringBitmap::new, |members| set.as_ref() & members));
        }
        if let Some(numbers) = &query.numbers {
            set = Cow::Owned(set.as_ref() & self.to_positions(numbers.iter().copied()));
        }
        if let Some(destination) = &query.destination {
            set = Cow::Owned(set.as_ref() & self.with_destination(destination, lo, hi));
        }
        if let Some(peer) = &query.peer {
            let found = self.addresses.code(peer).map(|code| self.peer.positions_of(code, lo, hi));
            let found = RoaringBitmap::from_sorted_iter(found.unwrap_or_default()).unwrap_or_default();
            set = Cow::Owned(set.as_ref() & found);
        }
        let mut candidates = Candidates { set, lo, hi, side: self.waiting(query) };
        // Every body contains the empty text.
        if let Some(text) = query.text.as_ref().filter(|text| !text.is_empty()) {
            self.with_text(&mut candidates, text);
        }
        candidates
    }

    /// Direction, outcomes, country, program: from the sets, copying none that stands alone.
    fn set_of_sets(&self, query: &MessageQuery) -> Cow<'_, RoaringBitmap> {
        let sets = &self.sets;
        let mut parts: Vec<Cow<'_, RoaringBitmap>> = Vec::new();
        match query.direction {
            Some(Direction::Mo) => parts.push(Cow::Borrowed(&sets.mo)),
            Some(Direction::Mt) => parts.push(Cow::Owned(&sets.live - &sets.mo)),
            None => {}
        }
        if let Some(country) = query.country {
            parts.push(sets.country(country.code()).map_or_else(Cow::default, Cow::Borrowed));
        }
        if let Some(program) = query.program {
            parts.push(sets.program(program).map_or_else(Cow::default, Cow::Borrowed));
        }
        let all = OutcomeSet::all();
        let outcomes = query.outcomes.unwrap_or(all).and(query.scope.unwrap_or(all));
        let mut parts = parts.into_iter();
        let mut set = parts.next().unwrap_or(Cow::Borrowed(&sets.live));
        for part in parts {
            set = Cow::Owned(set.as_ref() & part.as_ref());
        }
        if outcomes == all { set } else { Cow::Owned(sets.restrict(&set, outcomes)) }
    }

    fn waiting(&self, query: &MessageQuery) -> Vec<(u32, Number, &SideFact)> {
        if self.side.is_empty() {
            return Vec::new();
        }
        let all = OutcomeSet::all();
        let outcomes = query.outcomes.unwrap_or(all).and(query.scope.unwrap_or(all));
        // An address nobody has matches nothing.
        let code =
            |text: &Option<String>| text.as_ref().map(|text| self.addresses.code(text).unwrap_or(u32::MAX));
        let (destination, peer) = (code(&query.destination), code(&query.peer));
        let matches = |(date, number, fact): &(u32, Number, &SideFact)| {
            let recipient = if fact.direction == Direction::Mt { fact.peer } else { fact.own };
            fact.visible
                && outcomes.contains(fact.outcome)
                && query.direction.is_none_or(|direction| direction == fact.direction)
                && query.from.is_none_or(|from| from <= *date)
                && query.to.is_none_or(|to| *date <= to)
                && query.country.is_none_or(|country| country.code() == fact.country)
                && query.program.is_none_or(|program| program == fact.program)
                && query.batch.is_none_or(|batch| batch == fact.batch)
                && query.above.is_none_or(|above| *number > above)
                && query.below.is_none_or(|below| *number < below)
                && query.bound.is_none_or(|bound| *number <= bound)
                && query.numbers.as_ref().is_none_or(|numbers| numbers.contains(number))
                && destination.is_none_or(|code| code == recipient)
                && peer.is_none_or(|code| code == fact.peer)
        };
        self.side.iter().filter(matches).collect()
    }

    fn to_positions(&self, numbers: impl IntoIterator<Item = Number>) -> RoaringBitmap {
        numbers.into_iter().filter_map(|number| self.order.position_of(number)).collect()
    }

    fn with_destination(&self, destination: &str, lo: u32, hi: u32) -> RoaringBitmap {
        let Some(code) = self.addresses.code(destination) else { return RoaringBitmap::new() };
        let mo = &self.sets.mo;
        let set = |positions: Vec<u32>| RoaringBitmap::from_sorted_iter(positions).unwrap_or_default();
        (set(self.peer.positions_of(code, lo, hi)) - mo) | (set(self.own.positions_of(code, lo, hi)) & mo)
    }

    fn with_text(&self, candidates: &mut Candidates<'_>, text: &str) {
        let mut needle = Vec::with_capacity(text.len());
        fold(text, &mut needle);
        let finder = memmem::Finder::new(&needle);
        let contains = |number| finder.find(self.text.body(number)).is_some();
        candidates.side.retain(|(_, number, _)| contains(*number));
        // Looking into one body costs about a hundred times its share of a pass over all of them.
        if candidates.placed() < u64::from(self.text.len()) / 100 {
            let hits = candidates.positions(0).filter(|position| contains(self.order.number_at(*position)));
            let hits = RoaringBitmap::from_sorted_iter(hits).unwrap_or_default();
            candidates.set = Cow::Owned(hits);
            return;
        }
        let hits = self.text.search(&needle);
        let hits = if self.order.is_identity() { hits } else { self.to_positions(hits) };
        candidates.set = Cow::Owned(candidates.set.as_ref() & hits);
    }

    fn dates_of(&self, candidates: &Candidates<'_>) -> Option<(u32, u32)> {
        let date = |position: u32| self.dates[position as usize];
        let placed = candidates.placed();
        let first = candidates.positions(0).next().map(date);
        let last = placed.checked_sub(1).and_then(|last| candidates.positions(last).next()).map(date);
        let side = |entry: Option<&(u32, Number, &SideFact)>| entry.map(|(date, ..)| *date);
        let first = first.or(side(candidates.side.first()))?;
        let last = side(candidates.side.last()).or(last)?;
        Some((first, last))
    }
}

/// Which stretch of the matches is wanted.
pub(super) struct Wanted {
    pub(super) offset: u64,
    pub(super) limit: usize,
    pub(super) descending: bool,
    pub(super) after: Option<crate::query::Cursor>,
}
