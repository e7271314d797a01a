package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Outcome;
import io.millrace.delivery.Outcome.Delivered;
import io.millrace.delivery.Outcome.RetryLater;
import io.millrace.delivery.SinkAddress;
import io.vertx.core.net.ClientSSLOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Where names lead, and where they must not.
class SinkNamesTest {
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

    /// Its answers one after the other, the last one for ever.
    private static final class Names implements NameResolver {
        private final List<List<String>> answers;
        private final AtomicInteger asked = new AtomicInteger();

        Names(List<List<String>> answers) {
            this.answers = answers;
        }

        @Override
        public CompletableFuture<List<InetAddress>> resolve(String name) {
            int turn = Math.min(asked.getAndIncrement(), answers.size() - 1);
            return CompletableFuture.completedFuture(
                    answers.get(turn).stream().map(InetAddress::ofLiteral).toList());
        }
    }

    private static Pushing pushing(NameResolver names, Duration remembered) {
        return new Pushing(names, remembered, new ClientSSLOptions());
    }

    private static void assertRefused(Outcome outcome, String address) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        RetryLater.class,
                        retry ->
                                assertThat(retry.reason())
                                        .contains("is at " + address)
                                        .contains("not on the public internet"));
    }

    @Test
    void theHostStaysTheNameAndTheAddressIsTheOneThatWasChecked() throws Exception {
        try (RawServer server = RawServer.answering(NO_CONTENT);
                Pushing pushing =
                        pushing(new Names(List.of(List.of("127.0.0.1"))), Duration.ofMinutes(1))) {
            String url = "http://sink.example:%d/hook?a=b".formatted(server.port());
            assertThat(pushing.push(Pushing.config(url), Pushing.EVENT))
                    .isEqualTo(new Delivered(204, null, null));
            RawServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /hook?a=b HTTP/1.1");
            assertThat(request.header("host")).isEqualTo("sink.example:" + server.port());
        }
    }

    @Test
    void aNameThatTurnsToAnotherAddressIsRefusedThen() throws Exception {
        Names names = new Names(List.of(List.of("127.0.0.1"), List.of("127.0.0.2")));
        try (RawServer server = RawServer.answering(NO_CONTENT);
                Pushing pushing = pushing(names, Duration.ZERO)) {
            HttpSink sink =
                    pushing.sinks()
                            .open(Pushing.config("http://sink.example:" + server.port() + "/"));
            assertThat(Pushing.get(sink.deliver(List.of(Pushing.EVENT))))
                    .isInstanceOf(Delivered.class);
            assertRefused(Pushing.get(sink.deliver(List.of(Pushing.EVENT))), "127.0.0.2");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void ofSeveralAddressesOnlyThoseThatAreAllowedAreTried() throws Exception {
        Names names = new Names(List.of(List.of("127.0.0.2", "127.0.0.3", "127.0.0.1")));
        try (RawServer server = RawServer.answering(NO_CONTENT);
                Pushing pushing = pushing(names, Duration.ofMinutes(1))) {
            assertThat(
                            pushing.push(
                                    Pushing.config("http://sink.example:" + server.port()),
                                    Pushing.EVENT))
                    .isInstanceOf(Delivered.class);
        }
    }

    @Test
    void anAddressThatDoesNotAnswerIsFollowedByTheNext() throws Exception {
        Names names = new Names(List.of(List.of("::1", "127.0.0.1")));
        try (RawServer server = RawServer.answering(NO_CONTENT);
                Pushing pushing = pushing(names, Duration.ofMinutes(1))) {
            // The server listens on 127.0.0.1 only.
            assertThat(
                            pushing.push(
                                    Pushing.config("http://sink.example:" + server.port()),
                                    Pushing.EVENT))
                    .isInstanceOf(Delivered.class);
        }
    }

    @Test
    void ipv6AddressesWorkInUrls() throws Exception {
        try (RawServer server =
                        new RawServer(
                                "::1",
                                (_, out) ->
                                        out.write(NO_CONTENT.getBytes(StandardCharsets.US_ASCII)));
                Pushing pushing = new Pushing()) {
            assertThat(
                            pushing.push(
                                    Pushing.config("http://[::1]:%d/".formatted(server.port())),
                                    Pushing.EVENT))
                    .isInstanceOf(Delivered.class);
            assertThat(server.requests().getFirst().header("host"))
                    .isEqualTo("[::1]:" + server.port());
        }
    }

    @Test
    void namesAreRememberedForAWhile() throws Exception {
        Names names = new Names(List.of(List.of("127.0.0.1"), List.of("127.0.0.2")));
        try (RawServer server = RawServer.answering(NO_CONTENT);
                Pushing pushing = pushing(names, Duration.ofHours(1))) {
            HttpSink sink =
                    pushing.sinks().open(Pushing.config("http://sink.example:" + server.port()));
            for (int i = 0; i < 5; i++) {
                assertThat(Pushing.get(sink.deliver(List.of(Pushing.EVENT))))
                        .isInstanceOf(Delivered.class);
            }
            assertThat(names.asked).hasValue(1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAskedForAgain() {
        NameResolver unknown =
                name -> CompletableFuture.failedFuture(new UnknownHostException(name));
        try (Pushing pushing = pushing(unknown, Duration.ofMinutes(1))) {
            assertThat(pushing.push(Pushing.config("http://nobody.example/"), Pushing.EVENT))
                    .isEqualTo(
                            new RetryLater(
                                    null,
                                    0,
                                    "the name nobody.example of the sink cannot be resolved"));
        }
    }

    @Test
    void anAddressIsCheckedWhenASinkIsCreated() {
        Names names = new Names(List.of(List.of("10.0.0.1")));
        try (Pushing pushing = pushing(names, Duration.ofMinutes(1))) {
            SinkAddress bad = SinkAddress.parse("sink", "https://sink.example/");
            assertThat(Pushing.get(pushing.sinks().check("sink", bad)))
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem.toString())
                                    .startsWith("sink: the sink is at 10.0.0.1, which"));
            SinkAddress good = SinkAddress.parse("sink", "http://127.0.0.1/");
            assertThat(Pushing.get(pushing.sinks().check("sink", good))).isEmpty();
        }
    }
}
