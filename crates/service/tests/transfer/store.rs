//! A ledger in a directory of its own, and the few things every test does with it.

use std::sync::Arc;

use ledger::Ledger;
use ledger::sqlite::{Options, Sqlite};
use serde_json::{Value, json};
use service::export::{ExportFormat, ExportReport};
use service::import::{ImportError, ImportOptions, ImportReport};
use service::model::Message;
use service::query::{MessageQuery, Order};
use service::{ServerKey, Service};
use sms::AccountId;

/// A store with one account.
pub(crate) struct Store {
    pub(crate) ledger: Arc<Sqlite>,
    pub(crate) service: Service,
    pub(crate) account: AccountId,
    _directory: tempfile::TempDir,
}

impl Store {
    /// An empty one; its account keeps prices in EUR.
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let ledger = Arc::new(Sqlite::open(directory.path(), Options::default()).expect("a ledger"));
        let shared: Arc<dyn Ledger> = ledger.clone();
        let service = Service::new(shared, ServerKey::from_octets([7; 32]));
        let account = Self::an_account(&service, "first").await;
        Self { ledger, service, account, _directory: directory }
    }

    /// Another account of the same store.
    pub(crate) async fn an_account(service: &Service, name: &str) -> AccountId {
        let currency = "EUR".parse().expect("a currency");
        service.create_account(name, None, currency, false).await.expect("an account").0.id
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

    /// Fails the test if any invariant of the store is broken.
    pub(crate) async fn check(&self) {
        let report = self.service.check(Box::new(|_| {})).await.expect("a check");
        assert!(report.is_sound(), "{:?}", report.broken);
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
