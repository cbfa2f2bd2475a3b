//! How dates and amounts are written.

use serde::{Serialize, Serializer};
use sms::{Micros, Money};

/// An instant as `2018-10-23T17:43:21Z`: UTC, whole seconds.
pub(super) fn stamp(at: Micros) -> String {
    Micros::from_seconds(at.seconds()).to_string()
}

/// An amount as a JSON number: exact to the millionth, whole amounts without a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount(pub(super) Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const UNIT: i64 = 1_000_000;
        let millionths = self.0.millionths();
        if millionths % UNIT == 0 {
            serializer.serialize_i64(millionths / UNIT)
        } else {
            serializer.serialize_f64(self.0.as_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let text =
            |millionths| serde_json::to_string(&Amount(Money::from_millionths(millionths))).expect("ok");
        assert_eq!(text(41_600), "0.0416");
        assert_eq!(text(0), "0");
        assert_eq!(text(3_000_000), "3");
        assert_eq!(text(123_456_789_012_345), "123456789.012345");
    }

    #[test]
    fn stamps() {
        assert_eq!(stamp(Micros::new(1_540_316_601_999_999)), "2018-10-23T17:43:21Z");
    }
}
