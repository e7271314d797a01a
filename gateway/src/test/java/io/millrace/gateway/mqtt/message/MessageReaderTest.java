package io.millrace.gateway.mqtt.message;

import static io.millrace.gateway.mqtt.message.Samples.NOW;
import static io.millrace.gateway.mqtt.message.Samples.message;
import static io.millrace.gateway.mqtt.message.Samples.pairs;
import static io.millrace.gateway.mqtt.message.Samples.publication;
import static io.millrace.gateway.mqtt.message.Samples.read3;
import static io.millrace.gateway.mqtt.message.Samples.read5;
import static io.millrace.gateway.mqtt.message.Samples.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.Publication;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.log.Retain;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageReaderTest {
    private static final String[] EVENT = {
        "specversion",
        "1.0",
        "type",
        "com.example.someevent",
        "time",
        "2018-04-05T03:56:24Z",
        "id",
        "1234-1234-1234",
        "source",
        "/mycontext/subcontext"
    };

    private static String[] event(String... more) {
        String[] all = new String[EVENT.length + more.length];
        System.arraycopy(EVENT, 0, all, 0, EVENT.length);
        System.arraycopy(more, 0, all, EVENT.length, more.length);
        return all;
    }

    private static @Nullable String text(Event event, String extension) {
        return event.extensions().get(extension) instanceof StringValue(String text) ? text : null;
    }

    private static void assertPlain(Event event) {
        assertThat(event.type()).isEqualTo("io.millrace.mqtt.message");
        assertThat(event.id()).isEqualTo("id-1");
    }

    @Test
    void aPlainPayloadIsTheDataOfAnEvent() {
        Publication read = publication(message("a/b", "21.5"), ProtocolVersion.V3_1_1);
        assertThat(read.context()).isEqualTo("/a/b");
        assertThat(read.retain()).isEqualTo(Retain.PASS);
        assertThat(read.event())
                .isEqualTo(
                        Event.builder()
                                .id("id-1")
                                .source("/a/b")
                                .type("io.millrace.mqtt.message")
                                .data(Bytes.utf8("21.5"))
                                .build());
        assertThat(publication(message("a/b", "21.5"), ProtocolVersion.V5)).isEqualTo(read);
    }

    @Test
    void anEmptyPayloadIsEmptyDataOfAPlainMessage() {
        assertThat(read3("").data()).isEqualTo(Bytes.EMPTY);
        assertThat(read5(typed("", null)).data()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void retainedMessagesBecomeTheLatestAndEmptyOnesClearIt() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            assertThat(publication(message("t", "x").withRetain(true), version).retain())
                    .isEqualTo(Retain.LATEST);
            assertThat(publication(message("t", "").withRetain(true), version).retain())
                    .isEqualTo(Retain.CLEAR);
            assertThat(publication(message("t", ""), version).retain()).isEqualTo(Retain.PASS);
        }
        Message empty = typed("", "text/plain", EVENT).withRetain(true);
        assertThat(publication(empty, ProtocolVersion.V5).retain()).isEqualTo(Retain.CLEAR);
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, /a/b",
        "a b, /a%20b",
        "50%, /50%25",
        "ä, /%C3%A4",
        "what?, /what%3F",
        "\uFFFF, /%EF%BF%BF",
        "\uD83D\uDE00, /%F0%9F%98%80",
        "{x}, /%7Bx%7D",
        "a:@!$&();=~-._/b, /a:@!$&();=~-._/b",
        "//x, ///x"
    })
    void theSourceIsTheContextAsAUriReference(String topic, String source) {
        Event event = publication(message(topic, ""), ProtocolVersion.V3_1_1).event();
        assertThat(event.source()).isEqualTo(source);
        if (!topic.startsWith("/")) {
            assertThat(Context.ofSource(event.source())).isEqualTo(TopicName.context(topic));
        }
    }

    @Test
    void propertiesOfAPlainMessageAreExtensions() {
        MessageProperties properties =
                new MessageProperties(
                        1,
                        60L,
                        "text/plain",
                        "re/ply",
                        Bytes.utf8("42"),
                        pairs("id", "7", "id", "é\"\u0001"));
        Event event = read5(new Message("a/b", Bytes.utf8("x"), false, properties));
        assertPlain(event);
        assertThat(event.dataContentType()).isEqualTo("text/plain");
        assertThat(text(event, "mqttresponsetopic")).isEqualTo("re/ply");
        assertThat(event.extensions().get("mqttcorrelation"))
                .isEqualTo(new BinaryValue(Bytes.utf8("42")));
        assertThat(event.extensions().get("mqttformat")).isEqualTo(new IntegerValue(1));
        assertThat(text(event, "mqttproperties"))
                .isEqualTo("[[\"id\",\"7\"],[\"id\",\"é\\\"\\u0001\"]]");
        assertThat(event.extensions().get("expirytime"))
                .isEqualTo(new TimestampValue(Timestamp.parse("t", "2026-03-01T12:01:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "json", "text/plain; ä=1", "a/b/c"})
    void aContentTypeThatIsNoneIsKeptAside(String contentType) {
        Event event = read5(typed("x", contentType));
        assertPlain(event);
        assertThat(event.dataContentType()).isNull();
        assertThat(text(event, "mqttcontenttype")).isEqualTo(contentType);
    }

    @Test
    void binaryModeAsInTheBinding() {
        String type = "application/json; charset=utf-8";
        Event event = read5(typed("{ }", type, event("datacontenttype", type, "myext", "5")));
        assertThat(event)
                .isEqualTo(
                        Event.builder()
                                .id("1234-1234-1234")
                                .source("/mycontext/subcontext")
                                .type("com.example.someevent")
                                .attribute("time", "2018-04-05T03:56:24Z")
                                .dataContentType(type)
                                .extension("myext", "5")
                                .data(Bytes.utf8("{ }"))
                                .build());
    }

    @Test
    void emptyDataOfBinaryModeNeedsAContentType() {
        assertThat(read5(typed("", null, EVENT)).data()).isNull();
        assertThat(read5(typed("", "text/plain", EVENT)).data()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void userPropertiesThatAreNoAttributesAreKept() {
        Event event =
                read5(
                        typed(
                                "x",
                                "text/plain",
                                event(
                                        "My-Ext",
                                        "1",
                                        "id",
                                        "second",
                                        "ok",
                                        "2",
                                        "ok",
                                        "3",
                                        "data",
                                        "4",
                                        "",
                                        "5",
                                        "bad",
                                        "\u0001",
                                        "mqttformat",
                                        "1",
                                        "datacontenttype",
                                        "other/type")));
        assertThat(event.id()).isEqualTo("1234-1234-1234");
        assertThat(event.dataContentType()).isEqualTo("text/plain");
        assertThat(event.extensions()).containsOnlyKeys("ok", "mqttproperties");
        assertThat(text(event, "ok")).isEqualTo("2");
        assertThat(text(event, "mqttproperties"))
                .isEqualTo(
                        "[[\"My-Ext\",\"1\"],[\"id\",\"second\"],[\"ok\",\"3\"],[\"data\",\"4\"],[\"\",\"5\"],"
                                + "[\"bad\",\"\\u0001\"],[\"mqttformat\",\"1\"],[\"datacontenttype\",\"other/type\"]]");
    }

    @ParameterizedTest
    @CsvSource({"specversion, 0.3", "source, a b", "time, yesterday", "id, ''", "type, a\u0007b"})
    void whatClaimsToBeAnEventAndIsNotIsPlain(String name, String value) {
        String[] properties = EVENT.clone();
        for (int i = 0; i < properties.length; i += 2) {
            properties[i + 1] = properties[i].equals(name) ? value : properties[i + 1];
        }
        Message message = typed("x", null, properties);
        Event event = read5(message);
        assertPlain(event);
        assertThat(Samples.write5(event, MessageFormat.AUTO)).isEqualTo(message);
    }

    @Test
    void someAttributesAreNotEnough() {
        assertPlain(
                read5(typed("x", null, "specversion", "1.0", "id", "1", "source", "/", "a", "b")));
        assertPlain(read5(typed("x", "no type", EVENT)));
    }

    @Test
    void anEventsOwnExpiryCounts() {
        List<UserProperty> own = pairs(event("expirytime", "2030-01-01T00:00:00Z"));
        MessageProperties properties = new MessageProperties(null, 5L, null, null, null, own);
        Event event = read5(new Message("t", Bytes.EMPTY, false, properties));
        assertThat(text(event, "expirytime")).isEqualTo("2030-01-01T00:00:00Z");
        MessageProperties longest =
                new MessageProperties(
                        null, MessageProperties.EXPIRY_SECONDS_MAX, null, null, null, List.of());
        Event lasting = read5(new Message("t", Bytes.EMPTY, false, longest));
        assertThat(MessageExpiry.millis(lasting)).isEqualTo(NOW + 0xFFFF_FFFFL * 1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "application/cloudevents+json; charset=utf-8",
                "Application/CloudEvents+JSON;a=b"
            })
    void structuredModeByContentType(String contentType) {
        String json =
                "{\"type\":\"t\",\"id\":\"1\",\"n\":7,\"source\":\"/s\",\"data\":{\"v\": 1},\"specversion\":\"1.0\"}";
        Event event = read5(typed(json, contentType));
        assertThat(event.type()).isEqualTo("t");
        assertThat(event.data()).isEqualTo(Bytes.utf8("{\"v\": 1}"));
        assertThat(event.extensions().get("n")).isEqualTo(new IntegerValue(7));
        assertThat(read3(" \n" + json)).isEqualTo(event);
        assertPlain(read5(typed(json, "application/json")));
    }

    @Test
    void propertiesOfAStructuredMessageJoinTheEvent() {
        String json =
                "{\"type\":\"t\",\"id\":\"1\",\"source\":\"/s\",\"specversion\":\"1.0\",\"a\":1}";
        List<UserProperty> user =
                pairs("specversion", "1.0", "id", "1", "a", "1", "b", "2", "type", "u");
        MessageProperties properties =
                new MessageProperties(
                        1, 10L, "application/cloudevents+json", "re", Bytes.utf8("c"), user);
        Event event = read5(new Message("t", Bytes.utf8(json), false, properties));
        assertThat(event.extensions())
                .containsOnlyKeys(
                        "a",
                        "mqttresponsetopic",
                        "mqttcorrelation",
                        "mqttproperties",
                        "expirytime");
        assertThat(text(event, "mqttproperties")).isEqualTo("[[\"b\",\"2\"],[\"type\",\"u\"]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"specversion\":\"1.0\"}",
                "[{\"specversion\":\"1.0\"}]",
                "{\"specversion\":\"1.0\",\"id\":\"1\"",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"id\":\"2\",\"source\":\"/\",\"type\":\"t\"}",
                "{\"id\":\"1\",\"source\":\"/\",\"type\":\"t\"}",
                "   ",
                "{\"specversio",
                "specversion"
            })
    void whatIsNoEventInJsonIsPlain(String payload) {
        Event event = read3(payload);
        assertPlain(event);
        assertThat(event.data()).isEqualTo(Bytes.utf8(payload));
        String contentType = "application/cloudevents+json";
        Event typed = read5(typed(payload, contentType));
        assertPlain(typed);
        assertThat(typed.dataContentType()).isEqualTo(contentType);
    }

    @Test
    void formatsThatAreNotKnownArePlain() {
        assertPlain(read5(typed("x", "application/cloudevents+avro", EVENT)));
        assertPlain(read5(typed("[]", "application/cloudevents-batch+json", EVENT)));
    }

    @Test
    void theMemberIsFoundWhereverItStands() {
        for (int pad = 0; pad < 60; pad++) {
            String text = "{\"" + "x".repeat(pad) + "\":\"sspecversion\",\"specversion\":1}";
            assertThat(StructuredPayload.mayBe(Bytes.utf8(text))).as(text).isTrue();
            byte[] window = ("??" + text + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(StructuredPayload.mayBe(Bytes.wrap(window, 2, text.length()))).isTrue();
            String without = text.replace("\"specversion\"", "\"specversions\"");
            assertThat(StructuredPayload.mayBe(Bytes.utf8(without))).as(without).isFalse();
            int cut = text.lastIndexOf("\":1");
            assertThat(StructuredPayload.mayBe(Bytes.wrap(window, 2, cut))).isFalse();
        }
    }

    @Test
    void theMemberIsFoundAsASlowSearchFindsIt() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("{");
            String letters = random.nextBoolean() ? " " : "specvrion\" ";
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String member = "\"specversion\"";
            if (random.nextBoolean()) {
                text.insert(random.nextInt(1, text.length() + 1), member);
            }
            assertThat(StructuredPayload.mayBe(Bytes.utf8(text.toString())))
                    .as(text.toString())
                    .isEqualTo(text.indexOf(member) >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a\0", "a\u0001", "\uFFFE"})
    void aResponseTopicIsATopicName(String topic) {
        MessageProperties properties =
                new MessageProperties(null, null, null, topic, null, List.of());
        assertThatThrownBy(() -> read5(new Message("t", Bytes.EMPTY, false, properties)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_INVALID));
    }

    @Test
    void aContentTypeHasNoControlCharacters() {
        assertThatThrownBy(() -> read5(typed("x", "a\u0001")))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_INVALID));
    }
}
