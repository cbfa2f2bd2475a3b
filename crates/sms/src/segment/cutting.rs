//! Where a text is cut: never inside a character, so never inside an extension or a surrogate pair, and
//! between grapheme clusters where that costs no further segment.

use unicode_segmentation::{GraphemeIndices, UnicodeSegmentation};

use super::{MAX_SEGMENTS, ReferenceSize, TooManySegments, part_limit, single_limit};
use crate::coding::Coding;

/// The pieces of `text`: itself when it fits one message, else pieces for the 8-bit concatenation header. At
/// least one piece; joined they are the text; each fits its segment. In [`Coding::Gsm7`] a character that
/// the alphabet lacks counts one septet. Knows no limit of segments: see [`split_with`].
pub fn split(text: &str, coding: Coding) -> Vec<String> {
    pieces(text, coding, ReferenceSize::Eight).into_iter().map(str::to_owned).collect()
}

/// [`split`] for either size of reference, refusing a text that no concatenated message can hold.
pub fn split_with(text: &str, coding: Coding, size: ReferenceSize) -> Result<Vec<&str>, TooManySegments> {
    let pieces = pieces(text, coding, size);
    if pieces.len() > usize::from(MAX_SEGMENTS) {
        return Err(TooManySegments { segments: pieces.len() });
    }
    Ok(pieces)
}

/// The longest prefix of `text` that fits in `segments` segments with the 8-bit header; never ends inside an
/// extension or a surrogate pair. No segments hold nothing.
pub fn cut(text: &str, coding: Coding, segments: u16) -> &str {
    let end = match segments {
        0 => 0,
        1 => advance(text, 0, coding, single_limit(coding)),
        _ => {
            let limit = part_limit(coding, ReferenceSize::Eight);
            (0..segments).fold(0, |start, _| advance(text, start, coding, limit))
        }
    };
    &text[..end]
}

/// How many pieces [`split`] makes of `text`, whose units the caller has counted.
pub(crate) fn count(text: &str, coding: Coding, units: usize) -> u16 {
    if units <= single_limit(coding) as usize {
        return 1;
    }
    let limit = part_limit(coding, ReferenceSize::Eight);
    let characters = text.bytes().filter(|octet| octet & 0xC0 != 0x80).count();
    let segments = if characters == units {
        // No pair anywhere, so every segment but the last is full.
        units.div_ceil(limit as usize)
    } else {
        let mut start = 0;
        let mut segments = 0;
        while start < text.len() {
            start = advance(text, start, coding, limit);
            segments += 1;
        }
        segments
    };
    u16::try_from(segments).unwrap_or(u16::MAX)
}

/// The end of the longest run of characters from `start` that takes at most `limit` units.
fn advance(text: &str, start: usize, coding: Coding, limit: u32) -> usize {
    let mut units = 0;
    for (offset, c) in text[start..].char_indices() {
        units += coding.cost(c);
        if units > limit {
            return start + offset;
        }
    }
    text.len()
}

/// The start of the longest run of characters up to `end` that takes at most `limit` units.
fn retreat(text: &str, end: usize, coding: Coding, limit: u32) -> usize {
    let mut units = 0;
    for (offset, c) in text[..end].char_indices().rev() {
        units += coding.cost(c);
        if units > limit {
            return offset + c.len_utf8();
        }
    }
    0
}

fn pieces(text: &str, coding: Coding, size: ReferenceSize) -> Vec<&str> {
    if advance(text, 0, coding, single_limit(coding)) == text.len() {
        return vec![text];
    }
    let limit = part_limit(coding, size);
    let floors = earliest_starts(text, coding, limit);
    let mut pieces = Vec::with_capacity(floors.len());
    let mut borders = Borders::of(text);
    let mut start = 0;
    // Filling every segment takes the fewest. One may end earlier, at a cluster's border, as long as what
    // follows still fits in the segments left for it.
    for floor in floors.into_iter().rev() {
        let full = advance(text, start, coding, limit);
        let border = borders.last_until(full);
        let end = if border > start && border >= floor { border } else { full };
        pieces.push(&text[start..end]);
        start = end;
    }
    pieces
}

