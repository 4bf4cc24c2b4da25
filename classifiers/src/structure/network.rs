//! Network and device addresses.

/// Whether the text is an IPv4 address that one host can have. Private ones count: in an organisation's own logs
/// they tell a person's device.
pub(super) fn is_host_ipv4(raw: &[u8]) -> bool {
    match ipv4(raw) {
        // RFC 6890: this network, loopback, link-local; from 224 on multicast, reserved, broadcast and netmasks.
        Some([0 | 127 | 224.., ..] | [169, 254, ..]) | None => false,
        // A network's own address, as routing tables and configurations hold it.
        Some([_, _, _, last]) => last != 0,
    }
}

/// Whether the text is an IPv6 address that one host can have.
pub(super) fn is_host_ipv6(raw: &[u8]) -> bool {
    const FEWEST_DIGITS: usize = 7;
    let digits = raw.iter().filter(|b| b.is_ascii_hexdigit()).count();
    // RFC 4291: 2000::/3 global unicast, fc00::/7 unique local, fe80::/10 link-local.
    let for_hosts = |first: u16| first >> 13 == 1 || first >> 9 == 0x7e || first >> 6 == 0x3fa;
    digits >= FEWEST_DIGITS && ipv6(raw).is_some_and(|groups| for_hosts(groups[0]) && groups[7] != 0)
}

/// Whether the compact value is the MAC address of one device.
pub(super) fn is_device_mac(compact: &[u8]) -> bool {
    let Some(first) = compact.get(..2).and_then(hexadecimal) else { return false };
    compact.len() == 12
        && compact.iter().all(u8::is_ascii_hexdigit)
        // IEEE 802: the lowest bit of the first octet marks groups, broadcast among them.
        && first & 1 == 0
        && compact.iter().any(|&b| b != b'0')
}

/// Whether the address is one that is kept for documentation.
pub(super) fn is_documentation(raw: &[u8], compact: &[u8]) -> bool {
    if let Some(octets) = ipv4(raw) {
        // RFC 5737.
        return matches!(octets, [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _]);
    }
    if let Some(groups) = ipv6(raw) {
        // RFC 3849 and RFC 9637.
        return matches!(groups, [0x2001, 0x0db8, ..]) || groups[0] == 0x3fff && groups[1] < 0x1000;
    }
    // RFC 7042: 00-00-5E-00-53-00 to -FF.
    compact.len() == 12 && compact.starts_with(b"00005E0053")
}

/// Four decimal octets without leading zeros.
pub(crate) fn ipv4(text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let (mut place, mut octet, mut digits) = (0, 0u32, 0);
    for &byte in text {
        if byte == b'.' {
            if digits == 0 || place == 3 {
                return None;
            }
            octets[place] = octet as u8;
            place += 1;
            (octet, digits) = (0, 0);
            continue;
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit > 9 || digits > 0 && octet == 0 {
            return None;
        }
        octet = octet * 10 + digit;
        digits += 1;
        if octet > 255 {
            return None;
        }
    }
    octets[place] = octet as u8;
    (place == 3 && digits > 0).then_some(octets)
}

/// The groups of RFC 4291's text form, `::` and an IPv4 address at the end included.
fn ipv6(text: &[u8]) -> Option<[u16; 8]> {
    let gap = text.windows(2).position(|pair| pair == b"::");
    let (front, back) = match gap {
        Some(at) => (&text[..at], Some(&text[at + 2..])),
        None => (text, None),
    };
    let mut groups = [0; 8];
    let in_front = groups_of(front, back.is_none(), &mut groups)?;
    let Some(back) = back else { return (in_front == 8).then_some(groups) };
    let mut tail = [0; 8];
    let behind = groups_of(back, true, &mut tail)?;
    // `::` stands for one group at least.
    if in_front + behind > 7 {
        return None;
    }
    groups[8 - behind..].copy_from_slice(&tail[..behind]);
    Some(groups)
}

/// Reads groups between single colons and says how many; the last may be an IPv4 address.
fn groups_of(text: &[u8], at_end: bool, groups: &mut [u16; 8]) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut parts = text.split(|&b| b == b':').peekable();
    while let Some(part) = parts.next() {
        if at_end && parts.peek().is_none() && part.contains(&b'.') {
            let [a, b, c, d] = ipv4(part)?;
            *groups.get_mut(count)? = u16::from_be_bytes([a, b]);
            *groups.get_mut(count + 1)? = u16::from_be_bytes([c, d]);
            return Some(count + 2);
        }
        *groups.get_mut(count)? = hexadecimal(part)?;
        count += 1;
    }
    Some(count)
}

