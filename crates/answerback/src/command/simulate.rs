//! `simulate`: a stand-alone SMSC until it is told to stop.

use carriers::simulator::profile::Credential;
use carriers::simulator::{Smsc, control};
use serde_json::json;
use tokio::net::TcpListener;

use super::output;
use super::serve::listen;
use crate::cli::Globals;
use crate::cli::carriers::SimulateArgs;
use crate::failure::Failure;
use crate::signals::{self, asked};
use crate::ways::spec::profile;

/// Serves it.
pub(super) async fn run(globals: &Globals, args: SimulateArgs) -> Result<(), Failure> {
    let SimulateArgs { listen: address, seed, profile: named, control: control_address, system_id, password } =
        args;
    let mut profile = profile(&named).map_err(Failure::usage)?;
    if let (Some(system_id), Some(password)) = (system_id, password) {
        profile.binds = vec![Credential { system_id, password }];
    }
    let mut stop = signals::watch().map_err(Failure::failed)?.stop;
    let socket = listen(&address).await?;
    let control_socket = match &control_address {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let smsc = Smsc::new(profile, seed);
    announce(globals, &socket, control_socket.as_ref(), &named, seed)?;
    let mut stop_control = stop.clone();
    let controlling = async {
        if let Some(socket) = control_socket {
            control::serve(socket, smsc.clone(), asked(&mut stop_control)).await;
        }
    };
    tokio::join!(smsc.serve(socket, asked(&mut stop)), controlling);
    Ok(())
}

fn announce(
    globals: &Globals,
    socket: &TcpListener,
    control: Option<&TcpListener>,
    profile: &str,
    seed: u64,
) -> Result<(), Failure> {
    let address = socket.local_addr().map_err(Failure::failed)?.to_string();
    let control = match control {
        Some(control) => Some(format!("http://{}", control.local_addr().map_err(Failure::failed)?)),
        None => None,
    };
    if globals.json {
        return output::print_json(&json!({
            "listening": address, "control": control, "profile": profile, "seed": seed,
            "process": std::process::id(),
        }));
    }
    let control = control.map(|url| format!(", controlled on {url}")).unwrap_or_default();
    output::print(
        format!(
            "simulating an SMSC on {address}{control} (profile {profile}, seed {seed}); nothing is sent to \
             anybody; Ctrl-C or SIGTERM stops it\n"
        )
        .as_bytes(),
    )
}
