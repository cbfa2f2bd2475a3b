//! The list of what a carrier's description may say: how each key is read, and how it is shown.
//!
//! The configuration file, `carriers.toml` and the options of `carrier add` go over this one list.

use std::path::Path;

use carriers::smpp::link::{BindMode, Options};
use service::gateway::Doubt;
use toml::Value;

use super::spec::{self, Spec};
use crate::config::value::Given;

/// The table of a link's options, below a carrier's own.
pub(crate) const OPTIONS: &str = "options";
/// What a password read from a file may be long, in octets: what is longer is the wrong file.
const LONGEST_PASSWORD: u64 = 256;

type Read = fn(&mut Spec, &Given, &Path) -> Result<(), String>;
type Show = fn(&Spec) -> Option<Value>;

/// One key.
pub(crate) struct Key {
    /// As it is written.
    pub(crate) name: &'static str,
    read: Read,
    /// Its value; `None` where it has none, and never a secret.
    pub(crate) show: Show,
}

const fn key(name: &'static str, read: Read, show: Show) -> Key {
    Key { name, read, show }
}

/// Every key but those of `options`, in the order in which they are shown.
pub(crate) const KEYS: [Key; 19] = [
    key("smpp", smpp, |spec| text(spec.smpp.as_ref()?)),
    key("simulator", simulator, |spec| text(spec.simulator.as_ref()?)),
    key(
        "seed",
        |spec, given, _| given.count(0, i64::MAX as u64).map(|seed| spec.seed = seed),
        |spec| number(spec.seed),
    ),
    key(
        "system_id",
        |spec, given, _| words(given, "a system id", 15).map(|id| spec.system_id = id),
        |spec| text(&spec.system_id),
    ),
    key(
        "password",
        |spec, given, _| words(given, "a password", 255).map(|password| spec.password = password),
        |_| None,
    ),
    key("password_file", password_file, |spec| text(spec.password_file.as_ref()?.display())),
    key("bind", bind, |spec| text(spec.bind.word())),
    key(
        "binds",
        |spec, given, _| count(given, 1, 64).map(|binds| spec.binds = binds),
        |spec| number(spec.binds as u64),
    ),
    key(
        "window",
        |spec, given, _| count(given, 1, 10_000).map(|window| spec.window = window),
        |spec| number(spec.window as u64),
    ),
    key("rate", rate, |spec| number(spec.rate.unwrap_or_default().into())),
    key(
        "accounts",
        |spec, given, _| list(given, "accounts by name or number").map(|list| spec.accounts = list),
        |spec| Some(spec.accounts.clone().into()),
    ),
    key("route", route, |spec| Some(spec.route.clone().into())),
    key(
        "senders",
        |spec, given, _| list(given, "senders").map(|list| spec.senders = list),
        |spec| Some(spec.senders.clone().into()),
    ),
    key(
        "least_priority",
        |spec, given, _| {
            given.count(0, 2).map(|least| spec.least_priority = u8::try_from(least).unwrap_or(u8::MAX))
        },
        |spec| number(spec.least_priority.into()),
    ),
    key(
        "rank",
        |spec, given, _| {
            given.count(0, u16::MAX.into()).map(|rank| spec.rank = u16::try_from(rank).unwrap_or(u16::MAX))
        },
        |spec| number(spec.rank.into()),
    ),
    key("cost", cost, |spec| text(sms::Money::from_millionths(i64::try_from(spec.cost).unwrap_or(i64::MAX)))),
    key("doubt", doubt, |spec| text(doubt_word(spec.doubt))),
    key("tls", tls, |_| None),
    key(
        "paused",
        |spec, given, _| given.truth().map(|paused| spec.paused = paused),
        |spec| Some(Value::Boolean(spec.paused)),
    ),
];

/// Takes a value in; relative paths are relative to `base`.
pub(crate) fn take(spec: &mut Spec, name: &str, given: &Given, base: &Path) -> Result<(), String> {
    if let Some(option) = name.strip_prefix("options.") {
        return set_option(spec, option, given);
    }
    if name == OPTIONS && *given == Given::Other("table") {
        return Ok(());
    }
    match KEYS.iter().find(|key| key.name == name) {
        Some(key) => (key.read)(spec, given, base),
        None => {
            let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            Err(format!("unknown key; known are {}, {OPTIONS}.…", known.join(", ")))
        }
    }
}

