package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.log.Isolation;
import io.millrace.log.Produced.By;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Plain producing and fetching, and what topics are.
@Timeout(60)
final class TopicsTest {
    @TempDir Path data;
    private TopicGround ground;

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private static ErrorCode code(Runnable action) {
        return catchThrowableOfType(MillraceException.class, action::run).code();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatIsProducedIsFetchedAndReadAsEvents(CompressionType compression) throws Exception {
        ground.create("Orders.v1", Map.of());
        var records = List.of(record(1_000, "k", "one"), record(2_000, null, "two"));
        assertThat(ground.append("Orders.v1", batch(compression, By.ANYONE, records))).isZero();
        assertThat(ground.append("Orders.v1", batch(record(3_000, "k", "three")))).isEqualTo(2);
        assertThat(ground.fetch("Orders.v1", 1, Isolation.READ_COMMITTED))
                .containsExactly("1:two", "2:three");
        Topics.Topic topic = ground.topic("Orders.v1");
        List<StoredEvent> events = ground.events(topic.resource());
        assertThat(events).extracting(TopicGround::text).containsExactly("one", "two", "three");
        Event first = events.getFirst().event();
        assertThat(first.id()).matches("[0-9]+-0-0");
        assertThat(first.source()).isEqualTo("urn:millrace:stream:" + topic.resource());
        assertThat(first.type()).isEqualTo("io.millrace.kafka.record");
        assertThat(first.partitionKey()).isEqualTo("k");
        assertThat(first.dataContentType()).isEqualTo("application/octet-stream");
        assertThat(events.getFirst().context().path()).isEqualTo("/topics/Orders.v1");
        assertThat(ground.topics().offsets(Principal.LOCAL, "Orders.v1", 0))
                .isEqualTo(new Topics.Offsets(0, 3, 3));
        assertThat(ground.topics().offsetAt(Principal.LOCAL, "Orders.v1", 0, 1_500))
                .isEqualTo(new Topics.TimedOffset(1, 2_000));
        assertThat(ground.topics().latest(Principal.LOCAL, "Orders.v1", 0))
                .isEqualTo(new Topics.TimedOffset(2, 3_000));
    }

    @Test
    void topicsAreStreamsWithTheirOwnNamesAndIdentities() throws Exception {
        ground.create("a_b", Map.of("cleanup.policy", "compact", "min.insync.replicas", "2"));
        Topics.Topic topic = ground.topic("a_b");
        assertThat(topic.resource()).matches("a-b-[0-9a-f]{8}");
        assertThat(ground.topics().find(Principal.LOCAL, topic.id())).isEqualTo(topic);
        assertThat(ground.topics().all(Principal.LOCAL))
                .extracting(Topics.Topic::name)
                .containsExactly("a_b", "events", "millrace");
        assertThat(ground.topics().configs(Principal.LOCAL, "a_b"))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("flush.messages", "1");
        ground.reopen();
        assertThat(ground.topic("a_b")).isEqualTo(topic);
        assertThat(code(() -> ground.create("a_b", Map.of())))
                .isEqualTo(ErrorCode.RESOURCE_CONFLICT);
        assertThatThrownBy(() -> ground.create("a_b", Map.of()))
                .hasMessage("Topic 'a_b' already exists.");
        assertThat(
                        code(() ->
                                ground.create(
                                        "c", Map.of("message.timestamp.type", "LogAppendTime"))))
                .isEqualTo(ErrorCode.RESOURCE_INVALID);
        assertThat(code(() -> ground.append("a_b", batch(record(1, null, "v")))))
                .isEqualTo(ErrorCode.RECORD_INVALID);
        UUID before = topic.id();
        ground.topics().delete(Principal.LOCAL, "a_b");
        assertThat(ground.topics().find(Principal.LOCAL, before)).isNull();
        ground.create("a_b", Map.of());
        assertThat(ground.topic("a_b").id()).isNotEqualTo(before);
    }

    @Test
    void whatIsNotKnownCanBeReset() {
        ground.create("t", Map.of("retention.ms", "60000"));
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("retention.ms", "-1");
        changes.put("compression.lz4.level", null);
        ground.topics().configure(Principal.LOCAL, "t", changes, false);
        assertThat(ground.topics().configs(Principal.LOCAL, "t"))
                .containsEntry("retention.ms", "-1")
                .doesNotContainKey("compression.lz4.level");
        changes.put("compression.lz4.level", "9");
        assertThat(code(() -> ground.topics().configure(Principal.LOCAL, "t", changes, false)))
                .isEqualTo(ErrorCode.RESOURCE_INVALID);
    }

    @Test
    void configurationsAndPartitionsChange() {
        ground.create("t", Map.of("retention.ms", "60000"));
        ground.topics()
                .configure(
                        Principal.LOCAL,
                        "t",
                        Map.of("retention.ms", "-1", "flush.messages", "9223372036854775807"),
                        false);
        assertThat(ground.topics().configs(Principal.LOCAL, "t"))
                .containsEntry("retention.ms", "-1")
                .containsEntry("flush.messages", "9223372036854775807");
        ground.topics().addPartitions(Principal.LOCAL, "t", 3, true);
        assertThat(ground.topic("t").partitions()).isEqualTo(1);
        ground.topics().addPartitions(Principal.LOCAL, "t", 3, false);
        assertThat(ground.topic("t").partitions()).isEqualTo(3);
        assertThat(code(() -> ground.topics().addPartitions(Principal.LOCAL, "t", 2, false)))
                .isEqualTo(ErrorCode.RESOURCE_INVALID);
    }

    @Test
    void watchersHearOfWhatIsStored() throws Exception {
        ground.create("t", Map.of());
        CountDownLatch heard = new CountDownLatch(1);
        try (Topics.Watch _ = ground.topics().watch("t", 0, heard::countDown)) {
            ground.append("t", batch(record(1, null, "v")));
            assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void recordsAreDeletedUpToAnOffset() throws Exception {
        ground.create("t", Map.of());
        ground.append("t", batch(record(1, null, "a"), record(2, null, "b"), record(3, null, "c")));
        assertThat(ground.topics().deleteRecords(Principal.LOCAL, "t", 0, 2)).isEqualTo(2);
        assertThat(ground.events("t")).extracting(TopicGround::text).containsExactly("c");
        assertThat(code(() -> ground.topics().deleteRecords(Principal.LOCAL, "t", 0, 9)))
                .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(ground.topics().deleteRecords(Principal.LOCAL, "t", 0, -1)).isEqualTo(3);
    }

    @Test
    void whoMayWriteIsKnownBefore() {
        ground.create("orders", Map.of());
        Topics topics = ground.topics();
        assertThat(topics.mayAppend(Principal.LOCAL, "orders")).isTrue();
        assertThat(topics.mayAppend(Principal.LOCAL, "millrace")).isFalse();
        assertThat(topics.mayAppend(Principal.LOCAL, "absent")).isFalse();
    }

    @Test
    void whatTopicsAreLikeThatSayNothing() {
        assertThat(ground.topics().defaults())
                .containsEntry("num.partitions", "4")
                .containsEntry("log.flush.interval.messages", "1")
                .containsEntry("log.retention.ms", "604800000");
    }

    @Test
    void theServersOwnStreamTakesNothing() {
        assertThat(code(() -> ground.append("millrace", batch(record(1, "k", "v")))))
                .isEqualTo(ErrorCode.CONTEXT_RESERVED);
        assertThat(code(() -> ground.topics().deleteRecords(Principal.LOCAL, "millrace", 0, -1)))
                .isEqualTo(ErrorCode.RESOURCE_PROTECTED);
    }

    @Test
    void eventsOverHttpAreRecordsInBinaryMode() throws Exception {
        ground.publish(
                "/a",
                Event.builder()
                        .id("1")
                        .source("/s")
                        .type("t")
                        .subject("room")
                        .dataContentType("text/plain")
                        .extension("priority", "3")
                        .data(Bytes.utf8("x"))
                        .build());
        int partition = 0;
        while (ground.topics().offsets(Principal.LOCAL, "events", partition).end() == 0) {
            partition++;
        }
        Topics.Fetched fetched =
                ground.topics()
                        .fetch(
                                Principal.LOCAL,
                                "events",
                                partition,
                                0,
                                1 << 20,
                                Isolation.READ_COMMITTED);
        try (var region = fetched.region()) {
            ByteBuffer bytes = ByteBuffer.allocate(region.size());
            region.read(bytes, 0);
            var records = MemoryRecords.readableRecords(bytes.flip()).records().iterator();
            Record record = records.next();
            assertThat(Utils.utf8(record.value())).isEqualTo("x");
            assertThat(record.key()).isNull();
            Map<String, String> headers = new HashMap<>();
            for (Header header : record.headers()) {
                headers.put(header.key(), Utils.utf8(header.value()));
            }
            assertThat(headers)
                    .containsEntry("context", "/a")
                    .containsEntry("ce_specversion", "1.0")
                    .containsEntry("ce_id", "1")
                    .containsEntry("ce_source", "/s")
                    .containsEntry("ce_type", "t")
                    .containsEntry("ce_subject", "room")
                    .containsEntry("ce_priority", "3")
                    .containsEntry("content-type", "text/plain");
            assertThat(records.hasNext()).isFalse();
        }
    }
}
