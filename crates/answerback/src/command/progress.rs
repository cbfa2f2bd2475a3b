//! Progress on standard error: a bar on a terminal, a plain line now and then elsewhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::output;
use crate::admin::Progress;

/// How often a plain line is written.
const LINE_PAUSE: Duration = Duration::from_secs(10);

/// Shows how far a command has come.
pub(super) struct Meter {
    bar: Option<ProgressBar>,
    tell: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Meter {
    /// For a command whose whole is known (`total` octets of an import), or is not.
    pub(super) fn new(total: Option<u64>) -> Self {
        if output::is_watched() { Self::drawn(total) } else { Self::written() }
    }

    /// One that shows nothing: for commands that are done at once.
    pub(super) fn silent() -> Self {
        Self { bar: None, tell: Arc::new(|_| {}) }
    }

    /// What the command is to tell.
    pub(super) fn tell(&self) -> Arc<dyn Fn(Progress) + Send + Sync> {
        Arc::clone(&self.tell)
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    fn drawn(total: Option<u64>) -> Self {
        let bar = ProgressBar::new(total.unwrap_or(0));
        bar.set_style(style(total.is_some()));
        bar.enable_steady_tick(Duration::from_millis(200));
        let shown = bar.clone();
        let whole = total.is_some();
        let tell = Arc::new(move |progress| {
            let (done, of, message) = measure(progress);
            match of {
                Some(of) if !whole => {
                    shown.set_style(style(true));
                    shown.set_length(of);
                }
                Some(_) | None => {}
            }
            shown.set_position(done);
            shown.set_message(message);
        });
        Self { bar: Some(bar), tell }
    }

    fn written() -> Self {
        let last = Mutex::new(Instant::now());
        let tell = Arc::new(move |progress| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= LINE_PAUSE {
                *last = Instant::now();
                output::note(&measure(progress).2);
            }
        });
        Self { bar: None, tell }
    }
}

/// How much is done, of how much if that is known, and in words.
fn measure(progress: Progress) -> (u64, Option<u64>, String) {
    match progress {
        Progress::Import { octets, messages } => (octets, None, format!("{messages} messages on disk")),
        Progress::Export { messages, number, bound } => {
            (number.into(), Some(bound.into()), format!("{messages} messages written"))
        }
        Progress::Check { messages } => (messages, None, format!("{messages} messages verified")),
        Progress::Generate { messages, of } => (messages, Some(of), format!("{messages} messages generated")),
    }
}

const BAR: &str = "{elapsed_precise} [{bar:40}] {percent:>3}% {msg} (about {eta} left)";
const SPINNER: &str = "{elapsed_precise} {spinner} {msg}";

fn style(has_end: bool) -> ProgressStyle {
    // Both templates are fixed and sound; the library's own bar is a harmless stand-in.
    let style = ProgressStyle::with_template(if has_end { BAR } else { SPINNER });
    style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_sound() {
        assert!([BAR, SPINNER].iter().all(|template| ProgressStyle::with_template(template).is_ok()));
        let (done, of, words) = measure(Progress::Export { messages: 5, number: 7, bound: 9 });
        assert_eq!((done, of, words.as_str()), (7, Some(9), "5 messages written"));
    }
}
