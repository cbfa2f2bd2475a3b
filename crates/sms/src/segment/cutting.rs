//! Where a text is cut: never inside a character, so never inside an extension or a surrogate pair, and
//! between grapheme clusters where that costs no further segment.

use unicode_segmentation::GraphemeCursor;

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
    let latest = earliest_starts(text, coding, limit);
    let mut pieces = Vec::with_capacity(latest.len());
    let mut start = 0;
    // Filling every segment takes the fewest. One may end earlier, at a cluster's border, as long as what
    // follows still fits in the segments left for it.
    for floor in latest.into_iter().rev() {
        let full = advance(text, start, coding, limit);
        let end = cluster_border(text, full).filter(|end| *end > start && *end >= floor).unwrap_or(full);
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

/// The last border between grapheme clusters at or before `end`.
fn cluster_border(text: &str, end: usize) -> Option<usize> {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    // The cursor sees the whole text, so it never asks for more context.
    if cursor.is_boundary(text, 0) == Ok(true) {
        return Some(end);
    }
    cursor.prev_boundary(text, 0).ok().flatten()
}
