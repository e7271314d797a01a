package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinkAddressTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://a.example, true, a.example, 443, /",
                "http://a.example?x=1, false, a.example, 80, /?x=1",
                "HTTPS://A.example:8443/p%20q/?a=b&c, true, A.example, 8443, /p%20q/?a=b&c",
                "http://[::1]:8080/x, false, ::1, 8080, /x",
                "http://127.0.0.1/, false, 127.0.0.1, 80, /"
            })
    void theUrlIsTakenApart(String url, boolean secure, String host, int port, String target) {
        SinkAddress address = SinkAddress.parse("sink", url);
        assertThat(address.secure()).isEqualTo(secure);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.example",
                "ftp://a.example",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://",
                "http:///x",
                "http:x",
                "http://user:secret@a.example/",
                "http://a.example/#part",
                "http://a.example:0/",
                "http://a.example:65536/",
                "http://a.example/a b",
                "http://a.example/\r\nX: y",
                "http://m\u00FCnchen.example/",
                "http://a.example/\u00E4",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f.0.0.1/",
                "http://0x7f000001/",
                "http://017700000001/",
                "http://127.0.0.1./",
                "http://1.2.3.4.5/",
                "http://[fe80::1%25eth0]/",
                "http://[::1/",
                "http://a..example/"
            })
    void whatNobodyShouldWriteIsRefused(String url) {
        assertThatThrownBy(() -> SinkAddress.parse("sink.url", url))
                .isInstanceOf(MillraceException.class)
                .hasMessageStartingWith("sink.url: must")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theQueryMayHoldAKeyAndIsNotShown() {
        SinkAddress address = SinkAddress.parse("sink", "https://a.example/f?code=abc");
        assertThat(address).hasToString("https://a.example:443/f?***");
    }

    @Test
    void headersAreCheckedTogetherAndNeverShown() {
        Map<String, Secret> headers = new LinkedHashMap<>();
        headers.put("X-Api-Key", Secret.of("k-123"));
        headers.put("x-api-key", Secret.of("k-124"));
        headers.put("Content-Type", Secret.of("text/plain"));
        headers.put("ce-id", Secret.of("1"));
        headers.put("WebHook-Request-Origin", Secret.of("x"));
        headers.put("Transfer-Encoding", Secret.of("chunked"));
        headers.put("x\r\ny", Secret.of("1"));
        headers.put("x-break", Secret.of("k-125\r\nHost: evil"));
        headers.put("x-blank", Secret.of(" k-126"));
        headers.put("x-umlaut", Secret.of("k\u00E4"));
        assertThatThrownBy(() -> SinkHeaders.of("headers", headers))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e ->
                                assertThat(e.problems())
                                        .hasSize(9)
                                        .extracting(Object::toString)
                                        .noneMatch(text -> text.contains("k-12"))
                                        .noneMatch(text -> text.contains("\n")));
        SinkHeaders good = SinkHeaders.of("headers", Map.of("X-Api-Key", Secret.of("k-123")));
        assertThat(good).hasToString("[x-api-key]");
    }
}
