//! Every case of the conformance suite against the SQLite engine, each a test of its own.

mod support;

use std::sync::Arc;

fn run(name: &str) {
    let case = ledger::conformance::all().into_iter().find(|case| case.name == name).expect("a case");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("runtime");
    runtime.block_on(case.run(Arc::new(support::InDirectory::new())));
}

macro_rules! tests {
    ($($group:ident { $($case:ident),* $(,)? })*) => {
        $(mod $group {
            $(#[test]
            fn $case() {
                super::run(concat!(stringify!($group), "::", stringify!($case)));
            })*
        })*
    };
}

ledger::conformance_cases!(tests);
