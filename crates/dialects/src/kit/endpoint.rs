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
    let mut best: Option<(Vec<bool>, &Endpoint<H>, Vec<String>)> = None;
    let mut best_path: Option<Vec<bool>> = None;
    let mut others: Vec<(Vec<bool>, Method)> = Vec::new();
    for endpoint in endpoints {
        for path in endpoint.paths {
            let Some((literal, params)) = matches(path, segments) else { continue };
            if best_path.as_ref().is_none_or(|known| literal > *known) {
                best_path = Some(literal.clone());
            }
            others.push((literal.clone(), endpoint.method.clone()));
            if endpoint.method == *method && best.as_ref().is_none_or(|(known, ..)| literal > *known) {
                best = Some((literal, endpoint, params));
            }
        }
    }
    // A literal path answers for itself: `GET /things/search` never falls back to `DELETE /things/{id}`'s path.
    match (best, best_path) {
        (Some((literal, endpoint, params)), Some(most)) if literal == most => {
            Found::Endpoint(endpoint, params)
        }
        (_, Some(most)) => {
            let mut methods: Vec<Method> = Vec::new();
            for (literal, method) in others {
                if literal == most && !methods.contains(&method) {
                    let with_head = method == Method::GET;
                    methods.push(method);
                    if with_head {
                        methods.push(Method::HEAD);
                    }
                }
            }
            Found::OtherMethods(methods)
        }
        (_, None) => Found::Nothing,
    }
}

/// Which segments matched literally, and the texts of the others; `None` when the path is another.
fn matches(pattern: &str, segments: &[String]) -> Option<(Vec<bool>, Vec<String>)> {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let mut literal = Vec::with_capacity(segments.len());
    let mut params = Vec::new();
    let mut given = segments.iter();
    for wanted in pattern.split('/') {
        let segment = given.next()?;
        if wanted.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            literal.push(false);
            params.push(segment.clone());
        } else if wanted == segment {
            literal.push(true);
        } else {
            return None;
        }
    }
    given.next().is_none().then_some((literal, params))
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
