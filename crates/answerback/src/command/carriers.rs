//! `carrier …`: what was typed becomes a request; `carrier options` needs nobody.

use std::path::Path;

use carriers::smpp::link::Options;
use serde_json::json;

use super::table::table;
use super::{administer, output, secret};
use crate::admin::carriers::Said;
use crate::admin::{Reply, Request};
use crate::cli::Globals;
use crate::cli::carriers::{CarrierArgs, CarrierCommand, PeerArgs, RuleArgs};
use crate::failure::Failure;
use crate::ways::keys;

/// Runs a command about carriers.
pub(super) async fn run(globals: &Globals, command: CarrierCommand) -> Result<(), Failure> {
    let request = match command {
        CarrierCommand::Options => return options(globals),
        CarrierCommand::Test { name, timeout } => return test(globals, name, timeout).await,
        CarrierCommand::Add(args) => {
            let (name, said) = said(*args)?;
            Request::CarrierAdd { name, said }
        }
        CarrierCommand::Set(args) => {
            let (name, said) = said(*args)?;
            if said.is_empty() {
                return Err(Failure::usage(
                    "nothing is to be set; `answerback carrier set --help` lists what can be",
                ));
            }
            Request::CarrierSet { name, said }
        }
        CarrierCommand::List => Request::CarrierList,
        CarrierCommand::Show { name } => Request::CarrierShow { name },
        CarrierCommand::Pause { name } => Request::CarrierPause { name, paused: true },
        CarrierCommand::Resume { name } => Request::CarrierPause { name, paused: false },
        CarrierCommand::Remove { name } => Request::CarrierRemove { name },
    };
    administer::run(globals, request).await
}

/// `carrier test`: what is found decides the exit code.
async fn test(globals: &Globals, name: String, seconds: u32) -> Result<(), Failure> {
    let reply = administer::reply(globals, Request::CarrierTest { name, seconds }).await?;
    administer::show(globals, &reply)?;
    match reply {
        Reply::CarrierTested(found) if !found.bound => {
            Err(Failure::failed(format!("the carrier {} is not bound", found.name)))
        }
        _ => Ok(()),
    }
}

/// What was said of a carrier, in the order of the list of keys.
fn said(args: CarrierArgs) -> Result<(String, Vec<Said>), Failure> {
    let CarrierArgs { name, peer, rules } = args;
    let mut all = Vec::new();
    let password = password(&peer)?;
    let PeerArgs { smpp, simulator, seed, system_id, bind, binds, window, rate, tls, options, .. } = peer;
    let simulator = simulator.map(|named| from_here(&named)).transpose()?;
    let RuleArgs { route, accounts, senders, priority, rank, cost, doubt } = rules;
    let list = |items: Vec<String>| if items.is_empty() { None } else { Some(items.join(",")) };
    let given = [
        ("smpp", "--smpp", smpp),
        ("simulator", "--simulator", simulator),
        ("seed", "--seed", seed),
        ("system_id", "--system-id", system_id),
        ("password", "--password", password),
        ("bind", "--bind", bind),
        ("binds", "--binds", binds),
        ("window", "--window", window),
        ("rate", "--rate", rate),
        ("tls", "--tls", tls.then(|| "true".to_owned())),
        ("route", "--route", list(route)),
        ("accounts", "--account", list(accounts)),
        ("senders", "--sender", list(senders)),
        ("least_priority", "--priority", priority),
        ("rank", "--rank", rank),
        ("cost", "--cost", cost),
        ("doubt", "--doubt", doubt),
    ];
    for (key, flag, value) in given {
        if let Some(value) = value {
            all.push(Said { key: key.to_owned(), flag: flag.to_owned(), value });
        }
    }
    for option in options {
        let (option, value) = option
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("--set {option}: expected OPTION=VALUE")))?;
        let (key, flag) = (format!("{}.{option}", keys::OPTIONS), format!("--set {option}"));
        all.push(Said { key, flag, value: value.to_owned() });
    }
    Ok((name, all))
}

/// Files are named from where the command is typed; the server may be elsewhere.
fn from_here(named: &str) -> Result<String, Failure> {
    if carriers::simulator::Profile::builtin(named).is_some() {
        return Ok(named.to_owned());
    }
    let path =
        std::path::absolute(Path::new(named)).map_err(|error| Failure::usage(format!("{named}: {error}")))?;
    Ok(path.to_string_lossy().into_owned())
}

fn password(peer: &PeerArgs) -> Result<Option<String>, Failure> {
    match peer {
        PeerArgs { password: Some(password), .. } => {
            output::note(
                "warning: --password shows it to the shell's history and the process list; use --password-file",
            );
            Ok(Some(password.clone()))
        }
        PeerArgs { password_file: Some(file), .. } => secret::read(None, Some(file)).map(Some),
        PeerArgs { password_stdin: true, .. } => secret::read(None, None).map(Some),
        _ => Ok(None),
    }
}

/// `carrier options`.
fn options(globals: &Globals) -> Result<(), Failure> {
    let all = Options::table();
    if globals.json {
        let told: Vec<_> = all
            .iter()
            .map(|option| {
                json!({
                    "option": option.name, "default": option.default,
                    "help": option.help, "danger": option.danger,
                })
            })
            .collect();
        return output::print_json(&told);
    }
    let row = |option: &carriers::smpp::link::OptionInfo| {
        let default = if option.default.is_empty() { "(empty)".to_owned() } else { option.default.clone() };
        vec![option.name.to_owned(), default, option.help.to_owned()]
    };
    let mut text = table(&["option", "default", "what it does"], &all.iter().map(row).collect::<Vec<_>>());
    text.push_str("\nDangers:\n");
    for option in &all {
        if let Some(danger) = option.danger {
            text.push_str(&format!("  {}: {danger}\n", option.name));
        }
    }
    output::print(text.as_bytes())
}
