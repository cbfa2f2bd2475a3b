//! Webhooks in this process: the work of telling, with the courier and every shape there is.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use service::Service;
use service::webhooks::Webhooks;

use crate::config::Config;
use crate::courier::{Allowed, HttpCourier};
use crate::figures::{Family, Kind, Source};

/// The work over a service, as configured. It begins with [`Webhooks::run`].
pub(crate) fn webhooks(service: &Service, config: &Config) -> Webhooks {
    let settings = &config.webhooks;
    let courier = HttpCourier::new(Allowed(settings.allow_private.clone()));
    let kept = Duration::from_secs(u64::from(settings.keep_days) * 86_400);
    Webhooks::new(service.clone(), dialects::shapes(), Arc::new(courier)).keeping(kept)
}

#[async_trait]
impl Source for Webhooks {
    async fn families(&self) -> Vec<Family> {
        let now = self.figures();
        let single = |name, kind, help, value: u64| Family::single(name, kind, help, value as f64);
        vec![
            single("answerback_webhook_targets", Kind::Gauge, "Webhooks that are told.", now.targets),
            single(
                "answerback_webhook_backlog",
                Kind::Gauge,
                "Events that webhooks are still to be told.",
                now.backlog,
            ),
            single(
                "answerback_webhook_delivered_total",
                Kind::Counter,
                "Calls that were taken.",
                now.delivered,
            ),
            single("answerback_webhook_failed_total", Kind::Counter, "Calls that failed.", now.failed),
            single("answerback_webhook_dead_total", Kind::Counter, "Events that were given up.", now.dead),
        ]
    }
}
