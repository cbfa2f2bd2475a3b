//! Countries as the generator knows them: their language, networks, price, and numbers that look like theirs.

use sms::{Country, Money};

/// The language that people of a country are written to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    English,
    French,
    German,
    Swedish,
    Spanish,
    Portuguese,
    Polish,
    Greek,
    Ukrainian,
}

/// A mobile network: country code, network code, name.
pub(super) type Operator = (&'static str, &'static str, &'static str);

/// Numbers that share their beginning.
#[derive(Clone, Copy, Debug)]
struct Range {
    prefix: &'static str,
    /// The first and the last number behind the prefix.
    first: u32,
    last: u32,
    /// Digits behind the prefix.
    digits: usize,
}

/// A country.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    code: &'static str,
    pub(super) language: Language,
    /// Price of a segment in millionths.
    price: i64,
    pub(super) operators: &'static [Operator],
    /// Ranges set aside for fiction where the country has such, then usual mobile ranges.
    ranges: &'static [Range],
}

const fn range(prefix: &'static str, digits: usize) -> Range {
    Range { prefix, first: 0, last: 10u32.pow(digits as u32) - 1, digits }
}

const fn part(prefix: &'static str, digits: usize, first: u32, last: u32) -> Range {
    Range { prefix, first, last, digits }
}

impl Place {
    /// The country.
    pub(super) fn country(&self) -> Country {
        Country::parse(self.code).unwrap_or(Country::UNKNOWN)
    }

    /// Price of a message of so many segments.
    pub(super) fn price(&self, segments: u16) -> Money {
        Money::from_millionths(self.price * i64::from(segments))
    }

    /// The number of the country's person `index`, as digits. Different as long as the ranges last: at
    /// least a million persons, then from the start again.
    pub(super) fn phone(&self, index: u32) -> String {
        let mut left = index;
        for (place, range) in self.ranges.iter().enumerate() {
            let size = range.last - range.first + 1;
            if left < size || place + 1 == self.ranges.len() {
                // Multiplied by a number that shares no divisor with the size, so that neighbours differ.
                let spread = if size % 7919 == 0 { 7927 } else { 7919 };
                let within = (u64::from(left) * spread % u64::from(size)) as u32;
                return format!("{}{:0width$}", range.prefix, range.first + within, width = range.digits);
            }
            left -= size;
        }
        String::new()
    }
}

