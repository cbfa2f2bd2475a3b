//! Changing a table of rates, as `rates set` says it.

use service::rates::{Rate, RateFor, RateRow, Rates};

use super::request::RatesChange;
use super::settings::assigned;

/// Changes a table; nothing of it where something makes no sense.
pub(super) fn change(rates: &mut Rates, change: RatesChange) -> Result<(), String> {
    let RatesChange { begin, default, high_priority, rates: given, removed } = change;
    let mut changed = begin.unwrap_or_else(|| rates.clone());
    if let Some(text) = default {
        changed.default = rate(&text)?;
    }
    if let Some(text) = high_priority {
        changed.high_priority = text.parse().map_err(|error| format!("--high-priority {text}: {error}"))?;
    }
    for text in removed {
        let handsets = handsets(&text)?;
        let before = changed.rows.len();
        changed.rows.retain(|row| row.handsets != handsets);
        if changed.rows.len() == before {
            return Err(format!("--remove {text}: there is no such rate"));
        }
    }
    for text in given {
        let (whom, what) =
            text.split_once('=').ok_or_else(|| format!("--rate {text}: expected FOR=PRICE"))?;
        let row = RateRow { handsets: handsets(whom)?, rate: rate(what)? };
        if let RateFor::Country(country) = row.handsets {
            assigned(country)?;
        }
        changed.rows.retain(|known| known.handsets != row.handsets);
        changed.rows.push(row);
    }
    *rates = changed;
    Ok(())
}

/// `0.042` or `0.042:2`.
fn rate(text: &str) -> Result<Rate, String> {
    let (price, credits) = text.split_once(':').unwrap_or((text, "1"));
    let price = price.parse().map_err(|error| format!("{price:?} is no price: {error}"))?;
    let credits = credits.parse().map_err(|_| format!("{credits:?} is no number of credits"))?;
    Ok(Rate { price, credits })
}

/// `SE`, `240/01` or `467`.
fn handsets(text: &str) -> Result<RateFor, String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    let bare = text.strip_prefix('+').unwrap_or(text);
    if digits(bare) {
        return Ok(RateFor::Prefix(bare.to_owned()));
    }
    if let Some((mcc, mnc)) = text.split_once('/').filter(|(mcc, mnc)| digits(mcc) && digits(mnc)) {
        return Ok(RateFor::Network(mcc.to_owned(), mnc.to_owned()));
    }
    let country = text.to_ascii_uppercase().parse();
    country
        .map_err(|_| format!("{text:?} is no country (SE), network (240/01) or prefix (467)"))
        .map(RateFor::Country)
}

/// As it is given.
pub(crate) fn whom(handsets: &RateFor) -> String {
    match handsets {
        RateFor::Prefix(prefix) => prefix.clone(),
        RateFor::Network(mcc, mnc) => format!("{mcc}/{mnc}"),
        RateFor::Country(country) => country.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(rates: &mut Rates, given: &[&str], removed: &[&str]) -> Result<(), String> {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        change(rates, RatesChange { rates: own(given), removed: own(removed), ..RatesChange::default() })
    }

    #[test]
    fn rows_are_put_and_taken() {
        let mut rates = Rates::default();
        changed(&mut rates, &["SE=0.042", "240/01=0.04", "+467=0.039:2"], &[]).expect("sound");
        let told: Vec<String> = rates.rows.iter().map(|row| whom(&row.handsets)).collect();
        assert_eq!(told, ["SE", "240/01", "467"]);
        assert_eq!(rates.rows[2].rate.credits, 2);
        changed(&mut rates, &["se=0.05"], &["467"]).expect("sound");
        assert_eq!(rates.rows.len(), 2);
        assert_eq!(rates.rows[1].rate.price.to_string(), "0.05");
        let before = rates.clone();
        for bad in ["SE", "SE=x", "SE=0.1:x", "Sweden=1", "=1", "240/=1", "UK=1"] {
            assert!(changed(&mut rates, &[bad], &[]).is_err(), "{bad}");
        }
        assert!(changed(&mut rates, &["NO=1"], &["FI"]).is_err());
        assert_eq!(rates, before, "nothing of it");
    }
}
