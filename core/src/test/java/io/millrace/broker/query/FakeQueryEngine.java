package io.millrace.broker.query;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.StartPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// An engine that does as a test tells it, and remembers what it was asked. Thread-safe.
public final class FakeQueryEngine implements QueryEngine {
    /// What happened, in order.
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /// The queries that were started, by name.
    public final Map<String, FakeQuery> queries = new ConcurrentHashMap<>();

    /// The statements that were run.
    public final List<AdHocQuery> run = new CopyOnWriteArrayList<>();

    /// The queries that were explained on samples.
    public final List<QueryResource> explained = new CopyOnWriteArrayList<>();

    private volatile @Nullable RuntimeException failure;
    private volatile QueryExplanation.State stateOfChange = QueryExplanation.State.KEPT;
    private volatile Script script = (_, _) -> {};

    /// What a run does.
    @FunctionalInterface
    public interface Script {
        void run(AdHocQuery query, RowReader reader) throws InterruptedException;
    }

    /// From now on everything fails so; `null` for no longer.
    public void failWith(@Nullable RuntimeException problem) {
        failure = problem;
    }

    /// What becomes of the state when a query is changed.
    public void changesWith(QueryExplanation.State state) {
        stateOfChange = state;
    }

    /// What the next runs do.
    public void runs(Script next) {
        script = next;
    }

    private void failIfTold() {
        RuntimeException problem = failure;
        if (problem != null) {
            throw problem;
        }
    }

    @Override
    public void warmUp() {
        calls.add("warmUp");
    }

    @Override
    public QueryExplanation explain(
            QueryResource query, @Nullable QueryResource before, boolean tries) {
        calls.add("explain " + query.name());
        failIfTold();
        if (query.sql().contains("SELEC ")) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "sql",
                    "line 1, column 1: there is no statement SELEC");
        }
        if (tries) {
            explained.add(query);
        }
        var row = JsonNodeFactory.instance.objectNode().put("floor", "3").put("average", 20.5);
        return new QueryExplanation(
                List.of(new QueryColumn("floor", "STRING"), new QueryColumn("average", "DOUBLE")),
                true,
                List.of("floor"),
                List.of("the state grows for ever"),
                new PlanGraph(
                        List.of(new PlanGraph.Node("n1", "Source: t", "all", 1, 2, 2, 0.25, 0)),
                        List.of(new PlanGraph.Edge("n1", "n2", 2, "HASH"))),
                "Source: t\n  Sink",
                before == null ? QueryExplanation.State.NEW : stateOfChange,
                tries ? List.of(row) : List.of());
    }

    @Override
    public RunningQuery start(QueryResource query, int incarnation) {
        calls.add("start " + query.name());
        failIfTold();
        FakeQuery started = new FakeQuery(query.name());
        queries.put(query.name(), started);
        return started;
    }

    @Override
    public void run(AdHocQuery query, RowReader reader) throws InterruptedException {
        run.add(query);
        failIfTold();
        script.run(query, reader);
    }

    @Override
    public InferredSchema infer(QueryInput input, int samples) {
        calls.add("infer " + input.pattern() + " " + samples);
        failIfTold();
        return new InferredSchema(Map.of("celsius", "DOUBLE"), Set.of("celsius"), samples);
    }

    @Override
    public void close() {
        calls.add("close");
    }

    /// A query that runs nowhere.
    public final class FakeQuery implements RunningQuery {
        private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

        private final String name;
        private volatile QueryStatus.State state = QueryStatus.State.RUNNING;
        private volatile QueryStatus.@Nullable Failure error;
        private volatile Set<String> views = Set.of();

        private FakeQuery(String name) {
            this.name = name;
        }

        /// From now on it has failed.
        public void fail(String message, int line, int column) {
            state = QueryStatus.State.FAILED;
            error = new QueryStatus.Failure(message, line, column, NOON);
        }

        private void called(String what) {
            calls.add(what + " " + name);
            failIfTold();
        }

        @Override
        public QueryStatus status() {
            return new QueryStatus(
                    name,
                    state,
                    NOON,
                    null,
                    error,
                    3,
                    new QueryStatus.Counts(1200, 1190, 4, 5, 1, 40),
                    new QueryStatus.Rates(100, 2.5),
                    NOON,
                    17,
                    1200,
                    10_240,
                    new QueryStatus.Checkpoints(NOON, 12, 2048, 10, 1),
                    List.of("the state grows for ever"),
                    new PlanGraph(
                            List.of(new PlanGraph.Node("n1", "Source: t", "all", 1, 2, 2, 0.25, 0)),
                            List.of(new PlanGraph.Edge("n1", "n2", 2, "HASH"))));
        }

        /// From now on it reads these views.
        public void reads(String... names) {
            views = Set.of(names);
        }

        @Override
        public Set<String> views() {
            return views;
        }

        @Override
        public void replay(Instant time, RowReader reader) throws InterruptedException {
            called("replay " + time);
            script.run(
                    new AdHocQuery(
                            "",
                            Map.of(),
                            new StartPoint.Earliest(),
                            time,
                            EventTimeRules.usual(name),
                            1,
                            Long.MAX_VALUE),
                    reader);
        }

        @Override
        public void pause() {
            called("pause");
            state = QueryStatus.State.PAUSED;
        }

        @Override
        public void resume() {
            called("resume");
            state = QueryStatus.State.RUNNING;
        }

        @Override
        public String savepoint() {
            called("savepoint");
            return "savepoints/1";
        }

        @Override
        public void change(QueryResource after) {
            called("change");
        }

        @Override
        public void close() {
            called("stop");
        }

        @Override
        public void delete() {
            called("delete");
        }
    }
}
