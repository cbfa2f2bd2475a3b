//! What a segment costs: an account's table by number, network and country.

mod table;

use ledger::model::Network;
use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Country, Money};

use crate::Service;

pub(crate) use table::Table;

/// The kind, and the name, of the document.
const KIND: &str = "rates";

/// What one segment costs, in the account's currency and in credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// In the account's currency.
    pub price: Money,
    /// In credits.
    #[serde(default = "one")]
    pub credits: u32,
}

fn one() -> u32 {
    1
}

impl Default for Rate {
    /// Nothing, and one credit.
    fn default() -> Self {
        Self { price: Money::ZERO, credits: 1 }
    }
}

/// Which handsets a rate is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RateFor {
    /// Numbers that begin with these digits; the longest that fits wins, before any network or country.
    Prefix(String),
    /// A network, by its mobile country code and mobile network code, where it is known.
    Network(String, String),
    /// A country.
    Country(Country),
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateRow {
    /// Which handsets.
    pub handsets: RateFor,
    /// What a segment costs.
    pub rate: Rate,
}

/// An account's table. The default, that of a new account, lets everything cost nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// For whom no row is.
    pub default: Rate,
    /// What a segment of high priority costs beside.
    pub high_priority: Money,
    /// The rows, in any order; of two for the same handsets the later counts.
    pub rows: Vec<RateRow>,
}

impl Rates {
    /// What is wrong with the table, if anything is.
    pub fn fault(&self) -> Option<String> {
        let negative = |price: Money| price < Money::ZERO;
        let prices =
            self.rows.iter().map(|row| row.rate.price).chain([self.default.price, self.high_priority]);
        if prices.into_iter().any(negative) {
            return Some("a price is not negative".to_owned());
        }
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
        self.rows.iter().find_map(|row| match &row.handsets {
            RateFor::Prefix(prefix) if !digits(prefix) || prefix.len() > sms::phone::MAX_DIGITS => {
                Some(format!("\"{prefix}\" is no prefix of a number"))
            }
            RateFor::Network(mcc, mnc) if !digits(mcc) || !digits(mnc) => {
                Some(format!("\"{mcc}\"/\"{mnc}\" is no network"))
            }
            RateFor::Prefix(_) | RateFor::Network(..) | RateFor::Country(_) => None,
        })
    }

    /// What one segment to a number costs; see [`RateFor`] for which row counts.
    pub fn rate(&self, digits: &str, country: Country, network: &Network) -> Rate {
        Table::of(self).rate(digits, country, network)
    }
}

impl Service {
    /// An account's table.
    pub async fn rates(&self, account: AccountId) -> Result<Rates> {
        Ok(self.only(account, KIND).await?.unwrap_or_default())
    }

    /// Replaces an account's table. Refused ([`Refusal::Value`]) when a row makes no sense.
    pub async fn put_rates(&self, account: AccountId, rates: &Rates) -> Result<()> {
        if let Some(fault) = rates.fault() {
            return Err(LedgerError::Refused(Refusal::Value(fault)));
        }
        self.put_only(account, KIND, rates).await?;
        self.rules.forget(&account);
        Ok(())
    }
}
