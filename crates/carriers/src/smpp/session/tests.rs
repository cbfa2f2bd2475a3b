//! What must hold over any run, and what happens step by step.

mod runs;
mod steps;