/// Every place; the order is that of their share of the traffic abroad.
pub(super) const PLACES: &[Place] = &[
    Place {
        code: "US",
        language: Language::English,
        price: 9_500,
        operators: &[("310", "260", "T-Mobile"), ("310", "410", "AT&T"), ("311", "480", "Verizon")],
        ranges: US,
    },
    Place {
        code: "GB",
        language: Language::English,
        price: 36_500,
        operators: &[
            ("234", "10", "O2"),
            ("234", "15", "Vodafone"),
            ("234", "20", "Three"),
            ("234", "30", "EE"),
        ],
        ranges: &[range("447700900", 3), range("44740", 7)],
    },
    Place {
        code: "FR",
        language: Language::French,
        price: 49_000,
        operators: &[
            ("208", "01", "Orange"),
            ("208", "10", "SFR"),
            ("208", "15", "Free"),
            ("208", "20", "Bouygues"),
        ],
        ranges: &[range("3363998", 4), range("3362", 7)],
    },
    Place {
        code: "DE",
        language: Language::German,
        price: 68_000,
        operators: &[("262", "01", "Telekom"), ("262", "02", "Vodafone"), ("262", "03", "O2")],
        ranges: &[range("4917139200", 2), range("49176040690", 2), range("49170", 7)],
    },
    Place {
        code: "SE",
        language: Language::Swedish,
        price: 41_600,
        operators: &[
            ("240", "01", "Telia"),
            ("240", "02", "Tre"),
            ("240", "07", "Tele2"),
            ("240", "08", "Telenor"),
        ],
        ranges: &[part("46701740", 3, 605, 699), range("4673", 7)],
    },
    Place {
        code: "ES",
        language: Language::Spanish,
        price: 44_000,
        operators: &[("214", "01", "Vodafone"), ("214", "03", "Orange"), ("214", "07", "Movistar")],
        ranges: &[range("3461", 7)],
    },
    Place {
        code: "GR",
        language: Language::Greek,
        price: 52_000,
        operators: &[("202", "01", "Cosmote"), ("202", "05", "Vodafone"), ("202", "10", "Nova")],
        ranges: &[range("30697", 7)],
    },
    Place {
        code: "UA",
        language: Language::Ukrainian,
        price: 71_000,
        operators: &[("255", "01", "Vodafone"), ("255", "03", "Kyivstar"), ("255", "06", "lifecell")],
        ranges: &[range("38050", 7)],
    },
    Place {
        code: "PL",
        language: Language::Polish,
        price: 27_000,
        operators: &[
            ("260", "01", "Plus"),
            ("260", "02", "T-Mobile"),
            ("260", "03", "Orange"),
            ("260", "06", "Play"),
        ],
        ranges: &[range("4850", 7)],
    },
    Place {
        code: "CH",
        language: Language::German,
        price: 58_000,
        operators: &[("228", "01", "Swisscom"), ("228", "02", "Sunrise"), ("228", "03", "Salt")],
        ranges: &[range("4179", 7)],
    },
    Place {
        code: "BE",
        language: Language::French,
        price: 79_000,
        operators: &[("206", "01", "Proximus"), ("206", "10", "Orange"), ("206", "20", "Base")],
        ranges: &[range("3247", 7)],
    },
    Place {
        code: "NL",
        language: Language::English,
        price: 83_000,
        operators: &[("204", "04", "Vodafone"), ("204", "08", "KPN"), ("204", "16", "Odido")],
        ranges: &[range("3161", 7)],
    },
    Place {
        code: "IT",
        language: Language::English,
        price: 62_000,
        operators: &[("222", "01", "TIM"), ("222", "10", "Vodafone"), ("222", "88", "WindTre")],
        ranges: &[range("39347", 7)],
    },
    Place {
        code: "AT",
        language: Language::German,
        price: 64_000,
        operators: &[("232", "01", "A1"), ("232", "03", "Magenta"), ("232", "05", "Drei")],
        ranges: &[range("43664", 7)],
    },
    Place {
        code: "PT",
        language: Language::Portuguese,
        price: 33_000,
        operators: &[("268", "01", "Vodafone"), ("268", "03", "NOS"), ("268", "06", "MEO")],
        ranges: &[range("35191", 7)],
    },
    Place {
        code: "BR",
        language: Language::Portuguese,
        price: 24_000,
        operators: &[("724", "02", "TIM"), ("724", "05", "Claro"), ("724", "06", "Vivo")],
        ranges: &[range("551199", 7)],
    },
    Place {
        code: "MX",
        language: Language::Spanish,
        price: 31_000,
        operators: &[("334", "020", "Telcel"), ("334", "030", "Movistar")],
        ranges: &[range("5255", 8)],
    },
    Place {
        code: "IE",
        language: Language::English,
        price: 54_000,
        operators: &[("272", "01", "Vodafone"), ("272", "02", "Three"), ("272", "03", "eir")],
        ranges: &[range("3532091", 5), range("35387", 7)],
    },
    Place {
        code: "NO",
        language: Language::English,
        price: 46_000,
        operators: &[("242", "01", "Telenor"), ("242", "02", "Telia")],
        ranges: &[range("474", 7)],
    },
    Place {
        code: "DK",
        language: Language::English,
        price: 39_000,
        operators: &[("238", "01", "TDC"), ("238", "02", "Telenor"), ("238", "20", "Telia")],
        ranges: &[range("4520", 6)],
    },
    Place {
        code: "FI",
        language: Language::Swedish,
        price: 57_000,
        operators: &[("244", "05", "Elisa"), ("244", "12", "DNA"), ("244", "91", "Telia")],
        ranges: &[range("35840", 7)],
    },
    Place {
        code: "CA",
        language: Language::English,
        price: 8_900,
        operators: &[("302", "220", "Telus"), ("302", "610", "Bell"), ("302", "720", "Rogers")],
        ranges: CA,
    },
    Place {
        code: "AU",
        language: Language::English,
        price: 34_000,
        operators: &[("505", "01", "Telstra"), ("505", "02", "Optus"), ("505", "03", "Vodafone")],
        ranges: &[range("61491570", 3), range("6141", 7)],
    },
    Place {
        code: "NZ",
        language: Language::English,
        price: 72_000,
        operators: &[("530", "01", "One NZ"), ("530", "05", "Spark"), ("530", "24", "2degrees")],
        ranges: &[range("6421", 7)],
    },
    Place {
        code: "CZ",
        language: Language::English,
        price: 48_000,
        operators: &[("230", "01", "T-Mobile"), ("230", "02", "O2"), ("230", "03", "Vodafone")],
        ranges: &[range("42060", 7)],
    },
    Place {
        code: "RO",
        language: Language::English,
        price: 45_000,
        operators: &[("226", "01", "Vodafone"), ("226", "10", "Orange")],
        ranges: &[range("4074", 7)],
    },
    Place {
        code: "BG",
        language: Language::English,
        price: 66_000,
        operators: &[("284", "01", "A1"), ("284", "03", "Vivacom"), ("284", "05", "Yettel")],
        ranges: &[range("35988", 7)],
    },
    Place {
        code: "IN",
        language: Language::English,
        price: 18_000,
        operators: &[("404", "10", "Airtel"), ("404", "20", "Vi"), ("405", "840", "Jio")],
        ranges: &[range("9198", 8)],
    },
    Place {
        code: "ZA",
        language: Language::English,
        price: 21_000,
        operators: &[("655", "01", "Vodacom"), ("655", "07", "Cell C"), ("655", "10", "MTN")],
        ranges: &[range("2782", 7)],
    },
    Place {
        code: "TR",
        language: Language::English,
        price: 29_000,
        operators: &[("286", "01", "Turkcell"), ("286", "02", "Vodafone"), ("286", "03", "Türk Telekom")],
        ranges: &[range("90532", 7)],
    },
];

