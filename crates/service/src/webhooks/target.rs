//! Targets: the addresses that an account wants to be told at, kept as documents.

use std::collections::BTreeMap;
use std::fmt;

use ledger::{LedgerError, Refusal};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::Typed;

/// The kind of the documents.
pub(super) const KIND: &str = "webhook";
/// The kind of the documents that keep what holds for all targets of a shape; each is named by the shape.
const OPTIONS_KIND: &str = "webhook_options";
/// Targets an account may have.
pub const MOST_TARGETS: u64 = 100;
/// The longest URL, in octets.
const LONGEST_URL: usize = 2048;

/// What a target is told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wants {
    /// What became of MT.
    pub mt: bool,
    /// MO.
    pub mo: bool,
    /// MO by which somebody opted out. A target that wants MO gets these too.
    pub opt_out: bool,
}

/// An address that wants to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// Its number among the account's targets; zero in one to be added.
    pub number: Number,
    /// A name that is unique among them, if a dialect gave it one.
    pub name: Option<String>,
    /// The [`super::Shape`] it is spoken to in.
    pub shape: String,
    /// Where it is.
    pub url: String,
    /// What it is told of.
    pub wants: Wants,
    /// What calls are signed with, or the secret that a vendor's calls carry.
    pub secret: Option<String>,
    /// What else its shape needs to know.
    pub options: BTreeMap<String, String>,
    /// Why it is not told just now, if it is not.
    pub disabled: Option<String>,
    /// When it was added.
    pub created: Micros,
}

impl Target {
    /// A target of this shape at this address, to be added.
    pub fn new(shape: &str, url: &str, wants: Wants) -> Self {
        Self {
            number: 0,
            name: None,
            shape: shape.to_owned(),
            url: url.to_owned(),
            wants,
            secret: None,
            options: BTreeMap::new(),
            disabled: None,
            created: Micros::MIN,
        }
    }
}

impl fmt::Debug for Target {
    /// Without secret, options, and whatever the address hides.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "target {} ({}, {})", self.number, self.shape, shown(&self.url))
    }
}

/// Why a target was not kept.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The address makes no URL that can be called.
    #[error("the URL {0}")]
    Url(&'static str),
    /// It wants to be told of nothing.
    #[error("a webhook wants to be told of something: mt, mo or opt-out")]
    WantsNothing,
    /// The account has as many as it may have.
    #[error("an account has at most {MOST_TARGETS} webhooks")]
    TooMany,
    /// The ledger failed, or knows of no such target.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What is wrong with an address, if anything is: `http` or `https`, a host, no white space.
pub fn url_fault(url: &str) -> Option<&'static str> {
    if url.len() > LONGEST_URL {
        return Some("is longer than 2048 octets");
    }
    if !url.bytes().all(|octet| octet.is_ascii_graphic()) {
        return Some("holds white space or characters outside of ASCII; percent-encode them");
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("has no scheme; it begins with http:// or https://");
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Some("begins with neither http:// nor https://");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').or(port.is_empty().then_some(""))),
        None => host.split_once(':').map_or((host, Some("")), |(host, port)| (host, Some(port))),
    };
    let sound = |port: &str| port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0);
    if host.is_empty() {
        return Some("names no host");
    }
    (!port.is_some_and(sound)).then_some("has a port that is none")
}

/// An address as it may be logged: without user, password, query and fragment.
pub fn shown(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    match plain.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
        None => "an address that is no URL".to_owned(),
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    shape: String,
    url: String,
    wants: Wants,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled: Option<String>,
    created: i64,
}

fn target(document: Typed<Body>) -> Target {
    let Typed { number, name, body } = document;
    let Body { shape, url, wants, secret, options, disabled, created } = body;
    Target { number, name, shape, url, wants, secret, options, disabled, created: Micros::new(created) }
}

impl Service {
    /// The targets of an account, by number.
    pub async fn webhooks(&self, account: AccountId) -> ledger::Result<Vec<Target>> {
        Ok(self.typed_all(account, KIND).await?.into_iter().map(target).collect())
    }

    /// One target.
    pub async fn webhook(&self, account: AccountId, number: Number) -> ledger::Result<Option<Target>> {
        Ok(self.typed(account, KIND, number).await?.map(target))
    }

    /// Adds a target (number zero), made now, or rewrites the one of its number. A new one is told of what
    /// happens from now on.
    pub async fn put_webhook(&self, account: AccountId, new: Target) -> Result<Target, TargetError> {
        if let Some(fault) = url_fault(&new.url) {
            return Err(TargetError::Url(fault));
        }
        if new.wants == Wants::default() {
            return Err(TargetError::WantsNothing);
        }
        let kept = match new.number {
            0 => self.add_webhook(account, new).await?,
            number => {
                let known = self.webhook(account, number).await?.ok_or(LedgerError::NotFound)?;
                let kept = Target { created: known.created, ..new };
                self.write_webhook(account, &kept).await?;
                kept
            }
        };
        self.bell().ring();
        Ok(kept)
    }

