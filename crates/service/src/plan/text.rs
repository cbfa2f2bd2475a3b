//! A text fitted to what is allowed: coding, segments, cut.

use std::borrow::Cow;

use sms::coding::{self, Measure};
use sms::{Coding, segment};

use super::request::CodingLimit;

/// What texts of a submission must fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) coding: CodingLimit,
    pub(crate) unicode: bool,
    /// The most segments, 1 to 255.
    pub(crate) segments: u16,
    pub(crate) cut: bool,
}

/// A text as it will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fitted<'t> {
    pub(crate) body: Cow<'t, str>,
    pub(crate) measure: Measure,
}

/// Why a text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("nothing is left of the text")]
    Empty,
    #[error("the GSM alphabet lacks {0:?}")]
    Alphabet(char),
    #[error("GSM 7-bit only and UCS-2 only exclude each other")]
    Contradiction,
    #[error("the text takes {0} segments")]
    TooLong(u16),
}

/// Fits a text; [`Unfit`] comes with what it measures, which is kept with the refused message.
pub(crate) fn fit(text: Cow<'_, str>, limits: Limits) -> Result<Fitted<'_>, (Unfit, Measure)> {
    let measure = measure(&text, limits.unicode);
    if text.trim().is_empty() {
        return Err((Unfit::Empty, measure));
    }
    if limits.coding == CodingLimit::Gsm {
        if limits.unicode {
            return Err((Unfit::Contradiction, measure));
        }
        if let Some(c) = measure.forced_by {
            return Err((Unfit::Alphabet(c), measure));
        }
    }
    if measure.segments <= limits.segments {
        return Ok(Fitted { body: text, measure });
    }
    if !limits.cut {
        return Err((Unfit::TooLong(measure.segments), measure));
    }
    Ok(cut(text, limits))
}

fn measure(text: &str, unicode: bool) -> Measure {
    let smallest = coding::measure(text);
    if !unicode || smallest.coding == Coding::Ucs2 {
        return smallest;
    }
    // UCS-2 carries every text.
    coding::measure_as(text, Coding::Ucs2).unwrap_or(smallest)
}

/// The longest beginning that fits. What forces UCS-2 may lie behind the cut, so the larger alphabet's room is
/// tried first.
fn cut(text: Cow<'_, str>, limits: Limits) -> Fitted<'_> {
    let codings = [Coding::Gsm7, Coding::Ucs2];
    let mut end = 0;
    for coding in codings.into_iter().filter(|coding| !limits.unicode || *coding == Coding::Ucs2) {
        end = segment::cut(&text, coding, limits.segments).len();
        let head = text.get(..end).unwrap_or_default();
        if measure(head, limits.unicode).coding == coding {
            break;
        }
    }
    let body = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    };
    let measure = measure(&body, limits.unicode);
    Fitted { body, measure }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANY: Limits = Limits { coding: CodingLimit::Any, unicode: false, segments: 255, cut: false };

    fn refused(text: &str, limits: Limits) -> Unfit {
        fit(text.into(), limits).expect_err("unfit").0
    }

    #[test]
    fn limits_of_coding() {
        let gsm = Limits { coding: CodingLimit::Gsm, ..ANY };
        assert_eq!(fit("Hello €".into(), gsm).expect("fits").measure.coding, Coding::Gsm7);
        assert_eq!(refused("Hello ж", gsm), Unfit::Alphabet('ж'));
        assert_eq!(refused("Hello", Limits { unicode: true, ..gsm }), Unfit::Contradiction);
        assert_eq!(refused(" \n", ANY), Unfit::Empty);
        let forced = fit("Hello".into(), Limits { unicode: true, ..ANY }).expect("fits").measure;
        assert_eq!((forced.coding, forced.forced_by), (Coding::Ucs2, None));
        assert_eq!(fit("жук".into(), ANY).expect("fits").measure.forced_by, Some('ж'));
    }

    #[test]
    fn long_texts_are_cut_or_not() {
        let one = Limits { segments: 1, ..ANY };
        let long = "a".repeat(161);
        assert_eq!(refused(&long, one), Unfit::TooLong(2));
        let cut = Limits { cut: true, ..one };
        assert_eq!(fit(long.as_str().into(), cut).expect("cut").body.len(), 160);
        // What forces UCS-2 is cut away, so the rest has the room of GSM 7-bit.
        let late = format!("{}ж", "a".repeat(300));
        let fitted = fit(late.as_str().into(), cut).expect("cut");
        assert_eq!((fitted.body.len(), fitted.measure.coding), (160, Coding::Gsm7));
        let early = format!("ж{}", "a".repeat(300));
        let fitted = fit(early.as_str().into(), cut).expect("cut");
        assert_eq!((fitted.body.chars().count(), fitted.measure.coding), (70, Coding::Ucs2));
    }

    proptest! {
        #[test]
        fn what_fits_fits(text in "[a-z€ж😀 ]{1,400}", segments in 1u16..4, unicode: bool) {
            let limits = Limits { segments, unicode, cut: true, ..ANY };
            if let Ok(fitted) = fit(text.as_str().into(), limits) {
                prop_assert!(fitted.measure.segments <= segments);
                prop_assert!(text.starts_with(fitted.body.as_ref()));
                prop_assert_eq!(fitted.measure, measure(&fitted.body, unicode));
            }
        }
    }
}
