//! The country of a mobile network, by its mobile country code (ITU-T E.212).

use std::sync::LazyLock;

use super::Country;

/// `mcc,country` lines, one for each geographic code. Where a code serves several countries, the one that
/// the ITU names first.
const TABLE: &str = include_str!("../../data/mcc.csv");

/// By the code's value; what is not in the table is unknown.
static BY_CODE: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut countries = vec![Country::UNKNOWN; 1000];
    for (code, country) in rows() {
        if let Some(place) = countries.get_mut(code) {
            *place = country;
        }
    }
    countries
});

fn rows() -> impl Iterator<Item = (usize, Country)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let (code, country) = line.split_once(',')?;
        Some((code.parse().ok()?, Country::parse(country)?))
    })
}

/// The country of the mobile country code `mcc`, three digits; `None` for anything else, for a code that is
/// not assigned, and for the shared ones (901 and its like), which belong to no country.
pub fn mcc_country(mcc: &str) -> Option<Country> {
    if mcc.len() != 3 || !mcc.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let code: usize = mcc.parse().ok()?;
    BY_CODE.get(code).copied().filter(|country| !country.is_unknown())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TABLE.lines().skip(1).count();
        assert!(lines >= 230, "{lines}");
        assert_eq!(rows().count(), lines);
        let codes: Vec<usize> = rows().map(|(code, _)| code).collect();
        assert!(codes.is_sorted_by(|left, right| left < right), "each code once, in order");
        for (code, country) in rows() {
            assert!((200..800).contains(&code), "{code}");
            assert!(country.name().is_some(), "{code}: {country}");
            assert_eq!(mcc_country(&code.to_string()), Some(country));
        }
    }

    #[test]
    fn known_codes() {
        let country = |mcc| mcc_country(mcc).map(|country| country.to_string());
        for (mcc, expected) in [
            ("208", "FR"),
            ("228", "CH"),
            ("234", "GB"),
            ("235", "GB"),
            ("240", "SE"),
            ("262", "DE"),
            ("310", "US"),
            ("316", "US"),
            ("302", "CA"),
            ("404", "IN"),
            ("460", "CN"),
            ("505", "AU"),
            ("655", "ZA"),
            ("724", "BR"),
            ("221", "XK"),
        ] {
            assert_eq!(country(mcc).as_deref(), Some(expected), "{mcc}");
        }
        for mcc in ["", "20", "2080", "+20", "٢٠٨", "001", "901", "999"] {
            assert_eq!(country(mcc), None, "{mcc}");
        }
    }
}
