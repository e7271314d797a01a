package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.stream.LatestRequest;
import io.millrace.event.ContextPattern;
import io.millrace.log.Produced.By;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's records are retained, and copies of records that were written here do what those did:
/// the same while they come and when they are found again.
@Timeout(60)
final class RetainedRecordsTest {
    @TempDir Path data;
    private TopicGround ground;

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data);
        ground.create("t", Map.of());
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static SimpleRecord copy(String id, String context, @Nullable String retain) {
        Header first = header("context", "/topics/t/" + context);
        Header second = header("ce_specversion", "1.0");
        Header third =
                retain == null
                        ? header("ce_time", "2026-01-01T00:00:00Z")
                        : header("marks", retain);
        return new SimpleRecord(
                1000,
                null,
                id.getBytes(StandardCharsets.UTF_8),
                new Header[] {
                    first,
                    second,
                    third,
                    header("ce_id", id),
                    header("ce_source", "/s"),
                    header("ce_type", "t")
                });
    }

    private static SimpleRecord plain(String value, Header... headers) {
        return new SimpleRecord(1000, null, value.getBytes(StandardCharsets.UTF_8), headers);
    }

    private List<String> latest(boolean isRetained) {
        LatestRequest all =
                new LatestRequest(ContextPattern.of("/topics/t/**"), isRetained, 100, null);
        return ground.broker().latest().page(Principal.LOCAL, all).events().stream()
                .map(event -> event.context().path().substring(9) + "=" + TopicGround.text(event))
                .toList();
    }

    private void assertLatest(List<String> newest, List<String> retained) throws IOException {
        await().untilAsserted(() -> assertThat(latest(false)).isEqualTo(newest));
        assertThat(latest(true)).isEqualTo(retained);
        ground.reopen();
        assertThat(latest(false)).isEqualTo(newest);
        assertThat(latest(true)).isEqualTo(retained);
    }

    @Test
    void batchesOfProducers() throws IOException {
        ground.append(
                "t",
                batch(
                        copy("1", "a", null),
                        copy("2", "b", null),
                        copy("3", "a", "pass"),
                        copy("4", "b", "clear"),
                        copy("5", "b", "pass"),
                        plain("6", header("context", "/topics/t/c")),
                        plain("7", header("marks", "clear"), header("context", "/topics/t/c"))));
        assertLatest(List.of("/a=3", "/b=5", "/c=7"), List.of("/a=1", "/c=7"));
        ground.append("t", batch(copy("8", "a", "pass"), copy("9", "a", null)));
        ground.append("t", batch(plain("10"), plain("11", header("marks", "pass"))));
        assertLatest(List.of("=11", "/a=9", "/b=5", "/c=7"), List.of("=11", "/a=9", "/c=7"));
    }

    @Test
    void recordsThatATransactionHid() throws IOException {
        ground.append(
                "t",
                batch(
                        CompressionType.LZ4,
                        By.transaction(7, 0),
                        List.of(copy("1", "a", null), copy("2", "a", "pass"))));
        assertThat(latest(false)).isEmpty();
        ground.mark("t", 7, 0, true);
        assertLatest(List.of("/a=2"), List.of("/a=1"));
    }
}
