//! JSON or XML, as the `Accept` header asks; XML unless something better is named (reference 1.3, 5.25).

use http::HeaderMap;
use http::header::ACCEPT;

/// The two formats of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `application/json`, also asked for as `text/json`.
    Json,
    /// `application/xml`, also asked for as `text/xml`.
    Xml,
}

/// How much one format is wanted: the weight in thousandths, and its place in the list when it is named.
#[derive(Clone, Copy, Debug, Default)]
struct Wish {
    named: Option<(u16, usize)>,
}

impl Format {
    /// The content type of an answer in it.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
        }
    }

    /// The format to answer in. The highest weight wins; at equal weight what is named stands before what a
    /// wildcard covers, then the first named; without any preference it is XML.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let (mut json, mut xml, mut wildcard) = (Wish::default(), Wish::default(), None);
        let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        for (place, range) in lines.flat_map(|line| line.split(',')).enumerate() {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(weight).unwrap_or(1000);
            match media.as_str() {
                "application/json" | "text/json" => json.name(weight, place),
                "application/xml" | "text/xml" => xml.name(weight, place),
                "*/*" | "application/*" | "text/*" => wildcard = wildcard.max(Some(weight)),
                _ => {}
            }
        }
        let (json, xml) = (json.rank(wildcard), xml.rank(wildcard));
        if json.0 > 0 && json > xml { Self::Json } else { Self::Xml }
    }
}

impl Wish {
    fn name(&mut self, weight: u16, place: usize) {
        match self.named {
            Some((known, _)) if known >= weight => {}
            _ => self.named = Some((weight, place)),
        }
    }

    /// Weight, whether it was named, and how early: larger is wanted more.
    fn rank(self, wildcard: Option<u16>) -> (u16, bool, std::cmp::Reverse<usize>) {
        match self.named {
            Some((weight, place)) => (weight, true, std::cmp::Reverse(place)),
            None => (wildcard.unwrap_or(0), false, std::cmp::Reverse(0)),
        }
    }
}

/// The weight that a `q=` parameter gives, in thousandths; one that makes no sense gives none.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value: f64 = value.trim().parse().ok()?;
    value.is_finite().then(|| (value.clamp(0.0, 1.0) * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Format::{Json, Xml};

    #[test]
    fn headers_and_their_formats() {
        for (accept, format) in [
            (&[][..], Xml),
            (&[""], Xml),
            (&["*/*"], Xml),
            (&["application/*"], Xml),
            (&["text/html"], Xml),
            (&["application/json"], Json),
            (&["Application/JSON; charset=utf-8"], Json),
            (&["text/json"], Json),
            (&["application/xml"], Xml),
            (&["text/xml"], Xml),
            (&["application/json, text/plain, */*"], Json),
            (&["application/xml, application/json"], Xml),
            (&["application/json, application/xml"], Json),
            (&["application/json;q=0.5, application/xml;q=0.9"], Xml),
            (&["application/xml;q=0.5,application/json;q=0.51"], Json),
            (&["application/xml ; Q=0.5 , application/json ; level=1 ; q=0.6"], Json),
            (&["application/json;q=0"], Xml),
            (&["application/json;q=0, */*"], Xml),
            (&["application/xml;q=0, */*"], Json),
            (&["application/xml;q=0"], Xml),
            (&["application/json;q=0.5, */*;q=0.8"], Xml),
            (&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], Xml),
            (&["*/*;q=0.1, application/json;q=0.1"], Json),
            (&["application/json;q=x"], Json),
            (&["application/json;q=NaN"], Json),
            (&["application/json;q=7, application/xml"], Json),
            (&["text/plain", "application/json"], Json),
            (&["application/xml;q=0.1", "application/json"], Json),
            (&[",;,=;q,application/json"], Json),
            (&["' OR 1=1 --"], Xml),
        ] {
            let mut headers = HeaderMap::new();
            for line in accept {
                headers.append(ACCEPT, line.parse().expect("a header value"));
            }
            assert_eq!(Format::wanted(&headers), format, "{accept:?}");
        }
    }
}
