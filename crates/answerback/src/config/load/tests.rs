use super::*;
use std::time::Duration;

fn with_file(text: &str, environment: &[(&str, &str)]) -> Result<Loaded, Vec<String>> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a.toml");
    std::fs::write(&path, text).expect("written");
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let prefix = format!("{}/", directory.path().display());
    let told = |fault: Fault| fault.to_string().replace(&prefix, "");
    load(Some(&path), environment, Vec::new()).map_err(|faults| faults.into_iter().map(told).collect())
}

#[test]
fn every_option_is_read_and_shown() {
    let id = dialects::all()[0].id();
    let text = format!(
        "listen = \"[::]:9\"\ndata = \"d\"\npublic_url = \"https://a.example/p/\"\n\
         trusted_proxies = [\"10.0.0.0/8\"]\nrate_limit = 5\n\
         [tls]\ncertificate = \"/c\"\nkey = \"k\"\n\
         [limits]\nbody = \"1 MiB\"\nconnections = 2\nrequests = 3\nheader_timeout = 4\nrequest_timeout = \"5ms\"\n\
         [memory]\nderived = \"64 MiB\"\n[log]\nlevel = \"debug\"\nformat = \"json\"\n\
         [dialects.{id}]\nenabled = false\nhost = \"B.example\"\n"
    );
    let faults = with_file(&text, &[]).expect_err("5ms is too short");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("a.toml:14: limits.request_timeout: expected a duration"), "{faults:?}");
    let loaded = with_file(&text.replace("5ms", "500ms"), &[]).expect("sound");
    let config = &loaded.config;
    assert_eq!(config.listen, "[::]:9");
    assert!(config.data.is_absolute() && config.data.ends_with("d"), "relative to the file");
    assert_eq!(config.tls.certificate.as_deref(), Some(Path::new("/c")));
    assert_eq!(config.limits.request_timeout, Duration::from_millis(500));
    assert_eq!(config.limits.header_timeout, Duration::from_secs(4));
    assert_eq!(config.rate_limit, Some(5));
    assert!(!config.dialects[id].enabled);
    assert_eq!(config.dialects[id].host.as_deref(), Some("b.example"));
    let printed = crate::config::print::as_toml(&loaded);
    for shown in
        ["public_url = \"https://a.example/p\"", "body = \"1 MiB\"", "host = \"b.example\"", "a.toml:2"]
    {
        assert!(printed.contains(shown), "{shown} in {printed}");
    }
}

#[test]
fn what_is_printed_is_read_again() {
    let before = load(None, [], Vec::new()).expect("defaults are sound");
    let printed = crate::config::print::as_toml(&before);
    let after = with_file(&printed, &[]).expect("printed configuration is sound");
    for setting in settings().iter().filter(|setting| setting.key != "data") {
        assert_eq!((setting.show)(&before.config), (setting.show)(&after.config), "{}", setting.key);
    }
}

#[test]
fn every_mistake_is_named_with_line_and_key() {
    let text = "lisen = \"x\"\nrate_limit = \"many\"\n[limits]\nbody = -1\nspeed = 3\n[log]\nlevel = \"loud\"\n\
                [dialects.nobody]\nenabled = true\n";
    let faults = with_file(text, &[]).expect_err("full of mistakes");
    let begins = [
        "a.toml:1: lisen: unknown option; known are listen,",
        "a.toml:2: rate_limit: expected a whole number from 0 to 1000000, found \"many\"",
        "a.toml:4: limits.body: expected a size",
        "a.toml:5: limits.speed: unknown option; known are limits.body,",
        "a.toml:7: log.level: expected \"error\",",
        "a.toml:9: dialects.nobody.enabled: unknown option",
    ];
    assert_eq!(faults.len(), begins.len(), "{faults:#?}");
    for (fault, begin) in faults.iter().zip(begins) {
        assert!(fault.starts_with(begin), "{fault}\nshould begin {begin}");
    }
}

#[test]
fn a_mistake_is_named_once() {
    let faults =
        with_file("[carriers.north]\nsmpp = \"north\"\nsystem_id = \"me\"\n", &[]).expect_err("no port");
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].starts_with("a.toml:2: carriers.north.smpp: expected an address"), "{faults:#?}");
    let faults = load(Some(Path::new("/nowhere/a.toml")), [], Vec::new()).expect_err("no file");
    assert!(faults[0].to_string().starts_with("/nowhere/a.toml: cannot be read: "), "{}", faults[0]);
}

#[test]
fn what_hangs_together_is_checked_together() {
    let (one, two) = (dialects::all()[0].id(), dialects::all()[1].id());
    let text = format!("[tls]\nkey = \"k\"\n[dialects]\n{one}.host = \"a.b\"\n{two}.host = \"a.b\"\n");
    let faults = with_file(&text, &[]).expect_err("two mistakes");
    assert!(faults[0].starts_with("a.toml:2: tls.key: tls.certificate is missing"), "{faults:?}");
    assert!(faults[1].contains("a.b is already bound to"), "{faults:?}");
}

#[test]
fn the_environment_overrides_the_file_and_the_command_line_both() {
    let environment = [
        ("ANSWERBACK_LISTEN", "127.0.0.1:1"),
        ("ANSWERBACK_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
        ("ANSWERBACK_LOG_LEVEL", ""),
        ("ANSWERBACK_PORT", "tcp://10.0.0.1:80"),
        ("ANSWERBACK_CONFIG", "x"),
        ("PATH", "/bin"),
    ];
    let loaded = with_file("listen = \"127.0.0.1:2\"\n", &environment).expect("sound");
    assert_eq!(loaded.config.listen, "127.0.0.1:1");
    assert_eq!(loaded.source("listen"), Source::Environment("ANSWERBACK_LISTEN".to_owned()));
    assert_eq!(loaded.config.trusted_proxies, ["10.0.0.1", "10.0.0.2"]);
    assert_eq!(loaded.warnings, ["environment variable ANSWERBACK_PORT means nothing here"]);
    let listen = Override { key: "listen", flag: "--listen", value: "127.0.0.1:3".to_owned() };
    let variables = [("ANSWERBACK_LISTEN".to_owned(), "127.0.0.1:1".to_owned())];
    let loaded = load(None, variables, vec![listen]).expect("sound");
    assert_eq!(loaded.config.listen, "127.0.0.1:3");
    assert_eq!(loaded.source("listen").to_string(), "--listen");
    let bad = load(None, [("ANSWERBACK_LISTEN".to_owned(), "here".to_owned())], Vec::new()).expect_err("bad");
    assert!(
        bad[0].to_string().starts_with("environment variable ANSWERBACK_LISTEN: listen: expected an address")
    );
}

#[test]
fn every_option_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let text = std::fs::read_to_string(path).expect("docs/configuration.md");
    for setting in settings() {
        let key = match setting.key.strip_prefix("dialects.") {
            Some(rest) => format!("dialects.<id>.{}", rest.rsplit_once('.').map_or(rest, |(_, name)| name)),
            None => setting.key.clone(),
        };
        assert!(text.contains(&format!("`{key}`")), "{key} is not documented");
    }
    for key in ways::keys::KEYS {
        assert!(text.contains(&format!("`carriers.<name>.{}`", key.name)), "{} is not documented", key.name);
    }
}
