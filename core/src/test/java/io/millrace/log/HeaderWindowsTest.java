package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeaderWindowsTest {
    private final HeaderWindows windows = new HeaderWindows("ce_id", "ce_type", "context");

    /// Headers as name and value, one behind the other; a value of `-` stands for none.
    private void record(String... headers) {
        windows.begin(String.join("", headers).getBytes(StandardCharsets.UTF_8));
        int at = 0;
        for (int i = 0; i < headers.length; i += 2) {
            int valueAt = at + headers[i].length();
            int length = headers[i + 1].equals("-") ? -1 : headers[i + 1].length();
            windows.header(at, headers[i].length(), valueAt, length);
            at = valueAt + headers[i + 1].length();
        }
    }

    @Test
    void findsWhatIsWantedInAnyOrder() {
        record("context", "/a/b", "other", "x", "ce_id", "17");
        assertThat(windows.get(0)).hasToString("Bytes[2: 3137]");
        assertThat(windows.has(1)).isFalse();
        assertThat(windows.get(1)).isNull();
        assertThat(windows.get(2)).extracting(bytes -> bytes.toUtf8()).isEqualTo("/a/b");
    }

    @Test
    void theFirstOfANameCountsEvenWithoutAValue() {
        record("ce_id", "-", "ce_id", "2", "ce_type", "a", "ce_type", "b");
        assertThat(windows.has(0)).isFalse();
        assertThat(windows.get(0)).isNull();
        assertThat(windows.get(1)).extracting(bytes -> bytes.toUtf8()).isEqualTo("a");
    }

    @Test
    void eachRecordBeginsAnew() {
        record("ce_id", "1", "ce_type", "");
        assertThat(windows.get(1)).extracting(bytes -> bytes.isEmpty()).isEqualTo(true);
        record("ce_type", "t");
        assertThat(windows.has(0)).isFalse();
        assertThat(windows.get(1)).extracting(bytes -> bytes.toUtf8()).isEqualTo("t");
    }
}
