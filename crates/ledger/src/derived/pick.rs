//! From matches to a page: each order finds its place without walking what comes before it.

use std::borrow::Cow;
use std::collections::HashMap;

use roaring::RoaringBitmap;
use sms::{Direction, Number, OutcomeSet};

use super::select::{Candidates, Wanted};
use super::state::Derived;

impl Derived {
    /// (date, number): placed messages, then those on the side, which are all dated later.
    pub(super) fn page_by_time(&self, from: &Candidates<'_>, wanted: &Wanted) -> (Vec<Number>, bool) {
        let (placed, total) = (from.placed(), from.total());
        let skip = wanted.after.map_or(0, |cursor| {
            let key = (cursor.date, cursor.number);
            let position = self.position_after(key).clamp(from.lo, from.hi.max(from.lo));
            let passed = from.placed_before(position)
                + from.side.partition_point(|(date, number, _)| (*date, *number) <= key) as u64;
            if wanted.descending { self.not_before(from, key, total) } else { passed }
        });
        let (start, count) = stretch(total, skip.saturating_add(wanted.offset), wanted);
        let at_side = start.saturating_sub(placed) as usize;
        let mut numbers = Vec::with_capacity(count);
        if start < placed {
            numbers.extend(from.positions(start).take(count).map(|position| self.order.number_at(position)));
        }
        let rest = count - numbers.len();
        numbers.extend(from.side.iter().skip(at_side).take(rest).map(|(_, number, _)| *number));
        if wanted.descending {
            numbers.reverse();
        }
        let passed = skip.saturating_add(wanted.offset).saturating_add(numbers.len() as u64);
        (numbers, passed < total)
    }

    /// As by time, but what is on the side stands among the placed where it was made.
    pub(super) fn page_by_making(&self, from: &Candidates<'_>, wanted: &Wanted) -> (Vec<Number>, bool) {
        let mut side: Vec<(u32, Number)> =
            from.side.iter().map(|(_, number, fact)| (fact.made, *number)).collect();
        // Mostly runs in order already: the messages of one submission for one moment.
        side.sort();
        let place = |made: &(u32, Number)| self.position_after(*made).clamp(from.lo, from.hi.max(from.lo));
        let (start, count) = stretch(from.total(), wanted.offset, wanted);
        // In the whole list each on the side has the others before it, and the placed before its place: its
        // index rises with it, so that a search by halves finds the first one of the page.
        let (mut low, mut high) = (0, side.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let placed_before = from.placed_before(place(&side[middle]));
            if (middle as u64) + placed_before < start { low = middle + 1 } else { high = middle }
        }
        let mut placed = from.positions(start - low as u64).peekable();
        let mut waiting = side[low..].iter().map(|made| (place(made), made.1)).peekable();
        let mut numbers = Vec::with_capacity(count);
        while numbers.len() < count {
            let from_side = match (placed.peek(), waiting.peek()) {
                (Some(position), Some((place, _))) => place <= position,
                (position, _) => position.is_none(),
            };
            let next = if from_side {
                waiting.next().map(|(_, number)| number)
            } else {
                placed.next().map(|position| self.order.number_at(position))
            };
            let Some(number) = next else { break };
            numbers.push(number);
        }
        if wanted.descending {
            numbers.reverse();
        }
        let passed = wanted.offset.saturating_add(numbers.len() as u64);
        (numbers, passed < from.total())
    }

    /// Matches at or past a place: what a descending walk has behind it.
    fn not_before(&self, from: &Candidates<'_>, key: (u32, u32), total: u64) -> u64 {
        let position = self.position_at(key).clamp(from.lo, from.hi.max(from.lo));
        total
            - from.placed_before(position)
            - from.side.partition_point(|(date, number, _)| (*date, *number) < key) as u64
    }

