//! `GET /countries`.

use sms::Country;

use super::call::{Answer, Call, ok};
use super::values::CountryObject;

/// Every country that has a name, by its code.
pub(super) async fn list(_call: &Call<'_>) -> Answer {
    Ok(ok(&Country::all().filter_map(CountryObject::of).collect::<Vec<_>>()))
}
