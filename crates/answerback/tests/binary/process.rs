//! Running the binary: commands to their end, servers until they are stopped.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A directory for one test, with a data directory that is not there yet.
pub(crate) struct Home {
    directory: TempDir,
}

/// What a finished command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |octets: Vec<u8>| String::from_utf8(octets).expect("UTF-8");
        let code = output.status.code().expect("not ended by a signal");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory") }
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file in it.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("written");
        path
    }

    /// The binary, ready to be run here with this data directory and nothing from the environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_answerback"));
        command.args(arguments).current_dir(self.directory.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ANSWERBACK_") {
                command.env_remove(name);
            }
        }
        command.env("ANSWERBACK_DATA", self.path("data")).env("TMPDIR", self.directory.path());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().expect("run"))
    }

    /// Runs a command that must succeed, with `--json`.
    #[track_caller]
    pub(crate) fn ask(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).ends_with(0).json()
    }

    /// Runs a command with something on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Said {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_vec();
        let feeding = std::thread::spawn(move || {
            // A command that has read enough closes its end.
            let _fed = stdin.write_all(&input);
        });
        let output = child.wait_with_output().expect("run");
        feeding.join().expect("fed");
        Said::of(output)
    }

    /// Makes an account; gives its key.
    pub(crate) fn account(&self, name: &str) -> String {
        let made = self.ask(&["account", "create", name]);
        made["key"].as_str().expect("a key").to_owned()
    }

    /// Starts a server on a free port.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Server {
        self.launch(self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat()))
    }

    /// Starts a server that cannot write a file beyond so many blocks of 512 octets: its disk is full there.
    #[allow(dead_code, reason = "for the scenarios, which share this file")]
    pub(crate) fn serve_on_a_small_disk(&self, blocks: u32) -> Server {
        let inner = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut command = Command::new("sh");
        // Without the trap the signal that goes with the limit would end the process.
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.arg("-c").arg(limit).arg(inner.get_program()).args(inner.get_args());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.stdin(Stdio::null()).current_dir(self.directory.path());
        self.launch(command)
    }

    fn launch(&self, mut command: Command) -> Server {
        let log = self.path("log");
        command.stdout(Stdio::piped()).stderr(fs::File::create(&log).expect("a log"));
        let mut child = command.spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("read");
        let address = line.split("://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.and_then(|address| address.parse().ok());
        let Some(address) = address else {
            panic!("{line:?} and {}", fs::read_to_string(&log).expect("a log"));
        };
        Server { child, address, log, out }
    }
}

/// A running SMSC that simulates; killed if the test ends before it is stopped.
pub(crate) struct Simulator {
    child: Child,
    /// Where SMPP clients bind.
    pub(crate) address: String,
    /// Where it is controlled by HTTP.
    pub(crate) control: SocketAddr,
}

impl Simulator {
    /// Starts one on free ports.
    pub(crate) fn start(home: &Home, arguments: &[&str]) -> Self {
        Self::start_at(home, "127.0.0.1:0", arguments)
    }

    /// Starts one at an address.
    pub(crate) fn start_at(home: &Home, address: &str, arguments: &[&str]) -> Self {
        let free = ["simulate", "--json", "--listen", address, "--control", "127.0.0.1:0"];
        let mut command = home.command(&[&free[..], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
        let line = lines_until(child.stdout.as_mut().expect("piped"), "{").pop().expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        let text = |member: &str| told[member].as_str().expect(member).to_owned();
        let control = text("control").replace("http://", "").parse().expect("an address");
        Self { child, address: text("listening"), control }
    }

    /// What it has counted.
    pub(crate) fn stats(&self) -> Value {
        let answer = crate::http::get(self.control, "/stats");
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// Stops it, which must go well.
    pub(crate) fn stop(mut self) {
        signal(&self.child, "TERM");
        assert!(wait(&mut self.child).success());
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// A running server; killed if the test ends before it is stopped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
    out: BufReader<ChildStdout>,
}

impl Server {
    /// The next line it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("read");
        line
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    /// Asks it to read its carriers again.
    pub(crate) fn hang_up(&self) {
        signal(&self.child, "HUP");
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        signal(&self.child, "TERM");
    }

    /// Waits for its end; gives its exit status and log.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = wait(&mut self.child);
        (status, fs::read_to_string(&self.log).expect("a log"))
    }

    /// Ends it as `kill -9` does.
    #[allow(dead_code, reason = "for the scenarios, which share this file")]
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Stops it, which must go well; gives its log.
    #[track_caller]
    pub(crate) fn stop(self) -> String {
        self.terminate();
        let (status, log) = self.wait();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// Sends a signal to a process that we started.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
    assert!(status.expect("run").success());
}

/// Waits until something is so, but not for ever.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "another process does not tell us when it gets somewhere")]
pub(crate) fn until(mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < end, "it never came to be");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits for a process, but not for ever.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let mut status = None;
    until(|| {
        status = child.try_wait().expect("watched");
        status.is_some()
    });
    status.expect("ended")
}

/// Reads a process's output up to a line that begins with `last`.
pub(crate) fn lines_until(out: &mut impl Read, last: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(out).lines() {
        let line = line.expect("UTF-8");
        let ends = line.starts_with(last);
        lines.push(line);
        if ends {
            return lines;
        }
    }
    panic!("it ended before {last:?}: {lines:#?}");
}

/// The names in a directory.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("read");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
