package io.millrace.system.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a client of MQTT 5.0 finds besides.
abstract class Mqtt5ClientContract extends MqttClientContract {
    private static final long LONG_SECONDS = 600;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void propertiesArriveAsTheyWerePublished() throws Exception {
        Message.Properties given =
                new Message.Properties(
                        "text/x-weather; charset=utf-8",
                        topic("answers"),
                        bytes("question-7"),
                        null,
                        List.of(
                                new Message.Pair("zone", "küche"),
                                new Message.Pair("a", "1"),
                                new Message.Pair("a", "2")));
        try (Subscriber subscriber = subscribe(clean("s"), topic("marked"))) {
            publish(Message.of(topic("marked"), "sunny").with(given));
            Message.Properties properties = subscriber.take().properties();
            assertThat(properties.contentType()).isEqualTo(given.contentType());
            assertThat(properties.responseTopic()).isEqualTo(given.responseTopic());
            assertThat(properties.correlation()).isEqualTo(given.correlation());
            assertThat(properties.user()).isEqualTo(given.user());
        }
    }

    @Test
    void propertiesOfRetainedAndOfKeptMessagesAreThereToo() throws Exception {
        Message.Properties given =
                new Message.Properties(
                        "text/plain",
                        topic("answers"),
                        bytes("k"),
                        null,
                        List.of(new Message.Pair("colour", "blue")));
        subscribe(persistent("away"), topic("kept")).leave();
        publish(
                Message.of(topic("kept"), "x").with(given),
                Message.of(topic("retained"), "x").retained().with(given));
        try (Subscriber back = subscribe(persistent("away"), topic("kept"));
                Subscriber fresh = subscribe(clean("new"), topic("retained"))) {
            for (Subscriber each : List.of(back, fresh)) {
                Message.Properties properties = each.take().properties();
                assertThat(properties.contentType()).isEqualTo("text/plain");
                assertThat(properties.responseTopic()).isEqualTo(topic("answers"));
                assertThat(properties.correlation()).isEqualTo(bytes("k"));
                assertThat(properties.user()).isEqualTo(given.user());
            }
        }
    }

    @Test
    void aMessageIsNotDeliveredAfterItsTime() throws Exception {
        subscribe(persistent("late"), topic("offers")).leave();
        publish(
                Message.of(topic("offers"), "short").with(Message.Properties.expiring(1)),
                Message.of(topic("offers"), "long")
                        .with(Message.Properties.expiring(LONG_SECONDS)));
        Instant over = Instant.now().plus(Duration.ofMillis(2_500));
        await().until(() -> Instant.now().isAfter(over));
        try (Subscriber back = subscribe(persistent("late"), topic("offers"))) {
            Message message = back.take();
            assertThat(message.text()).isEqualTo("long");
            assertThat(message.properties().expirySeconds()).isBetween(1L, LONG_SECONDS - 1);
        }
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        String answers = topic("answers/7");
        try (Subscriber service = subscribe(clean("service"), topic("requests"));
                Subscriber asker = subscribe(clean("asker"), answers)) {
            publish(
                    Message.of(topic("requests"), "6 x 7")
                            .with(
                                    new Message.Properties(
                                            null, answers, bytes("q1"), null, List.of())));
            Message.Properties request = service.take().properties();
            assertThat(request.responseTopic()).isEqualTo(answers);
            publish(
                    Message.of(answers, "42")
                            .with(
                                    new Message.Properties(
                                            null, null, request.correlation(), null, List.of())));
            Message answer = asker.take();
            assertThat(answer.text()).isEqualTo("42");
            assertThat(answer.properties().correlation()).isEqualTo(bytes("q1"));
        }
    }

    /// On 5.0 an event comes in the binary mode of CloudEvents: its data, and its attributes as
    /// user properties.
    @Override
    void checkEventOfHttp(Message message) {
        assertThat(message.text()).isEqualTo("{\"by\":\"badge\"}");
        assertThat(message.properties().contentType()).isEqualTo("application/json");
        assertThat(message.properties().user())
                .contains(
                        new Message.Pair("specversion", "1.0"),
                        new Message.Pair("type", "door.opened"));
    }
}
