package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.kafka.FakeSerial;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.Peer;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/// The groups with time, disk and topics that a test moves.
final class Harness {
    final FakeSerial serial = new FakeSerial();
    final FakeTopics topics = new FakeTopics();
    final GroupConfig config;
    FakeTable table = new FakeTable();
    GroupApi api;

    /// What a producer is told that commits offsets in a transaction.
    Errors gate = Errors.NONE;

    private final Random random = new Random(5);

    Harness() {
        this(GroupConfig.standard());
    }

    Harness(GroupConfig config) {
        this.config = config;
        api = start();
    }

    private GroupApi start() {
        GroupApi started =
                new GroupApi(
                        new GroupApi.Parts(serial, table, topics, config, random),
                        new GroupApi.Neighbours(
                                () -> new CoordinatorAddress.HostAndPort("127.0.0.1", 9092),
                                OtherGroups.NONE,
                                (_, _, _, _, then) -> then.accept(gate)));
        serial.runPending();
        return started;
    }

    /// A new process on what is on disk. Timers of the old one do nothing any more, as its state is
    /// nobody's.
    void restart() {
        table = table.crashed();
        api = start();
    }

    /// A request whose answer may come later.
    Asked ask(ApiKeys key, int version, ApiMessage message) {
        return ask(key, version, message, "client");
    }

    Asked ask(ApiKeys key, int version, ApiMessage message, String clientId) {
        Asked asked = new Asked(key, (short) version);
        RequestHandler handler = Objects.requireNonNull(api.handlers().get(key));
        handler.handle(
                new KafkaRequest(
                        key,
                        (short) version,
                        clientId,
                        message,
                        new Peer(1, "/127.0.0.1", Principal.LOCAL)),
                asked);
        serial.runPending();
        return asked;
    }

    /// A request that is answered at once.
    <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage message, Class<T> type) {
        return ask(key, version, message).as(type);
    }

    void pass(long millis) {
        serial.advance(Duration.ofMillis(millis));
    }

    /// Hears the answer of one request.
    static final class Asked implements Answer {
        private final ApiKeys key;
        private final short version;
        private @Nullable ApiMessage response;

        Asked(ApiKeys key, short version) {
            this.key = key;
            this.version = version;
        }

        @Override
        public Future<?> later(Runnable action, long millis) {
            throw new RejectedExecutionException("nothing here waits");
        }

        @Override
        public void send(ApiMessage message) {
            assertThat(response).as("%s is answered once", key).isNull();
            // What has no place in this version would fail here.
            MessageUtil.toByteBufferAccessor(message, version);
            response = message;
        }

        @Override
        public void none() {
            throw new AssertionError("no answer");
        }

        @Override
        public void close(String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public boolean isGone() {
            return false;
        }

        boolean isAnswered() {
            return response != null;
        }

        <T extends ApiMessage> T as(Class<T> type) {
            assertThat(response).as("the answer to %s", key).isInstanceOf(type);
            return type.cast(Objects.requireNonNull(response));
        }
    }
}
