//! Who may depend on whom: the workspace's own crates, and the libraries a layer must do without.

use super::Complaint;
use crate::workspace::Package;

/// A crate of the workspace with what it may use. Dev-dependencies are free.
struct Layer {
    name: &'static str,
    /// Crates of the workspace it may depend on.
    may_use: &'static [&'static str],
    /// Libraries that would bring in what its layer is kept free of.
    never: &'static [&'static str],
}

const HTTP_AND_SQL: &[&str] = &["http", "http-body-util", "hyper", "hyper-util", "quick-xml", "rusqlite"];

/// The layers, lowest first. A crate that is not here must be given its place before it is used.
const LAYERS: &[Layer] = &[
    // Nothing at all, save in trials.
    Layer { name: "faults", may_use: &[], never: EVERYTHING },
    // Pure: no I/O, no async.
    Layer { name: "sms", may_use: &[], never: &["tokio", "http", "hyper", "rusqlite", "tracing"] },
    Layer { name: "ledger", may_use: &["sms", "faults"], never: &["http", "hyper", "hyper-util"] },
    Layer { name: "carriers", may_use: &["sms"], never: HTTP_AND_SQL },
    Layer { name: "service", may_use: &["sms", "faults", "ledger", "carriers"], never: HTTP_AND_SQL },
    Layer { name: "dialects", may_use: &["sms", "service"], never: &["rusqlite"] },
    Layer { name: "console", may_use: &["sms", "service"], never: &["rusqlite"] },
    // The binary wires everything; a benchmark measures any part.
    Layer { name: "answerback", may_use: EVERYTHING, never: &["rusqlite"] },
    Layer { name: "bench", may_use: EVERYTHING, never: &[] },
    Layer { name: "xtask", may_use: &[], never: &[] },
];

const EVERYTHING: &[&str] =
    &["faults", "sms", "ledger", "carriers", "service", "dialects", "console", "answerback"];

/// A complaint for every dependency that points the wrong way.
pub(super) fn judge(packages: &[Package]) -> Vec<Complaint> {
    packages.iter().flat_map(|package| judge_one(package, packages)).collect()
}

fn judge_one(package: &Package, packages: &[Package]) -> Vec<Complaint> {
    let complaint = |what: String| Complaint { path: format!("crate {}", package.name), line: 0, what };
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == package.name) else {
        return vec![complaint("has no layer yet: give it one in xtask/src/layers/crates.rs".to_owned())];
    };
    let mut complaints = Vec::new();
    for dependency in package.dependencies.iter().filter(|it| it.kind.as_deref() != Some("dev")) {
        let name = dependency.name.as_str();
        let is_ours = packages.iter().any(|package| package.name == name);
        if is_ours && !layer.may_use.contains(&name) {
            complaints.push(complaint(format!("must not depend on {name}, which is not below it")));
        }
        if layer.never.contains(&name) {
            complaints.push(complaint(format!("must not depend on {name}: its layer is kept free of it")));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, uses: &[(&str, Option<&str>)]) -> Package {
        let dependency = |&(name, kind): &(&str, Option<&str>)| Dependency {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
        };
        Package { name: name.to_owned(), dependencies: uses.iter().map(dependency).collect() }
    }

    fn complaints(name: &str, uses: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut packages: Vec<Package> = LAYERS.iter().map(|layer| package(layer.name, &[])).collect();
        packages.retain(|package| package.name != name);
        packages.push(package(name, uses));
        judge(&packages).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn downwards_is_allowed() {
        assert!(complaints("ledger", &[("sms", None), ("rusqlite", None)]).is_empty());
        assert!(complaints("service", &[("sms", None), ("ledger", None), ("carriers", None)]).is_empty());
        assert!(complaints("dialects", &[("service", None), ("http", None), ("quick-xml", None)]).is_empty());
        assert!(
            complaints("answerback", &[("ledger", None), ("dialects", None), ("hyper", None)]).is_empty()
        );
    }

    #[test]
    fn upwards_and_sideways_are_refused() {
        for (name, uses) in [
            ("sms", "ledger"),
            ("ledger", "service"),
            ("ledger", "carriers"),
            ("carriers", "ledger"),
            ("service", "dialects"),
            ("dialects", "ledger"),
            ("dialects", "carriers"),
            ("dialects", "answerback"),
            ("xtask", "sms"),
        ] {
            assert_eq!(complaints(name, &[(uses, None)]).len(), 1, "{name} -> {uses}");
            assert_eq!(complaints(name, &[(uses, Some("build"))]).len(), 1, "{name} -> {uses}, building");
        }
    }

    #[test]
    fn tests_may_use_anything() {
        assert!(complaints("dialects", &[("ledger", Some("dev"))]).is_empty());
        assert!(complaints("sms", &[("tokio", Some("dev"))]).is_empty());
    }

    #[test]
    fn a_layer_stays_free_of_its_libraries() {
        assert_eq!(complaints("sms", &[("tokio", None)]).len(), 1);
        assert_eq!(complaints("service", &[("hyper", None), ("rusqlite", None)]).len(), 2);
        assert_eq!(complaints("dialects", &[("rusqlite", None)]).len(), 1);
    }

    #[test]
    fn an_unknown_crate_needs_a_place() {
        let said = complaints("common", &[]);
        assert!(said.len() == 1 && said[0].contains("no layer yet"), "{said:?}");
    }
}
