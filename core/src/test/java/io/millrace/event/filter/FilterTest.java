package io.millrace.event.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every dialect by cases; each is also explained, read back from its own document, and asked
/// again.
final class FilterTest {
    private static final String DATA =
            """
            {"temperature": 21.50, "count": 3, "huge": 123456789012345678901234567890,
             "tiny": 1e-999999, "vast": 1E+999999, "room": {"kind": "kitchen", "name": "Küche 😀"},
             "open": true, "note": null, "empty": "", "none": [], "nested": [[], [1, [2]]],
             "tags": ["red", "blue", 7, null],
             "items": [{"name": "a", "price": 5}, {"name": "b", "price": 50}, {"other": 1}, 9],
             "a.b": {"c/d": 1, "": 2, "~": 3}, "0": "zero"}\
            """;

    private static EventBuilder builder() {
        return Event.builder()
                .id("42")
                .source("/org/contoso")
                .type("com.example.Alarm")
                .time(Timestamp.parse("time", "2026-03-01T12:00:00.500+01:00"))
                .extension("level", new IntegerValue(-5))
                .extension("urgent", new BooleanValue(true))
                .extension("key", new BinaryValue(Bytes.utf8("ab")))
                .extension("city", "Köln 😀");
    }

    private static Event withData(@Nullable String contentType, @Nullable Bytes data) {
        return builder().dataContentType(contentType).data(data).build();
    }

    private static final Event EVENT = withData("application/json", Bytes.utf8(DATA));

