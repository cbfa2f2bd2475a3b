//! Every dialect's compatibility page names exactly what is served.
//!
//! In the tables of `docs/compatibility/<id>.md` a clause is methods and then paths in back quotes:
//! ``GET, POST `/things`, `/other` ``. Paths are below the page's base path, where it names one.

use std::collections::BTreeSet;
use std::path::Path;

use dialects::kit::Dialect;

type Claim = (String, String);

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What a page says is served.
fn claims(page: &str) -> BTreeSet<Claim> {
    let base = page.split_once("Base path `").and_then(|(_, rest)| rest.split_once('`'));
    let base = base.map_or("", |(base, _)| base);
    page.lines().filter(|line| line.starts_with('|')).flat_map(|line| in_row(line, base)).collect()
}

fn in_row(row: &str, base: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut methods: Vec<&str> = Vec::new();
    // Whether the methods have got a path: the next method begins another clause.
    let mut used = false;
    for (at, piece) in row.split('`').enumerate() {
        if at % 2 == 1 {
            if piece.starts_with('/') {
                let path = format!("{base}{piece}");
                claims.extend(methods.iter().map(|method| ((*method).to_owned(), path.clone())));
                used = true;
            }
            continue;
        }
        let words = piece.split(|letter: char| !letter.is_ascii_alphabetic());
        for method in words.filter(|word| METHODS.contains(word)) {
            if std::mem::take(&mut used) {
                methods.clear();
            }
            methods.push(method);
        }
    }
    claims
}

fn served(dialect: &dyn Dialect) -> BTreeSet<Claim> {
    let endpoints = dialect.endpoints().into_iter();
    endpoints
        .flat_map(|(_, method, paths)| paths.iter().map(move |path| (method.to_string(), (*path).to_owned())))
        .collect()
}

#[test]
fn every_served_path_is_on_its_page_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility");
    for dialect in dialects::all() {
        let path = folder.join(format!("{}.md", dialect.id()));
        let page = std::fs::read_to_string(&path).expect("a page for every dialect");
        let (claimed, served) = (claims(&page), served(dialect.as_ref()));
        let missing: Vec<_> = served.difference(&claimed).collect();
        let invented: Vec<_> = claimed.difference(&served).collect();
        assert!(
            missing.is_empty() && invented.is_empty(),
            "{}: missing {missing:#?}, not served {invented:#?}",
            path.display()
        );
    }
}

#[test]
fn clauses_are_read() {
    let page = "Base path `/v9`.\n| GET, PUT `/a`, `/b/{id}`; POST `/a` | reads `x` |\n";
    let found: Vec<_> = claims(page).into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(found, ["GET /v9/a", "GET /v9/b/{id}", "POST /v9/a", "PUT /v9/a", "PUT /v9/b/{id}"]);
}
