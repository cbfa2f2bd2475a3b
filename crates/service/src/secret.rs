//! Secrets: how they are made, and how they are found again without being kept.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use rand::TryRngCore;
use sha2::Sha256;

/// The key under which secrets are hashed. It lives beside the store, not in it, so that a copy of the
/// store alone tells nothing of adopted (perhaps weak) secrets.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    /// A fresh key from the system's random source.
    pub fn generate() -> Result<Self, RandomError> {
        let mut octets = [0; 32];
        rand::rngs::OsRng.try_fill_bytes(&mut octets).map_err(|_| RandomError)?;
        Ok(Self(octets))
    }

    /// A key read from where it is kept.
    pub fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The key, to be kept.
    pub fn octets(&self) -> [u8; 32] {
        self.0
    }

    /// HMAC-SHA-256 of a secret: what the store keeps and is asked by.
    pub fn hash(&self, secret: &str) -> [u8; 32] {
        // A key of any length is accepted by HMAC; 32 octets always are.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("32 octets"));
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// The system gave no random octets.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system gave no random octets")]
pub struct RandomError;

/// A new secret of 192 random bits, 32 letters that stand in a URL or a header as they are.
pub fn generate_secret() -> Result<String, RandomError> {
    let mut octets = [0; 24];
    rand::rngs::OsRng.try_fill_bytes(&mut octets).map_err(|_| RandomError)?;
    Ok(URL_SAFE_NO_PAD.encode(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_depend_on_secret_and_key() {
        let (a, b) = (ServerKey::from_octets([1; 32]), ServerKey::from_octets([2; 32]));
        assert_eq!(a.hash("x"), a.hash("x"));
        assert_ne!(a.hash("x"), a.hash("y"));
        assert_ne!(a.hash("x"), b.hash("x"));
        assert_eq!(format!("{a:?}"), "ServerKey(…)");
    }

    #[test]
    fn secrets_differ() {
        let (one, two) = (generate_secret().expect("random"), generate_secret().expect("random"));
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
    }
}
