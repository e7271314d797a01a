package io.millrace.broker.query;

import io.millrace.broker.catalogue.Proposal;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.resource.QueryOutput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.ResourceKind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queries that are set up. The engine is opened with the first of them.
public final class QueryHost implements ResourceHost<QueryResource>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryHost.class);

    private final @Nullable QueryEngines engines;
    private final QueryGround ground;
    private final Map<String, Hosted> queries = new ConcurrentSkipListMap<>();
    private @Nullable QueryEngine engine;
    private boolean closed;

    private record Hosted(QueryResource resource, RunningQuery running) {}

    /// @param engines `null` for a server that runs no queries
    public QueryHost(@Nullable QueryEngines engines, QueryGround ground) {
        this.engines = engines;
        this.ground = ground;
    }

    QueryGround ground() {
        return ground;
    }

    /// @throws MillraceException QUERIES_UNAVAILABLE, SHUTTING_DOWN
    public synchronized QueryEngine engine() {
        if (closed) {
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
        QueryEngine known = engine;
        if (known == null) {
            if (engines == null) {
                throw new MillraceException(
                        ErrorCode.QUERIES_UNAVAILABLE,
                        "this server was started without the libraries that queries need");
            }
            known = engines.open(ground);
            engine = known;
        }
        return known;
    }

    /// @throws MillraceException QUERY_NOT_FOUND
    public RunningQuery running(String name) {
        return hosted(name).running();
    }

    /// @throws MillraceException QUERY_NOT_FOUND
    public QueryResource resource(String name) {
        return hosted(name).resource();
    }

    private Hosted hosted(String name) {
        Hosted hosted = queries.get(name);
        if (hosted == null) {
            throw ResourceKind.QUERY.notFound(name);
        }
        return hosted;
    }

    /// A query that fills a view, and how it runs.
    public record Filling(QueryResource resource, RunningQuery running) {}

    /// Those that fill a view.
    public List<Filling> filling(String view) {
        return queries.values().stream()
                .filter(hosted ->
                        hosted.resource().output() instanceof QueryOutput.ToView to
                                && to.view().equals(view))
                .map(hosted -> new Filling(hosted.resource(), hosted.running()))
                .toList();
    }

    /// The names of those that read a view.
    public List<String> readersOf(String view) {
        return queries.values().stream()
                .filter(hosted -> hosted.running().views().contains(view))
                .map(hosted -> hosted.resource().name())
                .toList();
    }

    /// The query that is replaced by one of that name; `null` if there is none.
    public @Nullable QueryResource find(String name) {
        Hosted hosted = queries.get(name);
        return hosted == null ? null : hosted.resource();
    }

    /// How all of them are.
    public List<QueryStatus> statuses() {
        return queries.values().stream().map(hosted -> hosted.running().status()).toList();
    }

    /// Tells queries that run elsewhere where this server is.
    public void reachableAt(URI address) {
        ground.address().become(address);
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.QUERY;
    }

    @Override
    public Class<QueryResource> type() {
        return QueryResource.class;
    }

    @Override
    public void warmUp() {
        engine().warmUp();
    }

    @Override
    public void check(List<Proposal<QueryResource>> proposals, ProblemCollector problems) {
        for (Proposal<QueryResource> proposal : proposals) {
            if (!proposal.after().equals(proposal.before())) {
                check(proposal, problems);
            }
        }
    }

    private void check(Proposal<QueryResource> proposal, ProblemCollector problems) {
        try {
            QueryExplanation explanation =
                    engine().explain(proposal.after(), proposal.before(), false);
            if (explanation.state() == QueryExplanation.State.LOST
                    && !proposal.after().restartsOnStateLoss()) {
                problems.add(
                        proposal.field("sql"),
                        "cannot go on with what the query has in memory after this change; with"
                                + " onStateLoss: restart it forgets that and begins anew at start,"
                                + " or give it another name");
            }
        } catch (MillraceException e) {
            // That the server cannot check it now says nothing about the document.
            if (e.code().kind() != ErrorCode.Kind.CALLER) {
                throw e;
            }
            for (Problem problem : e.problems()) {
                String field = problem.field() == null ? "sql" : problem.field();
                problems.add(proposal.field(field), problem.detail());
            }
        }
    }

    @Override
    public void opened(QueryResource resource, int incarnation) {
        start(resource, incarnation);
    }

    @Override
    public void created(QueryResource resource, int incarnation) {
        start(resource, incarnation);
    }

    /// A query that cannot be started is there nevertheless, and says why: it is recorded, and no
    /// reason for a server not to start.
    private void start(QueryResource resource, int incarnation) {
        RunningQuery running;
        try {
            running = engine().start(resource, incarnation);
        } catch (RuntimeException e) {
            LOG.warn("The query {} cannot be run: {}", resource.name(), e.getMessage(), trace(e));
            running = new UnavailableQuery(resource.name(), reason(e), ground.clock());
        }
        queries.put(resource.name(), new Hosted(resource, running));
    }

    /// Faults are followed up; what a user was told needs no trace.
    private static @Nullable Throwable trace(RuntimeException e) {
        return e instanceof MillraceException ? null : e;
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void changed(QueryResource before, QueryResource after, int incarnation) {
        RunningQuery running = hosted(after.name()).running();
        if (running instanceof UnavailableQuery) {
            start(after, incarnation);
        } else {
            running.change(after);
            queries.put(after.name(), new Hosted(after, running));
        }
    }

    @Override
    public void deleted(QueryResource resource, int incarnation) {
        Hosted hosted = queries.remove(resource.name());
        if (hosted != null) {
            quietly("deleted", hosted, hosted.running()::delete);
        }
    }

    /// The deletion is recorded, and the server stops: neither is kept by one query.
    private static void quietly(String what, Hosted hosted, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("The query {} could not be {} cleanly", hosted.resource().name(), what, e);
        }
    }

    /// Stops all queries where they can go on.
    @Override
    public void close() {
        QueryEngine open;
        synchronized (this) {
            closed = true;
            open = engine;
        }
        queries.values().forEach(each -> quietly("stopped", each, each.running()::close));
        if (open != null) {
            open.close();
        }
    }
}
