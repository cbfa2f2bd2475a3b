//! start, limit, order, and the Link header.

use serde_json::Value;

use crate::story::{R, Story, ids};
use crate::world::ORIGIN;

#[tokio::test]
async fn pages_of_a_large_batch() {
    let story = Story::new().await;
    let id = story.many(60).await;
    let path = format!("/v2/batches/{id}/messages");
    let whole = story.get(&format!("{path}?limit=200")).await.list();
    assert_eq!(whole.len(), 60);
    let first = story.get(&path).await;
    assert_eq!(first.list(), whole[..50]);
    let links = first.links();
    assert!(links["next"].starts_with(&format!("{ORIGIN}{path}?start=50&limit=50&")), "{links:?}");
    assert!(!links.contains_key("prev"));
    assert_eq!(links["self"], format!("{ORIGIN}{path}?start=0&limit=50"));
    assert_eq!(links["last"], format!("{ORIGIN}{path}?start=50&limit=50"));
    let second = story.get(&links["next"]).await;
    assert_eq!(second.list(), whole[50..]);
    assert!(!second.links().contains_key("next"));
    let back = story.get(&second.links()["prev"]).await;
    assert_eq!(back.list(), whole[..50]);
    assert_eq!(story.get(&links["last"]).await.list(), whole[50..]);
    let rest = story.get(&format!("{path}?start=10&limit=5")).await;
    assert_eq!(rest.list(), whole[10..15]);
    assert_eq!(rest.links()["prev"], format!("{ORIGIN}{path}?start=5&limit=5"));
    assert_eq!(rest.links()["last"], format!("{ORIGIN}{path}?start=55&limit=5"));
    let mut reversed = whole.clone();
    reversed.reverse();
    assert_eq!(story.get(&format!("{path}?order=DESC&limit=200")).await.list(), reversed);
    let descending = story.get(&format!("{path}?order=desc&limit=7&start=7")).await;
    assert_eq!(descending.list(), reversed[7..14]);
    assert!(descending.links()["next"].contains("&order=DESC&"));
    let exact = story.get(&format!("{path}?limit=60")).await;
    assert!(!exact.links().contains_key("next"), "a full last page is the last");
    for (query, count) in [("start=100000", 0), ("start=59", 1), ("limit=99999999999999999999", 60)] {
        let answer = story.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.list().len(), count, "{query}");
        assert!(!answer.links().contains_key("next"), "{query}");
    }
}

#[tokio::test]
async fn a_limit_has_a_limit() {
    let story = Story::new().await;
    let id = story.many(1005).await;
    let path = format!("/v2/batches/{id}/messages");
    let page = story.get(&format!("{path}?limit=5000")).await;
    assert_eq!(page.list().len(), 1000);
    assert!(page.links()["next"].starts_with(&format!("{ORIGIN}{path}?start=1000&limit=1000&")));
    assert_eq!(story.get(&page.links()["next"]).await.list().len(), 5);
}

#[tokio::test]
async fn every_collection_refuses_bad_paging_by_name() {
    let story = Story::new().await;
    let [batch, ..] = story.batches().await;
    let conversation = format!("/v2/conversations/{}", R[0]);
    let collections = [
        "/v2/batches".to_owned(),
        format!("/v2/batches/{batch}/messages"),
        conversation.clone(),
        format!("{conversation}/mt"),
        format!("{conversation}/mo"),
    ];
    let hostile =
        ["abc", "-1", "1.5", "1e3", "%ff", "%27%20OR%201=1%20--", "%3Cx%3E%26", "%20", "0x10", "%D9%A3"];
    for path in &collections {
        let plain = story.get(path).await;
        let expected = plain.list();
        assert!(!plain.links().is_empty());
        for name in ["start", "limit", "order", "cursor", "bound"] {
            for value in hostile {
                let answer = story.get(&format!("{path}?{name}={value}")).await;
                assert_eq!(answer.status, 400, "{path} {name}={value}");
                let problem = answer.json();
                assert_eq!(problem["status"], 400);
                let sentences = problem["errors"][name].as_array().expect("an array");
                assert!(sentences.iter().all(|s| s.as_str().is_some_and(|s| !s.is_empty())));
            }
            let doubled = story.get(&format!("{path}?{name}=1&{name}=1")).await;
            assert_eq!(doubled.status, 400, "{path} {name} twice");
            assert_eq!(story.get(&format!("{path}?{name}=")).await.list(), expected, "{path} {name} empty");
        }
        assert_eq!(story.get(&format!("{path}?limit=0")).await.status, 400);
        assert_eq!(story.get(&format!("{path}?nothing=1&nothing=2&%ff=%ff")).await.list(), expected);
        let all = story.get(&format!("{path}?limit=x&start=y&order=z")).await.json();
        assert_eq!(all["errors"].as_object().map(serde_json::Map::len), Some(3));
        let far = story.get(&format!("{path}?start=99999999999999999999999")).await;
        assert_eq!(far.list(), [] as [Value; 0]);
    }
}

#[tokio::test]
async fn batches_in_both_orders() {
    let story = Story::new().await;
    let up = ids(&story.get("/v2/batches").await.list());
    let mut sorted = up.clone();
    sorted.sort();
    assert_eq!(up, sorted, "ids rise with time");
    let mut down = ids(&story.get("/v2/batches?order=DESC").await.list());
    down.reverse();
    assert_eq!(up, down);
    assert_eq!(ids(&story.get("/v2/batches?start=1&limit=1").await.list()), up[1..2]);
    let slash = story.get("/v2/batches/").await;
    assert_eq!(ids(&slash.list()), up, "the vendor's own sample has a final slash");
    let page = story.get("/v2/batches?limit=2").await;
    assert!(page.links()["next"].starts_with(&format!("{ORIGIN}/v2/batches?start=2&limit=2&")));
    assert_eq!(ids(&story.get(&page.links()["next"]).await.list()), up[2..]);
}
