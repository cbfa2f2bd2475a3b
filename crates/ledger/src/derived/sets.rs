//! The sets over positions: who is visible, and in which state, country, program.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use sms::{Direction, Number, Outcome, OutcomeSet};

const OUTCOMES: usize = 32;

/// Sets over positions; each holds visible messages only.
#[derive(Debug)]
pub struct Sets {
    /// Every visible message.
    pub live: RoaringBitmap,
    /// The MO among them.
    pub mo: RoaringBitmap,
    outcomes: Vec<RoaringBitmap>,
    countries: BTreeMap<u16, RoaringBitmap>,
    programs: BTreeMap<Number, RoaringBitmap>,
}

impl Default for Sets {
    fn default() -> Self {
        Self {
            live: RoaringBitmap::new(),
            mo: RoaringBitmap::new(),
            outcomes: vec![RoaringBitmap::new(); OUTCOMES],
            countries: BTreeMap::new(),
            programs: BTreeMap::new(),
        }
    }
}

impl Sets {
    /// Adds the visible message at the highest position so far.
    pub fn push(&mut self, at: u32, direction: Direction, outcome: Outcome, country: u16, program: Number) {
        push(&mut self.live, at);
        if direction == Direction::Mo {
            push(&mut self.mo, at);
        }
        push(&mut self.outcomes[usize::from(outcome.code())], at);
        push(self.countries.entry(country).or_default(), at);
        push(self.programs.entry(program).or_default(), at);
    }

    /// Moves a visible message from one outcome to another.
    pub fn change(&mut self, at: u32, from: Outcome, to: Outcome) {
        self.outcomes[usize::from(from.code())].remove(at);
        self.outcomes[usize::from(to.code())].insert(at);
    }

    /// Takes a message out of every set.
    pub fn hide(&mut self, at: u32) {
        for set in self.each_mut() {
            set.remove(at);
        }
    }

    /// The outcome of a visible message, by asking each set.
    pub fn outcome_at(&self, at: u32) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|outcome| self.outcome(*outcome).contains(at))
    }

    /// The messages of one outcome.
    pub fn outcome(&self, outcome: Outcome) -> &RoaringBitmap {
        &self.outcomes[usize::from(outcome.code())]
    }

    /// The messages of a country.
    pub fn country(&self, country: u16) -> Option<&RoaringBitmap> {
        self.countries.get(&country)
    }

    /// The messages of a program.
    pub fn program(&self, program: Number) -> Option<&RoaringBitmap> {
        self.programs.get(&program)
    }

    /// Keeps of `of` what has one of these outcomes, by whichever of union and subtraction touches less.
    pub fn restrict(&self, of: &RoaringBitmap, outcomes: OutcomeSet) -> RoaringBitmap {
        let size = |set: OutcomeSet| set.iter().map(|outcome| self.outcome(outcome).len()).sum::<u64>();
        let others = OutcomeSet::matching(|outcome| !outcomes.contains(outcome));
        if size(others) < size(outcomes) {
            let mut kept = of.clone();
            for outcome in others.iter().filter(|outcome| !self.outcome(*outcome).is_empty()) {
                kept -= self.outcome(outcome);
            }
            return kept;
        }
        let mut union = RoaringBitmap::new();
        for outcome in outcomes.iter() {
            union |= of & self.outcome(outcome);
        }
        union
    }

    /// Every set, to be remapped.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut RoaringBitmap> {
        [&mut self.live, &mut self.mo]
            .into_iter()
            .chain(&mut self.outcomes)
            .chain(self.countries.values_mut())
            .chain(self.programs.values_mut())
    }

    /// Every set with what it stands for, to be compared.
    pub fn each(&self) -> impl Iterator<Item = (String, &RoaringBitmap)> {
        let outcomes = Outcome::ALL.iter().map(|outcome| (outcome.to_string(), self.outcome(*outcome)));
        let countries = self.countries.iter().map(|(country, set)| (format!("country {country}"), set));
        let programs = self.programs.iter().map(|(program, set)| (format!("program {program}"), set));
        [("live".to_owned(), &self.live), ("mo".to_owned(), &self.mo)]
            .into_iter()
            .chain(outcomes)
            .chain(countries)
            .chain(programs)
    }

    /// Octets of memory held, about.
    pub fn memory(&self) -> usize {
        self.each().map(|(_, set)| set.serialized_size() + 64).sum()
    }
}

fn push(set: &mut RoaringBitmap, at: u32) {
    // `try_push` appends in place when `at` is past the end, which it is.
    if set.try_push(at).is_err() {
        set.insert(at);
    }
}
