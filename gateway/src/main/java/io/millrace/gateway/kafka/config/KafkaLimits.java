package io.millrace.gateway.kafka.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.kafka.session.SessionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What Kafka's clients may use up.
///
/// @param requestBytesMax the largest request
/// @param inFlightBytesMax bytes of requests in memory, over all connections; what is more waits in
///   the sockets
/// @param connectionsMax open at the same time
/// @param idleMax how long a connection may stay open without a request
/// @param session of one connection
public record KafkaLimits(
        int requestBytesMax,
        long inFlightBytesMax,
        int connectionsMax,
        Duration idleMax,
        SessionLimits session) {
    /// Sessions of fetches, which remember what a client reads.
    public static final int FETCH_SESSIONS_MAX = 10_000;

    /// Partitions in all sessions of fetches.
    public static final int FETCH_PARTITIONS_MAX = 500_000;

    public static final KafkaLimits DEFAULT =
            new KafkaLimits(
                    100 << 20, 256L << 20, 10_000, Duration.ofMinutes(10), SessionLimits.DEFAULT);

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public KafkaLimits {
        List<Problem> problems = new ArrayList<>();
        if (requestBytesMax < 1 << 10 || requestBytesMax > 1 << 30) {
            problems.add(
                    problem(
                            "requestBytesMax",
                            "must be 1024 to 1073741824, but is " + requestBytesMax));
        }
        if (inFlightBytesMax < requestBytesMax) {
            problems.add(
                    problem(
                            "inFlightBytesMax",
                            "must be at least the largest request, " + requestBytesMax));
        }
        if (connectionsMax < 1) {
            problems.add(problem("connectionsMax", "must be 1 at least"));
        }
        if (idleMax.compareTo(Duration.ofMillis(10)) < 0) {
            problems.add(problem("idleMax", "must be 10ms at least"));
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.CONFIGURATION_INVALID, field, detail);
    }
}
