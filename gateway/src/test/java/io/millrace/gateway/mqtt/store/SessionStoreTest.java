package io.millrace.gateway.mqtt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Outflow.Stage;
import io.millrace.gateway.mqtt.session.Received;
import io.millrace.gateway.mqtt.session.Subscription;
import io.millrace.gateway.mqtt.session.Will;
import io.millrace.gateway.mqtt.store.SessionStore.Resting;
import io.millrace.stream.PartitionName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SessionStoreTest {
    private static final int COUNT = 2_000;

    private final Random random = new Random(17);
    private final FakeTable table = new FakeTable();
    private final SessionStore store = new SessionStore(table);

    private PartitionName partition() {
        int number = random.nextInt(4);
        return new PartitionName("s" + number % 2, "s" + number % 2 + "-id", number);
    }

    private Map<PartitionName, Long> offsets() {
        Map<PartitionName, Long> offsets = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            offsets.put(partition(), random.nextLong() >>> 1);
        }
        return offsets;
    }

    private <T> @Nullable T perhaps(T value) {
        return random.nextBoolean() ? value : null;
    }

    private ClientSession session(int number) {
        long[] expiries = {1, 100, Integer.MAX_VALUE, 1L << 31, ClientSession.NEVER};
        ClientSession session =
                new ClientSession("c" + number, "n" + number, expiries[random.nextInt(5)]);
        session.will(perhaps(will()));
        for (int i = random.nextInt(5); i > 0; i--) {
            session.put(subscription(i));
        }
        session.places(offsets());
        for (int i = random.nextInt(6); i > 0; i--) {
            Stage stage = random.nextBoolean() ? Stage.SENT : Stage.RELEASED;
            session.outflow()
                    .restore(
                            65_535 - 7 * i,
                            partition(),
                            random.nextLong() >>> 1,
                            1 + random.nextInt(2),
                            random.nextBoolean(),
                            stage);
        }
        session.outflow().restoreLast(random.nextInt(65_536));
        for (int i = random.nextInt(4); i > 0; i--) {
            session.received()
                    .restore(
                            60_000 + i,
                            random.nextInt(1 << 20),
                            perhaps(partition()),
                            random.nextInt(1 << 20),
                            random.nextBoolean());
        }
        session.received().restoreLast(1L << 40);
        return session;
    }

    private Will will() {
        MessageProperties said =
                new MessageProperties(
                        perhaps(random.nextInt(2)),
                        perhaps(random.nextLong() & 0xFFFF_FFFFL),
                        perhaps("text/plain"),
                        perhaps("answers/ü"),
                        perhaps(Bytes.utf8("c")),
                        List.of(new UserProperty("a", "b"), new UserProperty("a", "")));
        return new Will(
                new Message(
                        "will/€",
                        Bytes.utf8("x".repeat(random.nextInt(100_000))),
                        random.nextBoolean(),
                        random.nextBoolean() ? MessageProperties.NONE : said),
                random.nextInt(3),
                random.nextLong() & 0xFFFF_FFFFL);
    }

    private Subscription subscription(int number) {
        String filter = (random.nextBoolean() ? "$share/g/" : "") + "a/+/" + number + "/#";
        Subscription subscription =
                new Subscription(
                        TopicFilter.of(filter),
                        new Subscription.Options(
                                filter,
                                random.nextInt(3),
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextInt(3),
                                random.nextInt(268_435_456),
                                List.copyOf(java.util.EnumSet.allOf(MessageFormat.class))
                                        .get(random.nextInt(4))));
        subscription.since(offsets());
        return subscription;
    }

    private static void assertSame(ClientSession found, ClientSession wanted) {
        assertThat(found.clientId()).isEqualTo(wanted.clientId());
        assertThat(found.number()).isEqualTo(wanted.number());
        assertThat(found.expirySeconds()).isEqualTo(wanted.expirySeconds());
        assertThat(found.will()).isEqualTo(wanted.will());
        assertThat(found.subscriptions())
                .extracting(Subscription::options)
                .containsExactlyElementsOf(
                        wanted.subscriptions().stream().map(Subscription::options).toList());
        assertThat(found.subscriptions())
                .extracting(Subscription::since)
                .containsExactlyElementsOf(
                        wanted.subscriptions().stream().map(Subscription::since).toList());
        assertThat(found.places()).isEqualTo(wanted.places());
        assertThat(found.outflow().lastIdentifier()).isEqualTo(wanted.outflow().lastIdentifier());
        assertThat(found.outflow().inOrder())
                .extracting(SessionStoreTest::text)
                .containsExactlyElementsOf(
                        wanted.outflow().inOrder().stream().map(SessionStoreTest::text).toList());
        assertThat(found.received().lastNumber()).isEqualTo(wanted.received().lastNumber());
        assertThat(found.received().all())
                .extracting(SessionStoreTest::text)
                .containsExactlyElementsOf(
                        wanted.received().all().stream().map(SessionStoreTest::text).toList());
    }

    private static String text(Sent sent) {
        return "%d %s %d %d %s %s"
                .formatted(
                        sent.identifier(),
                        sent.partition(),
                        sent.offset(),
                        sent.qos(),
                        sent.isRetained(),
                        sent.stage());
    }

    private static String text(Received.Entry entry) {
        return "%d %d %s %d %s"
                .formatted(
                        entry.identifier(),
                        entry.number(),
                        entry.partition(),
                        entry.fromOffset(),
                        entry.isRecorded());
    }

    @Test
    void whatRestsComesBack() {
        for (int i = 0; i < COUNT; i++) {
            ClientSession session = session(i % 20);
            Resting rest = store.rest(session, i, Runnable::run, SessionStoreTest::none);
            assertSame(rest.wake(session.clientId()), session);
            Resting loaded = java.util.Objects.requireNonNull(store.load().get(session.clientId()));
            assertSame(loaded.wake(session.clientId()), session);
            assertThat(loaded.endedMillis()).isEqualTo(i);
            assertThat(loaded.isConnected()).isFalse();
            assertThat(loaded.wake(session.clientId()).isKept()).isTrue();
        }
    }

    private static void none(@Nullable MillraceException problem) {
        assertThat(problem).isNull();
    }

    /// A subscription without the place from which it counts would bring the whole log.
    @Test
    void whatIsKeptHasItsPlaces() {
        ClientSession session = session(1);
        Map<PartitionName, Long> places = Map.of(partition(), 7L);
        store.keep(session, places, 5, Runnable::run, SessionStoreTest::none);
        Resting loaded = java.util.Objects.requireNonNull(store.load().get(session.clientId()));
        assertThat(loaded.isConnected()).isTrue();
        assertThat(loaded.wake(session.clientId()).places()).isEqualTo(places);
    }

    @Test
    void whatIsForgottenIsGone() {
        ClientSession session = session(1);
        store.rest(session, 5, Runnable::run, SessionStoreTest::none);
        store.forget(session.clientId(), Runnable::run, SessionStoreTest::none);
        assertThat(table.contents()).isEmpty();
    }

    @Test
    void damagedRowsAreToldSo() {
        ClientSession session = session(1);
        Resting rest = store.rest(session, 5, Runnable::run, SessionStoreTest::none);
        byte[] bytes = rest.session().toArray();
        for (int length = 0; length < bytes.length; length += 1 + length / 20) {
            Resting cut =
                    new Resting(
                            Bytes.wrap(java.util.Arrays.copyOf(bytes, length)),
                            null,
                            false,
                            0,
                            1,
                            -1);
            assertThatThrownBy(() -> cut.wake("c1")).isInstanceOf(MillraceException.class);
        }
    }
}
