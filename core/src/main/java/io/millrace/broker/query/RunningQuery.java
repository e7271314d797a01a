package io.millrace.broker.query;

import io.millrace.error.MillraceException;
import io.millrace.resource.QueryResource;
import java.time.Instant;
import java.util.Set;

/// One query that was started. Thread-safe; the methods return at once unless they say otherwise.
public interface RunningQuery {
    QueryStatus status();

    /// The views that it reads, as far as its statement has been planned.
    Set<String> views();

    /// Runs its statement again: from where it began up to what had been recorded at a time, as it
    /// was then. Waits until it ends, the reader has enough, or the thread is interrupted.
    ///
    /// @throws MillraceException VIEW_PAST_UNKNOWN if the past cannot be had again; QUERY_INVALID,
    ///   QUERY_FAILED, QUERIES_UNAVAILABLE, OVERLOADED
    void replay(Instant time, RowReader reader) throws InterruptedException;

    /// Secures what it has done and stops it; waits for that. It stays paused over a restart.
    ///
    /// @throws MillraceException QUERY_FAILED if it cannot be secured; it runs on then
    void pause();

    void resume();

    /// Secures what it has done; waits for that.
    ///
    /// @return where
    /// @throws MillraceException QUERY_FAILED
    String savepoint();

    /// Goes on as the query is now, with the state that it has if that can be.
    void change(QueryResource after);

    /// Stops it; what it has done is secured for the next start.
    void close();

    /// Stops it for good.
    void delete();
}
