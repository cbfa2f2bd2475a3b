//! The countries themselves.

use super::{Language, Place, Range, part, range};

/// Every place; the order is that of their share of the traffic abroad.
pub(in super::super) const PLACES: &[Place] = &[
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
