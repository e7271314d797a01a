package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.BatchWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventRecordsTest {
    private static final Context ROOM = Context.of("/org/contoso/Gebäude/41/room/4");

    private static final EventOrigin ORIGIN = new EventOrigin("s", 3, 2, Context.ROOT);

    private static EventBuilder minimal() {
        return Event.builder().id("1").source("/s").type("t");
    }

    /// Writes the event into a batch and hands the record over as a reader sees it.
    private static void through(
            Event event, boolean compacted, java.util.function.Consumer<LogRecord> each) {
        through(EventRecords.encode(event, ROOM, compacted), each);
    }

    private static void through(RecordBody body, java.util.function.Consumer<LogRecord> each) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        List<RecordBody> bodies = List.of(body);
        new BatchWriter().write(buffer, bodies, new BatchWriter.Place(0, 1, 0));
        int size = buffer.limit();
        new BatchSlice(buffer.array(), 0, size, 0, 1).forEach(each);
        Arrays.fill(buffer.array(), (byte) '?');
    }

    /// Also when the memory that it was read into is used for something else.
    private static void assertSurvives(Event event) {
        List<EventRecords.Recorded> decoded = new ArrayList<>();
        through(event, false, record -> decoded.add(EventRecords.decode(record, ORIGIN)));
        EventRecords.Recorded recorded = decoded.getFirst();
        assertThat(recorded.event()).isEqualTo(event);
        assertThat(recorded.context()).isEqualTo(ROOM);
        assertThat(List.copyOf(recorded.event().extensions().keySet()))
                .isEqualTo(List.copyOf(event.extensions().keySet()));
    }

    @Test
    void whatARecordLacksIsKnownWithoutDecodingIt() {
        List<String> expiry = List.of(EventRecords.headerOf("expirytime"));
        through(minimal().build(), false, record -> assertLacks(record, expiry, true));
        through(
                minimal().extension("expirytime", "soon").build(),
                false,
                record -> assertLacks(record, expiry, false));
        through(
                minimal().dataContentType("application/cloudevents+json").build(),
                false,
                record -> assertLacks(record, expiry, false));
    }

    private static void assertLacks(LogRecord record, List<String> headers, boolean lacks) {
        assertThat(EventRecords.lacks(record, headers)).isEqualTo(lacks);
    }

    @Test
    void whatTheRulesOfTodayForbidStaysReadable() {
        Event forbidden =
                minimal()
                        .type("with a \u0001 control character")
                        .dataContentType("no media type")
                        .extension("Not-A-Name", "x")
                        .buildRecorded();
        assertThatThrownBy(() -> minimal().dataContentType("no media type").build())
                .isInstanceOf(MillraceException.class);
        assertSurvives(forbidden);
    }

    @Test
    void aContextThatTheRulesOfTodayForbidStaysReadable() {
        Context context = Context.recorded("/org/+/#/..");
        through(
                EventRecords.encode(minimal().build(), context, false),
                record ->
                        assertThat(EventRecords.decode(record, ORIGIN).context())
                                .isEqualTo(context));
    }

    @Test
    void whatAPublisherSaidSurvivesWithoutBeingAnAttribute() {
        Event event =
                minimal()
                        .subject("s")
                        .extension("n", "5")
                        .extension("b", new BooleanValue(true))
                        .build();
        int bytes = EventRecords.encode(event, ROOM, false).bytes().length;
        List<Marks> all = new ArrayList<>();
        for (Retain retain : Retain.values()) {
            for (int qos = 0; qos <= 2; qos++) {
                all.add(Marks.of(retain, qos));
                all.add(new Marks(retain, qos, "c1x", 0));
                all.add(new Marks(retain, qos, "c1x", Long.MAX_VALUE));
            }
        }
        for (Marks marks : all) {
            RecordBody body = EventRecords.encode(event, ROOM, false, marks);
            String text = marks.text();
            int more = text == null ? 0 : 1 + "marks".length() + 1 + text.length();
            assertThat(body.bytes()).hasSize(bytes + more);
            List<EventRecords.Recorded> decoded = new ArrayList<>();
            through(
                    body,
                    record -> {
                        assertThat(EventRecords.retain(record)).isEqualTo(marks.retain());
                        decoded.add(EventRecords.decode(record, ORIGIN));
                    });
            assertThat(decoded).containsExactly(new EventRecords.Recorded(ROOM, event, marks));
        }
    }

    @Test
    void theSmallestEventSurvives() {
        assertSurvives(minimal().build());
    }

    @Test
    void absentAndEmptyDataStayDifferent() {
        assertSurvives(minimal().data(Bytes.EMPTY).build());
        assertSurvives(minimal().data(null).build());
        assertThat(minimal().data(Bytes.EMPTY).build()).isNotEqualTo(minimal().build());
    }

    @Test
    void everyAttributeAndTypeSurvives() {
        assertSurvives(
                minimal()
                        .subject("Raum 4 \uD83D\uDE00 naïve")
                        .time(Timestamp.parse("time", "2026-03-01T12:00:00.123456789+01:00"))
                        .dataContentType("application/json; charset=utf-8")
                        .dataSchema("https://example.org/schema")
                        .extension("text", "plain")
                        .extension("flag", new BooleanValue(true))
                        .extension("off", new BooleanValue(false))
                        .extension("number", new IntegerValue(Integer.MIN_VALUE))
                        .extension("bytes", new BinaryValue(Bytes.wrap(new byte[] {0, -1, 7})))
                        .extension("link", new UriValue("https://example.org/a%20b"))
                        .extension("ref", new UriReferenceValue("../x"))
                        .extension(
                                "when",
                                new TimestampValue(Timestamp.parse("when", "2026-03-01T12:00:00Z")))
                        .data(Bytes.utf8("{\"a\": \"ü\"}"))
                        .build());
    }

    @Test
    void headersAreThoseOfTheKafkaBinding() {
        Event event =
                minimal()
                        .dataContentType("text/plain")
                        .extension("n", new IntegerValue(5))
                        .extension("partitionkey", "p")
                        .data(Bytes.utf8("x"))
                        .build();
        through(
                event,
                false,
                record -> {
                    Map<String, String> headers = new LinkedHashMap<>();
                    record.forEachHeader((name, value) ->
                            headers.put(name, value == null ? "" : value.toUtf8()));
                    Map<String, String> expected = new LinkedHashMap<>();
                    expected.put("context", ROOM.path());
                    expected.put("ce_specversion", "1.0");
                    expected.put("ce_id", "1");
                    expected.put("ce_source", "/s");
                    expected.put("ce_type", "t");
                    expected.put("content-type", "text/plain");
                    expected.put("ce_n", "5");
                    expected.put("ce_partitionkey", "p");
                    expected.put("types", "n=integer");
                    assertThat(headers).containsExactlyEntriesOf(expected);
                    assertThat(record.key()).isEqualTo(Bytes.utf8("p"));
                    assertThat(record.value()).isEqualTo(Bytes.utf8("x"));
                    assertThat(EventRecords.attribute(record, "type")).isEqualTo("t");
                    assertThat(EventRecords.attribute(record, "datacontenttype"))
                            .isEqualTo("text/plain");
                    assertThat(EventRecords.attribute(record, "subject")).isNull();
                });
    }

    @Test
    void theKeyIsTheContextWhereEveryRecordNeedsOne() {
        through(minimal().build(), false, record -> assertThat(record.key()).isNull());
        through(
                minimal().build(),
                true,
                record -> assertThat(record.key()).isEqualTo(Bytes.utf8(ROOM.path())));
    }
}