fn set_option(spec: &mut Spec, option: &str, given: &Given) -> Result<(), String> {
    let value = match given {
        Given::Text(text) | Given::Loose(text) => text.trim().to_owned(),
        Given::Integer(number) => number.to_string(),
        Given::Bool(truth) => truth.to_string(),
        Given::List(items) => items.join(","),
        Given::Other(_) => return Err(given.unlike("an option's value as text")),
    };
    let mut all = Options::default();
    all.set(option, &value).map_err(|refused| match refused {
        carriers::smpp::link::OptionRefused::Unknown(_) => {
            "no option of a link; `answerback carrier options` lists them".to_owned()
        }
        refused @ carriers::smpp::link::OptionRefused::Value { .. } => refused.to_string(),
    })?;
    // Kept as the option itself writes it, so that two spellings of one value are no change.
    spec.options.insert(option.to_owned(), all.get(option).unwrap_or(value));
    Ok(())
}

fn text(value: impl ToString) -> Option<Value> {
    Some(Value::String(value.to_string()))
}

fn number(value: u64) -> Option<Value> {
    Some(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn count(given: &Given, least: u64, most: u64) -> Result<usize, String> {
    given.count(least, most).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

/// A short text that goes over the wire with a zero behind it. What is wrong is told without repeating it:
/// it may be a password.
fn words(given: &Given, what: &str, most: usize) -> Result<String, String> {
    let (Given::Text(text) | Given::Loose(text)) = given else {
        return Err(format!("expected {what} as text"));
    };
    if text.len() > most || text.chars().any(char::is_control) {
        return Err(format!("expected {what} of at most {most} octets, without control characters"));
    }
    Ok(text.clone())
}

fn smpp(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let expected = "an address such as \"smsc.example.org:2775\" or \"[2001:db8::1]:2775\"";
    let address = given.text(expected)?;
    spec::split(address).ok_or_else(|| given.unlike(expected))?;
    spec.smpp = Some(address.to_owned());
    Ok(())
}

fn simulator(spec: &mut Spec, given: &Given, base: &Path) -> Result<(), String> {
    let named = given.text("a profile: plain, lossy, hostile, slow, swift or a file")?;
    let builtin = carriers::simulator::Profile::builtin(named).is_some();
    let named = if builtin { named.to_owned() } else { base.join(named).to_string_lossy().into_owned() };
    spec::profile(&named)?;
    spec.simulator = Some(named);
    Ok(())
}

fn password_file(spec: &mut Spec, given: &Given, base: &Path) -> Result<(), String> {
    use std::io::Read as _;
    let path = base.join(given.text("the path of a file")?);
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut content = String::new();
    let file = std::fs::File::open(&path).map_err(told)?;
    file.take(LONGEST_PASSWORD).read_to_string(&mut content).map_err(told)?;
    let line = content.strip_suffix('\n').unwrap_or(&content);
    let line = line.strip_suffix('\r').unwrap_or(line);
    spec.password = words(&Given::Text(line.to_owned()), "a password in it", 255)?;
    spec.password_file = Some(path);
    Ok(())
}

fn bind(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let expected = "\"transceiver\", \"transmitter\", \"receiver\" or \"pair\"";
    spec.bind = BindMode::parse(given.text(expected)?).ok_or_else(|| given.unlike(expected))?;
    Ok(())
}

fn rate(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let rate = given.count(0, 1_000_000)?;
    spec.rate = u32::try_from(rate).ok().filter(|rate| *rate > 0);
    Ok(())
}

fn list(given: &Given, what: &str) -> Result<Vec<String>, String> {
    let items = given.list(&format!("a list of {what}"))?;
    match items.iter().any(|item| item.trim().is_empty() || item.chars().any(char::is_control)) {
        true => Err(format!("one of the {what} is empty or has control characters")),
        false => Ok(items.into_iter().map(|item| item.trim().to_owned()).collect()),
    }
}

fn route(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let mut prefixes = Vec::new();
    for item in list(given, "prefixes")? {
        let digits = item.strip_prefix('+').unwrap_or(&item);
        let sound = !digits.is_empty()
            && digits.len() <= sms::phone::MAX_DIGITS
            && digits.bytes().all(|octet| octet.is_ascii_digit());
        if !sound {
            return Err(format!("{item:?} is no beginning of an international number, such as \"46\""));
        }
        prefixes.push(digits.to_owned());
    }
    spec.route = prefixes;
    Ok(())
}

fn cost(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let expected = "an amount such as \"0.042\"";
    let millionths = match given {
        Given::Integer(whole) => u64::try_from(*whole).ok().and_then(|whole| whole.checked_mul(1_000_000)),
        given => {
            let amount: Option<sms::Money> = given.text(expected)?.parse().ok();
            amount.and_then(|amount| u64::try_from(amount.millionths()).ok())
        }
    };
    spec.cost = millionths.ok_or_else(|| given.unlike(expected))?;
    Ok(())
}

fn doubt(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let expected = "\"hold\", \"resend\" or \"fail\"";
    spec.doubt = match given.text(expected)? {
        "hold" => Doubt::Hold,
        "resend" => Doubt::Resend,
        "fail" => Doubt::Fail,
        _ => return Err(given.unlike(expected)),
    };
    Ok(())
}

/// As it is written.
pub(crate) fn doubt_word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Hold => "hold",
        Doubt::Resend => "resend",
        Doubt::Fail => "fail",
    }
}

/// The whole key that a short one of the file sets: for `carriers.NAME.tls` that of the option, which is what is
/// shown.
pub(crate) fn long_for(key: &str) -> Option<String> {
    let name = key.strip_prefix("carriers.")?.strip_suffix(".tls")?;
    (!name.contains('.')).then(|| format!("carriers.{name}.{OPTIONS}.tls"))
}

/// Short for the option of that name.
fn tls(spec: &mut Spec, given: &Given, _: &Path) -> Result<(), String> {
    let on = given.truth()?;
    spec.options.insert("tls".to_owned(), if on { "on" } else { "off" }.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Spec, String> {
        let mut spec = Spec::default();
        take(&mut spec, name, &Given::Loose(value.to_owned()), Path::new(""))?;
        Ok(spec)
    }

    #[test]
    fn values_are_read() {
        assert_eq!(
            read("route", "+46, 47").map(|spec| spec.route),
            Ok(vec!["46".to_owned(), "47".to_owned()])
        );
        assert_eq!(read("cost", "0.042").map(|spec| spec.cost), Ok(42_000));
        assert_eq!(read("rate", "0").map(|spec| spec.rate), Ok(None));
        assert_eq!(read("doubt", "resend").map(|spec| spec.doubt), Ok(Doubt::Resend));
        assert_eq!(read("tls", "true").map(|spec| spec.options["tls"].clone()), Ok("on".to_owned()));
        assert_eq!(
            read("options.query", "yes").map(|spec| spec.options["query"].clone()),
            Ok("on".to_owned())
        );
        assert!(read("simulator", "plain").is_ok_and(|spec| spec.simulator.as_deref() == Some("plain")));
    }

    #[test]
    fn mistakes_say_what_is_taken() {
        for (name, value, words) in [
            ("smpp", "nowhere", "expected an address such as"),
            ("simulator", "calm", "neither a built-in profile (plain,"),
            ("bind", "both", "\"pair\", found \"both\""),
            ("route", "46,abc", "\"abc\" is no beginning"),
            ("window", "0", "from 1 to 10000"),
            ("cost", "-1", "an amount"),
            ("doubt", "maybe", "\"hold\", \"resend\" or \"fail\""),
            ("options.long", "udh", "long takes one of udh8"),
            ("options.nonsense", "1", "carrier options"),
            ("colour", "red", "known are smpp, simulator"),
            ("password_file", "/nowhere/at/all", "/nowhere/at/all: "),
        ] {
            let said = read(name, value).expect_err(name);
            assert!(said.contains(words), "{name}: {said}");
        }
        let secret = read("password", &"hunter2 ".repeat(50)).expect_err("too long");
        assert!(!secret.contains("hunter2"), "{secret}");
    }

    #[test]
    fn a_password_file_is_read_to_its_line_end() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("p"), "s3cret\n").expect("written");
        let mut spec = Spec::default();
        take(&mut spec, "password_file", &Given::Text("p".to_owned()), directory.path()).expect("read");
        assert_eq!(spec.password, "s3cret");
        assert!(
            KEYS.iter()
                .all(|key| (key.show)(&spec).is_none_or(|shown| !shown.to_string().contains("s3cret")))
        );
    }
}
