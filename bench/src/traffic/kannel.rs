//! Kannel as the system under test: bearerbox with its spool, smsbox, one SMPP link to the same SMSC.
//!
//! It is set up to be fast: no access log, errors only in its log, receipts kept in memory (its default), no
//! call to anybody for a receipt.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::load::Load;
use super::ours::recipient;
use super::smsc::Smsc;
use super::{System, TEXT, WINDOW};
use crate::process::{Process, free_port};

const BEARERBOX: &str = "/usr/sbin/bearerbox";
const SMSBOX: &str = "/usr/sbin/smsbox";

/// Whether Debian's package is installed.
pub(crate) fn installed() -> bool {
    Path::new(BEARERBOX).exists() && Path::new(SMSBOX).exists()
}

/// Both running processes.
pub(crate) struct Kannel {
    // In this order: smsbox ends before the box it hangs on.
    smsbox: Process,
    bearerbox: Process,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Kannel {
    pub(crate) fn start(smsc: &Smsc) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let spool = directory.path().join("spool");
        std::fs::create_dir(&spool)?;
        let (admin, boxes, port) = (free_port()?, free_port()?, free_port()?);
        let file = directory.path().join("kannel.conf");
        let configuration = format!(
            "group = core\nadmin-port = {admin}\nadmin-password = bench\nsmsbox-port = {boxes}\n\
             store-type = spool\nstore-location = {}\ndlr-storage = internal\nlog-level = 4\n\
             sms-incoming-queue-limit = -1\n\n\
             group = smsc\nsmsc = smpp\nsmsc-id = bench\nhost = 127.0.0.1\nport = {smpp}\nreceive-port = 0\n\
             transceiver-mode = true\nsmsc-username = kannel\nsmsc-password = kannel\nsystem-type = \"\"\n\
             max-pending-submits = {WINDOW}\nlog-level = 4\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = {boxes}\nsendsms-port = {port}\n\
             log-level = 4\n\n\
             group = sendsms-user\nusername = bench\npassword = bench\nconcatenation = true\n\n\
             group = sms-service\nkeyword = default\nmax-messages = 0\ntext = \"\"\n",
            spool.display(),
            smpp = smsc.port(),
        );
        std::fs::write(&file, configuration)?;
        let mut bearerbox = Process::start(Command::new(BEARERBOX).args(["-v", "4"]).arg(&file))?;
        bearerbox.until_listening(boxes, "bearerbox")?;
        let mut smsbox = Process::start(Command::new(SMSBOX).args(["-v", "4"]).arg(&file))?;
        smsbox.until_listening(port, "smsbox")?;
        Ok(Self { smsbox, bearerbox, port, _directory: directory })
    }
}

impl System for Kannel {
    fn name(&self) -> &'static str {
        "Kannel"
    }

    fn load(&self, concurrency: usize) -> Load {
        Load::new(self.port, concurrency, 1, &["http/1.1 202", "http/1.1 200"], move |number, request| {
            let line = format!(
                "GET /cgi-bin/sendsms?username=bench&password=bench&from=Bench&to={}&text={TEXT}&dlr-mask=31 \
                 HTTP/1.1\r\nhost: localhost\r\n\r\n",
                recipient(number)
            );
            request.extend_from_slice(line.as_bytes());
        })
        .forgiving()
    }

    fn processor(&self) -> Result<f64> {
        Ok(self.bearerbox.processor()? + self.smsbox.processor()?)
    }

    fn memory(&self) -> Result<f64> {
        Ok(self.bearerbox.peak_memory()? + self.smsbox.peak_memory()?)
    }
}
