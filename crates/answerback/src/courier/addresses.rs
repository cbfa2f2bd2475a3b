//! Which addresses may be called: those of the public internet, and what the configuration allows besides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use service::authenticate::address_matches;

/// Addresses of our own network that may be called all the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed(pub(crate) Vec<String>);

impl Allowed {
    /// Whether an address may be called.
    pub(crate) fn covers(&self, address: IpAddr) -> bool {
        is_public(address) || self.0.iter().any(|range| address_matches(range, address))
    }
}

/// Whether an address is one of the public internet's. Whatever stands for an IPv4 address inside of IPv6 is
/// judged by that.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

/// IANA's registry of special-purpose addresses, and multicast.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, private, loopback.
        (0 | 10 | 127, _, _) => true,
        // Shared by carriers' translators.
        (100, 64..=127, _) => true,
        // Link-local, where clouds keep their metadata.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, relays of 6to4, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224..=255, _, _) => true,
        _ => false,
    };
    !special
}

/// Only global unicast (2000::/3) is public, without what is set aside in it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global = a & 0xe000 == 0x2000;
    // Protocol assignments with Teredo, documentation (two ranges).
    let special = matches!((a, b), (0x2001, 0..0x0200 | 0x0db8) | (0x3fff, 0..0x1000));
    global && !special
}

/// The IPv4 address inside of a mapped, compatible, translated or 6to4 one.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_public_internet() {
        for public in
            ["1.1.1.1", "100.63.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255", "2606:4700::1"]
                .into_iter()
                .chain(["::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "2a00:1450:4001::1"])
        {
            assert!(is_public(ip(public)), "{public}");
        }
    }

    #[test]
    fn our_own_network() {
        let v4 = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ];
        let v6 = [
            "::",
            "::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "100::1",
        ];
        for private in v4.into_iter().chain(v6) {
            assert!(!is_public(ip(private)), "{private}");
            assert!(!Allowed::default().covers(ip(private)), "{private}");
        }
    }

    #[test]
    fn what_is_allowed_besides() {
        let allowed = Allowed(vec!["10.0.0.0/8".to_owned(), "::1".to_owned()]);
        assert!(allowed.covers(ip("10.9.9.9")) && allowed.covers(ip("::1")) && allowed.covers(ip("1.1.1.1")));
        assert!(!allowed.covers(ip("127.0.0.1")) && !allowed.covers(ip("169.254.169.254")));
        let all = Allowed(vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()]);
        assert!(all.covers(ip("127.0.0.1")) && all.covers(ip("fe80::1")));
    }
}
