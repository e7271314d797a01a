package io.millrace.delivery;

import java.net.InetAddress;

/// A range of IP addresses in CIDR notation (RFC 4632, RFC 4291): `10.0.0.0/8`, `fd00::/8`, or one
/// address. Immutable.
public record AddressRange(InetAddress first, int prefixLength) {
    /// @throws IllegalArgumentException whose message says what was expected
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!isLiteral(address) || address.indexOf('%') >= 0) {
            throw expected(text);
        }
        try {
            InetAddress first = InetAddress.ofLiteral(address);
            int bits = first.getAddress().length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(text, slash + 1, text.length(), 10);
            if (prefix >= 0 && prefix <= bits) {
                return new AddressRange(first, prefix);
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw expected(text);
    }

    private static IllegalArgumentException expected(String text) {
        return new IllegalArgumentException(
                "must be an address or a range such as 10.0.0.0/8 or fd00::/8, but is " + text);
    }

    /// Whether a text can only be meant as an IP address: no name has a colon, and none that may be
    /// looked up is made of digits and dots.
    public static boolean isLiteral(String text) {
        return text.indexOf(':') >= 0 || text.matches("[0-9]+(\\.[0-9]+){3}");
    }

    public boolean contains(InetAddress address) {
        byte[] range = first.getAddress();
        byte[] bytes = address.getAddress();
        if (range.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit += 8) {
            int kept = Math.min(8, prefixLength - bit);
            int mask = 0xFF << (8 - kept) & 0xFF;
            if (((range[bit / 8] ^ bytes[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
