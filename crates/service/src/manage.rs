//! Accounts, keys and programs, as the command line manages them.

use ledger::change::{NewAccount, NewKey, NewProgram};
use ledger::check::CheckReport;
use ledger::model::{Account, Key, Program};
use ledger::{LedgerError, Refusal, Result};
use sms::{AccountId, Currency, Micros, Money};

use crate::Service;
use crate::secret::{RandomError, generate_secret};

/// The shortest secret that may be adopted, in octets: shorter ones are found by trying.
pub const SHORTEST_SECRET: usize = 8;

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The secret to be adopted is shorter than [`SHORTEST_SECRET`] or holds blanks or control characters.
    #[error("a secret needs at least {SHORTEST_SECRET} visible characters")]
    Weak,
    /// An allowed address is neither an address nor a range.
    #[error("\"{0}\" is neither an address nor a range such as 192.0.2.0/24")]
    Address(String),
    /// The system gave no random octets.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What a key is to be.
#[derive(Clone, Debug, Default)]
pub struct KeyRequest {
    /// Its user name; the account's own when absent.
    pub username: Option<String>,
    /// From when on it is refused.
    pub expires: Option<Micros>,
    /// Addresses and ranges it may be used from; empty for anywhere.
    pub addresses: Vec<String>,
}

impl Service {
    /// Makes an account, which gets a default program; returns it with its first key's secret, which is
    /// shown only here.
    pub async fn create_account(
        &self,
        name: &str,
        username: Option<&str>,
        currency: Currency,
        prepaid: bool,
    ) -> Result<(Account, String), KeyError> {
        let name = name.trim();
        let usable = |text: &str| !text.is_empty() && text.len() <= 100 && !text.contains(char::is_control);
        let username = username.unwrap_or(name);
        if !usable(name) || !usable(username) || username.contains(':') {
            let rule = "a name has 1 to 100 visible characters, a user name no colon";
            return Err(LedgerError::Refused(Refusal::Value(rule.to_owned())).into());
        }
        let new = NewAccount {
            name: name.to_owned(),
            username: username.to_owned(),
            currency,
            prepaid,
            at: self.now(),
        };
        let account = self.ledger.create_account(new).await?;
        let (_, secret) = self.create_key(account.id, KeyRequest::default()).await?;
        Ok((account, secret))
    }

    /// The account with this name, or this number.
    pub async fn find_account(&self, name: &str) -> Result<Account> {
        let accounts = self.ledger.accounts().await?;
        let number = name.parse().ok().and_then(AccountId::new);
        let by_name = accounts.iter().find(|account| account.name == name);
        by_name
            .or_else(|| accounts.iter().find(|account| Some(account.id) == number))
            .cloned()
            .ok_or(LedgerError::NotFound)
    }

    /// Every account.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        self.ledger.accounts().await
    }

    /// One account.
    pub async fn account(&self, account: AccountId) -> Result<Account> {
        self.ledger.account(account).await
    }

    /// Disables or enables an account.
    pub async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()> {
        self.ledger.set_disabled(account, disabled).await
    }

    /// Adds to a prepaid account's balance; returns it.
    pub async fn fund(&self, account: AccountId, amount: Money) -> Result<Money> {
        self.ledger.fund(account, amount).await
    }

    /// Makes a key with a new secret, which is returned and never shown again.
    pub async fn create_key(
        &self,
        account: AccountId,
        request: KeyRequest,
    ) -> Result<(Key, String), KeyError> {
        let secret = generate_secret()?;
        let key = self.keep_key(account, &secret, request).await?;
        Ok((key, secret))
    }

    /// Makes a key of a secret the customer already uses, so that not even the credential changes.
    pub async fn adopt_key(
        &self,
        account: AccountId,
        secret: &str,
        request: KeyRequest,
    ) -> Result<Key, KeyError> {
        let visible = secret.chars().all(|c| !c.is_control() && !c.is_whitespace());
        if secret.len() < SHORTEST_SECRET || !visible {
            return Err(KeyError::Weak);
        }
        self.keep_key(account, secret, request).await
    }

    async fn keep_key(&self, account: AccountId, secret: &str, request: KeyRequest) -> Result<Key, KeyError> {
        for range in &request.addresses {
            if !is_address_range(range) {
                return Err(KeyError::Address(range.clone()));
            }
        }
        let username = match request.username {
            Some(username) => username,
            None => self.ledger.account(account).await?.username,
        };
        let hash = self.server_key.hash(secret);
        let new =
            NewKey { username, hash, at: self.now(), expires: request.expires, addresses: request.addresses };
        Ok(self.ledger.create_key(account, new).await?)
    }

    /// The keys of an account.
    pub async fn keys(&self, account: AccountId) -> Result<Vec<Key>> {
        self.ledger.keys(account).await
    }

    /// Revokes a key for good.
    pub async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()> {
        self.ledger.revoke_key(account, key).await?;
        self.keys.forget_all();
        Ok(())
    }

    /// Makes a program.
    pub async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program> {
        self.ledger.create_program(account, new).await
    }

    /// The programs of an account.
    pub async fn programs(&self, account: AccountId) -> Result<Vec<Program>> {
        self.ledger.programs(account).await
    }

    /// Verifies every invariant of the store; `progress` is told messages seen so far.
    pub async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<CheckReport> {
        self.ledger.check(progress).await
    }
}

/// Whether a text is an address, or a range of them such as `192.0.2.0/24`.
pub fn is_address_range(range: &str) -> bool {
    let (base, length) = range.split_once('/').unwrap_or((range, "0"));
    let Ok(base) = base.parse::<std::net::IpAddr>() else { return false };
    length.parse::<u32>().is_ok_and(|length| length <= if base.is_ipv4() { 32 } else { 128 })
}
