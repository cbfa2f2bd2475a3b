//! Applications that send, through three dialects, and do not give up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::client::Client;

/// Applications at once.
const APPLICATIONS: usize = 6;
/// How long each waits between two requests: what the hostile carrier's rate can carry away.
const PAUSE: Duration = Duration::from_millis(25);

/// Those that run.
pub(super) struct Applications {
    begun: Instant,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Result<Vec<Sent>>>>,
}

/// How long after its request a schedule's first occurrence is due: longer than servers are down.
pub(super) const AHEAD: Duration = Duration::from_secs(5);

/// A request that was answered with success in the end.
pub(super) struct Sent {
    pub(super) text: String,
    pub(super) recipients: Vec<String>,
    /// Whether it is a schedule: of its two occurrences the second is not due within the trial.
    pub(super) recurs: bool,
}

/// All of them.
pub(super) struct Requests(pub(super) Vec<Sent>);

impl Requests {
    /// Messages that were accepted, both occurrences of schedules included.
    pub(super) fn messages(&self) -> usize {
        self.0.iter().map(|sent| sent.recipients.len() * sent.times()).sum()
    }

    /// Schedules among them.
    pub(super) fn schedules(&self) -> usize {
        self.0.iter().filter(|sent| sent.recurs).count()
    }
}

impl Applications {
    pub(super) fn start(port: u16, secret: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..APPLICATIONS)
            .map(|who| {
                let application =
                    Application { who, port, secret: secret.to_owned(), stop: Arc::clone(&stop) };
                std::thread::spawn(move || application.run())
            })
            .collect();
        Self { begun: Instant::now(), stop, threads }
    }

    /// Seconds since they began.
    pub(super) fn age(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Tells them to finish what they have begun, and waits for it.
    pub(super) fn end(self) -> Result<Requests> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for thread in self.threads {
            all.extend(thread.join().map_err(|_| anyhow::anyhow!("an application broke"))??);
        }
        Ok(Requests(all))
    }
}

/// How a request went.
enum Attempt {
    Accepted,
    Refused(String),
    NotAnswered,
}

struct Application {
    who: usize,
    port: u16,
    secret: String,
    stop: Arc<AtomicBool>,
}

impl Application {
    #[allow(clippy::disallowed_methods, reason = "a load has its pace, and a server that is down comes back")]
    fn run(&self) -> Result<Vec<Sent>> {
        let mut sent = Vec::new();
        let mut client = None;
        let mut count = 0;
        while !self.stop.load(Ordering::Relaxed) {
            count += 1;
            let (request, of) = self.request(count)?;
            let patience = Instant::now() + Duration::from_secs(120);
            let ended = loop {
                match self.attempt(&mut client, &request)? {
                    Attempt::NotAnswered if Instant::now() > patience => {
                        bail!("the server did not come back")
                    }
                    Attempt::NotAnswered => std::thread::sleep(Duration::from_millis(20)),
                    ended => break ended,
                }
            };
            match ended {
                // Its time passed while the server was down. It must not be in the ledger, which is looked at.
                Attempt::Refused(_) if of.recurs => {}
                Attempt::Refused(words) => bail!("{}: {words}", of.text),
                _ => sent.push(of),
            }
            std::thread::sleep(PAUSE);
        }
        Ok(sent)
    }

    /// Makes a request; a connection that broke is an answer to nothing.
    fn attempt(&self, client: &mut Option<Client>, request: &str) -> Result<Attempt> {
        let mut open = match client.take() {
            Some(open) => open,
            None => match Client::connect(self.port, String::new()) {
                Ok(open) => open,
                Err(_) => return Ok(Attempt::NotAnswered),
            },
        };
        let Ok(answer) = open.exchange(request.as_bytes()) else { return Ok(Attempt::NotAnswered) };
        match answer.status {
            200 | 201 => {
                *client = Some(open);
                Ok(Attempt::Accepted)
            }
            400 => {
                *client = Some(open);
                Ok(Attempt::Refused(String::from_utf8_lossy(&answer.body).into_owned()))
            }
            // Overloaded, or just ending.
            503 => Ok(Attempt::NotAnswered),
            other => bail!("{other}: {}", String::from_utf8_lossy(&answer.body)),
        }
    }

    /// The `count`-th request in full, and what it sends.
    fn request(&self, count: u32) -> Result<(String, Sent)> {
        let recurs = self.who == 0 && count % 20 == 9;
        let key = format!("{}-{count}", self.who);
        let text = match count % 10 {
            _ if recurs => format!("recurs {key}"),
            // Two segments.
            1 => format!("trial {key}{}", " and so on".repeat(20)),
            _ => format!("trial {key}"),
        };
        let many = match count % 10 {
            3 | 7 => 10,
            5 => 3,
            _ => 1,
        };
        let recipients: Vec<String> =
            (0..many).map(|at| format!("467{}{:06}{at:02}", self.who, count % 1_000_000)).collect();
        let sent = Sent { text, recipients, recurs };
        let (line, kind, body) = match count % 10 {
            3 | 7 => sent.as_json(),
            5 => sent.as_form(""),
            _ if recurs => {
                let due = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)? + AHEAD;
                let rule = format!("&sendingTime={}&rrule=FREQ%3DHOURLY%3BCOUNT%3D2", due.as_secs());
                sent.as_form(&rule)
            }
            _ => sent.as_query(),
        };
        let login = match kind {
            FORM => format!("Basic {}", STANDARD.encode(format!("bench:{}", self.secret))),
            _ => format!("Bearer {}", self.secret),
        };
        let request = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nauthorization: {login}\r\nidempotency-key: {key}\r\n\
             accept: application/json\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok((request, sent))
    }
}

/// The content type of a form.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Request line without its version, content type, body: one each in three dialects.
impl Sent {
    fn as_json(&self) -> (String, &'static str, String) {
        let quoted: Vec<String> = self.recipients.iter().map(|each| format!("\"{each}\"")).collect();
        let (recipients, text) = (quoted.join(","), &self.text);
        let body = format!(r#"{{"sender":"Trial","recipients":[{recipients}],"body":"{text}"}}"#);
        ("POST /v2/batches".to_owned(), JSON, body)
    }

    fn as_form(&self, more: &str) -> (String, &'static str, String) {
        let body = format!("text={}&phones={}{more}", self.plus(), self.recipients.join("%2C"));
        ("POST /api/v2/messages".to_owned(), FORM, body)
    }

    fn as_query(&self) -> (String, &'static str, String) {
        let line = format!("GET /send?text={}&sender=Trial&to={}", self.plus(), self.recipients.join(","));
        (line, JSON, String::new())
    }

    fn plus(&self) -> String {
        self.text.replace(' ', "+")
    }

    /// How often each of its messages must be in the ledger.
    pub(super) fn times(&self) -> usize {
        if self.recurs { 2 } else { 1 }
    }
    /// The messages it must have become: recipient and text.
    pub(super) fn messages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.recipients.iter().map(|recipient| (recipient.as_str(), self.text.as_str()))
    }
}
