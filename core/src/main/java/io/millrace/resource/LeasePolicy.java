package io.millrace.resource;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/// How events or jobs are lent to consumers, and what follows when that fails.
///
/// @param lease how long a consumer has one, unless it asks for another time
/// @param failuresMax after so many failed deliveries it goes to the dead letters
/// @param retry how long it waits after the first, second ... failure; the last holds for all that
///   follow; not empty
public record LeasePolicy(Duration lease, int failuresMax, List<Duration> retry) {
    public static final Duration LEASE_MIN = Duration.ofMillis(10);
    public static final Duration LEASE_MAX = Duration.ofDays(7);

    private static final Duration RETRY_MAX = Duration.ofDays(365);
    private static final long FAILURES_LIMIT = 1_000_000;

    /// One minute, ten failures, given out again at once.
    public static final LeasePolicy DEFAULT =
            new LeasePolicy(Duration.ofMinutes(1), 10, List.of(Duration.ZERO));

    public LeasePolicy {
        retry = List.copyOf(retry);
    }

    /// Reads `lease`, `deliveriesMax` and `retry`; what is wrong is reported and replaced by its
    /// default.
    static LeasePolicy read(Fields fields) {
        Duration lease = ResourceFields.duration(fields, "lease", LEASE_MIN, LEASE_MAX);
        Long failures = fields.integer("deliveriesMax", 1, FAILURES_LIMIT);
        List<Duration> retry = ResourceFields.delays(fields, "retry", RETRY_MAX);
        return new LeasePolicy(
                Objects.requireNonNullElse(lease, DEFAULT.lease),
                failures == null ? DEFAULT.failuresMax : failures.intValue(),
                retry.isEmpty() ? DEFAULT.retry : retry);
    }

    void writeTo(ObjectNode document) {
        document.put("lease", Durations.print(lease));
        document.put("deliveriesMax", failuresMax);
        ResourceFields.write(document, "retry", retry);
    }
}
