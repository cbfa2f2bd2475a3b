//! The rules of a description, as the gateway takes them.

use service::gateway::Routing;
use service::{LedgerError, Service};

use super::Spec;

/// The rules, with accounts looked up; what is said of an account that is not there.
pub(super) async fn routing(service: &Service, spec: &Spec) -> Result<Routing, String> {
    let mut accounts = Vec::with_capacity(spec.accounts.len());
    for named in &spec.accounts {
        let found = service.find_account(named).await.map_err(|error| match error {
            LedgerError::NotFound => format!("there is no account {named}"),
            other => other.to_string(),
        })?;
        accounts.push(found.id);
    }
    Ok(Routing {
        accounts,
        prefixes: spec.route.clone(),
        senders: spec.senders.clone(),
        least_priority: spec.least_priority,
        rank: spec.rank,
        cost: spec.cost,
    })
}