/// For k = 0, 1, …: the earliest point from which the rest of `text` fits in k segments; ends before the
/// point is the text's own start. Its length is therefore the fewest segments that hold the text.
fn earliest_starts(text: &str, coding: Coding, limit: u32) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut point = text.len();
    while point > 0 {
        starts.push(point);
        point = retreat(text, point, coding, limit);
    }
    starts
}

/// Borders between the grapheme clusters of a text, walked once from its start: looking back from each cut
/// would take quadratic time where one cluster is very long.
struct Borders<'a> {
    text: &'a str,
    clusters: GraphemeIndices<'a>,
    /// Where the cluster at hand begins and ends.
    start: usize,
    end: usize,
}

impl<'a> Borders<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, clusters: text.grapheme_indices(true), start: 0, end: 0 }
    }

    /// The last border at or before `point`, which never falls from call to call.
    fn last_until(&mut self, point: usize) -> usize {
        if self.is_plain(point) {
            return point;
        }
        while self.end <= point {
            let Some((start, cluster)) = self.clusters.next() else { return self.end };
            (self.start, self.end) = (start, start + cluster.len());
        }
        self.start
    }

    /// Whether `point` lies between two ASCII characters that are no line end, or at the text's end: a border
    /// in any text, told without the walk.
    fn is_plain(&self, point: usize) -> bool {
        let (before, behind) = self.text.as_bytes().split_at(point);
        match (before.last(), behind.first()) {
            (Some(b'\r'), Some(b'\n')) => false,
            (Some(before), Some(behind)) => before.is_ascii() && behind.is_ascii(),
            (None, _) | (_, None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::{gsm_septets, measure, measure_as};
    use proptest::prelude::*;

    /// Texts that make cutting hard: pairs, flags, families, combining marks, line ends.
    fn hard_text() -> impl Strategy<Value = String> {
        let gsm = proptest::sample::select(vec!["a", "bc", "€", "[", "\r\n", "é", "\u{0C}", "Ω"]);
        let any = proptest::sample::select(vec!["a", "ж", "😀", "🇸🇪", "👨‍👩‍👧", "e\u{301}", "\r\n", "€", "각"]);
        prop_oneof![
            proptest::collection::vec(gsm, 0..800).prop_map(|runs| runs.concat()),
            proptest::collection::vec(any, 0..300).prop_map(|runs| runs.concat()),
            "\\PC{0,300}",
        ]
    }

    fn units(text: &str, coding: Coding) -> u32 {
        text.chars().map(|c| coding.cost(c)).sum()
    }

    proptest! {
        #[test]
        fn pieces_rejoin_and_fit(text in hard_text()) {
            let measure = measure(&text);
            let pieces = split(&text, measure.coding);
            prop_assert_eq!(pieces.concat(), text.as_str());
            prop_assert_eq!(pieces.len(), usize::from(measure.segments));
            let limit = match pieces.len() {
                1 => single_limit(measure.coding),
                _ => part_limit(measure.coding, ReferenceSize::Eight),
            };
            for piece in &pieces {
                prop_assert!(units(piece, measure.coding) <= limit);
                prop_assert!(pieces.len() == 1 || !piece.is_empty());
                prop_assert_eq!(measure_as(piece, measure.coding).map(|piece| piece.segments), Some(1));
            }
        }

        #[test]
        fn sixteen_bit_pieces_rejoin_and_fit(text in hard_text()) {
            let coding = measure(&text).coding;
            let pieces = split_with(&text, coding, ReferenceSize::Sixteen).expect("below the limit");
            prop_assert_eq!(pieces.concat(), text.as_str());
            let limit = part_limit(coding, ReferenceSize::Sixteen);
            prop_assert!(pieces.len() == 1 || pieces.iter().all(|piece| units(piece, coding) <= limit));
        }

        #[test]
        fn clusters_are_split_only_where_whole_ones_would_cost_a_segment(text in hard_text()) {
            let coding = measure(&text).coding;
            let limit = part_limit(coding, ReferenceSize::Eight);
            let pieces = split(&text, coding);
            let borders: Vec<usize> = text.grapheme_indices(true).map(|(start, _)| start).collect();
            let mut start = 0;
            for (index, piece) in pieces.iter().enumerate().take(pieces.len() - 1) {
                let end = start + piece.len();
                if borders.binary_search(&end).is_err() {
                    let border = *borders.iter().rfind(|border| **border < end).expect("the first is 0");
                    let left = pieces.len() - index - 1;
                    prop_assert!(border <= start || fewest(&text[border..], coding, limit) > left);
                }
                start = end;
            }
        }

        #[test]
        fn cut_gives_the_longest_prefix(text in hard_text(), segments in 0u16..6) {
            let coding = measure(&text).coding;
            let prefix = cut(&text, coding, segments);
            prop_assert!(text.starts_with(prefix));
            let fits = |text: &str| {
                text.is_empty() || measure_as(text, coding).is_some_and(|measure| measure.segments <= segments)
            };
            prop_assert!(fits(prefix));
            if let Some(next) = text[prefix.len()..].chars().next() {
                let longer = &text[..prefix.len() + next.len_utf8()];
                prop_assert!(!fits(longer));
            }
        }
    }

    /// The fewest segments for `text`, by filling each.
    fn fewest(text: &str, coding: Coding, limit: u32) -> usize {
        let (mut start, mut segments) = (0, 0);
        while start < text.len() {
            start = advance(text, start, coding, limit);
            segments += 1;
        }
        segments
    }

    #[test]
    fn pairs_stay_whole() {
        let text = format!("{}€{}", "a".repeat(152), "b".repeat(20));
        let pieces = split(&text, Coding::Gsm7);
        assert_eq!(pieces, ["a".repeat(152), format!("€{}", "b".repeat(20))]);
        assert_eq!(gsm_septets('€'), Some(2));
        let text = format!("{}😀{}", "ж".repeat(66), "ж".repeat(10));
        assert_eq!(split(&text, Coding::Ucs2)[1], format!("😀{}", "ж".repeat(10)));
    }

    #[test]
    fn clusters_stay_whole_where_that_is_free() {
        // The family would straddle the border at 67; moving all of it costs nothing.
        let family = "👨‍👩‍👧";
        let text = format!("{}{family}{}", "ж".repeat(62), "ж".repeat(10));
        assert_eq!(split(&text, Coding::Ucs2), ["ж".repeat(62), format!("{family}{}", "ж".repeat(10))]);
        // Here the rest is full, so the cluster is cut: 62 + 8 + 64 = 134 units are two segments.
        let text = format!("{}{family}{}", "ж".repeat(62), "ж".repeat(64));
        let pieces = split(&text, Coding::Ucs2);
        assert_eq!((pieces.len(), units(&pieces[0], Coding::Ucs2)), (2, 67));
        // A line end is a cluster too.
        let text = format!("{}\r\n{}", "a".repeat(152), "b".repeat(20));
        assert_eq!(split(&text, Coding::Gsm7)[0], "a".repeat(152));
        // A cluster longer than a segment has to be cut somewhere.
        let tower = format!("e{}", "\u{301}".repeat(200));
        assert_eq!(split(&tower, Coding::Ucs2).len(), 3);
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        // Quadratic time would take minutes here.
        for cluster in ["\u{301}", "🇸"] {
            let text = cluster.repeat(300_000);
            let segments = measure(&text).segments;
            assert_eq!(split(&text, Coding::Ucs2).len(), usize::from(segments));
        }
    }

    #[test]
    fn the_limit_of_segments() {
        let text = "a".repeat(153 * 255);
        assert_eq!(split_with(&text, Coding::Gsm7, ReferenceSize::Eight).map(|pieces| pieces.len()), Ok(255));
        let sixteen = split_with(&text, Coding::Gsm7, ReferenceSize::Sixteen);
        assert_eq!(sixteen, Err(TooManySegments { segments: 257 }));
    }

    #[test]
    fn the_edges() {
        assert_eq!(split("", Coding::Gsm7), [""]);
        assert_eq!(split("", Coding::Ucs2), [""]);
        assert_eq!(cut("abc", Coding::Gsm7, 0), "");
        assert_eq!(cut("abc", Coding::Gsm7, u16::MAX), "abc");
        assert_eq!(cut(&"a".repeat(161), Coding::Gsm7, 1).len(), 160);
        assert_eq!(cut(&"a".repeat(500), Coding::Gsm7, 2).len(), 306);
        // A character that the alphabet lacks counts one septet here.
        assert_eq!(split(&"ж".repeat(160), Coding::Gsm7).len(), 1);
    }
}
