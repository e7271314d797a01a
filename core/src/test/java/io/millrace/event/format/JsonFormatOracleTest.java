package io.millrace.event.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.RandomEvents;
import io.millrace.event.Timestamp;
import java.math.BigDecimal;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON format against that of the CloudEvents SDK, in both directions.
///
/// Differences that are the SDK's, and why they do not count:
///
/// - It keeps times as `OffsetDateTime`: at most nine digits, trailing zeros in groups. So times
///   are compared as moments, and events whose times it cannot read are left out.
/// - It reads JSON data into a tree and prints that again, so JSON data is compared as a tree.
/// - It takes a type for JSON only if the name before `+json` is letters, not `vnd.acme+json`, as
///   the specification has it. Such events are left out.
/// - It writes JSON data that has no content type, or is not valid JSON, as if it were valid. So
///   what it writes is only read back where the data is valid JSON or goes out as Base64.
final class JsonFormatOracleTest {
    private static final long SEED = 20_260_301;
    private static final int EVENTS = 4_000;

    private final JsonFormat ours = new JsonFormat();
    private final io.cloudevents.jackson.JsonFormat theirs =
            new io.cloudevents.jackson.JsonFormat();
    private final JsonMapper mapper =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    @Test
    void theSdkReadsWhatWeWrite() {
        RandomEvents events = new RandomEvents(SEED);
        int compared = 0;
        for (int i = 0; i < EVENTS; i++) {
            Event event = events.next();
            if (hasTimesForTheSdk(event) && hasTypeForTheSdk(event)) {
                ByteSink out = new ByteSink(256);
                ours.write(event, out);
                compare(
                        "seed %d, event %d".formatted(SEED, i),
                        event,
                        theirs.deserialize(out.toArray()));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(EVENTS / 2);
    }

    @Test
    void weReadWhatTheSdkWrites() {
        RandomEvents events = new RandomEvents(SEED + 1);
        int compared = 0;
        for (int i = 0; i < EVENTS; i++) {
            Event event = events.next();
            if (hasTimesForTheSdk(event) && hasDataForTheSdk(event)) {
                CloudEvent sent = sdkEvent(event);
                Event read = ours.read(Bytes.wrap(theirs.serialize(sent)));
                compare("seed %d, event %d".formatted(SEED + 1, i), read, sent);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(EVENTS / 3);
    }

    private void compare(String place, Event event, CloudEvent sdk) {
        assertThat(sdk.getId()).as(place).isEqualTo(event.id());
        assertThat(sdk.getSource()).as(place).hasToString(event.source());
        assertThat(sdk.getType()).as(place).isEqualTo(event.type());
        assertThat(sdk.getSubject()).as(place).isEqualTo(event.subject());
        assertThat(sdk.getDataContentType()).as(place).isEqualTo(event.dataContentType());
        assertThat(text(sdk.getDataSchema())).as(place).isEqualTo(event.dataSchema());
        OffsetDateTime time = sdk.getTime();
        assertThat(time == null ? null : time.toInstant())
                .as(place)
                .isEqualTo(event.time() == null ? null : event.time().instant());
        assertThat(sdk.getExtensionNames()).as(place).isEqualTo(event.extensions().keySet());
        event.extensions()
                .forEach((name, value) -> compareExtension(place, value, sdk.getExtension(name)));
        byte[] data = sdk.getData() == null ? null : sdk.getData().toBytes();
        if (data == null || event.data() == null) {
            assertThat(data).as(place).isNull();
            assertThat(event.data()).as(place).isNull();
        } else if (isJson(event)) {
            assertThat(tree(data)).as(place).isEqualTo(tree(event.data().toArray()));
        } else {
            assertThat(data).as(place).isEqualTo(event.data().toArray());
        }
    }

    private static void compareExtension(
            String place, AttributeValue value, @Nullable Object sdkValue) {
        switch (value) {
            case BooleanValue(boolean flag) -> assertThat(sdkValue).as(place).isEqualTo(flag);
            case IntegerValue(int number) -> assertThat(sdkValue).as(place).isEqualTo(number);
            case TimestampValue(Timestamp time) ->
                    assertThat(OffsetDateTime.parse(String.valueOf(sdkValue)).toInstant())
                            .as(place)
                            .isEqualTo(time.instant());
            case StringValue _, BinaryValue _, UriValue _, UriReferenceValue _ -> {
                String text =
                        sdkValue instanceof byte[] bytes
                                ? new BinaryValue(Bytes.wrap(bytes)).canonical()
                                : String.valueOf(sdkValue);
                // A time among the extensions has become a string on one side only.
                if (!text.equals(value.canonical())) {
                    assertThat(OffsetDateTime.parse(text).toInstant())
                            .as(place)
                            .isEqualTo(OffsetDateTime.parse(value.canonical()).toInstant());
                }
            }
        }
    }

    private static CloudEvent sdkEvent(Event event) {
        io.cloudevents.core.v1.CloudEventBuilder sdk =
                CloudEventBuilder.v1()
                        .withId(event.id())
                        .withSource(URI.create(event.source()))
                        .withType(event.type());
        if (event.subject() != null) {
            sdk.withSubject(event.subject());
        }
        if (event.time() != null) {
            sdk.withTime(OffsetDateTime.parse(event.time().text()));
        }
        if (event.dataSchema() != null) {
            sdk.withDataSchema(URI.create(event.dataSchema()));
        }
        if (event.dataContentType() != null) {
            sdk.withDataContentType(event.dataContentType());
        }
        if (event.data() != null) {
            sdk.withData(event.data().toArray());
        }
        event.extensions()
                .forEach((name, value) -> {
                    switch (value) {
                        case BooleanValue(boolean flag) -> sdk.withExtension(name, flag);
                        case IntegerValue(int number) -> sdk.withExtension(name, number);
                        case StringValue(String text) -> sdk.withExtension(name, text);
                        case BinaryValue(Bytes bytes) -> sdk.withExtension(name, bytes.toArray());
                        case UriValue(String uri) -> sdk.withExtension(name, URI.create(uri));
                        case UriReferenceValue(String uri) ->
                                sdk.withExtension(name, URI.create(uri));
                        case TimestampValue(Timestamp time) ->
                                sdk.withExtension(name, OffsetDateTime.parse(time.text()));
                    }
                });
        return sdk.build();
    }

    private static boolean hasTypeForTheSdk(Event event) {
        return event.dataContentType() == null || !event.dataContentType().contains("Vnd.");
    }

    private static boolean hasDataForTheSdk(Event event) {
        if (event.data() == null) {
            return true;
        }
        if (event.dataContentType() == null || !hasTypeForTheSdk(event)) {
            return false;
        }
        byte[] data = event.data().toArray();
        return !MediaTypes.isJson(event.dataContentType())
                || JsonScanner.isValue(data, 0, data.length, 256);
    }

    private static boolean hasTimesForTheSdk(Event event) {
        return (event.time() == null || isTimeForTheSdk(event.time().text()))
                && event.extensions().values().stream()
                        .allMatch(value ->
                                !(value instanceof TimestampValue(Timestamp time))
                                        || isTimeForTheSdk(time.text()));
    }

    private static boolean isTimeForTheSdk(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    private static boolean isJson(Event event) {
        if (event.dataContentType() == null || event.data() == null) {
            return false;
        }
        byte[] data = event.data().toArray();
        return MediaTypes.isJson(event.dataContentType())
                && JsonScanner.isValue(data, 0, data.length, 256);
    }

    private Object tree(byte[] json) {
        return comparable(mapper.readTree(json));
    }

    /// Numbers by value, because the SDK prints 1E+2 as it likes.
    private static Object comparable(JsonNode node) {
        if (node.isNumber()) {
            BigDecimal value = node.decimalValue();
            return value.doubleValue();
        }
        if (node.isArray()) {
            return node.values().stream().map(JsonFormatOracleTest::comparable).toList();
        }
        if (node.isObject()) {
            return node.properties().stream()
                    .collect(
                            java.util.stream.Collectors.toMap(
                                    java.util.Map.Entry::getKey,
                                    entry -> comparable(entry.getValue())));
        }
        return node;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