    private static boolean asked(String text, Event event) {
        Filter filter = FilterDocuments.filter(text);
        boolean matches = filter.matches(new EventView(event));
        Explanation explanation = filter.explain(new EventView(event), "filters[0]");
        assertThat(explanation.matches()).as(explanation.toText()).isEqualTo(matches);
        assertThat(explanation.toJson().get("matches").booleanValue()).isEqualTo(matches);
        Filter again = FilterDocuments.filter(filter.toJson().toString());
        assertThat(again).isEqualTo(filter);
        assertThat(again.toJson()).hasToString(filter.toJson().toString());
        return matches;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'exact': {'type': 'com.example.Alarm'}} | true",
                "{'exact': {'type': 'com.example.alarm'}} | false",
                "{'exact': {'type': 'com.example.Alarm', 'id': '42'}} | true",
                "{'exact': {'type': 'com.example.Alarm', 'id': '43'}} | false",
                "{'exact': {'subject': 'x'}} | false",
                "{'exact': {'specversion': '1.0'}} | true",
                "{'exact': {'level': '-5'}} | true",
                "{'exact': {'urgent': 'true'}} | true",
                "{'exact': {'key': 'YWI='}} | true",
                "{'exact': {'time': '2026-03-01T12:00:00.500+01:00'}} | true",
                "{'exact': {'time': '2026-03-01T11:00:00.5Z'}} | false",
                "{'exact': {'city': 'Köln 😀'}} | true",
                "{'prefix': {'source': '/org/'}} | true",
                "{'prefix': {'source': '/org/contoso/x'}} | false",
                "{'prefix': {'city': 'Kö'}} | true",
                "{'suffix': {'city': '😀'}} | true",
                "{'suffix': {'type': '.Alarm', 'datacontenttype': 'json'}} | true",
                "{'suffix': {'dataschema': 'x'}} | false",
                "{'all': [{'exact': {'id': '42'}}, {'prefix': {'type': 'com.'}}]} | true",
                "{'all': [{'exact': {'id': '42'}}, {'prefix': {'type': 'org.'}}]} | false",
                "{'any': [{'exact': {'id': '1'}}, {'prefix': {'type': 'com.'}}]} | true",
                "{'any': [{'exact': {'id': '1'}}, {'prefix': {'type': 'org.'}}]} | false",
                "{'not': {'exact': {'id': '1'}}} | true",
                "{'not': {'exact': {'subject': '1'}}} | true",
                "{'not': {'not': {'exact': {'id': '42'}}}} | true",
                "{'sql': 'level < 0 AND urgent'} | true",
                "{'sql': 'level > 0'} | false",
                "{'sql': 'EXISTS subject OR id = 42'} | true",
                "{'sql': 'subject = id'} | false",
                "{'not': {'sql': 'subject = id'}} | true",
                "{'sql': '1 + 1'} | false",
                "{'sql': 'id'} | false",
            })
    void attributes(String filter, boolean expected) {
        assertThat(asked(filter.replace('\'', '"'), EVENT)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // numbers are what they are, however they are written
                "{'temperature': 21.5} | true",
                "{'count': 3.0} | true",
                "{'count': '3'} | false",
                "{'count': 30e-1} | true",
                "{'huge': 123456789012345678901234567890} | true",
                "{'huge': 123456789012345678901234567891} | false",
                "{'huge': {'above': 9223372036854775807}} | true",
                "{'vast': {'above': 123456789012345678901234567890}} | true",
                "{'vast': 1e999999} | true",
                "{'tiny': {'above': 0, 'below': 1e-999998}} | true",
                "{'tiny': 0} | false",
                "{'temperature': {'above': 21.5}} | false",
                "{'temperature': {'at-least': 21.5, 'at-most': 21.5}} | true",
                "{'temperature': {'below': 22, 'above': 21}} | true",
                "{'room.kind': {'above': 1}} | false",
                "{'open': {'at-least': 0}} | false",
                // text, booleans, null
                "{'room.kind': 'kitchen'} | true",
                "{'room.kind': 'Kitchen'} | false",
                "{'room.kind': {'prefix': 'kit', 'suffix': 'hen', 'contains': 'tc'}} | true",
                "{'room.kind': {'prefix': 'kit', 'suffix': 'x'}} | false",
                "{'room.name': {'contains': 'üche 😀'}} | true",
                "{'count': {'prefix': '3'}} | false",
                "{'open': true} | true",
                "{'open': 'true'} | false",
                "{'note': null} | true",
                "{'missing': null} | false",
                "{'empty': ''} | true",
                "{'room': 'kitchen'} | false",
                "{'room.kind': ['hall', 'kitchen']} | true",
                "{'count': {'in': [1, '3', 3]}} | true",
                "{'count': {'in': [1, '3']}} | false",
                // there or not
                "{'room.kind': {'exists': true}} | true",
                "{'note': {'exists': true}} | true",
                "{'none': {'exists': true}} | true",
                "{'none': {'exists': false}} | false",
                "{'room': {'exists': true}} | true",
                "{'room.kind.x': {'exists': false}} | true",
                "{'missing': {'exists': true}} | false",
                "{'missing': {'exists': false}} | true",
                "{'missing': 'a'} | false",
                "{'missing': {'prefix': 'a'}} | false",
                "{'missing': {'below': 5}} | false",
                "{'missing': {'in': ['a', null]}} | false",
                "{'missing': {'anything-but': 'a'}} | true",
                "{'missing': {'anything-but': 'a', 'exists': true}} | false",
                "{'missing': {'anything-but': 'a', 'prefix': 'b'}} | false",
                "{'none': {'anything-but': 'a'}} | true",
                "{'none': {'anything-but': 'a', 'exists': true}} | true",
                "{'none': 'a'} | false",
                "{'room.kind': {'anything-but': 'kitchen'}} | false",
                "{'room.kind': {'anything-but': ['hall', 1]}} | true",
                "{'room.kind': {'anything-but': 'hall', 'prefix': 'k'}} | true",
                "{'note': {'anything-but': null}} | false",
                "{'room': {'anything-but': 'a'}} | true",
                // arrays: one element is enough, for the whole condition
                "{'tags': 'blue'} | true",
                "{'tags': 7} | true",
                "{'tags': null} | true",
                "{'tags': 'green'} | false",
                "{'tags': {'anything-but': 'red'}} | true",
                "{'tags': {'anything-but': ['red', 'blue', 7, null]}} | false",
                "{'nested': 2} | true",
                "{'nested': 3} | false",
                "{'items.name': 'b'} | true",
                "{'items.price': {'above': 10, 'below': 40}} | false",
                "{'items.price': {'above': 40}} | true",
                "{'items.name': {'anything-but': ['a', 'b']}} | false",
                "{'items.name': {'exists': false}} | false",
                "{'items.nothing': {'exists': false}} | true",
                "{'items.0.name': 'a'} | true",
                "{'items.1.name': 'a'} | false",
                "{'items.9.name': {'exists': false}} | true",
                "{'items.3': 9} | true",
                "{'0': 'zero'} | true",
                // pointers
                "{'/a.b/c~1d': 1} | true",
                "{'/a.b/': 2} | true",
                "{'/a.b/~0': 3} | true",
                "{'/items/1/price': 50} | true",
                "{'': {'exists': true}} | true",
                "{'': 1} | false",
                // several fields
                "{'count': 3, 'open': true} | true",
                "{'count': 3, 'open': false} | false"
            })
    void data(String fields, boolean expected) {
        assertThat(asked("{\"data\": %s}".formatted(fields.replace('\'', '"')), EVENT))
                .isEqualTo(expected);
    }

    @Test
    void whatIsNoJsonHasNoFields() {
        Bytes json = Bytes.utf8("{\"a\": 1}");
        Event[] without = {
            withData(null, null),
            withData("application/json", null),
            withData("application/json", Bytes.EMPTY),
            withData(null, json),
            withData("text/plain", json),
            withData("application/octet-stream", Bytes.wrap(new byte[] {0, -1, 7})),
            withData("application/json", Bytes.utf8("{\"a\": 1")),
            withData("application/json", Bytes.utf8("{\"a\": 1} {}")),
            withData("application/json", Bytes.wrap(new byte[] {'"', (byte) 0xC3, '"'})),
            withData("application/json", Bytes.utf8("[".repeat(100_000)))
        };
        for (Event event : without) {
            assertThat(asked("{\"data\": {\"a\": 1}}", event)).isFalse();
            assertThat(asked("{\"data\": {\"a\": {\"exists\": true}}}", event)).isFalse();
            assertThat(asked("{\"data\": {\"a\": {\"exists\": false}}}", event)).isTrue();
            assertThat(asked("{\"data\": {\"a\": {\"anything-but\": 1}}}", event)).isTrue();
            assertThat(asked("{\"data\": {\"\": {\"exists\": true}}}", event)).isFalse();
        }
        for (String type :
                new String[] {"application/json; charset=utf-8", "Text/JSON", "a/b+json"}) {
            assertThat(asked("{\"data\": {\"a\": 1}}", withData(type, json))).as(type).isTrue();
        }
        Bytes utf16 = Bytes.wrap("{\"a\": 1}".getBytes(StandardCharsets.UTF_16BE));
        assertThat(asked("{\"data\": {\"a\": 1}}", withData("application/json", utf16))).isTrue();
        assertThat(asked("{\"data\": {\"\": 5}}", withData("a/json", Bytes.utf8("5")))).isTrue();
    }

    @Test
    void dataIsParsedOnceAndOnlyWhenAskedFor() {
        EventView view = new EventView(EVENT);
        assertThat(view.data()).isNotNull().isSameAs(view.data());
        Filters filters =
                FilterDocuments.filters(
                        "[{\"exact\": {\"id\": \"1\"}}, {\"data\": {\"count\": 3}}]");
        assertThat(filters.matches(new EventView(EVENT))).isFalse();
        assertThat(Filters.NONE.matches(new EventView(EVENT))).isTrue();
        assertThat(Filters.NONE.explain(new EventView(EVENT), "filters").matches()).isTrue();
    }

    /// Data may be a window on a larger array.
    @Test
    void dataBeginsAnywhere() {
        Bytes whole = Bytes.utf8("xx{\"a\": 1}yy");
        Event event = withData("application/json", whole.slice(2, whole.length() - 2));
        assertThat(asked("{\"data\": {\"a\": 1}}", event)).isTrue();
    }
}
