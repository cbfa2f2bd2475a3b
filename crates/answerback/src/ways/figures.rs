//! Figures of the carriers.

use async_trait::async_trait;
use carriers::carrier::{Figures, LinkState};
use service::gateway::WayReport;

use super::Fleet;
use crate::figures::{Family, Kind, Sample, Source};

type Count = (&'static str, &'static str, fn(&Figures) -> u64);

/// Counts of a carrier, since it was started.
const COUNTS: [Count; 9] = [
    ("answerback_carrier_submitted_total", "Segments written to the carrier.", |figures| figures.submitted),
    ("answerback_carrier_accepted_total", "Segments that the carrier took.", |figures| figures.accepted),
    ("answerback_carrier_rejected_total", "Segments that the carrier refused for good.", |figures| {
        figures.rejected
    }),
    ("answerback_carrier_throttled_total", "Segments refused because too much came.", |figures| {
        figures.throttled
    }),
    ("answerback_carrier_uncertain_total", "Attempts without an answer.", |figures| figures.uncertain),
    ("answerback_carrier_late_total", "Answers to attempts that had been given up.", |figures| figures.late),
    ("answerback_carrier_receipts_total", "Receipts that came in.", |figures| figures.receipts),
    ("answerback_carrier_messages_total", "Messages, or segments of them, that came in.", |figures| {
        figures.messages
    }),
    ("answerback_carrier_binds_total", "Sessions that were opened.", |figures| figures.binds),
];

#[async_trait]
impl Source for Fleet {
    async fn families(&self) -> Vec<Family> {
        let reports = self.reports();
        let gauge =
            |name, help, value: &dyn Fn(&WayReport) -> f64| family(name, Kind::Gauge, help, &reports, value);
        let mut families = vec![
            gauge("answerback_carrier_up", "Whether the carrier takes segments.", &|report| {
                f64::from(u8::from(report.state.takes_segments()))
            }),
            gauge("answerback_carrier_sessions", "Sessions bound.", &|report| match report.state {
                LinkState::Up { sessions, .. } => sessions as f64,
                LinkState::Down { .. } | LinkState::Paused | LinkState::Closed => 0.0,
            }),
            gauge(
                "answerback_carrier_throttling",
                "Whether the carrier asked for less just now.",
                &|report| f64::from(u8::from(matches!(report.state, LinkState::Up { throttled: true, .. }))),
            ),
            gauge("answerback_carrier_paused", "Whether its operator paused it.", &|report| {
                f64::from(u8::from(report.state == LinkState::Paused))
            }),
            gauge("answerback_carrier_window", "Submissions that may be open at once.", &|report| {
                report.window as f64
            }),
            gauge("answerback_carrier_open", "Submissions open just now.", &|report| {
                report.figures.in_flight as f64
            }),
        ];
        families.extend(COUNTS.iter().map(|(name, help, count)| {
            family(name, Kind::Counter, help, &reports, &|report| count(&report.figures) as f64)
        }));
        families
    }
}

fn family(
    name: &'static str,
    kind: Kind,
    help: &'static str,
    reports: &[WayReport],
    value: &dyn Fn(&WayReport) -> f64,
) -> Family {
    let sample = |report: &WayReport| Sample::of(vec![("carrier", report.name.clone())], value(report));
    Family { name, kind, help, samples: reports.iter().map(sample).collect() }
}
