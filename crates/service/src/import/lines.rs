//! Lines of an input, never more of it in memory than a line may have.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

use crate::interchange::LONGEST_LINE;

/// What stands at the start of some files: the byte order mark in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// An input, line by line.
pub(super) struct Lines<'i> {
    input: &'i mut (dyn AsyncBufRead + Send + Unpin),
    line: Vec<u8>,
    number: u64,
    octets: u64,
}

/// What [`Lines::next`] met.
pub(super) enum Next<'l> {
    /// A line, without its end.
    Line(&'l [u8]),
    /// A line that is longer than it may be; nothing can be read behind it.
    TooLong,
    /// The end.
    End,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: &'i mut (dyn AsyncBufRead + Send + Unpin)) -> Self {
        Self { input, line: Vec::new(), number: 0, octets: 0 }
    }

    /// The number of the line met last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Octets read so far.
    pub(super) fn octets(&self) -> u64 {
        self.octets
    }

    /// The next line that is not blank. A byte order mark before the first is passed over.
    pub(super) async fn next(&mut self) -> io::Result<Next<'_>> {
        loop {
            self.line.clear();
            self.number += 1;
            match self.fill().await? {
                Filled::TooLong => return Ok(Next::TooLong),
                Filled::End if self.line.is_empty() => {
                    self.number -= 1;
                    return Ok(Next::End);
                }
                Filled::Line | Filled::End => {}
            }
            if self.number == 1 && self.line.starts_with(MARK) {
                self.line.drain(..MARK.len());
            }
            if !self.line.trim_ascii().is_empty() {
                // Named again, so that the borrow ends with the loop's other rounds.
                return Ok(Next::Line(&self.line));
            }
        }
    }

    /// Reads up to the end of a line, and past it.
    async fn fill(&mut self) -> io::Result<Filled> {
        loop {
            let there = self.input.fill_buf().await?;
            if there.is_empty() {
                return Ok(Filled::End);
            }
            let end = memchr::memchr(b'\n', there);
            let part = there.get(..end.unwrap_or(there.len())).unwrap_or_default();
            if self.line.len() + part.len() > LONGEST_LINE {
                return Ok(Filled::TooLong);
            }
            self.line.extend_from_slice(part);
            let used = part.len() + usize::from(end.is_some());
            self.octets += used as u64;
            self.input.consume(used);
            if end.is_some() {
                return Ok(Filled::Line);
            }
        }
    }
}

/// How [`Lines::fill`] ended.
enum Filled {
    Line,
    TooLong,
    End,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::BufReader;

    /// Every line with its number, read through a buffer of `buffer` octets.
    async fn lines(text: &[u8], buffer: usize) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut input = BufReader::with_capacity(buffer, text);
        let mut lines = Lines::new(&mut input);
        let mut found = Vec::new();
        loop {
            let next = match lines.next().await.expect("memory is readable") {
                Next::Line(line) => Some(line.to_owned()),
                Next::TooLong => None,
                Next::End => return found,
            };
            let last = next.is_none();
            found.push((lines.number(), next));
            if last {
                return found;
            }
        }
    }

    #[tokio::test]
    async fn lines_blank_lines_and_the_mark() {
        for buffer in [1, 2, 7, 4096] {
            let found = lines(b"\xEF\xBB\xBFone\r\n\n  \t\ntwo\n\nthree", buffer).await;
            let expected = [(1, "one\r"), (4, "two"), (6, "three")];
            let expected = expected.map(|(number, line)| (number, Some(line.as_bytes().to_vec())));
            assert_eq!(found, expected, "{buffer}");
        }
        assert_eq!(lines(b"", 16).await, []);
        assert_eq!(lines(b"\n\n\xEF\xBB\xBFx", 16).await, [(3, Some(b"\xEF\xBB\xBFx".to_vec()))]);
    }

    #[tokio::test]
    async fn a_line_may_have_a_mebibyte_and_no_more() {
        let mut text = vec![b'x'; LONGEST_LINE];
        text.extend_from_slice(b"\nnext\n");
        let found = lines(&text, 4096).await;
        assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2]);
        text.insert(0, b'x');
        assert_eq!(lines(&text, 4096).await, [(1, None)]);
        let mut behind = b"first\n".to_vec();
        behind.extend_from_slice(&text);
        let found = lines(&behind, 4096).await;
        assert_eq!(found.last(), Some(&(2, None)));
    }

    #[tokio::test]
    async fn what_cannot_be_a_line_is_never_held() {
        let mut endless = BufReader::new(tokio::io::repeat(b'x'));
        let mut lines = Lines::new(&mut endless);
        assert!(matches!(lines.next().await.expect("endless"), Next::TooLong));
        assert!(lines.line.capacity() <= 2 * LONGEST_LINE);
    }
}
