//! Whose request is this?

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use ledger::model::{Account, Key};
use ledger::{LedgerError, Result};
use sms::{AccountId, Micros};
use subtle::ConstantTimeEq;

use crate::Service;

/// What a request says about who sends it. A bearer token names nobody; a user name or an account given
/// beside the secret must be the key's own.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The secret.
    pub secret: String,
    /// The user name given with it.
    pub username: Option<String>,
    /// The account number given with it, in dialects whose callers name it; an alternative to the user name.
    pub account: Option<AccountId>,
}

impl Credential {
    /// A secret alone.
    pub fn bearer(secret: impl Into<String>) -> Self {
        Self { secret: secret.into(), username: None, account: None }
    }

    /// A user name with its secret.
    pub fn pair(username: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { secret: secret.into(), username: Some(username.into()), account: None }
    }
}

impl std::fmt::Debug for Credential {
    /// Never shows the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({:?}, {:?}, secret …)", self.username, self.account)
    }
}

/// Who sent a request: what every later step acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The account.
    pub account: Account,
    /// The key used.
    pub key: u32,
    /// The key's user name.
    pub username: String,
}

impl Access {
    /// The account's number.
    pub fn id(&self) -> AccountId {
        self.account.id
    }
}

/// Why nobody was recognised.
#[derive(Debug, thiserror::Error)]
pub enum AuthFailure {
    /// The request carried no credential.
    #[error("no credential")]
    Missing,
    /// Unknown, revoked or expired secret; wrong user; disabled account; or two credentials that disagree.
    #[error("bad credential")]
    Wrong,
    /// The key is good, but not from this address.
    #[error("address not allowed")]
    Address,
    /// The key has made too many requests; try again after so many seconds.
    #[error("too many requests")]
    TooMany(u32),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Service {
    /// Recognises the sender of a request by the credentials it carried, which must all agree.
    pub async fn authenticate(
        &self,
        credentials: &[Credential],
        remote: IpAddr,
    ) -> Result<Access, AuthFailure> {
        let (first, others) = credentials.split_first().ok_or(AuthFailure::Missing)?;
        let (key, account) = self.recognise(first).await?;
        for other in others {
            let (again, _) = self.recognise(other).await?;
            if again.id != key.id {
                return Err(AuthFailure::Wrong);
            }
        }
        // Where the request's span has room for it, every line of the log says whose request it was.
        tracing::Span::current().record("account", account.id.get());
        if !key.addresses.is_empty() && !key.addresses.iter().any(|range| address_matches(range, remote)) {
            return Err(AuthFailure::Address);
        }
        self.throttle.take(key.id, self.now()).map_err(AuthFailure::TooMany)?;
        Ok(Access { account, key: key.id, username: key.username })
    }

    /// The key whose secret has this hash. Only what is known is held: guesses would push it out.
    async fn key(&self, hash: [u8; 32]) -> Result<Option<Key>> {
        let now = self.now();
        let missing = match self.keys.get(&hash, now) {
            Ok(key) => return Ok(Some(key)),
            Err(missing) => missing,
        };
        let key = self.ledger.key_by_hash(hash).await?;
        if let Some(key) = &key {
            self.keys.put(hash, now, key.clone(), missing);
        }
        Ok(key)
    }

    async fn recognise(&self, credential: &Credential) -> Result<(Key, Account), AuthFailure> {
        let hash = self.server_key.hash(&credential.secret);
        let key = self.key(hash).await?.ok_or(AuthFailure::Wrong)?;
        let same = |a: &str, b: &str| bool::from(a.as_bytes().ct_eq(b.as_bytes()));
        let named = credential.username.as_deref().is_none_or(|name| same(name, &key.username))
            && credential.account.is_none_or(|account| account == key.account);
        let hash_equal = bool::from(hash.ct_eq(&key.hash));
        let expired = key.expires.is_some_and(|expires| expires <= self.now());
        if !(named && hash_equal) || key.revoked || expired {
            return Err(AuthFailure::Wrong);
        }
        let account = self.ledger.account(key.account).await?;
        if account.disabled {
            return Err(AuthFailure::Wrong);
        }
        Ok((key, account))
    }
}

/// Whether `remote` lies in `range`: an address, or an address with a prefix length.
pub fn address_matches(range: &str, remote: IpAddr) -> bool {
    let (base, length) = match range.split_once('/') {
        Some((base, length)) => (base, length.parse::<u32>().ok()),
        None => (range, Some(128)),
    };
    let (Ok(base), Some(length)) = (base.parse::<IpAddr>(), length) else { return false };
    let bits = |address: IpAddr| match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    let ((base, width), (remote, remote_width)) = (bits(base), bits(remote));
    let length = length.min(width);
    width == remote_width && (length == 0 || (base ^ remote) >> (128 - length) == 0)
}

/// Requests a key may make: a bucket that fills at the rate and holds one second of it.
#[derive(Debug, Default)]
pub struct Throttle {
    per_second: Option<u32>,
    buckets: Mutex<HashMap<u32, (f64, Micros)>>,
}

impl Throttle {
    /// A throttle of so many requests a second and key; `None` lets everything pass.
    pub fn new(per_second: Option<u32>) -> Self {
        Self { per_second, buckets: Mutex::default() }
    }

    /// Takes one request, or says after how many seconds to try again.
    fn take(&self, key: u32, now: Micros) -> Result<(), u32> {
        let Some(rate) = self.per_second.map(f64::from) else { return Ok(()) };
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (level, at) = buckets.entry(key).or_insert((rate, now));
        let elapsed = (now.get() - at.get()).max(0) as f64 / 1e6;
        *level = (*level + elapsed * rate).min(rate);
        *at = now;
        if *level < 1.0 {
            return Err(((1.0 - *level) / rate).ceil().max(1.0) as u32);
        }
        *level -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("address");
        assert!(address_matches("192.0.2.7", ip("192.0.2.7")));
        assert!(address_matches("192.0.2.7", ip("::ffff:192.0.2.7")));
        assert!(!address_matches("192.0.2.7", ip("192.0.2.8")));
        assert!(address_matches("192.0.2.0/24", ip("192.0.2.255")));
        assert!(!address_matches("192.0.2.0/24", ip("192.0.3.0")));
        assert!(address_matches("2001:db8::/32", ip("2001:db8:1::1")));
        assert!(address_matches("0.0.0.0/0", ip("10.0.0.1")));
        assert!(!address_matches("0.0.0.0/0", ip("::1")));
        assert!(!address_matches("nonsense", ip("::1")) && !address_matches("10.0.0.0/x", ip("10.0.0.0")));
    }

    #[test]
    fn the_bucket_empties_and_fills() {
        let throttle = Throttle::new(Some(2));
        let at = |ms: i64| Micros::new(ms * 1000);
        assert_eq!(throttle.take(1, at(0)), Ok(()));
        assert_eq!(throttle.take(1, at(0)), Ok(()));
        assert_eq!(throttle.take(1, at(0)), Err(1));
        assert_eq!(throttle.take(2, at(0)), Ok(()));
        assert_eq!(throttle.take(1, at(500)), Ok(()));
        assert_eq!(throttle.take(1, at(500)), Err(1));
        assert_eq!(Throttle::default().take(1, at(0)), Ok(()));
    }
}
