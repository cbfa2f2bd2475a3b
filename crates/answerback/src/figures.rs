//! Figures of a running server, from whoever has them: the store, the carriers, the requests.
//!
//! A part of the server that has something to tell implements [`Source`] and is handed to the front; the page
//! of `/metrics` is made of all of them. docs/operations.md names every family, and a test compares.

use async_trait::async_trait;

/// What a family counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rises, until the process ends.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Durations in buckets.
    Histogram,
}

impl Kind {
    /// As the page writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One name with its samples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) help: &'static str,
    pub(crate) samples: Vec<Sample>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// Behind the name: `_sum`, or nothing.
    pub(crate) suffix: &'static str,
    pub(crate) labels: Vec<(&'static str, String)>,
    pub(crate) value: f64,
}

impl Sample {
    /// A value with labels.
    pub(crate) fn of(labels: Vec<(&'static str, String)>, value: f64) -> Self {
        Self { suffix: "", labels, value }
    }
}

impl Family {
    /// A family with one sample and no label.
    pub(crate) fn single(name: &'static str, kind: Kind, help: &'static str, value: f64) -> Self {
        Self { name, kind, help, samples: vec![Sample::of(Vec::new(), value)] }
    }

    /// Durations: counts within each bound and above the one before, their number, their sum in seconds.
    pub(crate) fn durations(
        name: &'static str,
        help: &'static str,
        buckets: impl IntoIterator<Item = (f64, u64)>,
        (count, sum): (u64, f64),
    ) -> Self {
        let mut seen = 0;
        let mut samples: Vec<Sample> = buckets
            .into_iter()
            .map(|(bound, within)| {
                seen += within;
                Sample { suffix: "_bucket", labels: vec![("le", bound.to_string())], value: seen as f64 }
            })
            .collect();
        let whole = |suffix, value| Sample { suffix, labels: Vec::new(), value };
        samples.push(Sample { labels: vec![("le", "+Inf".to_owned())], ..whole("_bucket", count as f64) });
        samples.push(whole("_sum", sum));
        samples.push(whole("_count", count as f64));
        Self { name, kind: Kind::Histogram, help, samples }
    }
}

/// Somebody with figures.
#[async_trait]
pub(crate) trait Source: Send + Sync {
    /// The figures as they are just now; what cannot be had is left out, and logged.
    async fn families(&self) -> Vec<Family>;
}
