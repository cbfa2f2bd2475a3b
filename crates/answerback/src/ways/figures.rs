//! Figures of the carriers.

use async_trait::async_trait;
use carriers::carrier::{Figures, LinkState};
use service::gateway::{GatewayFigures, WayReport};

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
                LinkState::Up { sessions, .. } | LinkState::Paused { sessions } => sessions as f64,
                LinkState::Down { .. } | LinkState::Closed => 0.0,
            }),
            gauge(
                "answerback_carrier_throttling",
                "Whether the carrier asked for less just now.",
                &|report| f64::from(u8::from(matches!(report.state, LinkState::Up { throttled: true, .. }))),
            ),
            gauge("answerback_carrier_paused", "Whether its operator paused it.", &|report| {
                f64::from(u8::from(matches!(report.state, LinkState::Paused { .. })))
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
        families.extend(self.done().iter().flat_map(of_the_gateway));
        families
    }
}

type Told = (&'static str, Kind, &'static str, fn(&GatewayFigures) -> f64);

const GATEWAY: [Told; 22] = [
    (
        "answerback_queue_segments",
        Kind::Gauge,
        "Segments that are due, those being attempted among them.",
        |done| done.due as f64,
    ),
    (
        "answerback_queue_oldest_seconds",
        Kind::Gauge,
        "For how long the oldest of them has been due.",
        |done| done.oldest_due as f64,
    ),
    ("answerback_queue_open_segments", Kind::Gauge, "Segments that are out at carriers.", |done| {
        done.in_flight as f64
    }),
    ("answerback_uncertain_messages", Kind::Gauge, "Messages of which an attempt had no answer.", |done| {
        done.uncertain_open as f64
    }),
    ("answerback_quarantine_receipts", Kind::Gauge, "Receipts whose message is not known.", |done| {
        done.quarantined as f64
    }),
    ("answerback_unrouted_messages", Kind::Gauge, "MO that nobody claims.", |done| done.unrouted as f64),
    ("answerback_attempts_submitted_total", Kind::Counter, "Attempts that a carrier took.", |done| {
        done.submitted as f64
    }),
    (
        "answerback_attempts_straight_total",
        Kind::Counter,
        "Submissions to carriers that were leased in the commit that took them in.",
        |done| done.straight as f64,
    ),
    (
        "answerback_attempts_rejected_total",
        Kind::Counter,
        "Attempts that a carrier refused for good.",
        |done| done.rejected as f64,
    ),
    ("answerback_attempts_retried_total", Kind::Counter, "Attempts that are to be repeated.", |done| {
        (done.retried + done.throttled) as f64
    }),
    (
        "answerback_attempts_not_sent_total",
        Kind::Counter,
        "Attempts that were never written to a peer.",
        |done| done.not_sent as f64,
    ),
    ("answerback_attempts_uncertain_total", Kind::Counter, "Attempts without an answer.", |done| {
        done.uncertain as f64
    }),
    ("answerback_attempts_resent_total", Kind::Counter, "Uncertain attempts that were sent again.", |done| {
        done.resends as f64
    }),
    ("answerback_attempts_settled_total", Kind::Counter, "Late answers to uncertain attempts.", |done| {
        done.settled as f64
    }),
    (
        "answerback_segments_expired_total",
        Kind::Counter,
        "Segments that expired here, never submitted.",
        |done| done.expired as f64,
    ),
    ("answerback_segments_failed_total", Kind::Counter, "Segments that failed here.", |done| {
        done.failed as f64
    }),
    (
        "answerback_messages_unknown_total",
        Kind::Counter,
        "Messages that ended without a last word.",
        |done| done.unknown as f64,
    ),
    (
        "answerback_receipts_expired_total",
        Kind::Counter,
        "Receipts whose time in quarantine was over.",
        |done| done.receipts_expired as f64,
    ),
    ("answerback_mo_taken_total", Kind::Counter, "MO, or parts of them, that were taken in.", |done| {
        done.messages_taken as f64
    }),
    (
        "answerback_mo_refused_total",
        Kind::Counter,
        "MO, or parts of them, that their peers are to send again.",
        |done| done.messages_refused as f64,
    ),
    (
        "answerback_receipt_commit_seconds_total",
        Kind::Counter,
        "Time from receipts' arrival to their commit, summed up.",
        |done| done.receipt_commit_micros as f64 / 1e6,
    ),
    (
        "answerback_receipt_lag_seconds_total",
        Kind::Counter,
        "Time from submissions' answers to their receipts, summed up.",
        |done| done.receipt_lag_micros as f64 / 1e6,
    ),
];

fn of_the_gateway(done: &GatewayFigures) -> Vec<Family> {
    let mut families: Vec<Family> = GATEWAY
        .iter()
        .map(|(name, kind, help, value)| Family::single(name, *kind, help, value(done)))
        .collect();
    let fate = |fate: &str, count: u64| Sample::of(vec![("fate", fate.to_owned())], count as f64);
    families.push(Family {
        name: "answerback_receipts_total",
        kind: Kind::Counter,
        help: "Receipts by what became of them.",
        samples: vec![
            fate("matched", done.receipts_matched),
            fate("quarantined", done.receipts_quarantined),
            fate("repeated", done.receipts_repeated),
            fate("refused", done.receipts_refused),
        ],
    });
    families
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
