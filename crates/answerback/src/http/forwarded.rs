//! What proxies say of the request they pass on: `Forwarded` (RFC 7239) and the `X-Forwarded-…` headers.

use std::net::IpAddr;

use http::HeaderMap;

/// One hop as a proxy wrote it down. Values are as sent, not yet judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hop {
    /// Who connected to that proxy.
    pub(super) address: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) host: Option<String>,
}

/// The hops of `Forwarded`, the outermost first; `None` where it is absent, `Err` where it cannot be read.
pub(super) fn forwarded(headers: &HeaderMap) -> Result<Option<Vec<Hop>>, Unreadable> {
    let Some(text) = joined(headers, "forwarded")? else { return Ok(None) };
    let mut hops = vec![Hop::default()];
    let mut rest = text.as_str();
    loop {
        rest = rest.trim_start();
        if !rest.is_empty() && !rest.starts_with([',', ';']) {
            let (name, after) = rest.split_once('=').ok_or(Unreadable)?;
            let (value, after) = token_or_quoted(after)?;
            put(&mut hops, name, value)?;
            rest = after.trim_start();
        }
        match rest.chars().next() {
            None => return Ok(Some(hops)),
            Some(',') => hops.push(Hop::default()),
            Some(';') => {}
            Some(_) => return Err(Unreadable),
        }
        rest = &rest[1..];
    }
}

fn put(hops: &mut [Hop], name: &str, value: String) -> Result<(), Unreadable> {
    let Some(hop) = hops.last_mut() else { return Err(Unreadable) };
    let place = match name.trim().to_ascii_lowercase().as_str() {
        "for" => &mut hop.address,
        "proto" => &mut hop.scheme,
        "host" => &mut hop.host,
        // `by` and extensions say nothing we use.
        _ => return Ok(()),
    };
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Unreadable),
    }
}

/// A token or a quoted string at the beginning of `text`, and what follows it.
fn token_or_quoted(text: &str) -> Result<(String, &str), Unreadable> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ';']).unwrap_or(text.len());
        return Ok((text[..end].trim_end().to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &quoted[at + 1..])),
            '\\' => value.push(letters.next().ok_or(Unreadable)?.1),
            _ => value.push(letter),
        }
    }
    Err(Unreadable)
}

/// The hops of the `X-Forwarded-…` headers, the outermost first; `None` where there is none of them.
///
/// Each is a list that every proxy appends to, or one value that the outermost wrote. The lists are laid
/// against each other from the right, where the nearest proxy wrote.
pub(super) fn x_forwarded(headers: &HeaderMap) -> Result<Option<Vec<Hop>>, Unreadable> {
    let list = |name| Ok(joined(headers, name)?.map(|text| split(&text)).unwrap_or_default());
    let addresses: Vec<String> = list("x-forwarded-for")?;
    let schemes = list("x-forwarded-proto")?;
    let hosts = list("x-forwarded-host")?;
    let ports = list("x-forwarded-port")?;
    let count = [addresses.len(), schemes.len(), hosts.len(), ports.len()].into_iter().max().unwrap_or(0);
    if count == 0 {
        return Ok(None);
    }
    // The place counted from the right; past the left end the leftmost value holds.
    let at = |list: &[String], place: usize| {
        list.get(list.len().saturating_sub(place + 1)).filter(|_| !list.is_empty()).cloned()
    };
    let hop = |place| Hop {
        // Addresses are a chain: past its end there is none.
        address: addresses.len().checked_sub(place + 1).map(|index| addresses[index].clone()),
        scheme: at(&schemes, place),
        host: at(&hosts, place).map(|host| with_port(host, at(&ports, place))),
    };
    Ok(Some((0..addresses.len().max(1)).rev().map(hop).collect()))
}

fn with_port(host: String, port: Option<String>) -> String {
    let has_port =
        host.rsplit_once(':').is_some_and(|(before, _)| !before.contains(':') || before.ends_with(']'));
    match port {
        Some(port) if !has_port => format!("{host}:{port}"),
        _ => host,
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// All lines of a header as one list.
fn joined(headers: &HeaderMap, name: &str) -> Result<Option<String>, Unreadable> {
    let mut whole: Option<String> = None;
    for value in headers.get_all(name) {
        let text = value.to_str().map_err(|_| Unreadable)?;
        match &mut whole {
            Some(whole) => {
                whole.push(',');
                whole.push_str(text);
            }
            None => whole = Some(text.to_owned()),
        }
    }
    Ok(whole)
}

/// A forwarding header that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// The address in a `for`: with or without port, IPv6 in brackets or plain.
pub(super) fn read_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(*name, value.parse().expect("a value"));
        }
        map
    }

    fn hop(address: &str, scheme: &str, host: &str) -> Hop {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Hop { address: some(address), scheme: some(scheme), host: some(host) }
    }

    #[test]
    fn the_standard_header() {
        let read = |text| forwarded(&headers(&[("forwarded", text)])).map(Option::unwrap_or_default);
        assert_eq!(
            read("for=192.0.2.60;proto=http;by=203.0.113.43"),
            Ok(vec![hop("192.0.2.60", "http", "")])
        );
        assert_eq!(
            read("For=\"[2001:db8::1]:4711\" ; HOST=\"a.example:8\", for=unknown"),
            Ok(vec![hop("[2001:db8::1]:4711", "", "a.example:8"), hop("unknown", "", "")])
        );
        assert_eq!(read("host=\"a\\\"b\""), Ok(vec![hop("", "", "a\"b")]));
        for bad in ["for", "for=\"1", "for=1;for=2", "for=\"1\"x", "=\"\\"] {
            assert_eq!(read(bad), Err(Unreadable), "{bad}");
        }
        let two = headers(&[("forwarded", "for=1"), ("forwarded", "for=2")]);
        assert_eq!(forwarded(&two), Ok(Some(vec![hop("1", "", ""), hop("2", "", "")])));
        assert_eq!(forwarded(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn the_older_headers_line_up_from_the_right() {
        let one_each = headers(&[
            ("x-forwarded-for", "198.51.100.1, 10.0.0.2"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "a.example"),
            ("x-forwarded-port", "8443"),
        ]);
        assert_eq!(
            x_forwarded(&one_each),
            Ok(Some(vec![
                hop("198.51.100.1", "https", "a.example:8443"),
                hop("10.0.0.2", "https", "a.example:8443")
            ]))
        );
        let forged =
            headers(&[("x-forwarded-for", "1.1.1.1, 198.51.100.1"), ("x-forwarded-proto", "gopher, https")]);
        assert_eq!(
            x_forwarded(&forged),
            Ok(Some(vec![hop("1.1.1.1", "gopher", ""), hop("198.51.100.1", "https", "")]))
        );
        let no_address = headers(&[("x-forwarded-host", "a.example:1"), ("x-forwarded-port", "2")]);
        assert_eq!(x_forwarded(&no_address), Ok(Some(vec![hop("", "", "a.example:1")])));
        assert_eq!(x_forwarded(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("192.0.2.1", Some("192.0.2.1")),
            ("192.0.2.1:55", Some("192.0.2.1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:55", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("unknown", None),
            ("_hidden", None),
            ("", None),
        ] {
            let expected = expected.map(|text| text.parse().expect("an address"));
            assert_eq!(read_address(text), expected, "{text}");
        }
    }
}
