package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.Outcome.Delivered;
import io.millrace.delivery.Outcome.Rejected;
import io.millrace.delivery.Outcome.RetryLater;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that do what no server should.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisbehavingSinkTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String EVENT_HEAD =
            "HTTP/1.1 200 OK\r\nce-specversion: 1.0\r\nce-id: 2\r\nce-source: /s\r\nce-type: t\r\n";

    private final Pushing pushing = new Pushing();

    @AfterAll
    void close() {
        pushing.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertRetry(Outcome outcome, String reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RetryLater.class, retry -> assertThat(retry.reason()).contains(reason));
    }

    @Test
    void oneThatNeverAnswersIsLeftWhenTheTimeIsUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = new RawServer((_, _) -> over.await())) {
            assertRetry(pushing.push(server.port(), SHORT), "did not answer in time");
            over.countDown();
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void oneThatDripsItsHeadIsLeftWhenTheTimeIsUp() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\nx: "));
                    while (self[0].pause(20)) {
                        out.write('a');
                        out.flush();
                    }
                })) {
            self[0] = server;
            assertRetry(pushing.push(server.port(), SHORT), "did not answer in time");
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void oneThatIsNotThereIsTriedAgain() throws Exception {
        RawServer server = RawServer.answering("");
        server.close();
        assertRetry(pushing.push(server.port(), LONG), "refused the connection");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "\u0000\u0001\u0002\u00FF\u00FE\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n"
            })
    void garbageIsTriedAgain(String answer) throws Exception {
        try (RawServer server =
                new RawServer((request, out) -> {
                    out.write(bytes(answer));
                    out.flush();
                    request.socket().shutdownOutput();
                })) {
            assertThat(pushing.push(server.port(), LONG)).isInstanceOf(RetryLater.class);
        }
    }

    @Test
    void hugeHeadersAreNotRead() throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\n"));
                    for (int i = 0; i < 1_000_000; i++) {
                        out.write(bytes("x-" + i + ": " + "a".repeat(1_000) + "\r\n"));
                    }
                })) {
            assertRetry(pushing.push(server.port(), LONG), "not HTTP");
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void aConnectionThatIsClosedOrResetIsTriedAgain() throws Exception {
        try (RawServer server = new RawServer((request, _) -> request.socket().close())) {
            assertRetry(pushing.push(server.port(), LONG), "closed the connection");
        }
        try (RawServer server =
                new RawServer((request, _) -> {
                    request.socket().setSoLinger(true, 0);
                    request.socket().close();
                })) {
            assertThat(pushing.push(server.port(), LONG)).isInstanceOf(RetryLater.class);
        }
    }

    @Test
    void anEndlessBodyThatNobodyWantsIsCutOff() throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\ncontent-length: 3221225472\r\n\r\n"));
                    endlessly(out);
                })) {
            assertThat(pushing.push(server.port(), LONG)).isEqualTo(new Delivered(200, null, null));
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void anEndlessEventIsCutOffAndNotTaken() throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write(bytes(EVENT_HEAD + "content-length: 3221225472\r\n\r\n"));
                    endlessly(out);
                })) {
            assertThat(pushing.push(server.port(), LONG))
                    .isEqualTo(
                            new Delivered(
                                    200,
                                    null,
                                    "the event in the answer was not taken: it is larger than"
                                            + " allowed"));
            await().until(() -> server.open() == 0);
        }
    }

    private static void endlessly(java.io.OutputStream out) throws IOException {
        byte[] block = new byte[64 << 10];
        while (true) {
            out.write(block);
        }
    }

    @Test
    void anEventThatDripsOrBreaksOffIsAskedForAgain() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server =
                new RawServer((_, out) -> {
                    out.write(bytes(EVENT_HEAD + "content-length: 1000\r\n\r\n"));
                    while (self[0].pause(20)) {
                        out.write('a');
                        out.flush();
                    }
                })) {
            self[0] = server;
            assertRetry(pushing.push(server.port(), SHORT), "did not come whole");
        }
        try (RawServer server =
                new RawServer((request, out) -> {
                    out.write(bytes(EVENT_HEAD + "content-length: 1000\r\n\r\nhalf"));
                    out.flush();
                    request.socket().close();
                })) {
            assertRetry(pushing.push(server.port(), LONG), "did not come whole");
        }
    }

    @Test
    void aBodyThatNobodyWantsMayBreakOff() throws Exception {
        try (RawServer server =
                new RawServer((request, out) -> {
                    out.write(bytes("HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\nhalf"));
                    out.flush();
                    request.socket().close();
                })) {
            assertThat(pushing.push(server.port(), LONG)).isEqualTo(new Delivered(202, null, null));
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server =
                new RawServer((_, out) ->
                        out.write(
                                bytes(
                                        "HTTP/1.1 307 Temporary\r\nlocation: http://127.0.0.1:%d/\r\n"
                                                        .formatted(self[0].port())
                                                + "content-length: 0\r\n\r\n")))) {
            self[0] = server;
            assertThat(pushing.push(server.port(), LONG))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.status()).isEqualTo(307));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void endlessInterimAnswersAreLeftWhenTheTimeIsUp() throws Exception {
        RawServer[] self = new RawServer[1];
        try (RawServer server =
                new RawServer((_, out) -> {
                    while (self[0].pause(5)) {
                        out.write(bytes("HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n"));
                        out.flush();
                    }
                })) {
            self[0] = server;
            assertThat(pushing.push(server.port(), SHORT)).isInstanceOf(RetryLater.class);
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void anAttemptCanBeCancelled() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = new RawServer((_, _) -> over.await())) {
            HttpSink sink = pushing.sinks().open(Pushing.config(server.port()));
            CompletableFuture<Outcome> outcome = sink.deliver(List.of(Pushing.EVENT));
            await().until(() -> !server.requests().isEmpty());
            outcome.cancel(true);
            over.countDown();
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void aSinkThatIsClosedEndsWhatIsUnderWay() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer server = new RawServer((_, _) -> over.await())) {
            HttpSink sink = pushing.sinks().open(Pushing.config(server.port()));
            CompletableFuture<Outcome> outcome = sink.deliver(List.of(Pushing.EVENT));
            await().until(() -> !server.requests().isEmpty());
            sink.close();
            assertRetry(Pushing.get(outcome), "closed the sink");
            assertRetry(Pushing.get(sink.deliver(List.of(Pushing.EVENT))), "closed the sink");
            over.countDown();
        }
    }

    @Test
    void oneThatHangsTakesNothingFromTheOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawServer hanging = new RawServer((_, _) -> over.await());
                RawServer good = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
            HttpSinkConfig.Limits limits = new HttpSinkConfig.Limits(1, 2, LONG, 0);
            HttpSink stuck =
                    pushing.sinks().open(Pushing.with(Pushing.config(hanging.port()), limits));
            for (int i = 0; i < 4; i++) {
                assertThat(stuck.deliver(List.of(Pushing.EVENT))).isNotNull();
            }
            assertThat(pushing.push(good.port(), LONG)).isEqualTo(new Delivered(204, null, null));
            await().until(() -> hanging.requests().size() == 2);
            assertThat(hanging.connections()).isEqualTo(2);
            stuck.close();
            over.countDown();
        }
    }
}
