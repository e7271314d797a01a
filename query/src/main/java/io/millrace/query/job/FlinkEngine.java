package io.millrace.query.job;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.broker.query.Feed;
import io.millrace.broker.query.InferredSchema;
import io.millrace.broker.query.PlanGraph;
import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryEngine;
import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.RowReader;
import io.millrace.broker.query.RunningQuery;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.query.door.Doors;
import io.millrace.query.sql.PlannedStatement;
import io.millrace.query.sql.SchemaInference;
import io.millrace.query.sql.Statements;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryOutput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.StartPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Queries on a Flink in this process, which starts with the first of them. Thread-safe.
public final class FlinkEngine implements QueryEngine {
    private static final Logger LOG = LoggerFactory.getLogger(FlinkEngine.class);

    private final String name = UUID.randomUUID().toString();
    private final QueryGround ground;
    private final QueryCapacity capacity;
    private final ExecutorService executor =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("query-", 0).factory());
    private final ReentrantLock starting = new ReentrantLock();

    /// Planning is heavy, and shares classes that are not made for many threads.
    private final ReentrantLock planning = new ReentrantLock();

    private final JobArtifact artifact;
    private volatile @Nullable EmbeddedFlink flink;
    private volatile boolean closed;

    public FlinkEngine(QueryGround ground, QueryCapacity capacity) {
        this.ground = ground;
        this.capacity = capacity;
        this.artifact = new JobArtifact(ground.folder().resolve("artifact"));
        Doors.open(name, ground);
    }

    String name() {
        return name;
    }

    QueryGround ground() {
        return ground;
    }

    JobArtifact artifact() {
        return artifact;
    }

    ExecutorService executor() {
        return executor;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isStarted() {
        return flink != null;
    }

    /// Starts Flink if it does not run; waits for it.
    EmbeddedFlink flink() {
        starting.lock();
        try {
            if (closed) {
                throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
            }
            EmbeddedFlink known = flink;
            if (known == null) {
                long begin = ground.clock().epochMillis();
                known = new EmbeddedFlink(name, ground.folder().resolve("tmp"), capacity);
                flink = known;
                LOG.info(
                        "The query engine has started in {} ms",
                        ground.clock().epochMillis() - begin);
            }
            return known;
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.QUERIES_UNAVAILABLE,
                    "the query engine does not start: " + e.getMessage(),
                    e);
        } finally {
            starting.unlock();
        }
    }

    @Override
    public void warmUp() {
        executor.execute(() -> {
            try {
                flink();
            } catch (MillraceException e) {
                LOG.warn("The query engine could not be started ahead: {}", e.getMessage());
            }
        });
    }

    /// Plans one statement at a time.
    ///
    /// @param door by which operators find the broker, see `Doors`
    PlannedStatement plan(
            String door,
            Statements.Purpose purpose,
            StreamExecutionEnvironment environment,
            Statements.SinkMaker maker) {
        planning.lock();
        try {
            return new Statements(door, ground).plan(purpose, environment, maker);
        } finally {
            planning.unlock();
        }
    }

    static JobGraph job(PlannedStatement planned, String title) {
        return job(planned.environment(), title);
    }

    /// Flink compiles what it generates with the thread's class loader.
    private static JobGraph job(StreamExecutionEnvironment environment, String title) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(FlinkEngine.class.getClassLoader());
        try {
            var graph = environment.getStreamGraph();
            graph.setJobName(title);
            return graph.getJobGraph();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /// A query as it would run, with nothing started.
    private PlannedStatement planned(QueryResource query) {
        Outputs outputs = new Outputs(name, query, 0, Map.of());
        PlannedStatement planned =
                plan(
                        name,
                        new Statements.Purpose(
                                query.sql(),
                                query.inputs(),
                                query.eventTime(),
                                query.parallelism(),
                                Map.of(),
                                null,
                                outputs.late()),
                        JobSettings.lasting(
                                ground.folder().toUri().toString(), query.checkpointEvery()),
                        outputs::sink);
        requireReadable(query, planned);
        if (query.cluster() == null) {
            requireSlots(query.parallelism());
        }
        return planned;
    }

    /// Whoever wants more than there are would wait for ever.
    void requireSlots(int parallelism) {
        if (parallelism > capacity.slots()) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "parallelism",
                    "is more than the %d slots of this server (queries.slots in its configuration)"
                            .formatted(capacity.slots()));
        }
    }

    static void requireReadable(QueryResource query, PlannedStatement planned) {
        if (query.cluster() != null && !planned.views().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "cluster",
                    "a query on a cluster cannot read the view %s; read the events that it is made of"
                            .formatted(planned.views().iterator().next()));
        }
        if (query.output() instanceof QueryOutput.ToView to
                && planned.views().contains(to.view())) {
            throw new MillraceException(
                    ErrorCode.QUERY_INVALID,
                    "output.view",
                    "is a view that the statement reads; a query cannot fill what it reads");
        }
    }

    @Override
    public QueryExplanation explain(
            QueryResource query, @Nullable QueryResource before, boolean tries) {
        PlannedStatement planned = planned(query);
        JobGraph job = job(planned, query.name());
        PlanGraph graph = PlannedStatement.graph(job);
        List<String> warnings = new ArrayList<>(planned.warnings());
        QueryExplanation.State state = QueryExplanation.State.NEW;
        if (before != null) {
            state =
                    keepsState(before, query, planned, job)
                            ? QueryExplanation.State.KEPT
                            : QueryExplanation.State.LOST;
        }
        var sample =
                tries
                        ? new Trial(this).sample(query)
                        : List.<tools.jackson.databind.node.ObjectNode>of();
        return new QueryExplanation(
                planned.columns(),
                planned.changesRows(),
                List.of(),
                warnings,
                graph,
                planned.text(),
                state,
                sample);
    }

    /// Whether a query can go on with what another remembers.
    boolean keepsState(
            QueryResource before, QueryResource resource, PlannedStatement after, JobGraph job) {
        if (!Objects.equals(before.cluster(), resource.cluster())) {
            // Nobody carries files from one Flink to another.
            return false;
        }
        PlannedStatement earlier;
        try {
            earlier = planned(before);
        } catch (MillraceException _) {
            // It could not run; so there is nothing to be kept.
            return true;
        }
        if (!earlier.memory().equals(after.memory()) || !earlier.tables().equals(after.tables())) {
            return false;
        }
        return after.memory().isEmpty()
                || operators(job(earlier, before.name())).equals(operators(job));
    }

    private static Set<String> operators(JobGraph job) {
        Set<String> operators = new TreeSet<>();
        for (JobVertex vertex : job.getVertices()) {
            vertex.getOperatorIDs()
                    .forEach(pair -> operators.add(pair.getGeneratedOperatorID().toHexString()));
        }
        return operators;
    }

    @Override
    public RunningQuery start(QueryResource query, int incarnation) {
        return new PlacedQuery(this, query, incarnation);
    }

    /// Where every partition that inputs reach begins.
    Map<String, Long> starts(StartPoint start, ContextPattern pattern) {
        Map<String, Long> starts = new HashMap<>();
        for (Feed feed : ground.feeds().of(pattern, null)) {
            starts.put(
                    feed.id(),
                    switch (start) {
                        case StartPoint.Earliest _ -> feed.startOffset();
                        case StartPoint.Latest _ -> feed.readableOffset();
                        case StartPoint.Since(var moment) -> feed.offsetAt(moment.toEpochMilli());
                        case StartPoint.Position _ ->
                                throw new MillraceException(
                                        ErrorCode.QUERY_INVALID,
                                        "start",
                                        "must be earliest, latest or a time");
                    });
        }
        return starts;
    }

    /// Where in every partition begins what was recorded at a time or later.
    Map<String, Long> recordedBefore(long timestampMillis) {
        Map<String, Long> ends = new HashMap<>();
        for (Feed feed : ground.feeds().of(ContextPattern.of("/**"), null)) {
            ends.put(feed.id(), feed.offsetAt(timestampMillis));
        }
        return ends;
    }

    /// Up to where every partition is stored now.
    Map<String, Long> stored(ContextPattern pattern) {
        Map<String, Long> stored = new HashMap<>();
        for (Feed feed : ground.feeds().of(pattern, null)) {
            stored.put(feed.id(), feed.storedOffset());
        }
        return stored;
    }

    @Override
    public void run(AdHocQuery query, RowReader reader) throws InterruptedException {
        new AdHocRun(this, query).run(reader);
    }

    @Override
    public InferredSchema infer(QueryInput input, int samples) {
        return new SchemaInference().infer(ground, input, samples);
    }

    @Override
    public void close() {
        EmbeddedFlink running;
        starting.lock();
        try {
            closed = true;
            running = flink;
            flink = null;
        } finally {
            starting.unlock();
        }
        if (running != null) {
            running.close();
        }
        executor.shutdownNow();
        Doors.close(name);
        MetricTable.forget(name);
    }
}
