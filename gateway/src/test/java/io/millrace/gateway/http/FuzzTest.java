package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.http.config.HttpLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Requests that are damaged at random: the gateway never fails, never hangs and never leaks.
final class FuzzTest extends GatewayTest {
    private static final int RUNS = 2_000;
    private static final String[] SEEDS = {
        """
        POST /events/a/b HTTP/1.1
        Host: localhost
        ce-specversion: 1.0
        ce-id: 1
        ce-source: /s
        ce-type: t
        ce-time: 2026-03-01T12:00:00Z
        Content-Length: 5

        hello\
        """,
        """
        POST /events HTTP/1.1
        Host: localhost
        Content-Type: application/cloudevents+json
        Transfer-Encoding: chunked

        3d
        {"specversion":"1.0","id":"1","source":"/s","type":"t","x":1}
        0

        """,
        """
        GET /streams/events/events?from=first&max=5&pattern=/a/** HTTP/1.1
        Host: 127.0.0.1
        Accept: application/json;q=0.5

        """,
        """
        GET /api/v1/contexts?under=/a&under=/b%20c&limit=3 HTTP/1.1
        Host: localhost

        """,
        """
        OPTIONS /tail/a%2Fb HTTP/1.0

        """,
        """
        POST /events/a HTTP/1.1
        Host: localhost
        Content-Encoding: gzip
        ce-id: 1
        Content-Length: 4

        \u001f\u008b\b\0\
        """,
        """
        POST /subscriptions/known/receive?max=3&wait=5ms&lease=1s HTTP/1.1
        Host: localhost
        Content-Length: 0

        """,
        """
        POST /queues/known/settle HTTP/1.1
        Host: localhost
        Content-Type: application/json
        Content-Length: 219

        {"settlements":[{"token":"t1","action":"release","delay":"1s","failed":true},\
        {"token":"t2","action":"complete","event":{"specversion":"1.0","id":"1",\
        "source":"/s","type":"t","data":[1,{"a":2.50}]},"eventContext":"/a"}]}\
        """,
        """
        POST /queues/known HTTP/1.1
        Host: localhost
        Content-Type: application/cloudevents-batch+json
        Content-Length: 57

        [{"specversion":"1.0","id":"1","source":"/s","type":"t"}]\
        """,
        """
        POST /dead-letters/resubmit HTTP/1.1
        Host: localhost
        Content-Length: 72

        {"search":{"kind":"Queue","since":"2026-03-01T12:00:00Z"},"perSecond":5}\
        """,
        """
        PUT /queues/known/groups/a%2Fb/state HTTP/1.1
        Host: localhost
        Content-Length: 3

        abc\
        """,
        """
        PRI * HTTP/2.0

        SM

        \0\0\0\4\0\0\0\0\0\0\0\4\1\0\0\0\1abcd\
        """
    };

    @Override
    HttpLimits limits() {
        return new HttpLimits(
                64 << 10,
                64 << 10,
                10,
                1 << 20,
                100,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                10,
                10,
                10);
    }

    @Test
    void damagedRequestsDoNoHarm() throws Exception {
        long seed = new Random().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < RUNS; run++) {
            byte[] request = damaged(random);
            String answer = answer(request, random.nextInt(4) == 0);
            assertThat(answer)
                    .as(
                            "seed %d, run %d: %s",
                            seed, run, new String(request, StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1 500");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> gateway.connections() == 0);
        assertThat(gateway.inFlightBytes()).as("seed %d", seed).isZero();
        assertThat(gateway.readers() + gateway.followers() + gateway.receivers())
                .as("seed %d", seed)
                .isZero();
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    private static byte[] damaged(SplittableRandom random) {
        byte[] request =
                SEEDS[random.nextInt(SEEDS.length)]
                        .replace("\n", "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        int damages = random.nextInt(4);
        for (int i = 0; i < damages && request.length > 1; i++) {
            int at = random.nextInt(request.length);
            switch (random.nextInt(4)) {
                case 0 -> request[at] = (byte) random.nextInt(256);
                case 1 -> request[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> request = java.util.Arrays.copyOf(request, at + 1);
                default -> {
                    int length = Math.min(random.nextInt(20), request.length - at);
                    byte[] longer = new byte[request.length + length];
                    System.arraycopy(request, 0, longer, 0, at + length);
                    System.arraycopy(request, at, longer, at + length, request.length - at);
                    request = longer;
                }
            }
        }
        return request;
    }

    /// Sends and reads what comes at once; a damaged request may leave the server waiting.
    private String answer(byte[] request, boolean reset) throws Exception {
        try (RawClient raw = raw()) {
            raw.send(request);
            if (reset) {
                raw.reset();
                return "";
            }
            raw.socket().shutdownOutput();
            return raw.readAll();
        }
    }
}
