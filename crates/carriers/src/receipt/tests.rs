use super::*;

fn understand(text: &str) -> ReceiptIn {
    ReceiptIn::understand(Parts { text, ..Parts::default() }, Micros::MIN)
}

/// The columns of the corpus are parted by ` | `, which no receipt in it has.
#[test]
fn the_corpus_is_understood() {
    let lines = include_str!("corpus.txt").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for line in lines {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [text, id, outcome, code, at] = columns[..] else { panic!("five columns: {line}") };
        let receipt = understand(&text.replace("\\n", "\n"));
        let dash = |text: &str| (text != "-").then(|| text.to_owned());
        assert_eq!(receipt.id, dash(id).unwrap_or_default(), "{line}");
        assert_eq!(receipt.outcome.state(), outcome, "{line}");
        assert_eq!(receipt.code, dash(code), "{line}");
        if at != "*" {
            assert_eq!(receipt.at.map(|at| at.to_string()), dash(at), "{line}");
        }
        count += 1;
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn parameters_count_before_the_text() {
    let text = "id:7 stat:UNDELIV err:27 done date:1810231743";
    let parts = Parts { id: Some("8"), state: Some(2), error: Some(&[3, 0, 21]), text, zone: 0 };
    let receipt = ReceiptIn::understand(parts, Micros::MIN);
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("8", Outcome::Delivered));
    assert_eq!((receipt.state.as_str(), receipt.code.as_deref()), ("DELIVRD", Some("21")));
    assert!(receipt.at.is_some());
    let empty = Parts { id: Some(""), state: Some(77), error: Some(&[3, 0, 0]), ..parts };
    let receipt = ReceiptIn::understand(empty, Micros::MIN);
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("7", Outcome::Undelivered));
    assert_eq!((receipt.state.as_str(), receipt.code.as_deref()), ("UNDELIV", Some("27")));
}

#[test]
fn parameters_alone_give_a_word() {
    for (number, word) in [(2, "DELIVRD"), (5, "UNDELIV"), (8, "REJECTD")] {
        let parts = Parts { id: Some("8"), state: Some(number), ..Parts::default() };
        assert_eq!(ReceiptIn::understand(parts, Micros::MIN).state, word);
    }
}

#[test]
fn nothing_at_all_is_understood_as_nothing() {
    let receipt = understand("");
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("", Outcome::Acknowledged));
    assert_eq!((receipt.state.as_str(), receipt.code, receipt.at), ("", None, None));
}

#[test]
fn dates_without_a_zone_take_the_links() {
    let parts = Parts { text: "id:7 stat:DELIVRD done date:1810231943", zone: 120, ..Parts::default() };
    let at = ReceiptIn::understand(parts, Micros::MIN).at.map(|at| at.to_string());
    assert_eq!(at.as_deref(), Some("2018-10-23T17:43:00Z"));
}
