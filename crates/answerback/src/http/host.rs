//! What may stand as a host in a link: nothing that could carry a line break, a path or markup.

/// Whether this is a host name or an IPv4 address: letters, digits, `-`, `_` and inner dots, at most 253.
pub(crate) fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
    };
    text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

/// A host with the port it was given, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

impl Authority {
    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`; anything else is `None`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, after) = rest.split_once(']')?;
                address.parse::<std::net::Ipv6Addr>().ok()?;
                (&text[..address.len() + 2], after.strip_prefix(':').or((after.is_empty()).then_some("")))
            }
            None => {
                let (host, port) = text.split_once(':').unwrap_or((text, ""));
                (is_host_name(host).then_some(host)?, Some(port))
            }
        };
        Some(Self { host: host.to_owned(), port: read_port(port?)? })
    }

    /// `host` or `host:port`, the scheme's own port left out.
    pub(super) fn shown(&self, scheme: &str) -> String {
        match self.port {
            Some(port) if Some(port) != default_port(scheme) => format!("{}:{port}", self.host),
            _ => self.host.clone(),
        }
    }
}

/// `Some(None)` for nothing, `Some(Some(port))` for a port, `None` for anything else.
fn read_port(text: &str) -> Option<Option<u16>> {
    match text {
        "" => Some(None),
        _ if text.bytes().all(|octet| octet.is_ascii_digit()) => {
            text.parse().ok().filter(|port| *port > 0).map(Some)
        }
        _ => None,
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let shown = |text: &str| Authority::parse(text).map(|authority| authority.shown("http"));
        for (text, expected) in [
            ("a.example", "a.example"),
            ("a.example:8080", "a.example:8080"),
            ("a.example:80", "a.example"),
            ("a.example:", "a.example"),
            ("127.0.0.1:1", "127.0.0.1:1"),
            ("[::1]", "[::1]"),
            ("[2001:db8::1]:99", "[2001:db8::1]:99"),
            ("sms_internal", "sms_internal"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(Authority::parse("a:443").map(|a| a.shown("https")).as_deref(), Some("a"));
    }

    #[test]
    fn hostile_hosts_are_refused() {
        for text in [
            "",
            ":80",
            "a b",
            "a/b",
            "a\r\nX: y",
            "a:0",
            "a:65536",
            "a:8080x",
            "a:+80",
            "user@a",
            "a..b",
            "é.example",
            "<script>",
            "a,b",
            "a:1:2",
            "[::1",
            "[::1]x",
            "[nothing]",
            "::1",
            "a%0d",
            "a\"",
            &"x".repeat(64),
            &"x.".repeat(200),
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }
}
