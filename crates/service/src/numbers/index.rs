//! Every claim of the store in memory, by number: read once, then kept as claims change. One process owns a
//! store, so nobody else changes them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ledger::Result;
use sms::{AccountId, Number};
use tokio::sync::{RwLock, RwLockWriteGuard};

use super::{KIND, NumberClaim, plain_keyword};
use crate::Service;

/// Whose a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) account: AccountId,
    pub(crate) program: Number,
    pub(crate) document: Number,
}

/// Who claims what is written to one number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Whoever claims all that no keyword does.
    pub(crate) alone: Option<Owner>,
    keywords: HashMap<String, Owner>,
}

impl Claims {
    /// Whether nobody claims anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.alone.is_none() && self.keywords.is_empty()
    }

    /// Whose a keyword is.
    pub(crate) fn keyword(&self, keyword: &str) -> Option<Owner> {
        self.keywords.get(keyword).copied()
    }

    /// The accounts that claim anything here.
    pub(crate) fn accounts(&self) -> HashSet<AccountId> {
        self.alone.iter().chain(self.keywords.values()).map(|owner| owner.account).collect()
    }

    /// Some claim of an account: its claim to all, else its oldest.
    pub(crate) fn of_account(&self, account: AccountId) -> Option<Owner> {
        let theirs = |owner: &Owner| owner.account == account;
        let keywords = self.keywords.values().copied().filter(theirs);
        self.alone.filter(theirs).or_else(|| keywords.min_by_key(|owner| owner.document))
    }
}

type ByNumber = HashMap<String, Arc<Claims>>;

/// Every claim, once it was read.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    held: RwLock<Option<ByNumber>>,
}

impl Numbers {
    /// Who claims what is written to a number.
    pub(super) async fn of(&self, service: &Service, number: &str) -> Result<Arc<Claims>> {
        if let Some(held) = &*self.held.read().await {
            return Ok(held.get(number).cloned().unwrap_or_default());
        }
        let change = self.change(service).await?;
        Ok(change.held().and_then(|held| held.get(number)).cloned().unwrap_or_default())
    }

    /// Begins a change; others wait until it ends.
    pub(super) async fn change(&self, service: &Service) -> Result<Change<'_>> {
        let mut held = self.held.write().await;
        if held.is_none() {
            *held = Some(load(service).await?);
        }
        Ok(Change { held })
    }
}

/// A change of claims under way.
pub(super) struct Change<'a> {
    held: RwLockWriteGuard<'a, Option<ByNumber>>,
}

impl Change<'_> {
    fn held(&self) -> Option<&ByNumber> {
        self.held.as_ref()
    }

    /// Whose a number is, alone or with a keyword.
    pub(super) fn owner(&self, number: &str, keyword: Option<&str>) -> Option<Owner> {
        let claims = self.held()?.get(number)?;
        match keyword {
            Some(keyword) => claims.keyword(keyword),
            None => claims.alone,
        }
    }

    /// What a write returned; after a failure nobody knows whether it was kept, so that all is read again.
    pub(super) fn unsure_of<T>(&mut self, written: Result<T>) -> Result<T> {
        if written.is_err() {
            *self.held = None;
        }
        written
    }

    pub(super) fn put(&mut self, number: &str, keyword: Option<String>, owner: Owner) {
        if let Some(held) = &mut *self.held {
            put(held, number, keyword, owner);
        }
    }

    pub(super) fn remove(&mut self, number: &str, keyword: Option<&str>) {
        let Some(held) = &mut *self.held else { return };
        let Some(claims) = held.get_mut(number).map(Arc::make_mut) else { return };
        match keyword {
            Some(keyword) => drop(claims.keywords.remove(keyword)),
            None => claims.alone = None,
        }
        if claims.is_empty() {
            held.remove(number);
        }
    }
}

fn put(held: &mut ByNumber, number: &str, keyword: Option<String>, owner: Owner) {
    let claims = Arc::make_mut(held.entry(number.to_owned()).or_default());
    match keyword {
        Some(keyword) => drop(claims.keywords.insert(keyword, owner)),
        None => claims.alone = Some(owner),
    }
}

async fn load(service: &Service) -> Result<ByNumber> {
    let mut held = ByNumber::new();
    for account in service.ledger.accounts().await? {
        for claim in service.typed_all::<NumberClaim>(account.id, KIND).await? {
            let NumberClaim { number, keyword, program } = claim.body;
            let keyword = match keyword.as_deref().map(plain_keyword).transpose() {
                Ok(keyword) => keyword,
                Err(error) => {
                    let claim = claim.number;
                    tracing::error!(account = %account.id, claim, %error, "a claim cannot be read");
                    continue;
                }
            };
            let owner = Owner { account: account.id, program, document: claim.number };
            put(&mut held, &number, keyword, owner);
        }
    }
    Ok(held)
}
