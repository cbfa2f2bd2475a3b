//! The engine against the model: random moves, and every answer equal.
//!
//! `PROPTEST_CASES=5000 cargo test -p ledger --test random` looks longer; what it ever found is kept in
//! `random.regressions` and tried first.

mod moves;
mod support;

use std::sync::Arc;

use ledger::conformance::random::play;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// As many cases as a debug build plays in about half a minute.
const CASES: u32 = 1000;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            ProptestConfig::default().cases
        } else {
            CASES
        },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/random.regressions"))),
        max_shrink_iters: 3000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn engine_and_model_agree(moves in proptest::collection::vec(moves::all(), 1..70)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        // Every other time there is no memory to hold both accounts.
        let memory_budget = if moves.len() % 2 == 0 { 0 } else { 1 << 30 };
        runtime.block_on(play(Arc::new(support::InDirectory::with_budget(memory_budget)), &moves));
    }
}