/// One to four hexadecimal digits.
fn hexadecimal(digits: &[u8]) -> Option<u16> {
    if !(1..=4).contains(&digits.len()) {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| Some(number << 4 | char::from(digit).to_digit(16)? as u16))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ipv4_is_an_address_of_a_host() {
        for text in ["81.2.69.142", "10.0.0.7", "192.168.178.20", "223.255.255.254"] {
            assert!(is_host_ipv4(text.as_bytes()), "{text}");
        }
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "255.255.255.0",
            "224.0.0.1",
            "169.254.3.4",
            "10.0.0.0",
            "256.1.1.1",
            "01.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.a",
            "1..3.4",
            "",
        ] {
            assert!(!is_host_ipv4(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn ipv6_is_an_address_of_a_host() {
        for text in [
            "2a02:8109:9c40:1d2c:5c1f:6a3b:9e11:77f0",
            "2a00:1450::200e",
            "fe80::1ff:fe23:4567:890a",
            "fd12:3456:789a::1",
            "2001:DB8::1",
            "2002:c000:204::192.0.2.33",
        ] {
            assert!(is_host_ipv6(text.as_bytes()), "{text}");
        }
        for text in [
            "::1",
            "a::b",
            "std::fs",
            "2001::",
            "ff02::1:ff00:1",
            "12:34:56:78",
            "2a02:8109:9c40:1d2c:5c1f:6a3b:9e11",
            "2a02:8109:9c40:1d2c:5c1f:6a3b:9e11:77f0:1",
            "2a02::1::2",
            "2a02:12345::1",
            "2a02:8109:9c40:::1",
            "cafe::babe",
            "2000::abc:",
            "2024:10:12",
        ] {
            assert!(!is_host_ipv6(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn mac_is_an_address_of_a_device() {
        assert!(is_device_mac(b"3C22FB8A10D4") && is_device_mac(b"0200000000AB"));
        for text in
            [&b"FFFFFFFFFFFF"[..], b"000000000000", b"01005E000001", b"3C22FB8A10D", b"3C22FB8A10DX", b""]
        {
            assert!(!is_device_mac(text));
        }
    }

    #[test]
    fn documentation_addresses_are_told() {
        let told = |raw: &str| {
            let compact: Vec<u8> =
                raw.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
            is_documentation(raw.as_bytes(), &compact)
        };
        for text in
            ["192.0.2.1", "198.51.100.255", "203.0.113.9", "2001:db8::7", "3fff:fff::1", "00-00-5e-00-53-af"]
        {
            assert!(told(text), "{text}");
        }
        for text in ["192.0.3.1", "2001:db9::7", "3fff:1000::1", "00-00-5e-00-52-af", "word"] {
            assert!(!told(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ipv6_is_read_as_the_standard_library_does(text in "[0-9a-f:.]{2,24}|([0-9a-f]{1,4}:){1,7}(:[0-9a-f]{1,4}){0,4}") {
            let expected = text.parse::<std::net::Ipv6Addr>().ok().map(|address| address.segments());
            prop_assert_eq!(ipv6(text.as_bytes()), expected);
        }

        #[test]
        fn ipv4_is_read_as_the_standard_library_does(text in "[0-9]{1,4}(\\.[0-9]{0,4}){2,4}") {
            let expected = text.parse::<std::net::Ipv4Addr>().ok().map(|address| address.octets());
            prop_assert_eq!(ipv4(text.as_bytes()), expected);
        }
    }
}
