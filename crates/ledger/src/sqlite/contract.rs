//! The traits over the engine, a file for each: which calls read, which go through the writer.

mod accounts;
mod changes;
mod documents;
mod events;
mod people;
mod reading;
mod way_in;
mod way_out;

use async_trait::async_trait;

use super::{Sqlite, check};
use crate::check::CheckReport;
use crate::error::Result;
use crate::traits::Ledger;

#[async_trait]
impl Ledger for Sqlite {
    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<CheckReport> {
        self.read(move |engine| check::check(engine, progress.as_ref())).await
    }
}
