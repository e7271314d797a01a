package io.millrace.event.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MediaTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                                  | BINARY",
                "application/json                                   | BINARY",
                "application/cloud                                  | BINARY",
                "application/cloudevents+json                       | STRUCTURED_JSON",
                "Application/CloudEvents+JSON ; charset=\"UTF-8\"   | STRUCTURED_JSON",
                "application/cloudevents+json;x=\"a;charset=x\"     | STRUCTURED_JSON",
                "application/cloudevents-batch+json; charset=utf-8  | BATCH_JSON",
                "application/cloudevents+json; charset=utf-16       | UNSUPPORTED",
                "application/cloudevents+avro                       | UNSUPPORTED",
                "application/cloudevents                            | UNSUPPORTED"
            })
    void modeOfAMessage(@Nullable String contentType, ContentMode mode) {
        assertThat(MediaTypes.mode(contentType)).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                  | BYTES",
                "application/json                   | JSON",
                "APPLICATION/JSON;charset=UTF-8     | JSON",
                "text/json                          | JSON",
                "application/problem+json; a=b      | JSON",
                "application/json; charset=utf-16   | BYTES",
                "application/jsonx                  | BYTES",
                "application/x-ndjson               | TEXT",
                "text/plain                         | TEXT",
                "Text/HTML; Charset='us-ascii'      | BYTES",
                "Text/HTML; Charset=US-ASCII        | TEXT",
                "text/plain; charset=iso-8859-1     | BYTES",
                "text/plain; a=\"\\\";\"; charset=x | BYTES",
                "image/svg+xml                      | TEXT",
                "application/octet-stream           | BYTES"
            })
    void contentOfData(@Nullable String contentType, MediaTypes.Content content) {
        assertThat(MediaTypes.content(contentType)).isEqualTo(content);
    }
}
