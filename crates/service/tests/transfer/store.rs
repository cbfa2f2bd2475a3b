//! An account whose history comes and goes, and the few things every test does with it.

use std::ops::Deref;

use serde_json::{Value, json};
use service::export::{ExportFormat, ExportReport};
use service::import::{ImportError, ImportOptions, ImportReport};
use service::model::Message;
use service::query::{MessageQuery, Order};
use sms::AccountId;

use crate::support::{Hand, Stage};

/// A store with one account.
pub(crate) struct Store(Stage);

impl Deref for Store {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.0
    }
}

impl Store {
    /// An empty one; its account keeps prices in EUR.
    pub(crate) async fn new() -> Self {
        Self(Stage::new(Hand::running()).await)
    }

    pub(crate) async fn import(&self, text: &str) -> Result<ImportReport, ImportError> {
        self.import_as(self.account, text, false).await
    }

    pub(crate) async fn import_as(
        &self,
        account: AccountId,
        text: &str,
        lenient: bool,
    ) -> Result<ImportReport, ImportError> {
        let mut input = text.as_bytes();
        self.service.import(account, &mut input, ImportOptions { lenient }, &mut |_| {}).await
    }

    pub(crate) async fn export(&self, filter: MessageQuery, format: ExportFormat) -> (String, ExportReport) {
        self.export_of(self.account, filter, format).await
    }

    pub(crate) async fn export_of(
        &self,
        account: AccountId,
        filter: MessageQuery,
        format: ExportFormat,
    ) -> (String, ExportReport) {
        let mut output = Vec::new();
        let report =
            self.service.export(account, filter, format, &mut output, &mut |_| {}).await.expect("an export");
        (String::from_utf8(output).expect("UTF-8"), report)
    }

    /// Every visible message of the account by the order asked for.
    pub(crate) async fn messages(&self, order: Order, descending: bool) -> Vec<Message> {
        let query = MessageQuery { order, descending, limit: 100_000, ..MessageQuery::default() };
        self.service.messages(self.account, query).await.expect("a page").messages
    }
}

/// A line: a minimal MT of that id, created that many seconds into a day of 2020, with changes.
pub(crate) fn line(id: &str, second: u32, changes: Value) -> String {
    let created = sms::Micros::from_seconds(1_600_000_000 + second).to_string();
    let mut record = json!({
        "id": id, "direction": "mt", "sender": "Kiosk", "recipient": "46701740605",
        "body": format!("This is {id}"), "created": created,
    });
    let members = record.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        members.insert(name.clone(), value.clone());
    }
    format!("{record}\n")
}

/// A history entry, that many seconds into the same day.
pub(crate) fn entry(second: u32, state: &str) -> Value {
    json!({"at": sms::Micros::from_seconds(1_600_000_000 + second).to_string(), "state": state})
}
