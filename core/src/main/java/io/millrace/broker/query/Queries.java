package io.millrace.broker.query;

import io.millrace.error.MillraceException;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.security.Principal;
import java.util.List;

/// What can be done with queries. Thread-safe; the methods may wait, at first for the engine to be
/// loaded.
public interface Queries {
    /// How a query is.
    ///
    /// @throws MillraceException QUERY_NOT_FOUND
    QueryStatus status(Principal principal, String name);

    /// How all of them are, by name.
    List<QueryStatus> statuses(Principal principal);

    /// Stops a query where it can go on; waits for that.
    ///
    /// @throws MillraceException QUERY_NOT_FOUND, QUERY_FAILED, QUERIES_UNAVAILABLE, FORBIDDEN
    void pause(Principal principal, String name);

    /// Goes on after a pause or a failure.
    ///
    /// @throws MillraceException QUERY_NOT_FOUND, QUERIES_UNAVAILABLE, FORBIDDEN
    void resume(Principal principal, String name);

    /// Secures what a query has done; waits for that.
    ///
    /// @return where
    /// @throws MillraceException QUERY_NOT_FOUND, QUERY_FAILED, QUERIES_UNAVAILABLE, FORBIDDEN
    String savepoint(Principal principal, String name);

    /// Plans a query without running it, and tries it on a sample of stored events.
    ///
    /// @throws MillraceException QUERY_INVALID, QUERIES_UNAVAILABLE, FORBIDDEN
    QueryExplanation explain(Principal principal, QueryResource query);

    /// Runs a statement until it ends, the reader has enough, or the thread is interrupted.
    ///
    /// @throws MillraceException QUERY_INVALID, QUERY_FAILED, QUERIES_UNAVAILABLE, OVERLOADED,
    ///   FORBIDDEN
    void run(Principal principal, AdHocQuery query, RowReader reader) throws InterruptedException;

    /// The SQL types of the fields of an input's data, learned from its latest events.
    ///
    /// @param samples how many events are looked at
    /// @throws MillraceException QUERIES_UNAVAILABLE, FORBIDDEN
    InferredSchema infer(Principal principal, QueryInput input, int samples);

    /// What queries stand on, for those that run elsewhere.
    ///
    /// @throws MillraceException FORBIDDEN
    QueryGround ground(Principal principal);
}
