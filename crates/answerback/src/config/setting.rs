//! The list of options: for each its key, how it is read, and how it is shown.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Value;

use super::value::{Given, write_duration, write_size};
use super::{Config, LogFormat, SendingSettings};
use crate::http::host::is_host_name;
use crate::http::origin::PublicUrl;

type Read = Box<dyn Fn(&mut Config, &Given, &Path) -> Result<(), String>>;
type Show = Box<dyn Fn(&Config) -> Option<Value>>;

/// One option.
pub(crate) struct Setting {
    /// Its dotted key: `limits.body`.
    pub(crate) key: String,
    /// Takes a given value in; relative paths are relative to the directory named.
    pub(crate) read: Read,
    /// Its value in force; `None` when it has none.
    pub(crate) show: Show,
}

impl Setting {
    fn new(
        key: impl Into<String>,
        read: impl Fn(&mut Config, &Given, &Path) -> Result<(), String> + 'static,
        show: impl Fn(&Config) -> Option<Value> + 'static,
    ) -> Self {
        Self { key: key.into(), read: Box::new(read), show: Box::new(show) }
    }

    /// The environment variable that overrides it.
    pub(crate) fn variable(&self) -> String {
        format!("ANSWERBACK_{}", self.key.replace('.', "_").to_ascii_uppercase())
    }
}

/// Every option, in the order in which they are documented and printed: those without a table first.
pub(crate) fn settings() -> Vec<Setting> {
    let mut all = general();
    all.extend(tls());
    all.extend(limits());
    all.push(Setting::new(
        "memory.derived",
        |config, given, _| given.size(16 << 20, 1 << 44).map(|octets| config.memory_derived = octets),
        |config| Some(Value::String(write_size(config.memory_derived))),
    ));
    all.extend(log());
    all.extend(sending());
    all.extend(webhooks());
    for dialect in dialects::all() {
        all.extend(dialect_settings(dialect.id()));
    }
    all
}

fn text(value: impl ToString) -> Option<Value> {
    Some(Value::String(value.to_string()))
}

fn path(given: &Given, base: &Path) -> Result<PathBuf, String> {
    let text = given.text("a path")?;
    if text.is_empty() { Err(given.unlike("a path")) } else { Ok(base.join(text)) }
}

fn shown_path(path: &Path) -> Option<Value> {
    text(path.display())
}

fn general() -> Vec<Setting> {
    vec![
        Setting::new(
            "listen",
            |config, given, _| listen(given).map(|listen| config.listen = listen),
            |config| text(&config.listen),
        ),
        Setting::new(
            "data",
            |config, given, base| path(given, base).map(|path| config.data = path),
            |config| shown_path(&config.data),
        ),
        Setting::new(
            "database",
            |config, given, _| given.text("a URL").map(|url| config.database = Some(url.to_owned())),
            // Never shown: it may hold a password.
            |_| None,
        ),
        Setting::new(
            "public_url",
            |config, given, _| {
                let expected = "a URL such as \"https://sms.example.org\"";
                let url = PublicUrl::parse(given.text(expected)?).ok_or_else(|| given.unlike(expected))?;
                config.public_url = Some(url);
                Ok(())
            },
            |config| config.public_url.as_ref().and_then(text),
        ),
        Setting::new(
            "trusted_proxies",
            |config, given, _| trusted_proxies(given).map(|list| config.trusted_proxies = list),
            |config| Some(config.trusted_proxies.clone().into()),
        ),
        Setting::new(
            "rate_limit",
            |config, given, _| {
                let rate = given.count(0, 1_000_000)?;
                config.rate_limit = u32::try_from(rate).ok().filter(|rate| *rate > 0);
                Ok(())
            },
            |config| Some(Value::Integer(config.rate_limit.unwrap_or_default().into())),
        ),
        Setting::new(
            "simulate",
            |config, given, _| given.truth().map(|simulate| config.simulate = simulate),
            |config| Some(Value::Boolean(config.simulate)),
        ),
        Setting::new(
            "ready_needs_carrier",
            |config, given, _| given.truth().map(|needs| config.ready_needs_carrier = needs),
            |config| Some(Value::Boolean(config.ready_needs_carrier)),
        ),
    ]
}

fn tls() -> [Setting; 2] {
    [
        Setting::new(
            "tls.certificate",
            |config, given, base| path(given, base).map(|path| config.tls.certificate = Some(path)),
            |config| config.tls.certificate.as_deref().and_then(shown_path),
        ),
        Setting::new(
            "tls.key",
            |config, given, base| path(given, base).map(|path| config.tls.key = Some(path)),
            |config| config.tls.key.as_deref().and_then(shown_path),
        ),
    ]
}

