//! Running a command as a named step: a plain line before and after it, with its seconds.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Runs `work` under `name`; prints its seconds when it is done. The error names the step.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {name}");
    let start = Instant::now();
    let done = work().with_context(|| format!("step failed: {name}"))?;
    println!("== {name}: ok, {:.1} s", start.elapsed().as_secs_f64());
    Ok(done)
}

/// The cargo that started us, so that the same toolchain runs every step.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs a command with its output shown, and nothing to read on stdin.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    let shown = spelled(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a command quietly and gives its stdout; both streams are in the error when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = spelled(command);
    let done = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{shown}`"))?;
    let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        let stderr = String::from_utf8_lossy(&done.stderr);
        bail!("`{shown}` ended with {}\n{}{}", done.status, stdout, stderr.trim_end());
    }
    Ok(stdout)
}

/// Whether a command starts and succeeds; says nothing. For finding out what is installed.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as one would type it; arguments are shortened, environment and secrets are not in it.
fn spelled(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_an_error_that_says_what_was_printed() {
        let error =
            output(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).expect_err("fails");
        let text = format!("{error:#}");
        assert!(text.contains("out") && text.contains("err") && text.contains('3'), "{text}");
        assert!(output(Command::new("sh").args(["-c", "echo hello"])).is_ok_and(|text| text == "hello\n"));
    }

    #[test]
    fn the_step_is_named_in_the_error() {
        let error = step("sums", || -> Result<()> { bail!("they differ") }).expect_err("fails");
        assert_eq!(format!("{error:#}"), "step failed: sums: they differ");
    }

    #[test]
    fn a_missing_program_does_not_succeed() {
        assert!(!succeeds(&mut Command::new("no-such-program-here")));
        assert!(succeeds(&mut Command::new("true")));
        assert!(!succeeds(&mut Command::new("false")));
    }
}
