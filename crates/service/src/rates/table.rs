//! The table as it is looked up: a few hash look-ups a number.

use std::collections::HashMap;

use ledger::model::Network;
use sms::{Country, Money};

use super::{Rate, RateFor, RateRow, Rates};

/// An account's rates, indexed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    default: Rate,
    pub(crate) high_priority: Money,
    by_prefix: HashMap<String, Rate>,
    /// The lengths of prefixes, longest first.
    lengths: Vec<usize>,
    by_network: HashMap<(String, String), Rate>,
    by_country: HashMap<Country, Rate>,
}

impl Table {
    pub(crate) fn of(rates: &Rates) -> Self {
        let mut table =
            Self { default: rates.default, high_priority: rates.high_priority, ..Self::default() };
        for RateRow { handsets, rate } in &rates.rows {
            let rate = *rate;
            match handsets {
                RateFor::Prefix(prefix) => table.by_prefix.extend([(prefix.clone(), rate)]),
                RateFor::Network(mcc, mnc) => table.by_network.extend([((mcc.clone(), mnc.clone()), rate)]),
                RateFor::Country(country) => table.by_country.extend([(*country, rate)]),
            }
        }
        table.lengths = table.by_prefix.keys().map(String::len).collect();
        table.lengths.sort_unstable_by(|left, right| right.cmp(left));
        table.lengths.dedup();
        table
    }

    /// Whether everything is as in a table that was never written.
    pub(crate) fn is_unwritten(&self) -> bool {
        let rows = !self.by_prefix.is_empty() || !self.by_network.is_empty() || !self.by_country.is_empty();
        !rows && self.default == Rate::default() && self.high_priority == Money::ZERO
    }

    /// What one segment to a number costs.
    pub(crate) fn rate(&self, digits: &str, country: Country, network: &Network) -> Rate {
        let prefixes = self.lengths.iter().filter_map(|length| digits.get(..*length));
        let by_prefix = prefixes.filter_map(|prefix| self.by_prefix.get(prefix)).next();
        let by_network = || match (&network.mcc, &network.mnc) {
            (Some(mcc), Some(mnc)) if !self.by_network.is_empty() => {
                self.by_network.get(&(mcc.clone(), mnc.clone()))
            }
            _ => None,
        };
        let found = by_prefix.or_else(by_network).or_else(|| self.by_country.get(&country));
        found.copied().unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(price: i64) -> Rate {
        Rate { price: Money::from_millionths(price), credits: 1 }
    }

    fn row(handsets: RateFor, price: i64) -> RateRow {
        RateRow { handsets, rate: rate(price) }
    }

    #[test]
    fn the_closest_row_counts() {
        let sweden = Country::parse("SE").expect("a country");
        let rates = Rates {
            default: rate(1),
            high_priority: Money::ZERO,
            rows: vec![
                row(RateFor::Country(sweden), 2),
                row(RateFor::Network("240".to_owned(), "01".to_owned()), 3),
                row(RateFor::Prefix("4670".to_owned()), 4),
                row(RateFor::Prefix("467017".to_owned()), 5),
                row(RateFor::Prefix("467017".to_owned()), 6),
            ],
        };
        assert_eq!(rates.fault(), None);
        let unknown = Network::default();
        let telia = Network { mcc: Some("240".to_owned()), mnc: Some("01".to_owned()), ..Network::default() };
        for (digits, country, network, price) in [
            ("46701740605", sweden, &unknown, 6),
            ("46702740605", sweden, &telia, 4),
            ("46762740605", sweden, &telia, 3),
            ("46762740605", sweden, &unknown, 2),
            ("33612345678", Country::UNKNOWN, &unknown, 1),
            ("46", Country::UNKNOWN, &unknown, 1),
        ] {
            assert_eq!(rates.rate(digits, country, network), rate(price), "{digits}");
        }
        let json = serde_json::to_string(&rates).expect("JSON");
        assert_eq!(serde_json::from_str::<Rates>(&json).expect("read"), rates);
    }

    #[test]
    fn faults() {
        assert!(Rates { default: rate(-1), ..Rates::default() }.fault().is_some());
        for handsets in [
            RateFor::Prefix("+46".to_owned()),
            RateFor::Prefix(String::new()),
            RateFor::Network("240".to_owned(), String::new()),
        ] {
            assert!(Rates { rows: vec![row(handsets, 1)], ..Rates::default() }.fault().is_some());
        }
    }
}
