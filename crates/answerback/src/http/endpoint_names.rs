//! What a request is called where it is counted and logged.

use std::collections::HashMap;

use dialects::kit::{Endpoint, Found, Request, Router, find};

/// Endpoints by dialect.
pub(super) struct EndpointNames(HashMap<&'static str, Vec<Endpoint<()>>>);

/// A request by its names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The endpoint, as figures are kept by it; whatever is none is `other`, so that callers cannot make up new ones.
    pub(super) endpoint: &'static str,
    /// Its path as the log may show it: without what is, or may be, somebody's telephone number.
    pub(super) path: String,
}

/// Placeholders of paths that stand for telephone numbers; the log shows them in the numbers' place.
const NUMBERS: [&str; 4] = ["{phone}", "{msisdn}", "{participant}", "{sender}"];
/// Stands in the log for what may be a telephone number anywhere else.
const NUMBER: &str = "{number}";

impl EndpointNames {
    pub(super) fn of(router: &Router) -> Self {
        let endpoints = |dialect: &dyn dialects::kit::Dialect| {
            let all = dialect.endpoints().into_iter();
            all.map(|(name, method, paths)| Endpoint { name, method, paths, handler: () }).collect()
        };
        Self(router.dialects().map(|dialect| (dialect.id(), endpoints(dialect))).collect())
    }

    /// The names, doubled and final slashes aside.
    pub(super) fn name(&self, dialect: &str, request: &Request) -> Named {
        let endpoints = self.0.get(dialect).map_or(&[][..], Vec::as_slice);
        let segments: Vec<String> =
            request.segments().into_iter().filter(|segment| !segment.is_empty()).collect();
        let raw = request.path.split('/').filter(|segment| !segment.is_empty());
        let (endpoint, pattern) = match find(endpoints, &request.method, &segments) {
            Found::Endpoint(endpoint, _) => (endpoint.name, pattern_of(endpoint.paths, &segments)),
            Found::OtherMethods(_) | Found::Nothing => ("other", ""),
        };
        let mut placeholders = pattern.split('/').filter(|segment| !segment.is_empty());
        let mut path = String::new();
        for (decoded, raw) in segments.iter().zip(raw) {
            path.push('/');
            path.push_str(match placeholders.next() {
                Some(placeholder) if NUMBERS.contains(&placeholder) => placeholder,
                _ if may_be_a_number(decoded) => NUMBER,
                _ => raw,
            });
        }
        if path.is_empty() {
            path.push('/');
        }
        Named { endpoint, path }
    }
}

/// That of an endpoint's paths which these segments are of.
fn pattern_of(paths: &'static [&'static str], segments: &[String]) -> &'static str {
    let fits = |pattern: &str| {
        let mut wanted = pattern.split('/').filter(|segment| !segment.is_empty());
        let alike = |segment: &String| wanted.next().is_some_and(|it| it.starts_with('{') || it == segment);
        segments.iter().all(alike) && wanted.next().is_none()
    };
    paths.iter().find(|pattern| fits(pattern)).copied().unwrap_or("")
}

/// Whether a segment may be a telephone number. Our own ids have up to ten digits and begin with none of them
/// zero, or have twenty-four; a number as short that is written like an id is not told from one.
fn may_be_a_number(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let rest = segment.len() - digits;
    let telephonic = segment.chars().all(|letter| letter.is_ascii_digit() || "+-(). \u{a0}".contains(letter));
    telephonic && (7..=15).contains(&digits) && (digits > 10 || rest > 0 || segment.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::*;

    fn named(path: &str) -> Named {
        let endpoint = |name, paths| Endpoint { name, method: Method::GET, paths, handler: () };
        let table = vec![
            endpoint("list_things", &["/things"][..]),
            endpoint("get_thing", &["/old/things/{id}", "/things/{id}"]),
            endpoint("get_person", &["/people/{phone}"]),
        ];
        let request = Request {
            method: Method::GET,
            path: path.to_owned(),
            query: "phone=46701740605".to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            remote: std::net::IpAddr::from([127, 0, 0, 1]),
            origin: String::new(),
        };
        EndpointNames(HashMap::from([("some", table)])).name("some", &request)
    }

    #[test]
    fn paths_are_shown_without_telephone_numbers() {
        for (path, endpoint, shown) in [
            ("/", "other", "/"),
            ("//things/", "list_things", "/things"),
            ("/things/4294967295", "get_thing", "/things/4294967295"),
            ("/things/46701740605", "get_thing", "/things/{number}"),
            ("/old/things/0701740605", "get_thing", "/old/things/{number}"),
            ("/things/655123456789012345678901", "get_thing", "/things/655123456789012345678901"),
            ("/people/7", "get_person", "/people/{phone}"),
            ("/people/%2B46%2070%20174%2006%2005", "get_person", "/people/{phone}"),
            ("/nowhere/%2B46701740605", "other", "/nowhere/{number}"),
            ("/no%0Awhere/2.1", "other", "/no%0Awhere/2.1"),
        ] {
            assert_eq!(named(path), Named { endpoint, path: shown.to_owned() }, "{path}");
        }
    }
}
