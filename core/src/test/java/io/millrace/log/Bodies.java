package io.millrace.log;

import io.millrace.log.batch.Varint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small records for tests.
final class Bodies {
    private Bodies() {}

    /// A record without headers.
    static RecordBody of(@Nullable String key, @Nullable String value) {
        byte[] keyBytes = bytes(key);
        byte[] valueBytes = bytes(value);
        byte[] body = new byte[20 + keyBytes.length + valueBytes.length];
        int at = Varint.write(body, 0, key == null ? -1 : keyBytes.length);
        System.arraycopy(keyBytes, 0, body, at, keyBytes.length);
        at = Varint.write(body, at + keyBytes.length, value == null ? -1 : valueBytes.length);
        System.arraycopy(valueBytes, 0, body, at, valueBytes.length);
        at = Varint.write(body, at + valueBytes.length, 0);
        return new RecordBody(java.util.Arrays.copyOf(body, at));
    }

    static List<RecordBody> values(String... values) {
        List<RecordBody> bodies = new ArrayList<>();
        for (String value : values) {
            bodies.add(of(null, value));
        }
        return bodies;
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
