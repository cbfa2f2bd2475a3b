//! Accepted means on disk: nothing that was answered is lost by a killed process, and the sync comes before
//! the answer. Both look at a child: this very binary, run again for its one test [`child`].

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ledger::change::{ChatMark, Hide, ImportRow, Step};
use ledger::conformance::{mo, mt, submission};
use ledger::history::Entry;
use ledger::sqlite::{Options, Sqlite};
use ledger::{Accounts, Changes, Ledger, LedgerError, Reading, WayIn};
use sms::{AccountId, Micros, Number, Outcome};

/// Tells the child where the store is.
const DIRECTORY: &str = "LEDGER_TEST_DIRECTORY";
/// Tells the child to write one after the other, and to end.
const IN_TURN: &str = "LEDGER_TEST_IN_TURN";

async fn open(directory: &Path) -> (Sqlite, AccountId) {
    let ledger = Sqlite::open(directory, Options::default()).expect("open");
    let accounts = ledger.accounts().await.expect("accounts");
    let account = match accounts.first() {
        Some(account) => account.id,
        None => support::account(&ledger, false, Micros::now()).await,
    };
    (ledger, account)
}

/// Says what was answered, at once.
fn answered(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ANSWERED {what}").and_then(|()| out.flush()).expect("somebody listens");
}

/// No test of its own: what the others run, and kill.
#[test]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("runtime").block_on(async {
        let (ledger, account) = open(Path::new(&directory)).await;
        if std::env::var_os(IN_TURN).is_some() {
            in_turn(&ledger, account).await;
        } else {
            let ledger = Arc::new(ledger);
            let tasks: Vec<_> =
                (0..6).map(|task| tokio::spawn(traffic(Arc::clone(&ledger), account, task))).collect();
            for task in tasks {
                task.await.expect("until it is killed");
            }
        }
    });
}

/// Writes without end and says what was answered.
async fn traffic(ledger: Arc<Sqlite>, account: AccountId, task: u32) {
    for index in 0u32.. {
        let at = Micros::now();
        let messages = (0..=index % 3).map(|_| mt(&format!("4670{task}"), &format!("{task} {index}"), at));
        let accepted = ledger.accept(account, submission(messages.collect(), at)).await.expect("accepted");
        for number in accepted.first..accepted.first + accepted.count {
            answered(&format!("accepted {number} {task} {index}"));
        }
        let steps = [Outcome::Submitted, Outcome::Delivered]
            .map(|outcome| Step { number: accepted.first, entry: Entry::new(at, outcome) });
        ledger.advance(account, steps.to_vec()).await.expect("legal");
        answered(&format!("delivered {}", accepted.first));
        if index % 4 == 0 {
            ledger.hide(account, Hide::Messages(vec![accepted.first])).await.expect("hidden");
            answered(&format!("hidden {}", accepted.first));
        }
        let received = ledger.receive(account, mo(&format!("4670{task}"), "mo", at)).await.expect("received");
        answered(&format!("accepted {} mo -", received.number));
    }
}

/// One write of each kind after the other.
async fn in_turn(ledger: &Sqlite, account: AccountId) {
    let at = Micros::now();
    for round in 0..5u8 {
        let accepted =
            ledger.accept(account, submission(vec![mt("4670", "x", at)], at)).await.expect("accepted");
        answered("accept");
        let step = Step { number: accepted.first, entry: Entry::new(at, Outcome::Submitted) };
        ledger.advance(account, vec![step]).await.expect("legal");
        answered("advance");
        ledger.receive(account, mo("4670", "x", at)).await.expect("received");
        answered("receive");
        ledger.mark_chats(account, None, ChatMark::Read).await.expect("marked");
        answered("mark_chats");
        let message = mt("4671", "x", at);
        let row = ImportRow { id: [round; 16], own: None, batch: None, answers: None, message };
        ledger.import(account, vec![row]).await.expect("imported");
        answered("import");
        ledger.hide(account, Hide::Batch(accepted.batch)).await.expect("hidden");
        answered("hide");
        let program = ledger::change::NewProgram {
            name: format!("{round}"),
            campaign: String::new(),
            kind: String::new(),
        };
        ledger.create_program(account, program).await.expect("program");
        answered("create_program");
    }
}

/// What a child said before it was killed, by number.
#[derive(Default)]
struct Said {
    accepted: BTreeMap<Number, String>,
    delivered: BTreeSet<Number>,
    hidden: BTreeSet<Number>,
}

impl Said {
    fn note(&mut self, line: &str) -> Option<()> {
        let (what, rest) = line.strip_prefix("ANSWERED ")?.split_once(' ')?;
        let (number, body) = rest.split_once(' ').unwrap_or((rest, ""));
        let number = number.parse().ok()?;
        match what {
            "accepted" => drop(self.accepted.insert(number, body.to_owned())),
            "delivered" => drop(self.delivered.insert(number)),
            "hidden" => drop(self.hidden.insert(number)),
            other => panic!("a child said {other}"),
        }
        Some(())
    }
}

