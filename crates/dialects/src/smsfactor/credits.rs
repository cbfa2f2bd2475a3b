//! `GET /credits`: what is left to spend (reference 2.8).

use http::StatusCode;
use service::Access;
use sms::Money;

use super::answer::Answer;
use super::format::Format;
use crate::kit::Response;

/// Answers the request.
pub(super) fn show(access: &Access, format: Format) -> Response {
    let mut answer = Answer::success(format);
    answer.digits("credits", credits(access.account.prepaid, access.account.balance));
    answer.text("postpaid", if access.account.prepaid { "0" } else { "1" });
    answer.boolean("postpaid_limit", false);
    answer.boolean("unlimited", false);
    answer.finish(StatusCode::OK)
}

/// A credit is one whole unit of the account's currency: the balance without its fraction, never less than
/// nothing. An account that pays afterwards has none.
pub(super) fn credits(prepaid: bool, balance: Money) -> i64 {
    const UNIT: i64 = 1_000_000;
    if prepaid { balance.millionths().max(0) / UNIT } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_units_of_a_balance() {
        for (prepaid, balance, expected) in [
            (true, "0", 0),
            (true, "0.999999", 0),
            (true, "2750.50", 2750),
            (true, "-3.5", 0),
            (true, "9000000000000", 9_000_000_000_000),
            (false, "12", 0),
        ] {
            assert_eq!(
                credits(prepaid, balance.parse().expect("an amount")),
                expected,
                "{prepaid} {balance}"
            );
        }
    }
}
