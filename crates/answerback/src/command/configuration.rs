//! Loading the configuration for a command, and `config print | check`.

use std::path::{Path, PathBuf};

use carriers::smpp::link::SmppLink;
use serde_json::json;

use super::output;
use crate::cli::Globals;
use crate::cli::serving::ConfigCommand;
use crate::config::{self, Fault, Loaded, Override, print};
use crate::failure::Failure;
use crate::http::acceptor;

/// The configuration as file, environment and command line have it; mistakes are usage errors.
pub(crate) fn load(globals: &Globals, overrides: Vec<Override>) -> Result<Loaded, Failure> {
    let loaded = read(globals, None, overrides).map_err(|faults| Failure::usage(listed(&faults)))?;
    match &loaded.config.database {
        // The address is not repeated: it may hold a password.
        Some(_) => Err(Failure::usage(
            "a database was named (--database, ANSWERBACK_DATABASE or `database`): PostgreSQL comes with a later \
             release; this one keeps the ledger in a data directory (--data)",
        )),
        None => Ok(loaded),
    }
}

fn read(
    globals: &Globals,
    file: Option<PathBuf>,
    mut overrides: Vec<Override>,
) -> Result<Loaded, Vec<Fault>> {
    let named = file.or_else(|| globals.config.clone());
    let from_environment = || std::env::var_os("ANSWERBACK_CONFIG").filter(|name| !name.is_empty());
    let file = named.or_else(|| from_environment().map(PathBuf::from));
    if let Some(data) = &globals.data {
        let value = data.to_string_lossy().into_owned();
        overrides.push(Override { key: "data", flag: "--data", value });
    }
    if let Some(database) = &globals.database {
        overrides.push(Override { key: "database", flag: "--database", value: database.clone() });
    }
    // What is no Unicode is no value of ours; other programs' variables may be.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
    config::load(file.as_deref().map(Path::new), environment, overrides)
}

fn listed(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// `config print` and `config check`.
pub(super) fn run(globals: &Globals, command: ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::Print => {
            let loaded = read(globals, None, Vec::new()).map_err(|faults| Failure::usage(listed(&faults)))?;
            if globals.json {
                output::print_json(&print::as_json(&loaded))
            } else {
                output::print(print::as_toml(&loaded).as_bytes())
            }
        }
        ConfigCommand::Check { file } => check(globals, file),
    }
}

/// What is written well and cannot be used: certificates and keys are looked at as a server would.
fn unusable(loaded: &Loaded) -> Vec<Fault> {
    let mut faults = Vec::new();
    let tls = &loaded.config.tls;
    if let (Some(certificate), Some(key)) = (&tls.certificate, &tls.key)
        && let Err(error) = acceptor(certificate, key)
    {
        let key = "tls.certificate".to_owned();
        faults.push(Fault { source: loaded.source(&key), key, what: error.to_string() });
    }
    for (name, spec) in &loaded.config.carriers {
        let Some(error) = spec.link(name).and_then(|settings| SmppLink::fault(&settings)) else { continue };
        let option = if spec.options.contains_key("tls_ca") { "tls_ca" } else { "tls" };
        let key = format!("carriers.{name}.options.{option}");
        faults.push(Fault { source: loaded.source(&key), key, what: error.to_string() });
    }
    faults
}

fn check(globals: &Globals, file: Option<PathBuf>) -> Result<(), Failure> {
    let (faults, warnings) = match read(globals, file, Vec::new()) {
        Ok(loaded) => (unusable(&loaded), loaded.warnings),
        Err(faults) => (faults, Vec::new()),
    };
    if globals.json {
        let told: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "source": fault.source.to_string(), "key": fault.key, "what": fault.what }))
            .collect();
        output::print_json(&json!({ "sound": faults.is_empty(), "faults": told, "warnings": warnings }))?;
    } else {
        for warning in &warnings {
            output::note(&format!("warning: {warning}"));
        }
        if faults.is_empty() {
            output::print(b"the configuration is sound\n")?;
        }
    }
    match faults.as_slice() {
        [] => Ok(()),
        _ if globals.json => Err(Failure::failed(format!("{} mistakes in the configuration", faults.len()))),
        _ => Err(Failure::failed(listed(&faults))),
    }
}
