package io.millrace.broker.query;

import io.millrace.error.MillraceException;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import org.jspecify.annotations.Nullable;

/// What runs queries. Thread-safe. Nothing of it harms the broker: what fails is told by the status
/// of a query, or thrown to whoever asked.
///
/// The first call of [#explain], [#run] or [#infer] may take seconds, while the engine is loaded.
public interface QueryEngine extends AutoCloseable {
    /// Begins to load what takes long, and returns at once.
    void warmUp();

    /// Plans a query without running it.
    ///
    /// @param before the query that it replaces; `null` if there is none
    /// @param tries whether it is tried on a sample of stored events, which takes a second or two
    /// @throws MillraceException QUERY_INVALID; the field `sql` with line and column in the text,
    ///   or another field of the resource
    QueryExplanation explain(QueryResource query, @Nullable QueryResource before, boolean tries);

    /// Starts a query in the background, where it was if it has run before.
    ///
    /// @param incarnation tells it from earlier queries of its name; its files have it in their
    ///   name
    RunningQuery start(QueryResource query, int incarnation);

    /// Runs a statement until it ends, the reader has enough, or the thread is interrupted.
    ///
    /// @throws MillraceException QUERY_INVALID, QUERY_FAILED, OVERLOADED
    void run(AdHocQuery query, RowReader reader) throws InterruptedException;

    /// The SQL types of the fields of an input's data, learned from its latest events.
    ///
    /// @param samples how many events are looked at
    InferredSchema infer(QueryInput input, int samples);

    /// Stops everything where it can go on at the next start.
    @Override
    void close();
}
