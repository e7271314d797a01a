package io.millrace.gateway.http.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a client of the HTTP API may use up.
///
/// @param bodyBytesMax of a request with one event or a resource, decompressed
/// @param batchBytesMax of a batch of events, decompressed
/// @param batchEventsMax events in a batch
/// @param inFlightBytesMax bytes of request bodies in memory, over all connections; what is more
///   waits in the sockets
/// @param connectionsMax open at the same time
/// @param requestMax from a request's first byte to the end of its headers, and from there to the
///   end of its body
/// @param idleMax how long a connection may stay open without a request
/// @param readsMax reads of history at the same time, those that wait included
/// @param tailsMax contexts followed at the same time
/// @param receiversMax consumers that ask for events or jobs at the same time, those that wait
///   included
public record HttpLimits(
        int bodyBytesMax,
        int batchBytesMax,
        int batchEventsMax,
        long inFlightBytesMax,
        int connectionsMax,
        Duration requestMax,
        Duration idleMax,
        int readsMax,
        int tailsMax,
        int receiversMax) {
    /// All of a request's headers together, its first line not included.
    public static final int HEADER_BYTES_MAX = 16 << 10;

    /// The request's first line.
    public static final int FIRST_LINE_BYTES_MAX = 8 << 10;

    /// Header fields in one request.
    public static final int HEADERS_MAX = 128;

    /// Requests at the same time on one HTTP/2 connection.
    public static final int STREAMS_MAX = 100;

    /// Requests that an HTTP/2 client may reset within [#RESETS_SECONDS] before its connection is
    /// closed.
    public static final int RESETS_MAX = 200;

    /// See [#RESETS_MAX].
    public static final int RESETS_SECONDS = 30;

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    1 << 20,
                    8 << 20,
                    10_000,
                    128L << 20,
                    10_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    1_000,
                    1_000,
                    10_000);

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public HttpLimits {
        List<Problem> problems = new ArrayList<>();
        range(problems, "bodyBytesMax", bodyBytesMax, 1 << 10, 256 << 20);
        range(problems, "batchBytesMax", batchBytesMax, 1 << 10, 256 << 20);
        range(problems, "batchEventsMax", batchEventsMax, 1, 1_000_000);
        long largest = Math.max(bodyBytesMax, batchBytesMax);
        if (inFlightBytesMax < 2 * largest) {
            problems.add(
                    problem(
                            "inFlightBytesMax",
                            "must be at least twice the largest body, " + 2 * largest));
        }
        range(problems, "connectionsMax", connectionsMax, 1, 1_000_000);
        period(problems, "requestMax", requestMax);
        period(problems, "idleMax", idleMax);
        range(problems, "readsMax", readsMax, 1, 1_000_000);
        range(problems, "tailsMax", tailsMax, 1, 1_000_000);
        range(problems, "receiversMax", receiversMax, 1, 1_000_000);
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    private static void range(List<Problem> problems, String field, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(problem(field, "must be %d to %d, but is %d".formatted(min, max, value)));
        }
    }

    private static void period(List<Problem> problems, String field, Duration value) {
        if (value.compareTo(Duration.ofMillis(10)) < 0
                || value.compareTo(Duration.ofHours(1)) > 0) {
            problems.add(
                    problem(field, "must be 10ms to 1h, but is %dms".formatted(value.toMillis())));
        }
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.CONFIGURATION_INVALID, field, detail);
    }
}