    /// By number. Where positions are numbers this is the order of time.
    pub(super) fn page_by_number(&self, from: &Candidates<'_>, wanted: &Wanted) -> (Vec<Number>, bool) {
        let numbers: Cow<'_, RoaringBitmap>;
        let (lo, hi) = if self.order.is_identity() && from.side.is_empty() {
            numbers = Cow::Borrowed(from.set.as_ref());
            (from.lo, from.hi)
        } else {
            numbers = Cow::Owned(self.numbers_of(from));
            (0, u32::MAX)
        };
        let numbers = Candidates { set: numbers, lo, hi, side: Vec::new() };
        let total = numbers.total();
        let count_up_to = |number: Number| {
            let end = number.saturating_add(1).clamp(lo, hi.max(lo));
            if lo < end { numbers.set.range_cardinality(lo..end) } else { 0 }
        };
        let skip = wanted.after.map_or(0, |cursor| match (wanted.descending, cursor.number) {
            (false, number) => count_up_to(number),
            (true, 0) => total,
            (true, number) => total - count_up_to(number - 1),
        });
        let (start, count) = stretch(total, skip.saturating_add(wanted.offset), wanted);
        let mut page: Vec<Number> = numbers.positions(start).take(count).collect();
        if wanted.descending {
            page.reverse();
        }
        let passed = skip.saturating_add(wanted.offset).saturating_add(page.len() as u64);
        (page, passed < total)
    }

    /// The numbers of all matches. One pass into a plain bit field, since positions come in no order of number.
    fn numbers_of(&self, from: &Candidates<'_>) -> RoaringBitmap {
        let mut words = vec![0u64; self.highest as usize / 64 + 1];
        let placed = from.positions(0).map(|position| self.order.number_at(position));
        for number in placed.chain(from.side.iter().map(|(_, number, _)| *number)) {
            words[number as usize / 64] |= 1 << (number % 64);
        }
        let octets: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        RoaringBitmap::from_lsb0_bytes(0, &octets)
    }

    /// Groups of outcomes one after the other, each by rising number.
    pub(super) fn page_by_state(
        &self,
        from: &Candidates<'_>,
        groups: &[OutcomeSet],
        wanted: &Wanted,
    ) -> (Vec<Number>, bool) {
        let mut page = Vec::with_capacity(wanted.limit);
        let mut total = 0u64;
        let mut rest = wanted.offset;
        let ordered: Vec<OutcomeSet> =
            if wanted.descending { groups.iter().rev().copied().collect() } else { groups.to_vec() };
        for group in ordered {
            let side =
                from.side.iter().filter(|(_, _, fact)| group.contains(fact.outcome)).copied().collect();
            let set = Cow::Owned(self.sets.restrict(&from.set, group));
            let part = Candidates { set, lo: from.lo, hi: from.hi, side };
            let size = part.total();
            total += size;
            if page.len() == wanted.limit {
                continue;
            }
            if rest >= size {
                rest -= size;
                continue;
            }
            let within =
                Wanted { offset: rest, limit: wanted.limit - page.len(), descending: false, after: None };
            let (numbers, _) = self.page_by_number(&part, &within);
            rest = 0;
            page.extend(numbers);
        }
        let more = wanted.offset.saturating_add(page.len() as u64) < total;
        (page, more)
    }