fn limits() -> [Setting; 5] {
    fn places(given: &Given) -> Result<usize, String> {
        given.count(1, 1_000_000).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
    }
    fn time(given: &Given) -> Result<Duration, String> {
        given.duration(Duration::from_millis(100), Duration::from_secs(3600))
    }
    fn shown(count: usize) -> Option<Value> {
        Some(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
    }
    [
        Setting::new(
            "limits.body",
            |config, given, _| {
                let octets = given.size(1 << 10, 1 << 30)?;
                config.limits.body = usize::try_from(octets).unwrap_or(usize::MAX);
                Ok(())
            },
            |config| text(write_size(config.limits.body as u64)),
        ),
        Setting::new(
            "limits.connections",
            |config, given, _| places(given).map(|count| config.limits.connections = count),
            |config| shown(config.limits.connections),
        ),
        Setting::new(
            "limits.requests",
            |config, given, _| places(given).map(|count| config.limits.requests = count),
            |config| shown(config.limits.requests),
        ),
        Setting::new(
            "limits.header_timeout",
            |config, given, _| time(given).map(|time| config.limits.header_timeout = time),
            |config| text(write_duration(config.limits.header_timeout)),
        ),
        Setting::new(
            "limits.request_timeout",
            |config, given, _| time(given).map(|time| config.limits.request_timeout = time),
            |config| text(write_duration(config.limits.request_timeout)),
        ),
    ]
}

fn log() -> [Setting; 2] {
    [
        Setting::new(
            "log.level",
            |config, given, _| {
                let expected = "\"error\", \"warn\", \"info\", \"debug\" or \"trace\"";
                let level = match given.text(expected)? {
                    "error" => tracing::Level::ERROR,
                    "warn" => tracing::Level::WARN,
                    "info" => tracing::Level::INFO,
                    "debug" => tracing::Level::DEBUG,
                    "trace" => tracing::Level::TRACE,
                    _ => return Err(given.unlike(expected)),
                };
                config.log.level = level;
                Ok(())
            },
            |config| text(config.log.level.to_string().to_lowercase()),
        ),
        Setting::new(
            "log.format",
            |config, given, _| {
                let expected = "\"text\" or \"json\"";
                config.log.format = match given.text(expected)? {
                    "text" => LogFormat::Text,
                    "json" => LogFormat::Json,
                    _ => return Err(given.unlike(expected)),
                };
                Ok(())
            },
            |config| match config.log.format {
                LogFormat::Text => text("text"),
                LogFormat::Json => text("json"),
            },
        ),
    ]
}

/// A duration of sending, from `least` to a month.
fn time_of_sending(
    name: &str,
    least: Duration,
    place: impl Fn(&mut SendingSettings) -> &mut Duration + Copy + 'static,
) -> Setting {
    Setting::new(
        format!("sending.{name}"),
        move |config, given, _| {
            let time = given.duration(least, Duration::from_secs(31 * 86_400))?;
            *place(&mut config.sending) = time;
            Ok(())
        },
        move |config| text(write_duration(*place(&mut config.sending.clone()))),
    )
}

fn sending() -> [Setting; 5] {
    let (moment, second) = (Duration::from_millis(100), Duration::from_secs(1));
    [
        time_of_sending("retry_first", moment, |sending| &mut sending.retry_first),
        time_of_sending("retry_most", moment, |sending| &mut sending.retry_most),
        time_of_sending("resend_after", moment, |sending| &mut sending.resend_after),
        time_of_sending("validity", second, |sending| &mut sending.validity),
        time_of_sending("silence", second, |sending| &mut sending.silence),
    ]
}

fn webhooks() -> [Setting; 2] {
    [
        Setting::new(
            "webhooks.allow_private",
            |config, given, _| allow_private(given).map(|list| config.webhooks.allow_private = list),
            |config| Some(config.webhooks.allow_private.clone().into()),
        ),
        Setting::new(
            "webhooks.keep_days",
            |config, given, _| {
                let days = given.count(1, 3650)?;
                config.webhooks.keep_days = u32::try_from(days).unwrap_or(u32::MAX);
                Ok(())
            },
            |config| Some(Value::Integer(config.webhooks.keep_days.into())),
        ),
    ]
}

/// `true` for every address there is, `false` for none, or a list.
fn allow_private(given: &Given) -> Result<Vec<String>, String> {
    if let Ok(all) = given.truth() {
        let everything = ["0.0.0.0/0", "::/0"].map(str::to_owned);
        return Ok(if all { everything.to_vec() } else { Vec::new() });
    }
    let expected = "true, false, or a list of addresses and ranges such as [\"10.0.0.0/8\"]";
    let list = given.list(expected)?;
    match list.iter().find(|range| !service::manage::is_address_range(range)) {
        None => Ok(list),
        Some(bad) => Err(format!("{bad:?} is neither an address nor a range such as 10.0.0.0/8")),
    }
}

fn dialect_settings(id: &'static str) -> [Setting; 2] {
    [
        Setting::new(
            format!("dialects.{id}.enabled"),
            move |config, given, _| {
                let enabled = given.truth()?;
                config.dialects.entry(id).and_modify(|dialect| dialect.enabled = enabled);
                Ok(())
            },
            move |config| config.dialects.get(id).map(|dialect| Value::Boolean(dialect.enabled)),
        ),
        Setting::new(
            format!("dialects.{id}.host"),
            move |config, given, _| {
                let expected = "a host name such as \"sms.example.org\", without port";
                let host = given.text(expected)?.to_ascii_lowercase();
                if !is_host_name(&host) {
                    return Err(given.unlike(expected));
                }
                config.dialects.entry(id).and_modify(|dialect| dialect.host = Some(host));
                Ok(())
            },
            move |config| config.dialects.get(id).and_then(|dialect| text(dialect.host.as_ref()?)),
        ),
    ]
}

fn listen(given: &Given) -> Result<String, String> {
    let expected = "an address such as \"127.0.0.1:8080\" or \"[::]:8080\"";
    let text = given.text(expected)?;
    let sound = text.parse::<std::net::SocketAddr>().is_ok()
        || text
            .rsplit_once(':')
            .is_some_and(|(host, port)| is_host_name(host) && port.parse::<u16>().is_ok());
    if sound { Ok(text.to_owned()) } else { Err(given.unlike(expected)) }
}

fn trusted_proxies(given: &Given) -> Result<Vec<String>, String> {
    let expected = "a list of addresses and ranges such as [\"127.0.0.0/8\", \"::1\"]";
    let list = given.list(expected)?;
    match list.iter().find(|range| !service::manage::is_address_range(range)) {
        None => Ok(list),
        Some(bad) => Err(format!("{bad:?} is neither an address nor a range such as 192.0.2.0/24")),
    }
}
