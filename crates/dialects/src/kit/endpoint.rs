//! Endpoints: method, paths and what they lead to, written once and read by router, documentation and tests.

use http::Method;

/// One endpoint of a dialect. `H` is the dialect's own handler type.
#[derive(Clone, Debug)]
pub struct Endpoint<H: 'static> {
    /// Verb and noun: `list_messages`.
    pub name: &'static str,
    /// The method; a `GET` endpoint answers `HEAD` too.
    pub method: Method,
    /// Its paths: literal segments and `{name}` for one segment of any text.
    pub paths: &'static [&'static str],
    /// What answers it.
    pub handler: H,
}

/// What a path and method lead to.
#[derive(Debug)]
pub enum Found<'t, H: 'static> {
    /// This endpoint, with the texts of the `{…}` segments in order.
    Endpoint(&'t Endpoint<H>, Vec<String>),
    /// The path is known under these methods only (`HEAD` is named with `GET`).
    OtherMethods(Vec<Method>),
    /// No endpoint has this path.
    Nothing,
}

/// Finds the endpoint of a path, given as decoded segments. Literal segments win over `{…}`, from the left.
pub fn find<'t, H>(endpoints: &'t [Endpoint<H>], method: &Method, segments: &[String]) -> Found<'t, H> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut most: Option<u64> = None;
    let mut best: Option<(&Endpoint<H>, &str)> = None;
    let mut others: Vec<&Method> = Vec::new();
    for endpoint in endpoints {
        for path in endpoint.paths {
            let Some(literal) = matches(path, segments) else { continue };
            if most.is_some_and(|most| literal < most) {
                continue;
            }
            // A literal path answers for itself: `GET /things/search` never falls back to `DELETE /things/{id}`'s.
            if most != Some(literal) {
                (most, best) = (Some(literal), None);
                others.clear();
            }
            others.push(&endpoint.method);
            if endpoint.method == *method && best.is_none() {
                best = Some((endpoint, path));
            }
        }
    }
    if let Some((endpoint, path)) = best {
        let placed = parts(path).zip(segments).filter(|(wanted, _)| is_placeholder(wanted));
        return Found::Endpoint(endpoint, placed.map(|(_, segment)| segment.clone()).collect());
    }
    let mut methods: Vec<Method> = Vec::new();
    for method in others {
        if !methods.contains(method) {
            methods.push(method.clone());
            if *method == Method::GET {
                methods.push(Method::HEAD);
            }
        }
    }
    if methods.is_empty() { Found::Nothing } else { Found::OtherMethods(methods) }
}

fn parts(pattern: &str) -> std::str::Split<'_, char> {
    pattern.strip_prefix('/').unwrap_or(pattern).split('/')
}

fn is_placeholder(wanted: &str) -> bool {
    wanted.starts_with('{')
}

/// Which segments matched literally, the first as the highest bit; `None` when the path is another. No path of a
/// table has 64 segments.
fn matches(pattern: &str, segments: &[String]) -> Option<u64> {
    // Most of a table is another path from the first segment on.
    let begins = pattern.strip_prefix('/').unwrap_or(pattern).as_bytes().first();
    if begins != Some(&b'{') && begins != segments.first()?.as_bytes().first() {
        return None;
    }
    let mut literal = 0;
    let mut given = segments.iter();
    for (wanted, bit) in parts(pattern).zip((0..u64::BITS).rev()) {
        let segment = given.next()?;
        if is_placeholder(wanted) {
            if segment.is_empty() {
                return None;
            }
        } else if wanted == segment {
            literal |= 1 << bit;
        } else {
            return None;
        }
    }
    given.next().is_none().then_some(literal)
}

/// The value of an `Allow` header.
pub fn allow(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<Endpoint<u8>> {
        let endpoint = |method, paths, handler| Endpoint { name: "", method, paths, handler };
        vec![
            endpoint(Method::GET, &["/things"][..], 1),
            endpoint(Method::GET, &["/things/{id}", "/thing/{id}"][..], 2),
            endpoint(Method::GET, &["/things/search"][..], 3),
            endpoint(Method::DELETE, &["/things/{id}"][..], 4),
        ]
    }

    fn at(method: Method, path: &str) -> Result<(u8, Vec<String>), Vec<Method>> {
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        match find(&table(), &method, &segments) {
            Found::Endpoint(endpoint, params) => Ok((endpoint.handler, params)),
            Found::OtherMethods(methods) => Err(methods),
            Found::Nothing => Err(Vec::new()),
        }
    }

    #[test]
    fn literals_win_and_methods_are_told() {
        assert_eq!(at(Method::GET, "things"), Ok((1, vec![])));
        assert_eq!(at(Method::HEAD, "things"), Ok((1, vec![])));
        assert_eq!(at(Method::GET, "things/7"), Ok((2, vec!["7".to_owned()])));
        assert_eq!(at(Method::GET, "thing/7"), Ok((2, vec!["7".to_owned()])));
        assert_eq!(at(Method::GET, "things/search"), Ok((3, vec![])));
        assert_eq!(at(Method::DELETE, "things/7"), Ok((4, vec!["7".to_owned()])));
        assert_eq!(at(Method::DELETE, "things/search"), Err(vec![Method::GET, Method::HEAD]));
        assert_eq!(at(Method::PUT, "things/7"), Err(vec![Method::GET, Method::HEAD, Method::DELETE]));
        assert_eq!(at(Method::GET, "things/"), Err(vec![]));
        assert_eq!(at(Method::GET, "thing"), Err(vec![]));
        assert_eq!(at(Method::GET, "things/7/8"), Err(vec![]));
    }
}
