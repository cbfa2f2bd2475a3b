//! Page sizes, numbered pages and links.

use crate::story::{Story, bodies, link};
use crate::world::ORIGIN;

#[tokio::test]
async fn fifty_unless_told_otherwise() {
    let story = Story::empty().await;
    for index in 0..120 {
        story.one(index).await;
    }
    let first = story.export("").await.ok();
    assert_eq!(bodies(&first).len(), 50);
    let url = link(&first).expect("a link");
    let start = format!(
        "{ORIGIN}{}?pageSize=50&page=2&startDate=2024-06-01T10:00:00&endDate=2025-06-01T10:00:00&",
        story.path()
    );
    assert!(url.starts_with(&start), "{url}");
    assert!(!url.contains(&story.tester.secret) && !url.contains("tester"));
    let second = story.get(&url).await.ok();
    assert!(link(&second).expect("a link").contains("pageSize=50&page=3&"));
    assert_eq!(second["data"], story.export("page=2").await.ok()["data"]);
    let third = story.get(&link(&second).expect("a link")).await.ok();
    assert_eq!((bodies(&third).len(), link(&third)), (20, None));
    assert_eq!(story.bodies("pageSize=500").await.len(), 120);
    assert_eq!(story.bodies("pageSize=500&messageType=MO").await.len(), 60);
}

#[tokio::test]
async fn a_full_last_page_has_no_link() {
    let story = Story::new().await;
    let page = story.export("pageSize=10").await.ok();
    assert_eq!((bodies(&page).len(), link(&page)), (10, None));
    let half = story.export("pageSize=5").await.ok();
    let rest = story.get(&link(&half).expect("a link")).await.ok();
    assert_eq!((bodies(&rest).len(), link(&rest)), (5, None));
    let one = story.export("pageSize=1").await.ok();
    assert_eq!(bodies(&one), ["No. 0"]);
    assert!(link(&one).is_some());
}

#[tokio::test]
async fn pages_by_number() {
    let story = Story::new().await;
    let all = story.bodies("").await;
    for size in [1, 3, 7, 10] {
        let mut url = Some(format!("{}?pageSize={size}", story.path()));
        let mut number = 1;
        while let Some(target) = url {
            let page = story.get(&target).await.ok();
            let numbered = story.export(&format!("pageSize={size}&page={number}")).await.ok();
            assert_eq!(numbered["data"], page["data"], "page {number} by {size}");
            let from = (number - 1) * size;
            assert_eq!(bodies(&page), all[from..(from + size).min(10)]);
            url = link(&page);
            number += 1;
        }
        assert_eq!(number - 1, 10usize.div_ceil(size));
    }
    for page in ["11", "999999", "99999999999999999999999"] {
        let past = story.export(&format!("pageSize=1&page={page}")).await.ok();
        assert_eq!((bodies(&past).len(), link(&past)), (0, None));
    }
}

#[tokio::test]
async fn the_cursor_decides_and_page_only_counts() {
    let story = Story::new().await;
    let first = story.export("pageSize=3").await.ok();
    let url = link(&first).expect("a link");
    let second = story.get(&url).await.ok();
    let counted = story.get(&url.replace("page=2", "page=77")).await.ok();
    assert_eq!(counted["data"], second["data"]);
    assert!(link(&counted).expect("a link").contains("&page=78&"));
    // A walk may begin at a numbered page, and goes on from there by the cursor.
    let third = story.export("pageSize=3&page=3").await.ok();
    let last = story.get(&link(&third).expect("a link")).await.ok();
    assert_eq!((bodies(&last), link(&last)), (vec!["No. 9".to_owned()], None));
}

#[tokio::test]
async fn links_keep_every_filter() {
    let story = Story::new().await;
    let query =
        "messageType=mt&pageSize=1&startDate=2025-06-01T03:00:00Z&endDate=2030-01-01T00:00:00%2B00:00";
    let mut page = story.export(query).await.ok();
    let mut found = bodies(&page);
    while let Some(url) = link(&page) {
        assert!(url.contains("&messageType=MT&"), "{url}");
        assert!(url.contains("&startDate=2025-06-01T03:00:00Z&"), "{url}");
        assert!(url.contains("&endDate=2030-01-01T00:00:00%2B00:00&"), "{url}");
        assert!(url.contains("?pageSize=1&page="), "{url}");
        page = story.get(&url).await.ok();
        found.extend(bodies(&page));
    }
    assert_eq!(found, ["No. 2", "No. 4", "No. 6", "No. 8"]);
}
