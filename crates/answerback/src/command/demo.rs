//! x
use crate::cli::Globals;
use crate::cli::serving::DemoArgs;
use crate::failure::Failure;
pub(super) async fn run(_globals: &Globals, _args: DemoArgs) -> Result<(), Failure> {
    Err(Failure::failed("x"))
}
