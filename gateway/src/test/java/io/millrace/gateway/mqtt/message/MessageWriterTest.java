package io.millrace.gateway.mqtt.message;

import static io.millrace.gateway.mqtt.message.Samples.NOW;
import static io.millrace.gateway.mqtt.message.Samples.WRITER;
import static io.millrace.gateway.mqtt.message.Samples.pairs;
import static io.millrace.gateway.mqtt.message.Samples.write;
import static io.millrace.gateway.mqtt.message.Samples.write5;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageWriterTest {
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";

    private static EventBuilder event() {
        return Event.builder()
                .id("1")
                .source("/s")
                .type("t")
                .data(Bytes.utf8("{}"))
                .dataContentType("application/json");
    }

    private static void assertStructured(Event event) {
        Message message = write5(event, MessageFormat.BINARY);
        assertThat(message.properties().contentType()).isEqualTo(STRUCTURED);
        assertThat(message.properties().payloadFormat()).isEqualTo(1);
        assertThat(Samples.read5(message)).isEqualTo(event);
    }

    @Test
    void binaryModeIsWhatSubscribersOfFiveGet() {
        Event event =
                event().attribute("time", "2026-03-01T12:00:00.123456789012+01:00")
                        .subject("ä")
                        .dataSchema("https://x/y")
                        .extension("n", new IntegerValue(-7))
                        .extension("flag", new BooleanValue(true))
                        .build();
        Message message = write5(event, MessageFormat.AUTO);
        assertThat(message)
                .isEqualTo(
                        new Message(
                                "a/b",
                                Bytes.utf8("{}"),
                                false,
                                new MessageProperties(
                                        null,
                                        null,
                                        "application/json",
                                        null,
                                        null,
                                        pairs(
                                                "specversion",
                                                "1.0",
                                                "id",
                                                "1",
                                                "source",
                                                "/s",
                                                "type",
                                                "t",
                                                "subject",
                                                "ä",
                                                "time",
                                                "2026-03-01T12:00:00.123456789012+01:00",
                                                "dataschema",
                                                "https://x/y",
                                                "n",
                                                "-7",
                                                "flag",
                                                "true"))));
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageFormat.class,
            names = {"AUTO", "STRUCTURED", "BINARY"})
    void structuredModeIsWhatSubscribersOfThreeGet(MessageFormat format) {
        Message message = write(event().build(), ProtocolVersion.V3_1_1, format);
        assertThat(message.properties()).isEqualTo(MessageProperties.NONE);
        assertThat(message.payload().toUtf8())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
                                + "\"datacontenttype\":\"application/json\",\"data\":{}}");
    }

    @Test
    void rawIsTheDataAlone() {
        Event event = event().extension("mqttresponsetopic", "re").build();
        assertThat(write(event, ProtocolVersion.V3_1_1, MessageFormat.RAW))
                .isEqualTo(Samples.message("a/b", "{}"));
        Message five = write5(event, MessageFormat.RAW);
        assertThat(five.payload()).isEqualTo(Bytes.utf8("{}"));
        assertThat(five.properties())
                .isEqualTo(
                        new MessageProperties(
                                null, null, "application/json", "re", null, List.of()));
        Event without = Event.builder().id("1").source("/s").type("t").build();
        assertThat(write5(without, MessageFormat.RAW)).isEqualTo(Samples.message("a/b", ""));
    }

    @Test
    void aPlainTypeWithMoreThanAMessageHasIsAnEvent() {
        EventBuilder plain =
                Event.builder()
                        .id("1")
                        .source("/a/b")
                        .type("io.millrace.mqtt.message")
                        .data(Bytes.utf8("x"));
        assertThat(write5(plain.build(), MessageFormat.AUTO))
                .isEqualTo(Samples.message("a/b", "x"));
        Message more = write5(plain.extension("more", "1").build(), MessageFormat.AUTO);
        assertThat(more.properties().userProperties()).contains(new UserProperty("more", "1"));
    }

    @Test
    void theRootHasNoTopic() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            assertThat(
                            WRITER.write(
                                    event().build(),
                                    Context.ROOT,
                                    version,
                                    MessageFormat.AUTO,
                                    NOW))
                    .isEqualTo(new Written.NoTopic());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T12:00:00Z, ",
        "1999-12-31T23:59:59Z, ",
        "2026-03-01T12:00:00.001Z, 1",
        "2026-03-01T12:00:01Z, 1",
        "2026-03-01T12:00:01.001Z, 2",
        "2026-03-01T13:00:10+01:00, 10",
        "2162-04-07T18:28:15Z, 4294967295",
        "2162-04-07T18:28:16Z, 0",
        "9999-12-31T23:59:59Z, 0",
        "soon, 0"
    })
    void whatIsLeftOfTheTimeGoesOut(String time, Long seconds) {
        Event event = event().extension("expirytime", time).build();
        for (MessageFormat format : MessageFormat.values()) {
            for (ProtocolVersion version : ProtocolVersion.values()) {
                Written written = WRITER.write(event, Context.of("/a"), version, format, NOW);
                if (seconds == null) {
                    assertThat(written).isEqualTo(new Written.Expired());
                } else {
                    boolean isLimited = seconds > 0 && version == ProtocolVersion.V5;
                    assertThat(written).isInstanceOf(Written.Ready.class);
                    assertThat(((Written.Ready) written).message().properties().expirySeconds())
                            .isEqualTo(isLimited ? seconds : null);
                }
            }
        }
    }

    @Test
    void aMessageThatWaitedHasLessTimeLeft() {
        Event event = event().extension("expirytime", "2026-03-01T12:01:00Z").build();
        Written first =
                WRITER.write(event, Context.of("/a"), ProtocolVersion.V5, MessageFormat.AUTO, NOW);
        Written.Ready ready = (Written.Ready) first;
        assertThat(ready.at(NOW)).isSameAs(ready);
        assertThat(ready.at(NOW + 59_001))
                .isInstanceOfSatisfying(
                        Written.Ready.class,
                        later -> {
                            assertThat(later.message().properties().expirySeconds()).isEqualTo(1);
                            assertThat(later.message().payload())
                                    .isSameAs(ready.message().payload());
                        });
        assertThat(ready.at(NOW + 60_000)).isEqualTo(new Written.Expired());
    }

    @Test
    void whatDoesNotFitIntoBinaryModeGoesOutStructured() {
        assertStructured(event().extension("long", "x".repeat(65_536)).build());
        assertStructured(event().extension("long", "ä".repeat(32_768)).build());
        assertStructured(event().subject("€".repeat(21_846)).build());
        assertStructured(event().data(null).build());
        assertStructured(event().data(Bytes.EMPTY).dataContentType(null).build());
        assertStructured(event().dataContentType("application/cloudevents+json").build());
        assertStructured(event().dataContentType("application/cloudevents").build());
        assertStructured(event().extension("mqttcontenttype", "x").build());
        assertStructured(event().extension("mqttformat", "2").build());
        assertStructured(event().extension("mqttcorrelation", "no base64").build());
        assertStructured(event().extension("mqttresponsetopic", "a/#").build());
        assertStructured(event().extension("mqttproperties", "[[\"free\",\"1\"]]").build());
        assertStructured(event().extension("mqttproperties", "[[\"subject\",\"1\"]]").build());
    }

    @Test
    void whatJustFitsGoesOutBinary() {
        for (String value : List.of("x".repeat(65_535), "€".repeat(21_845), "")) {
            Message message =
                    write5(event().extension("long", value).build(), MessageFormat.BINARY);
            assertThat(message.properties().userProperties())
                    .contains(new UserProperty("long", value));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "[[]]",
                "[[\"A\"]]",
                "[[\"A\",1]]",
                "[[\"A\",\"b\",\"c\"]]",
                "[[\"A\", \"b\"]]",
                "[[\"A\",\"b\"],",
                "[[\"A\",\"b\"]]]",
                "[[\"A\",\"b\"]] ",
                "[[\"A\",\"\\u0000\"]]",
                "[[\"A\",\"\\ud800\"]]",
                "[[\"A\",\"\\u0062\"]]",
                "[[\"A\",null]]",
                "[[\"A\",\"b\"],7]"
            })
    void textThatIsNoListOfUserPropertiesIsAnAttribute(String text) {
        Event event = event().extension("mqttproperties", text).build();
        assertStructured(event);
        assertThat(write5(event, MessageFormat.RAW).properties().userProperties()).isEmpty();
    }

    @Test
    void publishersElsewhereCanSetProperties() {
        Event event =
                event().extension("mqttresponsetopic", "re/ply")
                        .extension("mqttcorrelation", "NDI=")
                        .extension("mqttformat", "1")
                        .extension("mqttproperties", "[[\"A\",\"b\"],[\"A\",\"c\"]]")
                        .build();
        for (MessageFormat format : MessageFormat.values()) {
            MessageProperties properties = write5(event, format).properties();
            assertThat(properties.responseTopic()).isEqualTo("re/ply");
            assertThat(properties.correlationData()).isEqualTo(Bytes.utf8("42"));
            assertThat(properties.payloadFormat()).isEqualTo(1);
            assertThat(properties.userProperties())
                    .endsWith(pairs("A", "b", "A", "c").toArray(UserProperty[]::new));
        }
    }

    @Test
    void formatsAreAskedForByWords() {
        for (MessageFormat format : MessageFormat.values()) {
            assertThat(MessageFormat.of(format.name().toLowerCase(java.util.Locale.ROOT)))
                    .isEqualTo(format);
        }
        assertThat(MessageFormat.of("RAW")).isNull();
    }
}