fn run(program: &mut Command, directory: &Path) -> std::process::Child {
    program.args(["child", "--exact", "--nocapture"]).env(DIRECTORY, directory);
    program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child")
}

#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_answered() {
    let directory = support::InDirectory::new();
    let mut said = Said::default();
    // After how many answers each child dies: in the middle of the first, of a few, of many.
    for answers in [1, 7, 40, 3, 150, 400, 11, 90] {
        let mut child =
            run(&mut Command::new(std::env::current_exe().expect("this binary")), directory.path());
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut heard = 0;
        for line in lines.lines() {
            // What is still in the pipe after the kill was answered before it.
            heard += usize::from(said.note(&line.expect("text")).is_some());
            if heard == answers {
                child.kill().expect("killed");
            }
        }
        assert!(heard >= answers, "the child ended by itself after {heard} answers");
        child.wait().expect("dead");
        verify(directory.path(), &said).await;
    }
    println!(
        "{} messages answered, {} delivered, {} hidden",
        said.accepted.len(),
        said.delivered.len(),
        said.hidden.len()
    );
}

async fn verify(directory: &Path, said: &Said) {
    let (ledger, account) = open(directory).await;
    let highest = ledger.highest(account).await.expect("read");
    assert!(said.accepted.keys().next_back().is_none_or(|number| *number <= highest));
    for (number, body) in &said.accepted {
        match ledger.message(account, *number).await.expect("read") {
            // Deleted: said, or just not said any more.
            None => assert!(said.delivered.contains(number) || !said.hidden.contains(number)),
            Some(message) => {
                assert!(!said.hidden.contains(number), "{number} is back");
                assert!(message.body == *body || body == "mo -", "{number} is another message");
                let delivered = message.outcome == Outcome::Delivered;
                assert!(delivered || !said.delivered.contains(number), "{number} was delivered");
            }
        }
    }
    let loss = said.accepted.keys().filter(|number| !said.hidden.contains(number));
    let query = ledger::query::MessageQuery {
        numbers: Some(loss.copied().collect()),
        ..ledger::query::MessageQuery::default()
    };
    let wanted = query.numbers.as_ref().map_or(0, Vec::len) as u64;
    let found = ledger.messages(account, query).await.expect("page").total;
    // At most one deletion of each of the six tasks of each child was done and not said.
    assert!(found + 6 * 8 >= wanted, "{found} of {wanted} are there");
    let report = ledger.check(Box::new(|_| {})).await.expect("check");
    assert!(report.is_sound(), "{:#?}", report.broken);
    ledger.close().unwrap_or_else(|error: LedgerError| panic!("{error}"));
}

/// Whether a process can be traced here; says why not.
fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "-y", "-o", "/dev/null", "true"]).output();
    match tried {
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            println!(
                "skipped: strace does not work here: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
            false
        }
        Err(error) => {
            println!("skipped: there is no strace: {error}");
            false
        }
    }
}

#[test]
fn the_sync_comes_before_the_answer() {
    if !can_trace() {
        return;
    }
    let directory = support::InDirectory::new();
    let trace = directory.path().join("trace");
    let mut program = Command::new("strace");
    program.args(["-f", "-y", "-s", "64", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o"]);
    program.arg(&trace).arg(std::env::current_exe().expect("this binary")).env(IN_TURN, "1");
    let output = run(&mut program, directory.path()).wait_with_output().expect("traced");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));

    let trace = std::fs::read_to_string(trace).expect("trace");
    let mut log = Log::default();
    let mut answers = 0;
    for line in trace.lines() {
        log.note(line);
        if let Some((_, what)) = line.split_once("\"ANSWERED ") {
            let what = what.split('\\').next().unwrap_or_default();
            assert!(log.written, "{what} was answered and nothing written");
            assert!(log.synced, "{what} was answered before its sync:\n{line}");
            (log.written, answers) = (false, answers + 1);
        }
    }
    assert_eq!(answers, 35);
}

/// What was done to the write-ahead log.
#[derive(Default)]
struct Log {
    /// Something was written since the last answer.
    written: bool,
    /// Everything written is synced.
    synced: bool,
    /// Threads in the middle of a sync.
    syncing: BTreeSet<String>,
}

impl Log {
    fn note(&mut self, line: &str) {
        let Some((thread, call)) = line.split_once(' ') else { return };
        let call = call.trim_start();
        let of_log = call.contains("-wal>");
        let is_sync = |call: &str| call.starts_with("fsync") || call.starts_with("fdatasync");
        if of_log && call.starts_with("pwrite64") {
            (self.written, self.synced) = (true, false);
        } else if of_log && is_sync(call) {
            if call.contains("<unfinished") {
                self.syncing.insert(thread.to_owned());
            } else {
                self.synced = call.ends_with("= 0");
            }
        } else if let Some(rest) = call.strip_prefix("<... ")
            && is_sync(rest)
            && self.syncing.remove(thread)
        {
            self.synced = rest.ends_with("= 0");
        }
    }
}
