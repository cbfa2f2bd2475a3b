//! Profiles are read, laid over each other, and refused by name.

use std::time::Duration;

use super::*;
use crate::simulator::answer::Answer;
use crate::simulator::mix::Mix;
use crate::simulator::state::Ending;

fn refused(text: &str) -> String {
    text.parse::<Profile>().expect_err("to be refused").to_string()
}

#[test]
fn every_built_in_profile_is_whole() {
    for (name, text) in BUILTIN {
        let profile = Profile::builtin(name).unwrap_or_else(|| panic!("{name} is no profile"));
        let read: Profile = format!("base = \"{name}\"").parse().expect("a profile");
        assert_eq!(read, profile, "{name}");
        let magic = !text.contains("magic_numbers = false");
        assert_eq!(profile.rules.len() > 30, magic, "{name}");
    }
    assert_eq!(Profile::builtin("unheard-of"), None);
    let plain: Profile = "".parse().expect("an empty file");
    assert_eq!(Some(plain), Profile::builtin("plain"));
}

#[test]
fn unknown_keys_are_named() {
    for (text, key) in [
        ("colour = 1", "colour"),
        ("[behaviour]\nlosst = 1", "losst"),
        ("[[rules]]\nrecipent = \"*\"\nbehaviour = {}", "recipent"),
        ("[[rules]]\nbehaviour = { speed = 1 }", "speed"),
        ("[behaviour]\nendings = { deliverd = 1 }", "deliverd"),
        ("[behaviour]\nanswers = { maybe = 1 }", "maybe"),
        ("[link]\nwindw = 1", "windw"),
        ("[link]\ngarbage = { dust = 1 }", "dust"),
        ("[[replies]]\nanswers = [\"x\"]\nmanner = { twise = 1 }", "twise"),
        ("[[script]]\nafter = \"1s\"\nmo = { from = \"1\", to = \"2\", txt = \"\" }", "txt"),
        ("[[binds]]\nsystem_id = \"a\"\npassword = \"b\"\nrole = 1", "role"),
        ("base = \"rough\"", "rough"),
        ("[behaviour]\nlost = 101", "101"),
        ("[behaviour]\nfinal_after = \"soon\"", "soon"),
        ("[behaviour]\nendings = {}", "weight"),
        ("[behaviour]\nzones = [\"CET\"]", "CET"),
        ("pending = 0", "pending"),
        ("[link]\nwindow = 0", "link.window"),
        ("[[replies]]\nanswers = []", "answers"),
        (
            "[[script]]\nafter = \"1s\"\nevery = \"0s\"\nmo = { from = \"1\", to = \"2\", text = \"\" }",
            "every",
        ),
    ] {
        let words = refused(text);
        assert!(words.contains(key), "{text}: {words}");
    }
}

#[test]
fn a_file_is_laid_over_its_base() {
    let profile: Profile = r#"
        base = "hostile"
        rate = 7
        [behaviour]
        lost = 50
        [link]
        window = 9
        [[rules]]
        recipient = "467*"
        behaviour = { endings = { expired = 1 } }
        [[rules]]
        recipient = "*0001"
        sender = "Bank"
        behaviour = { endings = { rejected = 1 } }
    "#
    .parse()
    .expect("a profile");
    let hostile = Profile::builtin("hostile").expect("built in");
    assert_eq!((profile.rate, profile.behaviour.lost.parts()), (7, 500_000));
    assert_eq!(profile.link, LinkProfile { window: 9, ..hostile.link.clone() });
    assert_eq!(profile.behaviour.doubled, hostile.behaviour.doubled);
    // A rule has the file's own behaviour beneath it; a magic number has a carrier without faults.
    let ruled = profile.behaviour_for("x", "46701");
    assert_eq!((&ruled.endings, ruled.lost.parts()), (&Mix::only(Ending::Expired), 500_000));
    let magic = profile.behaviour_for("x", "4790001");
    assert_eq!((&magic.endings, magic.lost.parts()), (&Mix::only(Ending::Undelivered), 0));
    assert_eq!(magic.answers, Mix::only(Answer::Accept));
    assert_eq!(profile.behaviour_for("bank", "4790001").endings, Mix::only(Ending::Rejected));
    assert_eq!(profile.behaviour_for("x", "4790099"), &profile.behaviour);
}

#[test]
fn magic_numbers_can_be_switched_off() {
    let profile: Profile = "magic_numbers = false".parse().expect("a profile");
    assert!(profile.rules.is_empty() && profile.replies.is_empty());
}

#[test]
fn scripts_are_read() {
    let script = parse_script(
        "[[script]]\nafter = \"5s\"\nevery = \"1m\"\nmo = { from = \"46701\", to = \"71717\", text = \"Hi\" }\n",
    )
    .expect("a script");
    assert_eq!(script.len(), 1);
    assert_eq!(script[0].after.shortest(), Duration::from_secs(5));
    assert!(parse_script("rate = 1").is_err());
    assert_eq!(parse_script("").expect("an empty script"), []);
}

#[test]
fn passwords_are_not_shown() {
    let profile: Profile = "[[binds]]\nsystem_id = \"acme\"\npassword = \"hush\"".parse().expect("a profile");
    let shown = format!("{profile:?}");
    assert!(shown.contains("acme") && !shown.contains("hush"));
}

/// The page of the documentation.
const PAGE: &str = include_str!("../../../../../docs/simulator.md");

#[test]
fn the_page_is_right() {
    let (_, rest) = PAGE.split_once("```toml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let profile: Profile = example.parse().expect("a profile");
    assert_eq!((profile.rate, profile.binds.len(), profile.script.len()), (100, 1, 1));
    // Every number that is magic is on the page, one by one or in a range.
    for number in (1..=36).chain(40..=49).filter(|number| *number != 30) {
        let ranged = (31..=35).contains(&number);
        assert!(ranged || PAGE.contains(&format!("{number:04}")), "{number:04}");
    }
    for (name, _) in BUILTIN {
        assert!(PAGE.contains(&format!("`{name}`")), "{name}");
    }
    // Every key: an unknown one makes the reader name all of them.
    for section in ["[behaviour]", "[link]", "[link.garbage]"] {
        let words = refused(&format!("{section}\nnonsense = 1"));
        let (_, keys) = words.split_once("expected one of ").expect("a list of keys");
        for key in keys.split(", ").map(|key| key.trim().trim_matches('`')) {
            assert!(PAGE.contains(&format!("`{key}`")), "{key}");
        }
    }
}
