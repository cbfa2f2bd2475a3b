//! The two APIs of this vendor, told apart by the path.

/// Which API a path belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Version {
    /// Under `/api/`, without a version in the path.
    V1,
    /// Under `/v2/`.
    #[default]
    V2,
}

/// Paths below `/api` that other vendors use on the same origin.
const NOT_OURS: [&str; 4] = ["/api/v2", "/api/messages/program", "/api/externalMO", "/api/optIn"];

impl Version {
    /// The API that owns a path; `None` for another vendor's.
    pub(super) fn of(path: &str) -> Option<Self> {
        if is_under(path, "/v2") {
            return Some(Self::V2);
        }
        let ours = is_under(path, "/api") && !NOT_OURS.iter().any(|other| is_under(path, other));
        ours.then_some(Self::V1)
    }
}

/// Whether a path is `root` or lies below it.
fn is_under(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for path in ["/v2", "/v2/", "/v2/batches", "/v2/nothing/at/all"] {
            assert_eq!(Version::of(path), Some(Version::V2), "{path}");
        }
        for path in ["/api", "/api/sms/send", "/api/sms/sent/1", "/api/contacts", "/api/v22", "/api/messages"]
        {
            assert_eq!(Version::of(path), Some(Version::V1), "{path}");
        }
        for path in
            ["/", "/v2x", "/V2/batches", "/apis", "/api/v2", "/api/v2/ping", "/api/messages/program/1", "/v1"]
        {
            assert_eq!(Version::of(path), None, "{path}");
        }
    }
}
