//! The configuration as the command line meets it.

use crate::process::Home;

#[test]
fn what_is_in_force_is_printed_with_its_origin() {
    let home = Home::new();
    home.file("a.toml", "rate_limit = 7\ndata = \"here\"\n[log]\nformat = \"json\"\n");
    let mut command = home.command(&["config", "print", "--config", "a.toml"]);
    let printed = command.env("ANSWERBACK_LIMITS_BODY", "1 MiB").output().expect("run").stdout;
    let printed = String::from_utf8(printed).expect("UTF-8");
    for line in [
        "listen = \"127.0.0.1:8080\"  # default",
        "rate_limit = 7  # a.toml:1",
        "body = \"1 MiB\"  # environment variable ANSWERBACK_LIMITS_BODY",
        "# public_url is not set",
        "format = \"json\"  # a.toml:4",
    ] {
        assert!(printed.lines().any(|found| found == line), "{line}\nnot in\n{printed}");
    }
    home.file("b.toml", printed);
    home.run(&["config", "check", "b.toml"]).ends_with(0);
    let json = home.ask(&["config", "print", "--config", "a.toml"]);
    assert_eq!(json["rate_limit"], serde_json::json!({ "value": 7, "source": "a.toml:1" }));
    assert_eq!(json["data"]["source"], "environment variable ANSWERBACK_DATA");
}

#[test]
fn a_short_key_is_the_origin_of_its_option() {
    let home = Home::new();
    let carrier = "[carriers.out]\nsmpp = \"a:1\"\nsystem_id = \"me\"\ntls = true\n";
    home.file("a.toml", carrier);
    let printed = home.run(&["config", "print", "--config", "a.toml"]).ends_with(0).out;
    let line = "options.tls = \"on\"  # a.toml:4";
    assert!(printed.lines().any(|found| found == line), "{line}\nnot in\n{printed}");
    let json = home.ask(&["config", "print", "--config", "a.toml"]);
    assert_eq!(json["carriers.out.options.tls"]["source"], "a.toml:4");
}

#[test]
fn mistakes_are_named_with_file_line_and_key() {
    let home = Home::new();
    home.file("a.toml", "listen = \"here\"\n\n[limits]\nboddy = 1\n");
    let said = home.run(&["config", "check", "a.toml"]).ends_with(1);
    assert!(said.err.contains("a.toml:1: listen: expected an address such as"), "{said:?}");
    assert!(said.err.contains("a.toml:4: limits.boddy: unknown option; known are limits.body"), "{said:?}");
    let json = home.run(&["config", "check", "a.toml", "--json"]).ends_with(1).json();
    assert_eq!(json["faults"][1]["key"], "limits.boddy");
    for command in [&["serve"][..], &["account", "list"], &["config", "print"]] {
        let said = home.run(&[command, &["--config", "a.toml"]].concat()).ends_with(2);
        assert!(said.err.contains("a.toml:4: limits.boddy"), "{said:?}");
    }
    // Well written, and nothing a server could start with.
    home.file(
        "a.toml",
        "[tls]\ncertificate = \"none.pem\"\nkey = \"none.key\"\n[carriers.out]\nsmpp = \"a:1\"\nsystem_id = \"b\"\n\
         tls = true\n[carriers.out.options]\ntls_ca = \"/nowhere/ca.pem\"\n",
    );
    let said = home.run(&["config", "check", "a.toml"]).ends_with(1).err;
    assert!(said.contains("a.toml:2: tls.certificate: ") && said.contains("none.pem"), "{said}");
    assert!(said.contains("a.toml:9: carriers.out.options.tls_ca: ") && said.contains("ca.pem"), "{said}");
    home.file("a.toml", "a = = 1");
    assert!(home.run(&["config", "check", "a.toml"]).ends_with(1).err.contains("a.toml:1: "));
    assert!(
        home.run(&["config", "check", "none.toml"]).ends_with(1).err.contains("none.toml: cannot be read")
    );
    let mut command = home.command(&["config", "check"]);
    let output = command.env("ANSWERBACK_PORT", "tcp://10.0.0.1:80").output().expect("run");
    assert!(output.status.success());
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("warning: environment variable ANSWERBACK_PORT")
    );
}

#[test]
fn the_file_may_name_the_data_directory() {
    let home = Home::new();
    let file = home.file("a.toml", "data = \"there\"\n");
    let mut command = home.command(&["account", "create", "acme"]);
    command.env_remove("ANSWERBACK_DATA").env("ANSWERBACK_CONFIG", file).current_dir("/");
    assert!(command.output().expect("run").status.success());
    assert!(home.path("there/server.key").exists(), "relative to the file");
    let words = ["account", "list", "--data", home.path("there").to_str().expect("UTF-8")].map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert!(home.run(&words).ends_with(0).out.contains("acme"), "the command line wins");
}

#[test]
fn a_database_is_refused_without_repeating_its_password() {
    let home = Home::new();
    let url = "postgres://user:hunter2@db/x";
    let by_option = home.run(&["account", "list", "--database", url]).ends_with(2);
    let mut command = home.command(&["serve"]);
    let by_variable = command.env("ANSWERBACK_DATABASE", url).output().expect("run");
    assert_eq!(by_variable.status.code(), Some(2));
    for said in [by_option.err, String::from_utf8(by_variable.stderr).expect("UTF-8")] {
        assert!(
            said.contains("PostgreSQL comes with a later release") && !said.contains("hunter2"),
            "{said}"
        );
    }
}
