package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private final AddressGuard strict = AddressGuard.allowing(List.of());

    private static boolean allows(AddressGuard guard, String address) {
        return guard.allows("sink.example", InetAddress.ofLiteral(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "169.254.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::2",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:a9fe:a9fe",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.1.2.3",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "2001::1",
                "2001:0:1:2::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2002:c0a8:101::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fd00:ec2::254",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "1::",
                "4000::1",
                "2a00:1450::5efe:127.0.0.1",
                "2a00:1450::200:5efe:10.0.0.1"
            })
    void whatIsNotPublicIsRefused(String address) {
        assertThat(allows(strict, address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.0.0.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2001:4860:4860::8888",
                "2001:200::1",
                "2002:808:808::1",
                "2a00:1450::1",
                "2606:4700::1111",
                "2a00:1450::5efe:8.8.8.8"
            })
    void whatIsPublicIsAllowed(String address) {
        assertThat(allows(strict, address)).isTrue();
    }

    @Test
    void rangesOfTheConfigurationAreAllowedInEveryForm() {
        AddressGuard guard = AddressGuard.allowing(List.of("10.1.0.0/16", "::1", "fd00::/12"));
        assertThat(allows(guard, "10.1.255.255")).isTrue();
        assertThat(allows(guard, "10.2.0.0")).isFalse();
        assertThat(allows(guard, "::ffff:10.1.2.3")).isTrue();
        assertThat(allows(guard, "64:ff9b::10.1.2.3")).isTrue();
        assertThat(allows(guard, "64:ff9b::10.2.0.0")).isFalse();
        assertThat(allows(guard, "::1")).isTrue();
        assertThat(allows(guard, "::2")).isFalse();
        assertThat(allows(guard, "fd0f::1")).isTrue();
        assertThat(allows(guard, "fd10::1")).isFalse();
    }

    @Test
    void aNameThatIsAllowedMayBeAnywhere() throws Exception {
        AddressGuard guard = AddressGuard.allowing(List.of("Hooks.Internal", "localhost."));
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        assertThat(guard.allows("hooks.internal", loopback)).isTrue();
        assertThat(guard.allows("HOOKS.internal.", loopback)).isTrue();
        assertThat(guard.allows("localhost", loopback)).isTrue();
        assertThat(guard.allows("x.hooks.internal", loopback)).isFalse();
        assertThat(guard.allows("127.0.0.1", loopback)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/33, 10.0.0.0/8", "::/129, fd00::/8", "10.0.0.256, 10.0.0.0/8",
        "10.0.0.0/x, 10.0.0.0/8", "10.0.0/8, 10.0.0.0/8", "fe80::1%eth0, fd00::/8",
        "a b, host name", "-, host name"
    })
    void aMistakeInTheConfigurationIsTold(String allowed, String hint) {
        assertThatThrownBy(() -> AddressGuard.allowing(List.of(allowed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(hint);
    }
}
