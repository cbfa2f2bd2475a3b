//! What a run gave, and its line of the table.

use std::time::Duration;

/// One run.
pub(crate) struct Figures {
    pub(crate) name: &'static str,
    pub(crate) concurrency: usize,
    pub(crate) recipients: usize,
    /// Messages whose request was answered with success.
    pub(crate) accepted: u64,
    /// Requests whose connection was cut before the answer.
    pub(crate) failed: u64,
    /// How long the load ran.
    pub(crate) seconds: f64,
    /// Of each request in seconds, rising.
    pub(crate) latencies: Vec<f64>,
    /// Segments the SMSC took while the load ran.
    pub(crate) submitted_during: u64,
    /// Receipts acknowledged while the load ran.
    pub(crate) completed_during: u64,
    /// The most receipts that waited to be recorded, among samples taken while the load ran.
    pub(crate) lag: u64,
    /// From the end of the load until the last receipt was acknowledged.
    pub(crate) drained: Duration,
    /// Receipts acknowledged in all.
    pub(crate) completed: u64,
    /// Messages the SMSC got twice.
    pub(crate) duplicates: u64,
    /// Processor seconds of the system, the draining included.
    pub(crate) processor: f64,
    /// Its peak of resident memory in octets.
    pub(crate) memory: f64,
}

impl Figures {
    /// The head of the table.
    pub(crate) const HEAD: &'static str = "| system | connections | recipients a request | accepted/s | requests cut | submitted/s | completed/s | accept p50, p99 ms | receipts behind, ms | drained after s | CPU s / 1,000 | peak MB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

    /// Messages accepted a second.
    pub(crate) fn accepted_rate(&self) -> f64 {
        self.accepted as f64 / self.seconds
    }

    /// Messages accepted, submitted and with their receipt recorded, a second, while the load ran.
    pub(crate) fn completed_rate(&self) -> f64 {
        self.completed_during as f64 / self.seconds
    }

    /// Its line.
    pub(crate) fn row(&self) -> String {
        let percentile = |part: f64| {
            let last = self.latencies.len().saturating_sub(1);
            self.latencies.get((last as f64 * part) as usize).copied().unwrap_or(f64::NAN) * 1e3
        };
        let behind = self.lag as f64 / self.completed_rate().max(1.0) * 1e3;
        format!(
            "| {} | {} | {} | {:.0} | {} | {:.0} | {:.0} | {:.1}, {:.1} | {behind:.0} | {:.1} | {:.3} | {:.0} |",
            self.name,
            self.concurrency,
            self.recipients,
            self.accepted_rate(),
            self.failed,
            self.submitted_during as f64 / self.seconds,
            self.completed_rate(),
            percentile(0.5),
            percentile(0.99),
            self.drained.as_secs_f64(),
            self.processor / (self.completed.max(1) as f64 / 1e3),
            self.memory / 1e6,
        )
    }
}
