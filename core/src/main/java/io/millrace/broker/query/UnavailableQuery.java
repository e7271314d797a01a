package io.millrace.broker.query;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.resource.QueryResource;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A query of a server that cannot run it. Immutable.
final class UnavailableQuery implements RunningQuery {
    private final String name;
    private final String reason;
    private final Instant since;

    UnavailableQuery(String name, String reason, Clock clock) {
        this.name = name;
        this.reason = reason;
        this.since = Instant.ofEpochMilli(clock.epochMillis());
    }

    @Override
    public QueryStatus status() {
        return new QueryStatus(
                name,
                QueryStatus.State.FAILED,
                since,
                null,
                new QueryStatus.Failure(reason, 0, 0, since),
                0,
                QueryStatus.Counts.NONE,
                new QueryStatus.Rates(0, 0),
                null,
                0,
                -1,
                0,
                QueryStatus.Checkpoints.NONE,
                List.of(),
                PlanGraph.EMPTY);
    }

    @Override
    public Set<String> views() {
        return Set.of();
    }

    @Override
    public void replay(Instant time, RowReader reader) {
        throw unavailable();
    }

    private MillraceException unavailable() {
        return new MillraceException(ErrorCode.QUERIES_UNAVAILABLE, reason);
    }

    @Override
    public void pause() {
        throw unavailable();
    }

    @Override
    public void resume() {
        throw unavailable();
    }

    @Override
    public String savepoint() {
        throw unavailable();
    }

    @Override
    public void change(QueryResource after) {
        // The next start will tell whether it can be run.
    }

    @Override
    public void close() {
        // Nothing runs.
    }

    @Override
    public void delete() {
        // Nothing runs.
    }
}
