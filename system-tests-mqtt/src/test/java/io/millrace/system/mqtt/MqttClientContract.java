package io.millrace.system.mqtt;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every client of MQTT finds, on 3.1.1 as on 5.0. A client is added by a class that makes it.
@Tag("slow")
@Timeout(60)
@ExtendWith(SharedServer.class)
@TestInstance(Lifecycle.PER_CLASS)
abstract class MqttClientContract {
    private static final int BIG_BYTES = 256 << 10;
    private static final int WHILE_AWAY = 200;

    /// The client under test, from [#start] on.
    private TestClient client;

    private ServerUnderTest server;
    private Endpoint endpoint;

    /// Begins the topics and client ids of one scenario.
    private String own;

    /// Makes the client. What it needs and cannot be had is an assumption.
    ///
    /// @param folder for files
    abstract TestClient client(Path folder) throws Exception;

    Endpoint endpoint(ServerUnderTest server) {
        return server.tcp();
    }

    @BeforeAll
    final void start(ServerUnderTest shared, @TempDir Path folder) throws Exception {
        server = shared;
        endpoint = endpoint(shared);
        client = client(folder);
    }

    @AfterAll
    final void stop() throws Exception {
        if (client != null) {
            client.close();
        }
    }

    @BeforeEach
    final void name() {
        own = getClass().getSimpleName() + "-" + UUID.randomUUID();
    }

    final String topic(String below) {
        return own + "/" + below;
    }

    final Session clean(String name) {
        return Session.clean(own + name);
    }

    final Session persistent(String name) {
        return Session.persistent(own + name);
    }

    final TestClient client() {
        return client;
    }

    final Endpoint endpoint() {
        return endpoint;
    }

    final ServerUnderTest server() {
        return server;
    }

    final void publish(Message... messages) throws Exception {
        client.publish(endpoint, List.of(messages));
    }

    final Subscriber subscribe(Session session, String... filters) throws Exception {
        return client.subscribe(endpoint, session, 1, filters);
    }

