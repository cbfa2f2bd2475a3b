//! Answerback as the system under test: a fresh directory, one account, one SMPP link.

use anyhow::{Context, Result, bail};

use super::figures::Figures;
use super::load::Load;
use super::smsc::Smsc;
use super::{System, TEXT, WINDOW};
use crate::client::Client;
use crate::data::Access;
use crate::process::{Process, answerback, free_port};
use crate::server::serve;

/// The running server.
pub(crate) struct Ours {
    _directory: tempfile::TempDir,
    process: Process,
    port: u16,
    secret: String,
}

impl Ours {
    pub(crate) fn start(smsc: &Smsc) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let (_, secret) = Access::create(directory.path())?;
        let (address, window) = (format!("127.0.0.1:{}", smsc.port()), WINDOW.to_string());
        let mut words = vec!["carrier", "add", "bench", "--smpp", &address, "--window", &window];
        words.extend(["--system-id", "bench", "--password", "bench"]);
        answerback(&words, directory.path())?;
        let port = free_port()?;
        // As quiet as the other.
        let mut process = Process::start(serve(directory.path(), port)?.env("ANSWERBACK_LOG_LEVEL", "warn"))?;
        process.until_listening(port, "the server")?;
        Ok(Self { _directory: directory, process, port, secret })
    }

    /// A thousand recipients a request, in JSON.
    pub(crate) fn bulk(&self) -> Load {
        let secret = self.secret.clone();
        Load::new(self.port, 4, 1_000, &["http/1.1 201"], move |first, request| {
            let numbers: Vec<String> =
                (first..first + 1_000).map(|each| format!("\"{}\"", recipient(each))).collect();
            let text = TEXT.replace('+', " ");
            let body =
                format!(r#"{{"sender":"Bench","recipients":[{}],"body":"{text}"}}"#, numbers.join(","));
            let head = format!(
                "POST /v2/batches HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {secret}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            request.extend_from_slice(head.as_bytes());
            request.extend_from_slice(body.as_bytes());
        })
    }

    /// Whether the ledger counts as delivered what the SMSC counts as acknowledged.
    pub(crate) fn agrees(&self, figures: &Figures) -> Result<()> {
        let mut client = Client::connect(
            self.port,
            format!("accept: application/json\r\nauthorization: Bearer {}\r\n", self.secret),
        )?;
        let answer = client
            .get("/messages?start=0&length=1&status=DELIVERED&date_start=2000-01-01%2000:00:00&date_end=2037-01-01%2000:00:00")?;
        let answer: serde_json::Value = serde_json::from_slice(&answer.body)
            .with_context(|| String::from_utf8_lossy(&answer.body).into_owned())?;
        let delivered = &answer["totalRecords"];
        let delivered = delivered.as_u64().or_else(|| delivered.as_str()?.parse().ok());
        let delivered = delivered.with_context(|| format!("no totalRecords in {answer}"))?;
        if delivered < figures.completed || figures.completed != figures.accepted || figures.duplicates > 0 {
            bail!(
                "{} accepted, {} completed, {delivered} delivered in the ledger, {} sent twice",
                figures.accepted,
                figures.completed,
                figures.duplicates
            );
        }
        Ok(())
    }

    pub(crate) fn stop(self) -> Result<()> {
        self.process.stop()
    }
}

impl System for Ours {
    fn name(&self) -> &'static str {
        "Answerback"
    }

    fn load(&self, concurrency: usize) -> Load {
        let secret = self.secret.clone();
        Load::new(self.port, concurrency, 1, &["http/1.1 200"], move |number, request| {
            let line = format!(
                "GET /send?text={TEXT}&sender=Bench&to={} HTTP/1.1\r\nhost: localhost\r\n\
                 accept: application/json\r\nauthorization: Bearer {secret}\r\n\r\n",
                recipient(number)
            );
            request.extend_from_slice(line.as_bytes());
        })
    }

    fn processor(&self) -> Result<f64> {
        self.process.processor()
    }

    fn memory(&self) -> Result<f64> {
        self.process.peak_memory()
    }
}

/// A mobile number of its own for each message.
pub(crate) fn recipient(number: u32) -> String {
    format!("4670{:07}", number % 10_000_000)
}
