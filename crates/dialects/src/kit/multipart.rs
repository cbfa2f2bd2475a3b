//! Bodies of `multipart/form-data` (RFC 7578): the way of files.

/// One part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'b> {
    /// The name of its field.
    pub name: &'b str,
    /// The name of the file, if it is one.
    pub file: Option<&'b str>,
    /// What is in it.
    pub content: &'b [u8],
}

/// More parts than any form has.
const MOST: usize = 100;

/// The parts of a body of this content type; `None` when it is not one, or not whole.
pub fn parts<'b>(content_type: &str, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let (kind, _) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(content_type, "boundary").filter(|it| (1..=70).contains(&it.len()))?;
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    // What stands before the first boundary is nobody's.
    let start = if body.starts_with(first.as_bytes()) { 0 } else { find(body, next.as_bytes())? + 2 };
    let mut rest = body.get(start + first.len()..)?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let after = rest.strip_prefix(b"\r\n")?;
        let end = find(after, next.as_bytes())?;
        parts.push(part(&after[..end])?);
        if parts.len() > MOST {
            return None;
        }
        rest = &after[end + next.len()..];
    }
    Some(parts)
}

fn part(octets: &[u8]) -> Option<Part<'_>> {
    let end = find(octets, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(&octets[..end]).ok()?;
    let disposition = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let content = &octets[end + 4..];
    Some(Part { name: parameter(disposition, "name")?, file: parameter(disposition, "filename"), content })
}

/// A parameter of a header's value; in quotes or without.
fn parameter<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    let mut rest = value;
    loop {
        rest = rest.split_once(';')?.1.trim_start();
        let (key, after) = rest.split_once('=')?;
        let quoted = after.strip_prefix('"');
        let found = match quoted {
            Some(quoted) => quoted.split_once('"')?.0,
            None => after.split(';').next().unwrap_or_default().trim(),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(found);
        }
        // A semicolon between quotes ends nothing.
        rest = match quoted {
            Some(quoted) => quoted.split_once('"')?.1,
            None => after,
        };
    }
}

fn find(octets: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(octets, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"x y\"";

    #[test]
    fn fields_and_files() {
        let body = b"--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--x y\r\nX: y\r\n\
            content-disposition: form-data; filename=\"a;b.csv\"; name=f\r\nContent-Type: text/csv\r\n\r\n\
            1\r\n--x\r\n\r\n--x y--\r\nrest";
        let found = parts(TYPE, body).expect("whole");
        assert_eq!(found[0], Part { name: "a", file: None, content: b"one" });
        assert_eq!(found[1], Part { name: "f", file: Some("a;b.csv"), content: b"1\r\n--x\r\n" });
        assert_eq!(found.len(), 2);
        let preamble = [b"hello\r\n", body.as_slice()].concat();
        assert_eq!(parts(TYPE, &preamble).map(|found| found.len()), Some(2));
        assert_eq!(parts(TYPE, b"--x y--"), Some(Vec::new()));
    }

    #[test]
    fn ruins() {
        for body in [
            &b""[..],
            b"--x y",
            b"--x y\r\n",
            b"--x y\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
            b"--x y\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x y--",
            b"--x y\r\nno headers\r\n--x y--",
            b"--x y\r\n\xff: x\r\n\r\nx\r\n--x y--",
        ] {
            assert_eq!(parts(TYPE, body), None, "{body:?}");
        }
        for kind in [
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=x y",
        ] {
            assert_eq!(parts(kind, b"--x y--"), None, "{kind}");
        }
    }
}