    /// Messages with the numbers from 0 on as their text.
    static List<Message> numbered(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> Message.of(topic, Integer.toString(each)))
                .toList();
    }

    static List<String> take(Subscriber subscriber, int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(subscriber.take().text());
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void everyByteArrivesWithEveryQos(int qos) throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (Subscriber subscriber = client.subscribe(endpoint, clean("s"), 2, topic("bytes"))) {
            publish(
                    Message.of(topic("bytes"), all).qos(qos),
                    Message.of(topic("bytes"), new byte[0]).qos(qos));
            Message message = subscriber.take();
            assertThat(message.payload()).isEqualTo(all);
            assertThat(message.topic()).isEqualTo(topic("bytes"));
            assertThat(message.qos()).isEqualTo(qos);
            assertThat(message.retain()).isFalse();
            assertThat(subscriber.take().payload()).isEmpty();
        }
    }

    @Test
    void aSubscriberGetsNoMoreThanTheQosItAskedFor() throws Exception {
        try (Subscriber subscriber = client.subscribe(endpoint, clean("s"), 0, topic("lower"))) {
            publish(Message.of(topic("lower"), "x").qos(2));
            assertThat(subscriber.take().qos()).isZero();
        }
    }

    @Test
    void aRetainedMessageIsThereForNewSubscribersUntilItIsCleared() throws Exception {
        publish(
                Message.of(topic("lamp"), "on").retained(),
                Message.of(topic("lamp"), "off").retained());
        publish(Message.of(topic("lamp"), "flickers"));
        try (Subscriber subscriber = subscribe(clean("first"), topic("#"))) {
            Message message = subscriber.take();
            assertThat(message.text()).isEqualTo("off");
            assertThat(message.retain()).isTrue();
            publish(Message.of(topic("lamp"), "dim").retained());
            Message live = subscriber.take();
            assertThat(live.text()).isEqualTo("dim");
            assertThat(live.retain()).isFalse();
        }
        publish(Message.of(topic("lamp"), new byte[0]).retained());
        try (Subscriber subscriber = subscribe(clean("second"), topic("#"))) {
            publish(Message.of(topic("other"), "mark"));
            assertThat(subscriber.take().text()).isEqualTo("mark");
        }
    }

    @Test
    void filtersCoverWhatTheySay() throws Exception {
        String[] filters = {topic("+/door"), topic("cellar/#"), topic("exact")};
        try (Subscriber subscriber = subscribe(clean("s"), filters)) {
            publish(
                    Message.of(topic("hall/door"), "1"),
                    Message.of(topic("hall/door/lock"), "not this"),
                    Message.of(topic("cellar"), "2"),
                    Message.of(topic("cellar/pump/speed"), "3"),
                    Message.of(topic("exactly"), "not this"),
                    Message.of(topic("exact"), "4"));
            // There is an order within a topic only.
            assertThat(take(subscriber, 4)).containsExactlyInAnyOrder("1", "2", "3", "4");
        }
    }

    @Test
    void aPersistentSessionGetsAllInOrderWhenItIsBack() throws Exception {
        try (Subscriber here = subscribe(persistent("away"), topic("news"))) {
            publish(Message.of(topic("news"), "first"));
            assertThat(here.take().text()).isEqualTo("first");
        }
        List<Message> meanwhile = numbered(topic("news"), WHILE_AWAY);
        client.publish(endpoint, meanwhile);
        try (Subscriber back = subscribe(persistent("away"), topic("news"))) {
            assertThat(take(back, WHILE_AWAY))
                    .containsExactlyElementsOf(meanwhile.stream().map(Message::text).toList());
            publish(Message.of(topic("news"), "last"));
            assertThat(back.take().text()).isEqualTo("last");
        }
        try (Subscriber anew = subscribe(clean("away"), topic("news"))) {
            publish(Message.of(topic("news"), "of a new session"));
            assertThat(anew.take().text()).isEqualTo("of a new session");
        }
    }

    @Test
    void aPersistentSessionSurvivesABrokenConnection() throws Exception {
        try (Cable cable = new Cable(endpoint)) {
            Subscriber here = client.subscribe(cable.end(), persistent("torn"), 1, topic("news"));
            cable.cut();
            here.awaitClosed();
        }
        client.publish(endpoint, numbered(topic("news"), 10));
        try (Subscriber back = subscribe(persistent("torn"), topic("news"))) {
            assertThat(take(back, 10)).isEqualTo(take(numbered(topic("news"), 10)));
        }
    }

    private static List<String> take(List<Message> messages) {
        return messages.stream().map(Message::text).toList();
    }

    @Test
    void theWillOfABrokenConnectionIsPublished() throws Exception {
        Session mortal = new Session(own + "mortal", false, Message.of(topic("will"), "farewell"));
        try (Subscriber heir = subscribe(clean("heir"), topic("will"));
                Cable cable = new Cable(endpoint)) {
            Subscriber torn = client.subscribe(cable.end(), mortal, 1, topic("other"));
            cable.cut();
            torn.awaitClosed();
            assertThat(heir.take().text()).isEqualTo("farewell");
        }
    }

    @Test
    void whoSaysGoodByeHasNoWill() throws Exception {
        Session mortal = new Session(own + "mortal", false, Message.of(topic("will"), "farewell"));
        try (Subscriber heir = subscribe(clean("heir"), topic("will"))) {
            subscribe(mortal, topic("other")).leave();
            publish(Message.of(topic("will"), "mark"));
            assertThat(heir.take().text()).isEqualTo("mark");
        }
    }

    @Test
    void aSecondClientOfTheSameIdTakesOver() throws Exception {
        Subscriber first = subscribe(persistent("twin"), topic("calls"));
        try (Subscriber second = subscribe(persistent("twin"), topic("calls"))) {
            first.awaitClosed();
            publish(Message.of(topic("calls"), "hello"));
            assertThat(second.take().text()).isEqualTo("hello");
            assertThat(first.waiting()).isZero();
        }
    }

    @Test
    void aBigPayloadArrives() throws Exception {
        byte[] big = new byte[BIG_BYTES];
        new Random(41).nextBytes(big);
        try (Subscriber subscriber = subscribe(clean("s"), topic("big"))) {
            publish(Message.of(topic("big"), big));
            assertThat(subscriber.take().payload()).isEqualTo(big);
        }
    }

    @Test
    void topicsAreNotOnlyAscii() throws Exception {
        String topic = topic("küche/température/温度 🌡");
        try (Subscriber subscriber = subscribe(clean("s"), topic("küche/+/#"))) {
            publish(Message.of(topic, "21 °C"));
            Message message = subscriber.take();
            assertThat(message.topic()).isEqualTo(topic);
            assertThat(message.text()).isEqualTo("21 °C");
        }
    }

    @Test
    void aSharedSubscriptionGivesEachMessageToOne() throws Exception {
        String filter = "$share/workers/" + topic("jobs");
        int count = 40;
        try (Subscriber one = subscribe(clean("one"), filter);
                Subscriber other = subscribe(clean("other"), filter)) {
            client.publish(endpoint, numbered(topic("jobs"), count));
            await().atMost(20, SECONDS)
                    .untilAsserted(() ->
                            assertThat(one.waiting() + other.waiting())
                                    .isGreaterThanOrEqualTo(count));
            List<String> all = take(one, one.waiting());
            all.addAll(take(other, other.waiting()));
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(take(numbered(topic("jobs"), count)));
        }
    }

    @Test
    void whatIsPublishedByMqttIsReadOverHttp() throws Exception {
        Http.assumeThere(server);
        publish(Message.of(topic("by-mqtt"), "{\"a\":1}"), Message.of(topic("by-mqtt"), "ö"));
        try (Http http = new Http(server)) {
            List<Http.Event> events = http.events("/" + topic("by-mqtt"), 2);
            assertThat(events.get(0).text()).isEqualTo("{\"a\":1}");
            assertThat(events.get(1).text()).isEqualTo("ö");
            assertThat(events.get(0).type()).isEqualTo("io.millrace.mqtt.message");
        }
    }

    @Test
    void whatIsPublishedOverHttpArrivesByMqtt() throws Exception {
        Http.assumeThere(server);
        try (Subscriber subscriber = subscribe(clean("s"), topic("by-http/+"));
                Http http = new Http(server)) {
            http.publish("/" + topic("by-http/door"), "{\"by\":\"badge\"}");
            Message message = subscriber.take();
            assertThat(message.topic()).isEqualTo(topic("by-http/door"));
            checkEventOfHttp(message);
        }
    }

    /// On 3.1.1 an event that is no MQTT message comes as a CloudEvent in JSON.
    void checkEventOfHttp(Message message) {
        assertThat(new String(message.payload(), StandardCharsets.UTF_8))
                .contains("\"specversion\":\"1.0\"", "door.opened", "\"by\":\"badge\"");
    }
}
