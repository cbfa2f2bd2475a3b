//! Changing an account's settings, as `settings set` says it.

use service::account_settings::{AccountSettings, Holds};
use service::quiet::QuietHours;

/// Every key, in the order in which they are shown.
pub(crate) const KEYS: [&str; 12] = [
    "default_sender",
    "default_country",
    "timezone",
    "registers_senders",
    "reviews_senders",
    "quiet",
    "holds",
    "countries",
    "stop_reply",
    "start_reply",
    "help_reply",
    "own_stop_words",
];

/// Takes one `key=value` in.
pub(super) fn change(settings: &mut AccountSettings, given: &str) -> Result<(), String> {
    let (key, value) = given.split_once('=').ok_or_else(|| format!("{given}: expected KEY=VALUE"))?;
    let value = value.trim();
    take(settings, key.trim(), value).map_err(|what| format!("{key}: {what}"))
}

fn take(settings: &mut AccountSettings, key: &str, value: &str) -> Result<(), String> {
    let country = |text: &str| {
        let country: Result<sms::Country, _> = text.trim().to_ascii_uppercase().parse();
        country.map_err(|error| error.to_string()).and_then(assigned)
    };
    match key {
        "default_sender" => settings.default_sender = text(value),
        "default_country" => {
            settings.default_country = if value.is_empty() { None } else { Some(country(value)?) };
        }
        "timezone" => value.clone_into(&mut settings.timezone),
        "registers_senders" => settings.registers_senders = truth(value)?,
        "reviews_senders" => settings.reviews_senders = truth(value)?,
        "quiet" => settings.quiet = items(value).map(period).collect::<Result<_, _>>()?,
        "holds" => {
            settings.holds = match value {
                "nothing" => Holds::Nothing,
                "promotional" => Holds::Promotional,
                "everything" => Holds::Everything,
                _ => return Err(format!("expected nothing, promotional or everything, found {value:?}")),
            };
        }
        "countries" => {
            let list: Vec<_> = items(value).map(country).collect::<Result<_, _>>()?;
            settings.countries = Some(list).filter(|list| !list.is_empty());
        }
        "stop_reply" => settings.stop_reply = text(value),
        "start_reply" => settings.start_reply = text(value),
        "help_reply" => settings.help_reply = text(value),
        "own_stop_words" => settings.own_stop_words = items(value).map(str::to_owned).collect(),
        _ => return Err(format!("unknown; known are {}", KEYS.join(", "))),
    }
    Ok(())
}

/// A country that there is: a setting for any other would silently mean nobody.
pub(super) fn assigned(country: sms::Country) -> Result<sms::Country, String> {
    match country.name() {
        Some(_) => Ok(country),
        None => Err(format!("there is no country {country}")),
    }
}

/// A text; empty is none.
fn text(value: &str) -> Option<String> {
    Some(value.to_owned()).filter(|text| !text.is_empty())
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn truth(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| format!("expected true or false, found {text:?}"))
}

/// `21:00-08:00/67/promotional`.
fn period(text: &str) -> Result<QuietHours, String> {
    let refused =
        || format!("expected a period such as 21:00-08:00 or 21:00-08:00/67/promotional, found {text:?}");
    let mut parts = text.split('/');
    let (from, to) = parts.next().and_then(|times| times.split_once('-')).ok_or_else(refused)?;
    let minute = |time: &str| {
        let (hours, minutes) = time.trim().split_once(':')?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let (from, to) = (minute(from).ok_or_else(refused)?, minute(to).ok_or_else(refused)?);
    let mut quiet = QuietHours { from, to, days: Vec::new(), promotional_only: false };
    for part in parts {
        let days: Option<Vec<u8>> =
            part.chars().map(|digit| u8::try_from(digit.to_digit(10)?).ok()).collect();
        match (part, days) {
            ("promotional", _) => quiet.promotional_only = true,
            (_, Some(days)) if !days.is_empty() => quiet.days = days,
            _ => return Err(refused()),
        }
    }
    match quiet.fault() {
        None => Ok(quiet),
        Some(fault) => Err(fault.to_owned()),
    }
}

/// Every setting as `settings set` takes it.
pub(crate) fn told(settings: &AccountSettings) -> [(&'static str, String); KEYS.len()] {
    let joined = |items: Vec<String>| items.join(",");
    let values = [
        settings.default_sender.clone().unwrap_or_default(),
        settings.default_country.map(|country| country.to_string()).unwrap_or_default(),
        settings.timezone.clone(),
        settings.registers_senders.to_string(),
        settings.reviews_senders.to_string(),
        joined(settings.quiet.iter().map(told_period).collect()),
        match settings.holds {
            Holds::Nothing => "nothing",
            Holds::Promotional => "promotional",
            Holds::Everything => "everything",
        }
        .to_owned(),
        joined(settings.countries.iter().flatten().map(ToString::to_string).collect()),
        settings.stop_reply.clone().unwrap_or_default(),
        settings.start_reply.clone().unwrap_or_default(),
        settings.help_reply.clone().unwrap_or_default(),
        joined(settings.own_stop_words.clone()),
    ];
    let mut values = values.into_iter();
    KEYS.map(|key| (key, values.next().unwrap_or_default()))
}

fn told_period(quiet: &QuietHours) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let mut text = format!("{}-{}", time(quiet.from), time(quiet.to));
    if !quiet.days.is_empty() {
        text.push('/');
        text.extend(quiet.days.iter().map(ToString::to_string));
    }
    if quiet.promotional_only {
        text.push_str("/promotional");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_taken() {
        let mut settings = AccountSettings::default();
        for given in [
            "default_sender=Acme",
            "default_country=se",
            "timezone=Europe/Stockholm",
            "registers_senders=true",
            "quiet=21:00-08:00,00:00-12:00/67/promotional",
            "holds=promotional",
            "countries=SE, NO",
            "help_reply=Call +46 8 1, or write to us = at once",
            "own_stop_words=no more, enough",
        ] {
            change(&mut settings, given).expect(given);
        }
        assert_eq!(settings.fault(), None);
        let mut again = AccountSettings::default();
        for (key, value) in told(&settings) {
            change(&mut again, &format!("{key}={value}")).expect(key);
        }
        assert_eq!(again, settings);
        for given in ["default_sender=", "default_country=", "quiet=", "countries="] {
            change(&mut settings, given).expect(given);
        }
        assert_eq!((settings.default_sender, settings.countries, settings.quiet.len()), (None, None, 0));
    }

    #[test]
    fn mistakes_are_named() {
        for given in [
            "colour=red",
            "timezone",
            "registers_senders=maybe",
            "holds=some",
            "countries=Sweden",
            "countries=SE,UK",
            "default_country=XX",
            "quiet=21-08",
            "quiet=21:00-24:00",
            "quiet=21:00-21:00",
            "quiet=21:00-08:00/9",
            "quiet=21:00-08:00/x",
        ] {
            let said = change(&mut AccountSettings::default(), given).expect_err(given);
            assert!(said.starts_with(given.split('=').next().expect("a key")), "{said}");
        }
    }
}