    /// By the text of the sender or the recipient, ties by rising number: counts per address, then only
    /// the addresses on the page are collected.
    pub(super) fn page_by_address(
        &self,
        from: &Candidates<'_>,
        sender: bool,
        wanted: &Wanted,
    ) -> (Vec<Number>, bool) {
        let ranks = self.ranks();
        let own_side = |direction: Direction| (direction == Direction::Mt) == sender;
        let ranked = || {
            self.with_direction(from).map(|(position, direction)| {
                let code = if own_side(direction) { self.own.get(position) } else { self.peer.get(position) };
                (position, ranks[code as usize])
            })
        };
        let side_rank = |entry: &(u32, Number, &super::order::SideFact)| {
            ranks[if own_side(entry.2.direction) { entry.2.own } else { entry.2.peer } as usize]
        };
        let mut counts = vec![0u32; ranks.len()];
        for (_, rank) in ranked() {
            counts[rank as usize] += 1;
        }
        for entry in &from.side {
            counts[side_rank(entry) as usize] += 1;
        }

        // How many of each address's messages are passed over, and how many are wanted.
        let mut places: Vec<(u32, u32, u32)> = Vec::new();
        let (mut skip, mut room) = (wanted.offset, wanted.limit as u64);
        let mut visit = |rank: usize| {
            let count = u64::from(counts[rank]);
            if skip >= count {
                skip -= count;
                return room > 0;
            }
            let take = (count - skip).min(room);
            if take > 0 {
                places.push((rank as u32, skip as u32, take as u32));
            }
            room -= take;
            skip = 0;
            room > 0
        };
        if wanted.descending {
            (0..ranks.len()).rev().all(&mut visit);
        } else {
            (0..ranks.len()).all(&mut visit);
        }
        let page = self.collect_places(from, &places, ranked(), side_rank);
        let more = wanted.offset.saturating_add(page.len() as u64) < from.total();
        (page, more)
    }

    /// Placed matches with their directions; both sets are walked side by side.
    fn with_direction<'a>(&'a self, from: &'a Candidates<'_>) -> impl Iterator<Item = (u32, Direction)> + 'a {
        let mut mo = self.sets.mo.range(from.lo..from.hi.max(from.lo)).peekable();
        from.positions(0).map(move |position| {
            while mo.next_if(|at| *at < position).is_some() {}
            let direction = if mo.peek() == Some(&position) { Direction::Mo } else { Direction::Mt };
            (position, direction)
        })
    }

    fn collect_places(
        &self,
        from: &Candidates<'_>,
        places: &[(u32, u32, u32)],
        ranked: impl Iterator<Item = (u32, u32)>,
        side_rank: impl Fn(&(u32, Number, &super::order::SideFact)) -> u32,
    ) -> Vec<Number> {
        let mut wanted: HashMap<u32, Place> = HashMap::with_capacity(places.len());
        let (mut lowest, mut highest) = (u32::MAX, 0);
        for (index, (rank, skip, take)) in places.iter().enumerate() {
            wanted.insert(*rank, Place { index, skip: *skip, take: *take, passed: 0, numbers: Vec::new() });
            (lowest, highest) = (lowest.min(*rank), highest.max(*rank));
        }
        let in_order = self.order.is_identity() && from.side.is_empty();
        // The ranks on a page are neighbours: most messages are passed over by two comparisons.
        for (position, rank) in ranked.filter(|(_, rank)| (lowest..=highest).contains(rank)) {
            let Some(place) = wanted.get_mut(&rank) else { continue };
            // Where numbers come rising, what lies before and behind the page is only counted.
            let on_page = place.passed >= place.skip && place.numbers.len() < place.take as usize;
            if !in_order || on_page {
                place.numbers.push(self.order.number_at(position));
            }
            place.passed += 1;
        }
        for entry in &from.side {
            if let Some(place) = wanted.get_mut(&side_rank(entry)) {
                place.numbers.push(entry.1);
            }
        }
        let mut groups: Vec<Place> = wanted.into_values().collect();
        groups.sort_unstable_by_key(|place| place.index);
        let mut page = Vec::new();
        for mut place in groups {
            if in_order {
                page.extend(place.numbers);
            } else {
                place.numbers.sort_unstable();
                page.extend(place.numbers.into_iter().skip(place.skip as usize).take(place.take as usize));
            }
        }
        page
    }
}

/// One address's share of a page.
struct Place {
    index: usize,
    skip: u32,
    take: u32,
    passed: u32,
    numbers: Vec<Number>,
}

/// The first index in rising order, and the length, of the stretch that begins `skip` from the wanted end.
fn stretch(total: u64, skip: u64, wanted: &Wanted) -> (u64, usize) {
    let count = total.saturating_sub(skip).min(wanted.limit as u64);
    let start = if wanted.descending { total.saturating_sub(skip) - count } else { skip.min(total) };
    (start, count as usize)
}
