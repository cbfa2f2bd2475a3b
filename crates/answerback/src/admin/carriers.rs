//! The commands about carriers.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::carrier_view::{CarrierView, TestView};
use super::reply::Reply;
use super::request::Request;
use crate::config::value::Given;
use crate::failure::Failure;
use crate::ways::{Fleet, Spec, is_name, keys};

/// One thing said of a carrier: the key, the option it was typed as, and its value as text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) key: String,
    pub(crate) flag: String,
    pub(crate) value: String,
}

/// A description with what was said of it; mistakes are named by option.
pub(crate) fn read(begin: Spec, said: &[Said]) -> Result<Spec, Failure> {
    let mut spec = begin;
    for Said { key, flag, value } in said {
        keys::take(&mut spec, key, &Given::Loose(value.clone()), Path::new(""))
            .map_err(|what| Failure::usage(format!("{flag}: {what}")))?;
        if key == "password" {
            // What was read from a file before is no longer what counts.
            spec.password_file = None;
        }
    }
    match spec.fault() {
        None => Ok(spec),
        Some((key, what)) => {
            let flag = said.iter().find(|said| said.key == key).map(|said| said.flag.clone());
            Err(Failure::usage(format!(
                "{}: {what}",
                flag.unwrap_or_else(|| format!("--{}", key.replace('_', "-")))
            )))
        }
    }
}

/// Runs one of them.
pub(super) async fn run(fleet: &Fleet, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::CarrierAdd { name, said } => add(fleet, name, &said).await,
        Request::CarrierSet { name, said } => {
            let spec = read(fleet.changeable(&name).await?, &said)?;
            fleet.put(&name, spec).await?;
            shown(fleet, &name).await
        }
        Request::CarrierList => {
            Ok(Reply::Carriers(fleet.list().await.into_iter().map(CarrierView::from).collect()))
        }
        Request::CarrierShow { name } => shown(fleet, &name).await,
        Request::CarrierTest { name, seconds } => {
            let (found, live) = fleet.test(&name, Duration::from_secs(seconds.into())).await?;
            Ok(Reply::CarrierTested(TestView::new(name, found, live)))
        }
        Request::CarrierPause { name, paused } => {
            fleet.pause(&name, paused).await?;
            shown(fleet, &name).await
        }
        Request::CarrierRemove { name } => {
            fleet.remove(&name).await?;
            Ok(Reply::CarrierRemoved { name })
        }
        other => Err(Failure::failed(format!("{} is no command about carriers", other.name()))),
    }
}

async fn add(fleet: &Fleet, name: String, said: &[Said]) -> Result<Reply, Failure> {
    if !is_name(&name) {
        return Err(Failure::usage(format!("{name:?} is no name: letters, digits, - and _, at most 32")));
    }
    let spec = read(Spec::default(), said)?;
    if fleet.has(&name).await {
        let what = "is there already; `answerback carrier set` changes it, `carrier remove` takes it away";
        return Err(Failure::failed(format!("the carrier {name} {what}")));
    }
    fleet.put(&name, spec).await?;
    shown(fleet, &name).await
}

async fn shown(fleet: &Fleet, name: &str) -> Result<Reply, Failure> {
    Ok(Reply::Carrier(Box::new(fleet.show(name).await?.into())))
}
