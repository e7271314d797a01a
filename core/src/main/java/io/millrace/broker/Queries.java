package io.millrace.broker;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.InferredSchema;
import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.QueryHost;
import io.millrace.broker.query.QueryStatus;
import io.millrace.broker.query.RowReader;
import io.millrace.error.MillraceException;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.util.List;

/// What can be done with queries. Thread-safe; the methods may wait, at first for the engine to be
/// loaded.
public final class Queries {
    private final Guard guard;
    private final QueryHost host;

    Queries(Guard guard, QueryHost host) {
        this.guard = guard;
        this.host = host;
    }

    /// How a query is.
    ///
    /// @throws MillraceException QUERY_NOT_FOUND
    public QueryStatus status(Principal principal, String name) {
        return host.running(name).status();
    }

    /// How all of them are, by name.
    public List<QueryStatus> statuses(Principal principal) {
        return host.statuses();
    }

    /// Stops a query where it can go on; waits for that.
    ///
    /// @throws MillraceException QUERY_NOT_FOUND, QUERY_FAILED, FORBIDDEN
    public void pause(Principal principal, String name) {
        manage(principal, name);
        host.running(name).pause();
    }

    /// @throws MillraceException QUERY_NOT_FOUND, FORBIDDEN
    public void resume(Principal principal, String name) {
        manage(principal, name);
        host.running(name).resume();
    }

    /// Secures what a query has done; waits for that.
    ///
    /// @return where
    /// @throws MillraceException QUERY_NOT_FOUND, QUERY_FAILED, FORBIDDEN
    public String savepoint(Principal principal, String name) {
        manage(principal, name);
        return host.running(name).savepoint();
    }

    private void manage(Principal principal, String name) {
        guard.manage(principal, ResourceKind.QUERY.word(), name);
    }

    /// Plans a query without running it, and tries it on a sample of stored events.
    ///
    /// @throws MillraceException QUERY_INVALID, FORBIDDEN
    public QueryExplanation explain(Principal principal, QueryResource query) {
        read(principal, query.inputs().values());
        return host.engine().explain(query, host.find(query.name()), true);
    }

    /// Runs a statement until it ends, the reader has enough, or the thread is interrupted.
    ///
    /// @throws MillraceException QUERY_INVALID, QUERY_FAILED, OVERLOADED, FORBIDDEN
    public void run(Principal principal, AdHocQuery query, RowReader reader)
            throws InterruptedException {
        read(principal, query.inputs().values());
        host.engine().run(query, reader);
    }

    /// The SQL types of the fields of an input's data, learned from its latest events.
    public InferredSchema infer(Principal principal, QueryInput input, int samples) {
        guard.read(principal, input.pattern());
        return host.engine().infer(input, samples);
    }

    private void read(Principal principal, Iterable<QueryInput> inputs) {
        inputs.forEach(input -> guard.read(principal, input.pattern()));
    }
}