/// In North America 555-0100 to 555-0199 of each area are for fiction; of the other numbers behind 555 hardly
/// any is in service.
macro_rules! north_america {
    ($($area:literal)*) => {
        &[
            $(part(concat!("1", $area, "5550"), 3, 100, 199),)*
            $(part(concat!("1", $area, "555"), 4, 2000, 9999),)*
        ]
    };
}

const US: &[Range] = north_america!(
    "202" "206" "207" "208" "212" "213" "214" "215" "216" "217" "218" "219" "225" "228" "229" "231" "234" "239"
    "240" "248" "251" "252" "253" "254" "256" "260" "262" "267" "269" "270" "276" "281" "301" "302" "303" "304"
    "305" "307" "308" "309" "310" "312" "313" "314" "315" "316" "317" "318" "319" "320" "321" "323" "325" "330"
    "334" "336" "337" "339" "347" "351" "352" "360" "361" "386" "401" "402" "404" "405" "406" "407" "408" "409"
    "410" "412" "413" "414" "415" "417" "419" "423" "425" "430" "432" "434" "435" "440" "443" "469" "478" "479"
    "480" "484" "501" "502" "503" "504" "505" "507" "508" "509" "510" "512" "513" "515" "516" "517" "518" "520"
    "530" "540" "541" "551" "559" "561" "562" "563" "567" "570" "571" "573" "574" "575" "580" "585" "586" "601"
);

const CA: &[Range] = north_america!(
    "204" "226" "236" "249" "250" "289" "306" "343" "403" "416" "418" "431" "437" "438" "450" "506" "514" "519"
);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn thirty_countries_with_their_networks() {
        assert_eq!(PLACES.len(), 30);
        let codes: HashSet<_> = PLACES.iter().map(|place| place.code).collect();
        assert_eq!(codes.len(), 30);
        for place in PLACES {
            assert!(place.country().name().is_some(), "{}", place.code);
            assert!(place.operators.len() > 1 && place.price > 0);
            for (mcc, mnc, name) in place.operators {
                assert_eq!(sms::country::mcc_country(mcc), Some(place.country()), "{mcc}");
                assert!((2..=3).contains(&mnc.len()) && !name.is_empty());
            }
        }
    }

    #[test]
    fn numbers_are_possible_and_of_their_country() {
        for place in PLACES {
            for index in (0..2000).chain((0..40).map(|step| step * 25_000)) {
                let phone = sms::phone::Phone::parse(&place.phone(index)).expect("digits");
                assert!(phone.is_possible(), "{} {index}: {phone}", place.code);
                assert_eq!(phone.country(), place.country(), "{index}: {phone}");
            }
        }
    }

    #[test]
    fn numbers_differ() {
        for place in PLACES {
            let most = 20_000;
            let phones: HashSet<_> = (0..most).map(|index| place.phone(index)).collect();
            assert_eq!(phones.len(), most as usize, "{}", place.code);
        }
    }

    #[test]
    fn fiction_comes_first() {
        let place = |code| PLACES.iter().find(|place| place.code == code).expect("a place");
        assert!((0..1000).all(|index| place("GB").phone(index).starts_with("447700900")));
        assert!((0..10_000).all(|index| place("FR").phone(index).starts_with("3363998")));
        for index in 0..10_000 {
            let phone = place("US").phone(index);
            assert_eq!(&phone[4..9], "55501", "{phone}");
        }
    }
}
