//! The commands about an account's rates and settings, and about what is left open: receipts nobody knows,
//! attempts nobody answered.

use service::model::Account;
use service::people::Slice;
use service::query::{MessageQuery, Order};
use service::{LedgerError, Service};
use sms::{Outcome, OutcomeSet};

use super::open_view::{ReceiptsView, UncertainView};
use super::request::{RatesChange, Request};
use super::{Reply, rates, settings};
use crate::failure::Failure;

/// Runs one of them.
pub(super) async fn run(service: &Service, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::RatesShow { account } => {
            let account = super::run::find(service, &account).await?;
            shown_rates(service, &account).await
        }
        Request::RatesSet { account, change } => set_rates(service, &account, change).await,
        Request::SettingsShow { account } => {
            let account = super::run::find(service, &account).await?;
            let now = service.settings(account.id).await.map_err(failure)?;
            Ok(Reply::Settings(Box::new(now)))
        }
        Request::SettingsSet { account, changes } => {
            let account = super::run::find(service, &account).await?;
            let mut now = service.settings(account.id).await.map_err(failure)?;
            for change in &changes {
                settings::change(&mut now, change).map_err(Failure::usage)?;
            }
            service.put_settings(account.id, &now).await.map_err(failure)?;
            Ok(Reply::Settings(Box::new(now)))
        }
        Request::Receipts { limit } => {
            let slice = Slice { limit, ..Slice::default() };
            let page = service.unmatched(slice).await.map_err(failure)?;
            Ok(Reply::Receipts(ReceiptsView::from(page)))
        }
        Request::Uncertain { account, limit } => uncertain(service, account.as_deref(), limit).await,
        other => Err(Failure::failed(format!("{} is no command about sending", other.name()))),
    }
}

async fn shown_rates(service: &Service, account: &Account) -> Result<Reply, Failure> {
    let rates = service.rates(account.id).await.map_err(failure)?;
    Ok(Reply::Rates { currency: account.currency.to_string(), rates })
}

async fn set_rates(service: &Service, account: &str, change: RatesChange) -> Result<Reply, Failure> {
    let account = super::run::find(service, account).await?;
    let mut now = service.rates(account.id).await.map_err(failure)?;
    rates::change(&mut now, change).map_err(Failure::usage)?;
    service.put_rates(account.id, &now).await.map_err(failure)?;
    shown_rates(service, &account).await
}

async fn uncertain(service: &Service, account: Option<&str>, limit: u32) -> Result<Reply, Failure> {
    let accounts = match account {
        Some(named) => vec![super::run::find(service, named).await?],
        None => service.accounts().await.map_err(failure)?,
    };
    let mut view = UncertainView::default();
    for account in accounts {
        let outcomes = Some(OutcomeSet::matching(|outcome| outcome == Outcome::Uncertain));
        let query = MessageQuery { outcomes, order: Order::Number, limit, ..MessageQuery::default() };
        let page = service.messages(account.id, query).await.map_err(failure)?;
        view.add(&account, page);
    }
    Ok(Reply::Uncertain(view))
}

fn failure(error: LedgerError) -> Failure {
    match error {
        LedgerError::Refused(service::Refusal::Value(fault)) => Failure::usage(fault),
        other => Failure::failed(other),
    }
}
