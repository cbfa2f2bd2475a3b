//! When a submission is due.

use super::policy::Policy;
use super::refusal::SubmitRefusal;
use super::request::{When, Window};
use crate::quiet::after_quiet;
use crate::rules::Rules;

/// When the messages of a submission are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// At once.
    Now,
    /// At this second, which is to come.
    Later(u32),
    /// At no time any more: all windows are over.
    Over,
}

/// Decides when a submission is due, quiet hours considered.
pub(crate) fn due(
    when: &When,
    promotional: bool,
    policy: &Policy,
    rules: &Rules,
    now: u32,
) -> Result<Due, SubmitRefusal> {
    let awake = |second: u32| after_quiet(second, &rules.settings.quiet, promotional, &rules.zone);
    let second = match when {
        When::Now => awake(now),
        When::At { second, .. } => {
            if policy.late.is_some_and(|late| second.saturating_add(late) < now) {
                return Err(SubmitRefusal::Past);
            }
            awake((*second).max(now))
        }
        When::Recurring(recurrence) => awake(recurrence.start.max(now)),
        When::Windows(windows) if windows.is_empty() => awake(now),
        When::Windows(windows) => {
            if windows.iter().any(|window| window.closes <= window.opens) {
                return Err(SubmitRefusal::Window);
            }
            match first_in(windows, now, awake) {
                Some(second) => second,
                None => return Ok(Due::Over),
            }
        }
    };
    Ok(if second > now { Due::Later(second) } else { Due::Now })
}

/// The first second at or after `now` that is in a window and awake.
fn first_in(windows: &[Window], now: u32, awake: impl Fn(u32) -> u32) -> Option<u32> {
    let within =
        |window: &Window| Some(awake(window.opens.max(now))).filter(|second| *second < window.closes);
    windows.iter().filter_map(within).min()
}

/// The first second at or after `now` in which windows, as a batch keeps them (opening and closing, in
/// microseconds since 1970), are open; `now` itself where there are none, `None` when all are over.
pub fn next_opening(windows: &[(i64, i64)], now: u32) -> Option<u32> {
    if windows.is_empty() {
        return Some(now);
    }
    let second = |micros: i64| u32::try_from(micros.div_euclid(1_000_000)).unwrap_or(u32::MAX);
    let windows: Vec<Window> = windows
        .iter()
        .map(|(opens, closes)| Window { opens: second(*opens), closes: second(*closes) })
        .collect();
    first_in(&windows, now, |second| second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_open_and_close() {
        let windows = [(100_000_000, 200_000_000), (300_000_000, 400_000_000)];
        for (now, opening) in [
            (0, Some(100)),
            (150, Some(150)),
            (199, Some(199)),
            (200, Some(300)),
            (399, Some(399)),
            (400, None),
        ] {
            assert_eq!(next_opening(&windows, now), opening, "{now}");
        }
        assert_eq!(next_opening(&[], 7), Some(7));
        // Given in any order.
        assert_eq!(next_opening(&[windows[1], windows[0]], 0), Some(100));
    }
}
