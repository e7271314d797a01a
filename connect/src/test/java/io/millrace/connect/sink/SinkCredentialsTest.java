package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.Credentials.BearerToken;
import io.millrace.delivery.Credentials.ClientCredentials;
import io.millrace.delivery.Credentials.Placement;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.Outcome.Delivered;
import io.millrace.delivery.Outcome.Rejected;
import io.millrace.delivery.Outcome.RetryLater;
import io.millrace.delivery.Secret;
import io.millrace.delivery.SinkAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SinkCredentialsTest {
    private final Pushing pushing = new Pushing();

    @AfterAll
    void close() {
        pushing.close();
    }

    /// A sink that accepts one token.
    private static RawServer accepting(String token) throws IOException {
        return new RawServer((request, out) -> {
            boolean good = request.header("authorization").equals("Bearer " + token);
            String status = good ? "204 No Content" : "401 Unauthorized\r\ncontent-length: 0";
            out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        });
    }

    /// An authorization server that gives `t1`, `t2` and so on.
    private static RawServer issuing(int expiresSeconds) throws IOException {
        AtomicInteger count = new AtomicInteger();
        return new RawServer((_, out) -> {
            String body =
                    "{\"access_token\":\"t%d\",\"token_type\":\"bearer\",\"expires_in\":%d}"
                            .formatted(count.incrementAndGet(), expiresSeconds);
            out.write(json("200 OK", body));
        });
    }

    private static byte[] json(String status, String body) {
        return "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static ClientCredentials client(RawServer issuer, Placement placement) {
        return new ClientCredentials(
                SinkAddress.parse("token", "http://127.0.0.1:%d/token".formatted(issuer.port())),
                "the client",
                Secret.of("s3cret:&"),
                "push all",
                placement);
    }

    @Test
    void aBearerTokenIsShownToTheSinkAndToNobodyElse() throws Exception {
        try (RawServer sink = accepting("abc")) {
            HttpSinkConfig config =
                    Pushing.with(Pushing.config(sink.port()), new BearerToken(Secret.of("abc")));
            assertThat(pushing.push(config, Pushing.EVENT)).isInstanceOf(Delivered.class);
            assertThat(config.toString()).doesNotContain("abc");
            HttpSinkConfig wrong =
                    Pushing.with(Pushing.config(sink.port()), new BearerToken(Secret.of("abd")));
            assertThat(pushing.push(wrong, Pushing.EVENT)).isInstanceOf(Rejected.class);
        }
        assertThatThrownBy(() -> new BearerToken(Secret.of("a\r\nb")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void oneTokenServesManyDeliveries() throws Exception {
        try (RawServer sink = accepting("t1");
                RawServer issuer = issuing(3600)) {
            HttpSink open =
                    pushing.sinks()
                            .open(
                                    Pushing.with(
                                            Pushing.config(sink.port()),
                                            client(issuer, Placement.BASIC)));
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                outcomes.add(open.deliver(List.of(Pushing.EVENT)));
            }
            outcomes.forEach(each -> assertThat(Pushing.get(each)).isInstanceOf(Delivered.class));
            assertThat(issuer.requests()).hasSize(1);
            RawServer.Request request = issuer.requests().getFirst();
            assertThat(request.body()).isEqualTo("grant_type=client_credentials&scope=push+all");
            String basic = request.header("authorization").substring("Basic ".length());
            assertThat(new String(Base64.getDecoder().decode(basic), StandardCharsets.US_ASCII))
                    .isEqualTo("the+client:s3cret%3A%26");
        }
    }

    @Test
    void theCredentialsMayStandInTheBody() throws Exception {
        try (RawServer sink = accepting("t1");
                RawServer issuer = issuing(3600)) {
            ClientCredentials client = client(issuer, Placement.BODY);
            assertThat(
                            pushing.push(
                                    Pushing.with(Pushing.config(sink.port()), client),
                                    Pushing.EVENT))
                    .isInstanceOf(Delivered.class);
            assertThat(issuer.requests().getFirst().body())
                    .isEqualTo(
                            "grant_type=client_credentials&client_id=the+client"
                                    + "&client_secret=s3cret%3A%26&scope=push+all");
            assertThat(client.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void aTokenThatTheSinkRefusesIsRenewedOnce() throws Exception {
        try (RawServer sink = accepting("t2");
                RawServer issuer = issuing(3600)) {
            HttpSinkConfig config =
                    Pushing.with(Pushing.config(sink.port()), client(issuer, Placement.BASIC));
            assertThat(pushing.push(config, Pushing.EVENT)).isInstanceOf(Delivered.class);
            assertThat(sink.requests()).hasSize(2);
        }
        try (RawServer sink = accepting("none of them");
                RawServer issuer = issuing(3600)) {
            HttpSinkConfig config =
                    Pushing.with(Pushing.config(sink.port()), client(issuer, Placement.BASIC));
            assertThat(pushing.push(config, Pushing.EVENT)).isInstanceOf(Rejected.class);
            assertThat(sink.requests()).hasSize(2);
            assertThat(issuer.requests()).hasSize(2);
        }
    }

    @Test
    void withoutATokenNothingIsSentAndTheServerIsLeftAlone() throws Exception {
        try (RawServer sink = accepting("t1");
                RawServer issuer =
                        new RawServer((_, out) ->
                                out.write(json("400 Bad", "{\"error\":\"invalid_client\"}")))) {
            HttpSink open =
                    pushing.sinks()
                            .open(
                                    Pushing.with(
                                            Pushing.config(sink.port()),
                                            client(issuer, Placement.BASIC)));
            for (int i = 0; i < 3; i++) {
                assertThat(Pushing.get(open.deliver(List.of(Pushing.EVENT))))
                        .isEqualTo(
                                new RetryLater(
                                        null,
                                        0,
                                        "the authorization server answered 400 and gave no token"));
            }
            assertThat(sink.requests()).isEmpty();
            assertThat(issuer.requests()).hasSize(1);
        }
    }

    @Test
    void whatIsNoTokenIsNotUsed() throws Exception {
        for (String body :
                List.of(
                        "no json",
                        "{\"access_token\":\"a b\"}",
                        "{\"access_token\":\"a\\r\\nb\"}",
                        "{\"access_token\":7}",
                        "{\"access_token\":\"x\",\"token_type\":\"mac\"}",
                        "[]")) {
            try (RawServer sink = accepting("t1");
                    RawServer issuer = new RawServer((_, out) -> out.write(json("200 OK", body)))) {
                HttpSinkConfig config =
                        Pushing.with(Pushing.config(sink.port()), client(issuer, Placement.BASIC));
                assertThat(pushing.push(config, Pushing.EVENT))
                        .as(body)
                        .isInstanceOf(RetryLater.class);
                assertThat(sink.requests()).isEmpty();
            }
        }
    }

    @Test
    void anAuthorizationServerIsHeldToTheSameAddresses() throws Exception {
        try (RawServer sink = accepting("t1")) {
            ClientCredentials inside =
                    new ClientCredentials(
                            SinkAddress.parse("token", "http://127.0.0.2/token"),
                            "c",
                            Secret.of("s"),
                            null,
                            Placement.BASIC);
            assertThat(
                            pushing.push(
                                    Pushing.with(Pushing.config(sink.port()), inside),
                                    Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            RetryLater.class,
                            retry -> assertThat(retry.reason()).contains("127.0.0.2"));
        }
    }
}
