//! Numbering plans: the one place that knows the library which holds them.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, Region};

use super::SHORT_DIGITS;
use crate::country::Country;

/// Whether `digits`, in international form, are of a length that the calling code's plan knows.
pub(super) fn is_possible(digits: &str) -> bool {
    digits.len() > SHORT_DIGITS
        && parse(digits).is_some_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number))
}

/// The country of an international number given as digits without `+`: that of the plan it is valid in, else
/// the main one of its calling code. [`Country::UNKNOWN`] for short codes, calling codes that belong to no
/// country (800, 881, 999 …) and anything that is not all digits.
pub fn country_of(digits: &str) -> Country {
    if digits.len() <= SHORT_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Country::UNKNOWN;
    }
    let Some(code) = calling_code(digits) else { return Country::UNKNOWN };
    let Some(mut regions) = PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(code) else {
        return Country::UNKNOWN;
    };
    let main = regions.next();
    let region = match regions.next() {
        None => main,
        Some(_) => parse(digits).and_then(|number| PHONE_NUMBER_UTIL.get_region_for_number(&number)).or(main),
    };
    region.and_then(country).unwrap_or(Country::UNKNOWN)
}

fn parse(digits: &str) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok()
}

/// The calling code that `digits` begin with. No code is the beginning of another, so the first that is
/// known is the one.
fn calling_code(digits: &str) -> Option<i32> {
    (1..=3)
        .filter_map(|length| digits.get(..length)?.parse().ok())
        .find(|code| PHONE_NUMBER_UTIL.get_region_for_country_code(*code).is_some())
}

fn country(region: Region) -> Option<Country> {
    match region {
        Region::World => None,
        _ => Country::parse(&region.as_region_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(digits: &str) -> String {
        country_of(digits).to_string()
    }

    #[test]
    fn countries() {
        for (digits, expected) in [
            ("447860021130", "GB"),
            ("33612345678", "FR"),
            ("46701740605", "SE"),
            ("41791112233", "CH"),
            ("491711234567", "DE"),
            ("353871234567", "IE"),
            ("3725123456", "EE"),
            ("38344123456", "XK"),
            // Plans that several countries share.
            ("12125550123", "US"),
            ("14165550123", "CA"),
            ("18765551234", "JM"),
            ("17875551234", "PR"),
            ("77012345678", "KZ"),
            ("79161234567", "RU"),
            ("447781123456", "GG"),
            ("390612345678", "IT"),
            ("390669812345", "VA"),
            ("262692123456", "RE"),
            ("4741234567", "NO"),
            // Valid nowhere: the calling code's main country.
            ("15556667777", "US"),
            ("175368927054", "US"),
            ("4400000000", "GB"),
        ] {
            assert_eq!(country(digits), expected, "{digits}");
        }
    }

    #[test]
    fn no_country() {
        for digits in [
            "",
            "80012345678",
            "870773123456",
            "883512345678",
            "99912345678",
            "9991234567",
            "21012345678",
            "0046701740605",
            "4670174060x",
        ] {
            assert_eq!(country(digits), "ZZ", "{digits}");
        }
    }

    #[test]
    fn possible_numbers() {
        for digits in [
            "447860021130",
            "33612345678",
            "46701740605",
            "41791112233",
            "15556667777",
            "12125550123",
            "80012345678",
        ] {
            assert!(is_possible(digits), "{digits}");
        }
        for digits in [
            "175368927054",
            "1",
            "72250",
            "447860",
            "44786002113000",
            "99912345678",
            "0046701740605",
            "1555666777",
            "",
        ] {
            assert!(!is_possible(digits), "{digits}");
        }
    }
}
