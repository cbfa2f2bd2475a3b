//! Numbering plans: the one place that knows the library which holds them.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, Region};

use super::SHORT_DIGITS;
use crate::country::Country;

/// Whether `digits`, in international form, are of a length that the calling code's plan knows.
pub(super) fn is_possible(digits: &str) -> bool {
    parse(digits).is_some_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number))
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
