//! The table: what was measured, and the floors.

/// Lines and broken floors.
#[derive(Default)]
pub(crate) struct Report {
    broken: Vec<String>,
    quiet: bool,
}

impl Report {
    /// One that nobody sees, for runs that only warm something up.
    pub(crate) fn quiet() -> Self {
        Self { quiet: true, ..Self::default() }
    }

    /// A line of the table.
    pub(crate) fn line(&mut self, line: String) {
        if !self.quiet {
            println!("{line}");
        }
    }

    /// A floor: `value` must be at least `floor`.
    pub(crate) fn at_least(&mut self, what: &str, value: f64, floor: f64) {
        self.judge(what, value >= floor, &format!("{value:.2}, floor {floor:.2}"));
    }

    /// A ceiling: `value` must be at most `ceiling`.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, ceiling: f64) {
        self.judge(what, value <= ceiling, &format!("{value:.2}, ceiling {ceiling:.2}"));
    }

    /// A fact that must hold.
    pub(crate) fn must(&mut self, what: &str, holds: bool) {
        self.judge(what, holds, if holds { "equal" } else { "DIFFERENT" });
    }

    fn judge(&mut self, what: &str, held: bool, figures: &str) {
        let verdict = if held { "held" } else { "BROKEN" };
        let line = format!("    {verdict}: {what}: {figures}");
        if !held {
            self.broken.push(line.clone());
        }
        self.line(line);
    }

    /// The verdict at the end; whether every floor held.
    pub(crate) fn finish(&self) -> bool {
        match self.broken.len() {
            0 => println!("\nevery floor held"),
            count => {
                println!("\n{count} floors broken:");
                self.broken.iter().for_each(|line| println!("{line}"));
            }
        }
        self.broken.is_empty()
    }
}

/// The middle of some figures.
pub(crate) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
