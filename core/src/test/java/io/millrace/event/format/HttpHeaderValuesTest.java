package io.millrace.event.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import io.millrace.event.RandomEvents;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpHeaderValuesTest {
    @Test
    void theExampleOfTheSpecification() {
        String text = "Euro \u20AC \uD83D\uDE00";
        String header = "Euro%20%E2%82%AC%20%F0%9F%98%80";
        assertThat(HttpHeaderValues.encode(text)).isEqualTo(header);
        assertThat(HttpHeaderValues.decode(header, "subject")).isEqualTo(text);
        assertThat(HttpHeaderValues.decode(header.toLowerCase(java.util.Locale.ROOT), "subject"))
                .isEqualTo("euro \u20AC \uD83D\uDE00");
    }

    @Test
    void plainAsciiIsNotCopied() {
        String text = "com.example/a~!#$&'()*+,-./:;<=>?@[]^_`{|}\\9";
        assertThat(HttpHeaderValues.encode(text)).isSameAs(text);
        assertThat(HttpHeaderValues.decode(text, "type")).isSameAs(text);
    }

    @Test
    void whateverAnEventHoldsComesBack() {
        RandomEvents events = new RandomEvents(3);
        for (int i = 0; i < 5_000; i++) {
            String text = events.next().id();
            String header = HttpHeaderValues.encode(text);
            assertThat(header).matches("[!#-~]*");
            assertThat(HttpHeaderValues.decode(header, "id")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a b                | a b",
                "\"a b\"            | a b",
                "\"a \\\"b\\\\ %20c\" | a \"b\\  c",
                "\"\"               | ``",
                "\"                 | \"",
                "\"a                | \"a",
                "\"a\\\"            | \"a\\\"",
                "\"a\"b\"           | \"a\"b\"",
                "5\"disk            | 5\"disk",
                "%61%2f             | a/",
                "%2525              | %25",
                "+                  | +"
            })
    void readsWhatOthersWrite(String header, String text) {
        assertThat(HttpHeaderValues.decode(header, "subject")).isEqualTo(text);
    }

    @Test
    void rawUtf8IsReadFromBytes() {
        String header =
                new String("ä €".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(HttpHeaderValues.decode(header, "subject")).isEqualTo("ä €");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%C0%A0", "%", "%4", "a%4g", "%ED%A0%80", "\u00E4", "\u20AC", "%FF"})
    void refusesWhatIsNoText(String header) {
        assertThatThrownBy(() -> HttpHeaderValues.decode(header, "subject"))
                .isInstanceOf(MillraceException.class)
                .hasMessageStartingWith("subject: ");
    }
}
