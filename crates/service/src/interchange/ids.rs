//! Opaque names as the ledger keeps them: 128 bits of a hash, so that a row of history costs 16 octets
//! whatever its id was.

use sha2::{Digest, Sha256};

/// 128 bits; two names of one account are taken for one another with a chance of 2^-64 among 2^32 names.
pub(crate) type NameHash = [u8; 16];

/// The hash of a message's id.
pub(crate) fn message(id: &str) -> NameHash {
    hash(b"answerback.interchange.message\0", id)
}

/// The hash of a batch's name. In a domain of its own, so that no batch is mistaken for a message.
pub(crate) fn batch(name: &str) -> NameHash {
    hash(b"answerback.interchange.batch\0", name)
}

fn hash(domain: &[u8], name: &str) -> NameHash {
    let digest: [u8; 32] = Sha256::new().chain_update(domain).chain_update(name).finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_domains_differ() {
        assert_ne!(message("a"), message("b"));
        assert_ne!(message("a"), batch("a"));
        // Pinned: rows keep these, so they must never change.
        let hex = |hash: NameHash| hash.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        assert_eq!(hex(message("a")), "75fc515694d610d8947a73ae60ff7f24");
        assert_eq!(hex(batch("a")), "dab2c56f89b95a2cb4aaafcd039b4f5d");
    }
}
