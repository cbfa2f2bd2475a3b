//! What an account decides about its sending, and what is left open.

use crate::process::Home;

#[test]
fn rates_are_set_and_shown() {
    let home = Home::new();
    home.account("acme");
    let set = |words: &[&str]| home.run(&[&["rates", "set", "--account", "acme"], words].concat());
    set(&["--default", "0.05", "--rate", "SE=0.042", "--rate", "240/01=0.04", "--rate", "+467=0.039:2"])
        .ends_with(0);
    let shown = home.run(&["rates", "show", "--account", "acme"]).ends_with(0);
    assert!(shown.out.contains("EUR a segment") && shown.out.contains("467        0.039"), "{shown:?}");
    let table = home.run(&["rates", "show", "--account", "acme", "--json"]).ends_with(0).out;
    set(&["--remove", "SE"]).ends_with(0);
    let file = home.file("rates.json", &table);
    set(&["--file", file.to_str().expect("UTF-8")]).ends_with(0);
    assert_eq!(home.run(&["rates", "show", "--account", "acme", "--json"]).out, table);
    set(&["--clear"]).ends_with(0);
    assert_eq!(home.ask(&["rates", "show", "--account", "acme"])["rows"], serde_json::json!([]));
    for bad in [&["--rate", "Sweden=1"][..], &["--default", "-1"], &["--remove", "SE"], &[]] {
        set(bad).ends_with(2);
    }
    home.run(&["rates", "show", "--account", "nobody"]).ends_with(1);
}

#[test]
fn settings_are_set_and_shown() {
    let home = Home::new();
    home.account("acme");
    let set =
        ["settings", "set", "--account", "acme", "default_country=SE", "quiet=21:00-08:00/67/promotional"];
    let told = home.ask(&set);
    assert_eq!((&told["default_country"], &told["quiet"][0]["from"]), (&"SE".into(), &1260.into()));
    let shown = home.run(&["settings", "show", "--account", "acme"]).ends_with(0).out;
    assert!(
        shown.contains("default_country=SE\n") && shown.contains("quiet=21:00-08:00/67/promotional\n"),
        "{shown}"
    );
    for bad in ["timezone=Mars/Base", "colour=red", "quiet=x", "default_sender=Twelve chars"] {
        home.run(&["settings", "set", "--account", "acme", bad]).ends_with(2);
    }
    assert_eq!(home.run(&["settings", "show", "--account", "acme"]).out, shown, "a mistake changes nothing");
}

#[test]
fn nothing_is_left_open_in_a_new_ledger() {
    let home = Home::new();
    home.account("acme");
    assert_eq!(home.ask(&["receipts"]), serde_json::json!({ "total": 0, "receipts": [] }));
    assert_eq!(
        home.ask(&["uncertain", "--account", "acme"]),
        serde_json::json!({ "total": 0, "messages": [] })
    );
    assert!(home.run(&["uncertain"]).ends_with(0).out.contains("0 messages are uncertain"));
}
