//! Numbering plans: the one place that knows the library which holds them.

use std::collections::HashMap;
use std::sync::LazyLock;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

use super::SHORT_DIGITS;
use crate::country::Country;

/// Whether `digits`, in international form, are of a length that the calling code's plan knows.
pub(super) fn is_possible(digits: &str) -> bool {
    // No calling code begins with a zero; the library would pass over one.
    digits.len() > SHORT_DIGITS
        && !digits.starts_with('0')
        && read(digits).is_some_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number))
}

/// The country of an international number given as digits without `+`: that of the plan it is valid in (as
/// written, or without a national prefix left in it), else the main one of its calling code.
/// [`Country::UNKNOWN`] for short codes, calling codes that belong to no country (800, 881, 999 …) and
/// anything that is not all digits.
///
/// Takes some 30 ns where a calling code belongs to one country, 0.1 to 4 µs where several share it (+1, +7,
/// +44 …): see [`super::CountryLookup`].
pub fn country_of(digits: &str) -> Country {
    match plan(digits) {
        None => Country::UNKNOWN,
        Some(Plan { main, shared: false }) => country(main),
        Some(Plan { main, shared: true }) => country(region(digits).unwrap_or(main)),
    }
}

/// Whether the country of `digits` takes more than the calling code to tell.
pub(super) fn is_shared(digits: &str) -> bool {
    plan(digits).is_some_and(|plan| plan.shared)
}

/// What a calling code tells.
struct Plan {
    /// The region that the library names first: the main one.
    main: Region,
    /// Whether there are others.
    shared: bool,
}

fn plan(digits: &str) -> Option<Plan> {
    if digits.len() <= SHORT_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (code, _) = calling_code(digits)?;
    let mut regions = PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(code)?;
    Some(Plan { main: regions.next()?, shared: regions.len() > 0 })
}

/// The region whose plan `digits` are valid in, among those that share the calling code.
fn region(digits: &str) -> Option<Region> {
    PHONE_NUMBER_UTIL.get_region_for_number(&read(digits)?)
}

/// The number as the library understands it. A number that is possible as written and has no zero in front
/// is taken so, for a tenth of the cost: the library's own reading only takes national prefixes off.
fn read(digits: &str) -> Option<PhoneNumber> {
    as_written(digits)
        .filter(|number| PHONE_NUMBER_UTIL.is_possible_number(number))
        .or_else(|| PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok())
}

/// The number exactly as its digits are, if the national part begins with no zero. (Zeros would be kept apart
/// from the value, and most are a prefix.)
fn as_written(digits: &str) -> Option<PhoneNumber> {
    let (country_code, national) = calling_code(digits)?;
    if national.starts_with('0') {
        return None;
    }
    Some(PhoneNumber { country_code, national_number: national.parse().ok()?, ..PhoneNumber::default() })
}

/// The calling code that `digits` begin with, and what follows it. No code is the beginning of another, so
/// the first that is known is the one.
fn calling_code(digits: &str) -> Option<(i32, &str)> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code = code.parse().ok()?;
        PHONE_NUMBER_UTIL.get_region_for_country_code(code).map(|_| (code, national))
    })
}

/// The international digits of a number as it is dialled in `country`; `None` where they are not possible.
pub(super) fn in_country(digits: &str, country: Country) -> Option<String> {
    let region = REGIONS.get(&country)?;
    let number = PHONE_NUMBER_UTIL.parse(digits, Some(*region)).ok()?;
    if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
        return None;
    }
    let international = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
    international.strip_prefix('+').map(str::to_owned)
}

/// The library's names of countries.
static REGIONS: LazyLock<HashMap<Country, Region>> = LazyLock::new(|| {
    let regions = PHONE_NUMBER_UTIL.get_supported_regions();
    regions.map(|region| (country(region), region)).filter(|(country, _)| !country.is_unknown()).collect()
});

fn country(region: Region) -> Country {
    match region {
        // The library's name for codes of no country, such as 800.
        Region::World => Country::UNKNOWN,
        _ => Country::parse(&region.as_region_str()).unwrap_or(Country::UNKNOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Digits that begin with a calling code, half of them a shared one, some with a national prefix left in.
    fn number() -> impl Strategy<Value = String> {
        prop_oneof!["(1|7|39|44|47|61|212|262|290|358|590|599)0?[0-9]{4,12}", "[1-9][0-9]{6,14}"]
            .prop_filter("a number's length", |digits| (SHORT_DIGITS + 1..=15).contains(&digits.len()))
    }

    /// The library's own reading.
    fn understood(digits: &str) -> Option<PhoneNumber> {
        PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn possible_means_what_the_library_means(digits in number()) {
            let theirs = understood(&digits).is_some_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number));
            prop_assert_eq!(is_possible(&digits), theirs);
        }

        #[test]
        fn a_region_is_the_librarys(digits in number()) {
            let theirs = understood(&digits).and_then(|number| {
                let main = || PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code);
                PHONE_NUMBER_UTIL.get_region_for_number(&number).or_else(main)
            });
            if let Some(theirs) = theirs {
                prop_assert_eq!(country_of(&digits), super::country(theirs));
            }
        }
    }

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
    fn every_country_with_numbers_has_a_name() {
        for region in PHONE_NUMBER_UTIL.get_supported_regions().filter(|region| *region != Region::World) {
            assert!(super::country(region).name().is_some(), "{region}");
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
            "0612345678",
            "1555666777",
            "",
        ] {
            assert!(!is_possible(digits), "{digits}");
        }
    }
}
