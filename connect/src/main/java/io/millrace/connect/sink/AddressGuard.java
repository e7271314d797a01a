package io.millrace.connect.sink;

import io.millrace.delivery.AddressRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says which addresses may be connected to, so that nobody uses a subscription to reach what only
/// this machine can reach (server-side request forgery). Immutable.
///
/// Without configuration only addresses of the public internet are allowed: nothing on this
/// machine, in its network, or of special purpose (the IANA registries of RFC 6890), not by an IPv4
/// address that is wrapped in an IPv6 one either. Configuration may allow ranges, and names
/// whatever they stand for.
public final class AddressGuard {
    /// Special purpose addresses of IPv4.
    private static final List<AddressRange> PRIVATE_4 =
            ranges(
                    "0.0.0.0/8", // this network, unspecified
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // shared by carriers
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, metadata services of clouds
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // relays of 6to4
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    /// The part of IPv6 that is handed out to the public; everything outside is special.
    private static final AddressRange PUBLIC_6 = AddressRange.parse("2000::/3");

    /// Special purpose addresses within [#PUBLIC_6].
    private static final List<AddressRange> PRIVATE_6 =
            ranges(
                    "2001::/23", // protocol assignments, Teredo
                    "2001:db8::/32", // documentation
                    "3fff::/20"); // documentation

    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");

    private final Named allowed;
    private final Named plain;

    private AddressGuard(Named allowed, Named plain) {
        this.allowed = allowed;
        this.plain = plain;
    }

    /// What configuration names.
    private record Named(List<AddressRange> ranges, Set<String> names) {
        static Named of(List<String> texts) {
            List<AddressRange> ranges = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (String each : texts) {
                if (each.indexOf('/') >= 0 || AddressRange.isLiteral(each)) {
                    ranges.add(AddressRange.parse(each));
                } else if (each.matches("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\\.?")) {
                    names.add(normal(each));
                } else {
                    throw new IllegalArgumentException("must be a host name, but is " + each);
                }
            }
            return new Named(ranges, names);
        }

        boolean holds(String host) {
            return names.contains(normal(host));
        }

        boolean holds(InetAddress address) {
            return ranges.stream().anyMatch(range -> range.contains(address));
        }
    }

    /// @param allowed addresses, ranges in CIDR notation, and host names, which are allowed beside
    ///   the public internet
    /// @throws IllegalArgumentException whose message says what was expected
    public static AddressGuard allowing(List<String> allowed) {
        return allowing(allowed, List.of());
    }

    /// @param plain the same for what secrets may be sent to without TLS, beside loopback addresses
    /// @throws IllegalArgumentException whose message says what was expected
    public static AddressGuard allowing(List<String> allowed, List<String> plain) {
        return new AddressGuard(Named.of(allowed), Named.of(plain));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts).map(AddressRange::parse).toList();
    }

    private static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /// Whether an address that a name stands for now may be connected to.
    ///
    /// @param host the name, or the address itself, as the sink's URL has it
    public boolean allows(String host, InetAddress address) {
        return allowed.holds(host) || allows(address);
    }

    /// Whether secrets may go there without TLS, where everybody on the way can read them. That it
    /// may be connected to is another question.
    ///
    /// @param host the name, or the address itself, as the sink's URL has it
    public boolean allowsPlainSecrets(String host, InetAddress address) {
        return address.isLoopbackAddress() || plain.holds(host) || plain.holds(address);
    }

    private boolean allows(InetAddress address) {
        if (allowed.holds(address)) {
            return true;
        }
        if (address instanceof Inet4Address) {
            return PRIVATE_4.stream().noneMatch(range -> range.contains(address));
        }
        InetAddress wrapped = wrapped(address);
        if (wrapped != null && !allows(wrapped)) {
            return false;
        }
        return NAT64.contains(address)
                || (PUBLIC_6.contains(address)
                        && PRIVATE_6.stream().noneMatch(range -> range.contains(address)));
    }

    /// The IPv4 address that packets to an IPv6 address may end up at; `null` if there is none.
    private static @Nullable InetAddress wrapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (NAT64.contains(address) || isIsatap(bytes)) {
            return ipv4(bytes, 12);
        }
        return SIX_TO_FOUR.contains(address) ? ipv4(bytes, 2) : null;
    }

    /// Interface identifiers of RFC 5214: `::0:5efe:a.b.c.d` and `::200:5efe:a.b.c.d`.
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & ~2) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5e
                && bytes[11] == (byte) 0xfe;
    }

    private static InetAddress ipv4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are always an address", e);
        }
    }
}
