package io.millrace.gateway.mqtt.message;

import static io.millrace.gateway.mqtt.message.Samples.JSON;
import static io.millrace.gateway.mqtt.message.Samples.NOW;
import static io.millrace.gateway.mqtt.message.Samples.read5;
import static io.millrace.gateway.mqtt.message.Samples.write;
import static io.millrace.gateway.mqtt.message.Samples.write5;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.RandomEvents;
import io.millrace.event.format.ByteSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever goes through comes out again, in both directions.
final class RoundTripTest {
    private static final int COUNT = 2_000;

    private static final List<String> NAMES =
            List.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "dataschema",
                    "datacontenttype",
                    "data",
                    "ext",
                    "n7",
                    "Upper",
                    "",
                    "a b",
                    "mqttresponsetopic",
                    "mqttcorrelation",
                    "mqttformat",
                    "mqttproperties",
                    "mqttcontenttype",
                    "expirytime",
                    "partitionkey",
                    "ü\"\\",
                    "\u0001");

    private static final List<String> VALUES =
            List.of(
                    "1.0",
                    "1",
                    "0",
                    "/s",
                    "urn:x",
                    "",
                    "x y",
                    "ä€\uD83D\uDE00",
                    "\u0001\n\u0085",
                    "\uFFFE",
                    "\"\\/",
                    "[[\"a\",\"b\"]]",
                    "2027-01-01T00:00:00.5Z",
                    "text/plain",
                    "NDI=");

    private static final List<String> CONTENT_TYPES =
            List.of(
                    "text/plain",
                    "application/json; charset=utf-8",
                    "odd",
                    "",
                    "application/cloudevents+json",
                    "application/cloudevents+json; charset=utf-8",
                    "application/cloudevents+avro",
                    "application/cloudevents-batch+json");

    private final long seed = new Random().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> @Nullable T perhaps(T value) {
        return random.nextInt(4) == 0 ? value : null;
    }

    @Test
    void eventsComeBackFromFive() {
        RandomEvents events = new RandomEvents(seed);
        int binary = 0;
        for (int i = 0; i < COUNT; i++) {
            Event event = events.next();
            Message message = write5(event, MessageFormat.BINARY);
            assertThat(RandomEvents.asText(read5(message)))
                    .as("seed %d", seed)
                    .isEqualTo(RandomEvents.asText(event));
            binary += message.properties().userProperties().isEmpty() ? 0 : 1;
        }
        assertThat(binary).as("in binary mode, seed %d", seed).isGreaterThan(COUNT / 2);
    }

    @Test
    void eventsComeBackFromStructuredModeWithTheTypesOfJson() {
        RandomEvents events = new RandomEvents(seed);
        for (int i = 0; i < COUNT; i++) {
            Event event = events.next();
            Event expected = RandomEvents.asJson(event);
            assertThat(read5(write5(event, MessageFormat.STRUCTURED)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            Message three = write(event, ProtocolVersion.V3_1_1, MessageFormat.AUTO);
            assertThat(Samples.publication(three, ProtocolVersion.V3_1_1).event())
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void eventsWithPropertiesComeBack() {
        RandomEvents events = new RandomEvents(seed);
        for (int i = 0; i < COUNT; i++) {
            Event event = withProperties(events.next());
            for (MessageFormat format : List.of(MessageFormat.BINARY, MessageFormat.STRUCTURED)) {
                Message message = write5(event, format);
                assertThat(RandomEvents.asText(read5(message)))
                        .as("seed %d, %s, %s", seed, format, event.extensions())
                        .isEqualTo(RandomEvents.asText(event));
            }
        }
    }

    /// With extensions of the names that belong to properties, many of them nothing of the kind.
    private Event withProperties(Event event) {
        EventBuilder more = copy(event);
        List<String> reserved =
                List.of(
                        "mqttresponsetopic",
                        "mqttcorrelation",
                        "mqttformat",
                        "mqttcontenttype",
                        "mqttproperties");
        for (String name : reserved) {
            String value = oneOf(VALUES);
            if (random.nextInt(3) == 0 && MqttText.isAttribute(value)) {
                more.extension(name, value);
            }
        }
        if (random.nextInt(3) == 0) {
            more.extension("mqttcorrelation", new BinaryValue(Bytes.utf8(oneOf(VALUES))));
        }
        if (random.nextInt(2) == 0) {
            more.extension(
                    "mqttproperties", UserPropertyText.print(List.of(property(), property())));
        }
        return more.build();
    }

    private static EventBuilder copy(Event event) {
        EventBuilder copy =
                Event.builder()
                        .id(event.id())
                        .source(event.source())
                        .type(event.type())
                        .subject(event.subject())
                        .time(event.time())
                        .dataContentType(event.dataContentType())
                        .dataSchema(event.dataSchema())
                        .data(event.data());
        event.extensions().forEach(copy::extension);
        return copy;
    }

    private UserProperty property() {
        return new UserProperty(oneOf(NAMES), oneOf(VALUES));
    }

    private Message message() {
        List<UserProperty> properties = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            properties.addAll(
                    Samples.pairs("type", "t", "id", "1", "source", "/s", "specversion", "1.0"));
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            properties.add(random.nextInt(properties.size() + 1), property());
        }
        String payload =
                oneOf(List.of("", "21.5", "{}", "{\"specversion\":\"1.0\"}", structured()));
        return new Message(
                "a/b",
                Bytes.utf8(payload),
                false,
                new MessageProperties(
                        perhaps(random.nextInt(2)),
                        perhaps(random.nextLong(1, 1L << 32)),
                        random.nextBoolean() ? oneOf(CONTENT_TYPES) : null,
                        perhaps("re/ply \u20AC"),
                        perhaps(Bytes.utf8(oneOf(VALUES))),
                        List.copyOf(properties)));
    }

    private String structured() {
        return "{\"type\":\"t\",\"id\":\""
                + random.nextInt(3)
                + "\",\"source\":\"/s\",\"n7\":1,\"specversion\":\"1.0\"}";
    }

    @Test
    void plainMessagesComeBackUnaltered() {
        int plain = 0;
        for (int i = 0; i < COUNT; i++) {
            Message message = message();
            Event event = read5(message);
            if (event.type().equals("io.millrace.mqtt.message")) {
                plain++;
                assertThat(write5(event, MessageFormat.AUTO))
                        .as("seed %d", seed)
                        .isEqualTo(message);
                assertThat(write5(throughJson(event), MessageFormat.AUTO))
                        .as("through JSON, seed %d", seed)
                        .isEqualTo(message);
            }
        }
        assertThat(plain).isBetween(COUNT / 4, COUNT - COUNT / 10);
    }

    @Test
    void plainMessagesOfThreeComeBackUnaltered() {
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            Message message = new Message("a/b", Bytes.wrap(bytes), false, MessageProperties.NONE);
            Event event = Samples.publication(message, ProtocolVersion.V3_1_1).event();
            for (ProtocolVersion version : ProtocolVersion.values()) {
                assertThat(write(event, version, MessageFormat.AUTO))
                        .as("seed %d", seed)
                        .isEqualTo(message);
            }
        }
    }

    /// What a message said survives, however often the event goes out and comes in again.
    @Test
    void messagesMeanTheSameOnTheWayBack() {
        for (int i = 0; i < COUNT; i++) {
            Message message = message();
            Event event = read5(message);
            for (MessageFormat format : List.of(MessageFormat.BINARY, MessageFormat.STRUCTURED)) {
                Message again = write5(event, format);
                assertThat(RandomEvents.asText(read5(again)))
                        .as("seed %d, %s of %s", seed, format, message)
                        .isEqualTo(RandomEvents.asText(event));
                assertThat(again.properties().responseTopic())
                        .isEqualTo(message.properties().responseTopic());
                assertThat(again.properties().correlationData())
                        .isEqualTo(message.properties().correlationData());
            }
        }
    }

    @Test
    void hostileBytesAreTakenAsTheyAre() {
        byte[] event = structured().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < COUNT; i++) {
            byte[] broken = event.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            Message message = new Message("a/b", Bytes.wrap(broken), false, MessageProperties.NONE);
            Event read = Samples.publication(message, ProtocolVersion.V3_1_1).event();
            if (read.type().equals("io.millrace.mqtt.message")) {
                assertThat(read.data()).as("seed %d", seed).isEqualTo(message.payload());
            }
        }
    }

    private static Event throughJson(Event event) {
        ByteSink out = new ByteSink(256);
        JSON.write(event, out);
        return JSON.read(out.toBytes());
    }

    @Test
    void theTimeToWaitIsThatOfTheMessageWhileNoTimeGoesBy() {
        MessageProperties properties = new MessageProperties(null, 7L, null, null, null, List.of());
        Message message = new Message("a/b", Bytes.utf8("x"), false, properties);
        assertThat(write5(read5(message), MessageFormat.AUTO)).isEqualTo(message);
        assertThat(MessageExpiry.millis(read5(message))).isEqualTo(NOW + 7_000);
    }
}
