use super::*;

fn origins() -> Origins {
    let trusted_proxies = vec!["127.0.0.0/8".to_owned(), "10.0.0.0/8".to_owned()];
    Origins { public_url: None, trusted_proxies, bound_hosts: vec!["tm.example".to_owned()], tls: false }
}

fn ask(
    origins: &Origins,
    peer: &str,
    target: &str,
    lines: &[(&'static str, &str)],
) -> Result<(String, String, String), Misleading> {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    let uri: Uri = target.parse().expect("a target");
    let local = "127.0.0.1:8080".parse().expect("an address");
    let peer = peer.parse().expect("an address");
    let located = origins.locate(Arrival { uri: &uri, headers: &headers, peer, local, host_needed: true })?;
    Ok((located.remote.to_string(), located.origin, located.path))
}

fn found(remote: &str, origin: &str, path: &str) -> Result<(String, String, String), Misleading> {
    Ok((remote.to_owned(), origin.to_owned(), path.to_owned()))
}

const HOST: (&str, &str) = ("host", "a.example:8080");

#[test]
fn without_a_proxy_the_host_header_says_it() {
    let origins = origins();
    assert_eq!(
        ask(&origins, "192.0.2.1", "/x?y", &[HOST]),
        found("192.0.2.1", "http://a.example:8080", "/x")
    );
    let spoofed =
        [HOST, ("x-forwarded-for", "1.1.1.1"), ("x-forwarded-host", "evil"), ("forwarded", "host=evil")];
    assert_eq!(ask(&origins, "192.0.2.1", "/", &spoofed), found("192.0.2.1", "http://a.example:8080", "/"));
    assert_eq!(ask(&origins, "192.0.2.1", "/", &[]), Err(Misleading));
    assert_eq!(ask(&origins, "192.0.2.1", "/", &[HOST, HOST]), Err(Misleading));
    for bad in ["a b", "a/b", "<a>", "a@b", "a:99999", "é"] {
        assert_eq!(ask(&origins, "192.0.2.1", "/", &[("host", bad)]), Err(Misleading), "{bad}");
    }
}

#[test]
fn the_target_may_be_absolute() {
    let absolute = ask(&origins(), "192.0.2.1", "http://b.example:9/x", &[HOST]);
    assert_eq!(absolute, found("192.0.2.1", "http://b.example:9", "/x"));
    assert_eq!(ask(&origins(), "192.0.2.1", "http://u@b.example/x", &[HOST]), Err(Misleading));
    let tls = Origins { tls: true, ..origins() };
    assert_eq!(
        ask(&tls, "192.0.2.1", "http://b.example:443", &[HOST]),
        found("192.0.2.1", "https://b.example", "/")
    );
}

#[test]
fn a_trusted_proxy_says_who_and_where() {
    let old = [
        HOST,
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "sms.example"),
        ("x-forwarded-prefix", "/gate/"),
    ];
    let expected = found("198.51.100.7", "https://sms.example/gate", "/x");
    assert_eq!(ask(&origins(), "127.0.0.1", "/x", &old), expected);
    let standard = [
        HOST,
        ("forwarded", "for=\"198.51.100.7:99\";proto=https;host=sms.example"),
        ("x-forwarded-prefix", "/gate"),
    ];
    assert_eq!(ask(&origins(), "127.0.0.1", "/x", &standard), expected);
    let port = [
        HOST,
        ("x-forwarded-host", "sms.example"),
        ("x-forwarded-port", "444"),
        ("x-forwarded-proto", "https"),
    ];
    assert_eq!(ask(&origins(), "10.1.1.1", "/x", &port), found("10.1.1.1", "https://sms.example:444", "/x"));
}

#[test]
fn forged_hops_are_not_followed() {
    let chain =
        [HOST, ("x-forwarded-for", "127.0.0.1, 198.51.100.7, 10.0.0.9"), ("x-forwarded-proto", "https")];
    let answer = ask(&origins(), "127.0.0.1", "/", &chain);
    assert_eq!(answer, found("198.51.100.7", "https://a.example:8080", "/"));
    let both = [HOST, ("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=10.9.9.9")];
    assert_eq!(ask(&origins(), "127.0.0.1", "/", &both), Err(Misleading));
    let agreeing =
        [HOST, ("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=198.51.100.7;host=sms.example")];
    assert_eq!(
        ask(&origins(), "127.0.0.1", "/", &agreeing),
        found("198.51.100.7", "http://sms.example", "/")
    );
    let hidden = [HOST, ("forwarded", "for=1.1.1.1, for=_secret;proto=https")];
    assert_eq!(ask(&origins(), "127.0.0.1", "/", &hidden), found("127.0.0.1", "https://a.example:8080", "/"));
    for bad in [
        ("x-forwarded-for", "somebody"),
        ("x-forwarded-host", "a b"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-prefix", "//evil.example"),
        ("x-forwarded-prefix", "/\"><script>"),
        ("forwarded", "host=\"a\r"),
    ] {
        if http::HeaderValue::from_str(bad.1).is_ok() {
            assert_eq!(ask(&origins(), "127.0.0.1", "/", &[HOST, bad]), Err(Misleading), "{bad:?}");
        }
    }
}

#[test]
fn a_configured_address_wins() {
    let url = PublicUrl::parse("https://sms.example:443/gate/").expect("a URL");
    assert_eq!(url.to_string(), "https://sms.example/gate");
    let origins = Origins { public_url: Some(url), ..origins() };
    let bound = ask(&origins, "192.0.2.1", "/gate/x", &[("host", "TM.example")]);
    assert_eq!(bound, found("192.0.2.1", "https://TM.example", "/gate/x"), "a dialect's own host stays");
    let old = [HOST, ("x-forwarded-for", "198.51.100.7"), ("x-forwarded-host", "other")];
    for (target, path) in [("/x", "/x"), ("/gate/x", "/x"), ("/gate", "/"), ("/gateway", "/gateway")] {
        let expected = found("198.51.100.7", "https://sms.example/gate", path);
        assert_eq!(ask(&origins, "127.0.0.1", target, &old), expected, "{target}");
    }
}

#[test]
fn public_urls() {
    for good in ["http://a", "https://a.example:8443", "http://[::1]:80/x/y"] {
        assert!(PublicUrl::parse(good).is_some(), "{good}");
    }
    for bad in
        ["", "a.example", "ftp://a", "https://", "https://a b", "https://u@a", "https://a/?x", "https://a//b"]
    {
        assert_eq!(PublicUrl::parse(bad), None, "{bad}");
    }
}
