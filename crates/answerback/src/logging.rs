//! The log: on standard error, of our own crates, never a body, a secret or a query.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogFormat, LogSettings};

/// The crates whose log follows the configured level. Of others only warnings are logged: what a library
/// thinks worth a line at a finer level may be a header or a body.
const OURS: [&str; 6] = ["answerback", "carriers", "dialects", "ledger", "service", "sms"];

/// Starts logging as configured. Once in a process; a second start changes nothing.
pub(crate) fn start(settings: &LogSettings) {
    let ansi =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(settings.level))
        .with_writer(std::io::stderr)
        .with_ansi(ansi);
    let started = match settings.format {
        LogFormat::Text => builder.with_target(false).finish().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).finish().try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// Warnings and errors alone, for commands; a machine that reads standard error finds nothing but JSON there.
pub(crate) fn start_quietly(json: bool) {
    let format = if json { LogFormat::Json } else { LogFormat::Text };
    start(&LogSettings { level: Level::WARN, format });
}

fn filter(level: Level) -> EnvFilter {
    let ours = OURS.map(|name| format!("{name}={level}")).join(",");
    EnvFilter::new(format!("warn,{ours}"))
}

/// Where a panic was, and its words only where they are fixed: others may quote what was being worked on.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown)");
    tracing::error!(place, words, "a panic");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_kept_quiet() {
        let filter = filter(Level::TRACE).to_string();
        assert!(filter.contains("answerback=trace") && filter.contains("warn"), "{filter}");
    }
}