    async fn add_webhook(&self, account: AccountId, new: Target) -> Result<Target, TargetError> {
        let slice = ledger::people::Slice::default();
        if self.ledger.documents(account, KIND.to_owned(), slice).await?.total >= MOST_TARGETS {
            return Err(TargetError::TooMany);
        }
        self.ledger.set_wants_events(account, true).await?;
        let newest = self.newest_event(account).await?;
        let mut kept = Target { created: self.now(), ..new };
        kept.number = self.write_webhook(account, &kept).await?;
        self.ledger.begin_hook(account, kept.number, newest).await?;
        Ok(kept)
    }

    async fn write_webhook(&self, account: AccountId, target: &Target) -> ledger::Result<Number> {
        let Target { number, name, shape, url, wants, secret, options, disabled, created } = target.clone();
        let body = Body { shape, url, wants, secret, options, disabled, created: created.get() };
        self.put_typed(account, KIND, number, name, &body).await
    }

    /// Removes a target with all that it was still to be told; [`LedgerError::NotFound`] without one.
    pub async fn remove_webhook(&self, account: AccountId, number: Number) -> ledger::Result<()> {
        self.ledger.remove_document(account, KIND.to_owned(), number).await?;
        self.ledger.forget_hook(account, number).await?;
        self.bell().ring();
        Ok(())
    }

    /// Stops telling a target, for this reason, or begins again where it was stopped, as far as events are
    /// kept that long.
    pub async fn disable_webhook(
        &self,
        account: AccountId,
        number: Number,
        reason: Option<&str>,
    ) -> ledger::Result<Target> {
        let known = self.webhook(account, number).await?.ok_or(LedgerError::NotFound)?;
        let target = Target { disabled: reason.map(str::to_owned), ..known };
        self.write_webhook(account, &target).await?;
        self.bell().ring();
        Ok(target)
    }

    /// What an account has settled for all its targets of a shape.
    pub async fn webhook_options(
        &self,
        account: AccountId,
        shape: &str,
    ) -> ledger::Result<BTreeMap<String, String>> {
        let known = self.typed_by_name(account, OPTIONS_KIND, shape).await?;
        Ok(known.map(|document| document.body).unwrap_or_default())
    }

    /// Settles it.
    pub async fn put_webhook_options(
        &self,
        account: AccountId,
        shape: &str,
        options: &BTreeMap<String, String>,
    ) -> ledger::Result<()> {
        let known: Option<Typed<BTreeMap<String, String>>> =
            self.typed_by_name(account, OPTIONS_KIND, shape).await?;
        let number = known.map_or(0, |document| document.number);
        self.put_typed(account, OPTIONS_KIND, number, Some(shape.to_owned()), options).await?;
        Ok(())
    }

    /// The sequence number of an account's newest event; 0 when none is kept.
    pub(super) async fn newest_event(&self, account: AccountId) -> ledger::Result<u64> {
        let heads = self.ledger.event_heads().await?;
        Ok(heads.into_iter().find(|(id, _)| *id == account).map_or(0, |(_, newest)| newest))
    }
}

impl From<TargetError> for LedgerError {
    fn from(error: TargetError) -> Self {
        match error {
            TargetError::Ledger(error) => error,
            other => Self::Refused(Refusal::Value(other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_be_called() {
        for good in [
            "https://example.com/hook",
            "http://example.com",
            "HTTPS://user:pass@example.com:8443/a?b=c#d",
            "http://[2001:db8::1]:80/x",
            "http://[::1]",
            "http://192.0.2.1:1/",
        ] {
            assert_eq!(url_fault(good), None, "{good}");
        }
        let long = format!("https://example.com/{}", "x".repeat(2048));
        for bad in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///path",
            "https://user@/x",
            "https://exa mple.com",
            "https://exämple.com",
            "https://example.com:99999/",
            "https://example.com:0/",
            "http://[::1]x/",
            "javascript:alert(1)",
            "https://example.com/\r\nX: y",
            &long,
        ] {
            assert!(url_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn addresses_as_they_are_logged() {
        assert_eq!(shown("https://u:p@example.com:8443/a/b?token=x#y"), "https://example.com:8443/a/b");
        assert_eq!(shown("http://example.com?token=x"), "http://example.com/");
        assert_eq!(shown("secret"), "an address that is no URL");
        let mut target = Target::new("own", "https://u:p@h/?k=v", Wants::default());
        target.secret = Some("s3cret".to_owned());
        assert_eq!(format!("{target:?}"), "target 0 (own, https://h/)");
    }
}
