//! Webhooks in this process: the work of telling, with the courier and every shape there is.

use std::sync::Arc;
use std::time::Duration;

use service::Service;
use service::webhooks::Webhooks;

use crate::config::Config;
use crate::courier::{Allowed, HttpCourier};
use crate::store::{Figure, Figures};

/// The work over a service, as configured. It begins with [`Webhooks::run`].
pub(crate) fn webhooks(service: &Service, config: &Config) -> Webhooks {
    let settings = &config.webhooks;
    let courier = HttpCourier::new(Allowed(settings.allow_private.clone()));
    let kept = Duration::from_secs(u64::from(settings.keep_days) * 86_400);
    Webhooks::new(service.clone(), dialects::shapes(), Arc::new(courier)).keeping(kept)
}

/// The figures of the store, then those of the webhooks.
pub(crate) fn with_figures(store: Figures, webhooks: &Webhooks) -> Figures {
    let webhooks = webhooks.clone();
    Box::new(move || {
        let mut figures = store();
        let now = webhooks.figures();
        let told = [
            ("answerback_webhook_targets", "Webhooks that are told.", now.targets),
            ("answerback_webhook_backlog", "Events that webhooks are still to be told.", now.backlog),
            ("answerback_webhook_delivered", "Calls that were taken, since the start.", now.delivered),
            ("answerback_webhook_failed", "Calls that failed, since the start.", now.failed),
            ("answerback_webhook_dead", "Events that were given up, since the start.", now.dead),
        ];
        figures.extend(told.map(|(name, help, value)| {
            let value = usize::try_from(value).unwrap_or(usize::MAX);
            Figure { name, help, value }
        }));
        figures
    })
}
