//! What the keys of an account are called by whoever made them.

use std::collections::HashMap;

use ledger::Result;
use serde::{Deserialize, Serialize};
use sms::AccountId;

use crate::Service;

/// The kind of the documents; each is named by its key's number.
const KIND: &str = "key-label";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    label: String,
}

impl Service {
    /// The labels of an account's keys, by the number of the key; those that have none are missing.
    pub async fn key_labels(&self, account: AccountId) -> Result<HashMap<u32, String>> {
        let all = self.typed_all::<Body>(account, KIND).await?;
        let labels = all.into_iter().filter_map(|document| {
            let key = document.name?.parse().ok()?;
            Some((key, document.body.label))
        });
        Ok(labels.collect())
    }

    /// Gives a key its label; once, when it is made.
    pub async fn label_key(&self, account: AccountId, key: u32, label: &str) -> Result<()> {
        let body = Body { label: label.to_owned() };
        self.put_typed(account, KIND, 0, Some(key.to_string()), &body).await.map(drop)
    }
}
