//! The project's own chores: `cargo xtask <chore>`. CI is `cargo xtask ci` and nothing else.
#![forbid(unsafe_code)]

mod bench;
mod ci;
mod clients;
mod crash;
mod layers;
mod policy;
mod step;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
The project's own chores.

usage: cargo xtask <chore> [arguments]

  ci                  everything a change must pass: format, clippy, docs, tests and client suites,
                      dependency policy, layers
  test                the workspace's tests, a short crash trial, then the official clients against a server
                      started here
    --only SUITE        one client suite instead of everything (see clients/suites.toml)
    --skip-clients      the workspace's tests and the trial alone
    --release           run the client suites against a release build
    --binary PATH       run the client suites against this server instead of building one
  layers              forbidden dependencies, vendors' names outside their folders, file sizes, machine paths
  policy              licences, banned crates and sources of all dependencies, by deny.toml
  crash [ARGS]        end a loaded server again and again, at random and at every write step, beside a
                      hostile carrier, and count what is left: --rounds N, --seed N, --doubt hold,resend,fail
  bench NAME [ARGS]   build and run a benchmark in release mode

`cargo xtask <chore> --help` prints this text too.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((chore, rest)) = arguments.split_first() else {
        eprint!("{HELP}");
        bail!("no chore was named");
    };
    let asks_for_help = chore != "bench" && rest.iter().any(|word| word == "--help" || word == "-h");
    if asks_for_help || matches!(chore.as_str(), "help" | "--help" | "-h") {
        print!("{HELP}");
        return Ok(());
    }
    match chore.as_str() {
        "ci" => ci::run(rest),
        "crash" => crash::run(rest),
        "test" => test::run(rest),
        "layers" => layers::run(rest),
        "policy" => policy::run(rest),
        "bench" => bench::run(rest),
        other => bail!("no chore is called {other}; `cargo xtask help` lists them"),
    }
}
