//! Figures for Prometheus, in its text format 0.0.4.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Front;
use crate::figures::{Family, Sample};

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0];

/// The counters of a server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    answered: Mutex<BTreeMap<(&'static str, &'static str, u16), u64>>,
    durations: Mutex<BTreeMap<&'static str, Histogram>>,
    /// Connections open just now.
    pub(super) connections: AtomicI64,
    /// Connections that found no place.
    pub(super) connections_refused: AtomicU64,
    /// Requests under way just now.
    pub(super) requests: AtomicI64,
    /// Handlers that panicked.
    pub(super) panics: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Histogram {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum: f64,
}

/// Counts one up, and down again when it is dropped.
pub(super) struct Under<'a>(&'a AtomicI64);

impl<'a> Under<'a> {
    pub(super) fn way(gauge: &'a AtomicI64) -> Self {
        gauge.fetch_add(1, Ordering::Relaxed);
        Self(gauge)
    }
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Notes an answer.
    pub(super) fn answered(
        &self,
        dialect: &'static str,
        endpoint: &'static str,
        status: u16,
        duration: Duration,
    ) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        *answered.entry((dialect, endpoint, status)).or_default() += 1;
        drop(answered);
        let seconds = duration.as_secs_f64();
        let mut durations = self.durations.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = durations.entry(dialect).or_default();
        histogram.count += 1;
        histogram.sum += seconds;
        if let Some(bucket) = BUCKETS.iter().position(|bound| seconds <= *bound) {
            histogram.buckets[bucket] += 1;
        }
    }

    /// Everything, as text.
    pub(super) async fn render(&self, front: &Front) -> String {
        let mut page = Page(String::with_capacity(4096));
        page.family("answerback_build_info", "gauge", "Version of the server, always 1.");
        page.sample("answerback_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        self.render_requests(&mut page);
        self.render_durations(&mut page);
        let gauge = |gauge: &AtomicI64| gauge.load(Ordering::Relaxed).max(0);
        page.single(
            "answerback_http_requests_under_way",
            "gauge",
            "Requests under way.",
            gauge(&self.requests),
        );
        page.single("answerback_http_connections", "gauge", "Open connections.", gauge(&self.connections));
        let refused = self.connections_refused.load(Ordering::Relaxed);
        let help = "Connections that came when all places were taken.";
        page.single("answerback_http_connections_refused_total", "counter", help, refused);
        let panics = self.panics.load(Ordering::Relaxed);
        page.single("answerback_panics_total", "counter", "Requests whose handler broke.", panics);
        if let Some(octets) = resident_memory() {
            page.single("process_resident_memory_bytes", "gauge", "Resident memory.", octets);
        }
        for source in &front.sources {
            for family in source.families().await {
                page.whole(&family);
            }
        }
        if let Ok(accounts) = front.service.accounts().await {
            page.single("answerback_accounts", "gauge", "Accounts in the ledger.", accounts.len());
        }
        page.0
    }

    fn render_requests(&self, page: &mut Page) {
        let name = "answerback_http_requests_total";
        page.family(name, "counter", "Answers by dialect, endpoint and HTTP status.");
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for ((dialect, endpoint, status), count) in answered {
            let status = status.to_string();
            page.sample(name, &[("dialect", dialect), ("endpoint", endpoint), ("status", &status)], count);
        }
    }

    fn render_durations(&self, page: &mut Page) {
        let name = "answerback_http_request_duration_seconds";
        page.family(name, "histogram", "Time from a request's head to its answer, by dialect.");
        let durations = self.durations.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (dialect, histogram) in durations {
            let mut seen = 0;
            for (bound, count) in BUCKETS.iter().zip(histogram.buckets) {
                seen += count;
                let bound = bound.to_string();
                page.sample(&format!("{name}_bucket"), &[("dialect", dialect), ("le", &bound)], seen);
            }
            let whole = [("dialect", dialect), ("le", "+Inf")];
            page.sample(&format!("{name}_bucket"), &whole, histogram.count);
            page.sample(&format!("{name}_sum"), &whole[..1], histogram.sum);
            page.sample(&format!("{name}_count"), &whole[..1], histogram.count);
        }
    }
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a text cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// A family with its samples.
    fn whole(&mut self, family: &Family) {
        let Family { name, kind, help, samples } = family;
        self.family(name, kind.word(), help);
        for Sample { suffix, labels, value } in samples {
            let labels: Vec<(&str, &str)> =
                labels.iter().map(|(name, text)| (*name, text.as_str())).collect();
            self.sample(&format!("{name}{suffix}"), &labels, value);
        }
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{}{label}=\"{text}\"", if at == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }
}

/// Resident octets, where the system tells.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_durations_are_counted() {
        let metrics = Metrics::default();
        for millis in [0, 2, 2, 60_000] {
            metrics.answered("a", "list", 200, Duration::from_millis(millis));
        }
        metrics.answered("b", "other", 404, Duration::ZERO);
        let mut page = Page(String::new());
        metrics.render_requests(&mut page);
        metrics.render_durations(&mut page);
        for line in [
            "answerback_http_requests_total{dialect=\"a\",endpoint=\"list\",status=\"200\"} 4",
            "answerback_http_requests_total{dialect=\"b\",endpoint=\"other\",status=\"404\"} 1",
            "answerback_http_request_duration_seconds_bucket{dialect=\"a\",le=\"0.001\"} 1",
            "answerback_http_request_duration_seconds_bucket{dialect=\"a\",le=\"0.0025\"} 3",
            "answerback_http_request_duration_seconds_bucket{dialect=\"a\",le=\"30\"} 3",
            "answerback_http_request_duration_seconds_bucket{dialect=\"a\",le=\"+Inf\"} 4",
            "answerback_http_request_duration_seconds_count{dialect=\"a\"} 4",
        ] {
            assert!(page.0.lines().any(|found| found == line), "{line}\nnot in\n{}", page.0);
        }
    }

    #[test]
    fn what_is_under_way_is_given_back() {
        let gauge = AtomicI64::default();
        {
            let _one = Under::way(&gauge);
            assert_eq!(gauge.load(Ordering::Relaxed), 1);
        }
        assert_eq!(gauge.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn labels_are_escaped() {
        let mut page = Page(String::new());
        page.sample("x", &[("a", "q\"\\\n")], 1);
        assert_eq!(page.0, "x{a=\"q\\\"\\\\\\n\"} 1\n");
    }
}
