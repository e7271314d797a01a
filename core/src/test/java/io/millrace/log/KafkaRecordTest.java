package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.BatchWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Records of Kafka's clients as events, and back.
final class KafkaRecordTest {
    private static final EventOrigin ORIGIN =
            new EventOrigin("orders", 3, 2, Context.of("/topics/orders"));

    /// What a client says of a record.
    private record Told(
            @Nullable Bytes key, @Nullable Bytes value, List<KafkaHeaders.Header> headers) {}

    private static Header header(String name, @Nullable String value) {
        return new RecordHeader(name, value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The event, when the memory that its record lay in is used for something else.
    private static EventRecords.Recorded decoded(
            byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        List<EventRecords.Recorded> found = new ArrayList<>();
        ProducedBatch batch = Produced.batch(new SimpleRecord(1_000, key, value, headers));
        batch.records().forEach(record -> found.add(EventRecords.decode(record, ORIGIN)));
        Arrays.fill(batch.bytes(), (byte) '?');
        return found.getFirst();
    }

    private static Told told(LogRecord record) {
        List<KafkaHeaders.Header> headers = new ArrayList<>();
        record.forEachHeader((name, value) -> {
            boolean isOurs =
                    name.startsWith("ce_")
                            || List.of("context", "types", "content-type").contains(name);
            if (!isOurs) {
                headers.add(
                        new KafkaHeaders.Header(
                                name, value == null ? null : Bytes.wrap(value.toArray())));
            }
        });
        Bytes key = record.key();
        return new Told(key == null ? null : Bytes.wrap(key.toArray()), record.value(), headers);
    }

    private static void again(
            EventRecords.Recorded recorded, java.util.function.Consumer<LogRecord> each) {
        again(recorded.event(), recorded.context(), Marks.NONE, each);
    }

    private static void again(
            Event event,
            Context context,
            Marks marks,
            java.util.function.Consumer<LogRecord> each) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        RecordBody body = EventRecords.encode(event, context, false, marks);
        new BatchWriter().write(buffer, List.of(body), new BatchWriter.Place(0, 1, 0));
        new BatchSlice(buffer.array(), 0, buffer.limit(), 0, 1).forEach(each);
    }

    @Test
    void aPlainRecordIsAnEventOfItsPlace() {
        EventRecords.Recorded recorded =
                decoded(bytes("k"), bytes("v"), header("trace", "1"), header("none", null));
        Event event = recorded.event();
        assertThat(event.id()).isEqualTo("3-2-0");
        assertThat(event.source()).isEqualTo("urn:millrace:stream:orders");
        assertThat(event.type()).isEqualTo("io.millrace.kafka.record");
        assertThat(String.valueOf(event.time())).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(event.dataContentType()).isEqualTo("application/octet-stream");
        assertThat(event.partitionKey()).isEqualTo("k");
        assertThat(String.valueOf(event.attribute("kafkaheaders")))
                .contains("[[\"trace\",\"1\"],[\"none\",null]]");
        assertThat(recorded.context().path()).isEqualTo("/topics/orders");
        assertThat(decoded(null, null).event().data()).isNull();
    }

    @Test
    void aHeaderMarksOfSomebodyElseIsAHeaderLikeAnyOther() {
        List<EventRecords.Recorded> strange =
                List.of(
                        decoded(null, bytes("v"), header("marks", "pass")),
                        decoded(
                                null,
                                bytes("v"),
                                header("ce_specversion", "1.0"),
                                header("ce_id", "1"),
                                header("marks", "clear"),
                                header("ce_source", "/topics/orders"),
                                header("ce_type", "t")),
                        decoded(
                                null,
                                bytes("v"),
                                header("context", "/topics/orders/a"),
                                header("ce_specversion", "1.0"),
                                header("marks", "often"),
                                header("ce_id", "1"),
                                header("ce_source", "/topics/orders"),
                                header("ce_type", "t")));
        for (EventRecords.Recorded recorded : strange) {
            assertThat(recorded.marks()).isEqualTo(Marks.NONE);
            assertThat(String.valueOf(recorded.event().attribute("kafkaheaders")))
                    .contains("[\"marks\",\"");
            for (Retain retain : Retain.values()) {
                again(
                        recorded.event(),
                        recorded.context(),
                        Marks.of(retain),
                        record -> {
                            EventRecords.Recorded back = EventRecords.decode(record, ORIGIN);
                            assertThat(back.marks()).isEqualTo(Marks.of(retain));
                            assertThat(back.event()).isEqualTo(recorded.event());
                        });
            }
        }
    }

    @Test
    void binaryModeIsRecognisedWithItsContext() {
        EventRecords.Recorded recorded =
                decoded(
                        bytes("k"),
                        bytes("{}"),
                        header("ce_specversion", "1.0"),
                        header("ce_id", "1"),
                        header("ce_source", "/topics/orders/eu"),
                        header("ce_type", "t"),
                        header("content-type", "application/json"),
                        header("ce_n", "5"),
                        header("mine", "x"));
        assertThat(recorded.context().path()).isEqualTo("/topics/orders/eu");
        assertThat(recorded.event().type()).isEqualTo("t");
        assertThat(recorded.event().extensions()).containsKeys("n", "partitionkey", "kafkaheaders");
        assertThat(decoded(null, null, header("context", "/topics/orders/us")).context().path())
                .isEqualTo("/topics/orders/us");
        assertThat(decoded(null, null, header("context", "/elsewhere")).context().path())
                .isEqualTo("/topics/orders");
    }

    @Test
    void structuredModeIsRecognised() {
        String json =
                "{\"specversion\":\"1.0\",\"id\":\"9\",\"source\":\"/topics/orders/a\","
                        + "\"type\":\"t\",\"data\":{\"x\": 1}}";
        Header type = header("content-type", "application/cloudevents+json; charset=utf-8");
        EventRecords.Recorded recorded = decoded(null, bytes(json), type);
        assertThat(recorded.event().id()).isEqualTo("9");
        assertThat(recorded.context().path()).isEqualTo("/topics/orders/a");
        assertThat(decoded(null, bytes("{"), type).event().type())
                .isEqualTo("io.millrace.kafka.record");
    }

    @Test
    void whatClaimsToBeAnEventAndIsNoneIsAPlainRecordWithItsHeaders() {
        for (Header bad :
                List.of(
                        header("ce_time", "yesterday"),
                        header("ce_Upper", "x"),
                        header("ce_subject", ""),
                        header("ce_dataschema", "no uri"))) {
            EventRecords.Recorded recorded =
                    decoded(
                            null,
                            bytes("v"),
                            header("ce_specversion", "1.0"),
                            header("ce_id", "1"),
                            header("ce_source", "/s"),
                            header("ce_type", "t"),
                            bad);
            assertThat(recorded.event().type()).isEqualTo("io.millrace.kafka.record");
            assertThat(String.valueOf(recorded.event().attribute("kafkaheaders")))
                    .contains(bad.key());
        }
    }

    @Test
    void keyValueAndHeadersSurviveTheWayOverHttp() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] key = random.nextInt(3) == 0 ? null : chance(random);
            byte[] value = random.nextInt(5) == 0 ? null : chance(random);
            Header[] headers = new Header[random.nextInt(4)];
            for (int k = 0; k < headers.length; k++) {
                byte[] bytes = random.nextInt(4) == 0 ? null : chance(random);
                headers[k] = new RecordHeader("h" + random.nextInt(3), bytes);
            }
            roundTrip("seed %d, round %d".formatted(seed, i), key, value, headers);
        }
    }

    private static byte[] chance(Random random) {
        byte[] bytes = new byte[random.nextInt(6)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? bytes : bytes("t\u00e4xt " + random.nextInt(100));
    }

    private static void roundTrip(
            String what, byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        List<Told> first = new ArrayList<>();
        Produced.batch(new SimpleRecord(1_000, key, value, headers))
                .records()
                .forEach(record -> first.add(told(record)));
        EventRecords.Recorded recorded = decoded(key, value, headers);
        again(recorded, record -> assertThat(told(record)).as(what).isEqualTo(first.getFirst()));
        ByteSink out = new ByteSink(256);
        new JsonFormat().write(recorded.event(), out);
        Event read = new JsonFormat().read(out.toBytes());
        again(
                new EventRecords.Recorded(recorded.context(), read, Marks.NONE),
                record -> {
                    assertThat(told(record)).as(what).isEqualTo(first.getFirst());
                    Event event = EventRecords.decode(record, ORIGIN).event();
                    assertThat(event.data()).as(what).isEqualTo(recorded.event().data());
                    assertThat(event.attribute("kafkaheaders"))
                            .as(what)
                            .isEqualTo(recorded.event().attribute("kafkaheaders"));
                });
    }
}
