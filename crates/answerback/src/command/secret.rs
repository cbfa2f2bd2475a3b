//! Reading a secret that is to be adopted, without leaving it behind.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use super::output::note;
use crate::failure::Failure;

/// More than any secret has: what is longer is the wrong file.
const LONGEST: u64 = 4096;

/// The secret: given outright, in a file, or on standard input.
pub(super) fn read(given: Option<String>, file: Option<&Path>) -> Result<String, Failure> {
    if let Some(secret) = given {
        note(
            "warning: --secret shows the secret to the shell's history and the process list; use --secret-file",
        );
        return Ok(secret);
    }
    match file {
        Some(path) => {
            let failure = |error| Failure::failed(format!("{}: {error}", path.display()));
            one_line(File::open(path).map_err(failure)?)
        }
        None => {
            if io::stdin().is_terminal() {
                note("Type the secret and press Enter; it will be seen on the screen.");
                let mut line = String::new();
                io::stdin().read_line(&mut line).map_err(Failure::failed)?;
                return one_line(line.as_bytes());
            }
            one_line(io::stdin().lock())
        }
    }
}

/// All of it, without its line end.
fn one_line(from: impl Read) -> Result<String, Failure> {
    let mut text = String::new();
    from.take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Failure::failed(format!("the secret cannot be read: {error}")))?;
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage("this is too long to be a secret"));
    }
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    match secret {
        "" => Err(Failure::usage("the secret is empty")),
        secret => Ok(secret.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_part_of_it() {
        for text in ["s3cret-abc", "s3cret-abc\n", "s3cret-abc\r\n"] {
            assert_eq!(one_line(text.as_bytes()).as_deref(), Ok("s3cret-abc"));
        }
        assert!(one_line(&b"\n"[..]).is_err());
        assert!(one_line(&b"\xff\xfe"[..]).is_err());
        assert!(one_line("x".repeat(5000).as_bytes()).is_err());
    }
}
