package io.millrace.query.job;

import io.millrace.broker.query.PlanGraph;
import io.millrace.broker.query.QueryStatus;
import io.millrace.resource.QueryResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at one query now and then, and tells how it is. Thread-safe.
final class QueryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(QueryWatch.class);
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final FlinkEngine engine;
    private final String name;
    private final BiConsumer<JobID, JobSight> observer;
    private @Nullable JobPlace place;
    private QueryStatus.State state = QueryStatus.State.STARTING;
    private Instant since;
    private @Nullable String progress;
    private QueryStatus.@Nullable Failure error;
    private @Nullable JobID job;
    private @Nullable QueryResource query;
    private PlanGraph plan = PlanGraph.EMPTY;
    private List<String> warnings = List.of();
    private QueryStatus.Checkpoints checkpoints = QueryStatus.Checkpoints.NONE;
    private long stateBytes;
    private int restarts;
    private boolean ended;
    private QueryStatus.Counts last = QueryStatus.Counts.NONE;
    private long lastMillis;
    private double inputRate;
    private double outputRate;

    QueryWatch(FlinkEngine engine, String name) {
        this(engine, name, (_, _) -> {});
    }

    /// @param observer of what is seen; on the thread that looks
    QueryWatch(FlinkEngine engine, String name, BiConsumer<JobID, JobSight> observer) {
        this.engine = engine;
        this.name = name;
        this.observer = observer;
        this.since = now();
    }

    private Instant now() {
        return Instant.ofEpochMilli(engine.ground().clock().epochMillis());
    }

    private synchronized void become(QueryStatus.State next, @Nullable String what) {
        if (state != next) {
            state = next;
            since = now();
        }
        progress = what;
    }

    synchronized void starting(String what) {
        become(QueryStatus.State.STARTING, what);
    }

    synchronized void paused() {
        job = null;
        become(QueryStatus.State.PAUSED, null);
    }

    synchronized void failed(String message) {
        job = null;
        error = failure(message);
        become(QueryStatus.State.FAILED, null);
    }

    private QueryStatus.Failure failure(String message) {
        Matcher place = PLACE.matcher(message);
        boolean known = place.find();
        return new QueryStatus.Failure(
                message,
                known ? Integer.parseInt(place.group(1)) : 0,
                known ? Integer.parseInt(place.group(2)) : 0,
                now());
    }

    synchronized void running(
            JobPlace at, JobID id, PlanGraph graph, List<String> warned, QueryResource resource) {
        place = at;
        job = id;
        plan = graph;
        warnings = warned;
        query = resource;
        restarts = 0;
        error = null;
        last = QueryStatus.Counts.NONE;
        lastMillis = 0;
        become(QueryStatus.State.STARTING, "its operators are starting");
        engine.executor().execute(() -> look(id, at));
    }

    /// It does not run, and will again.
    synchronized void troubled(String message) {
        error = failure(message);
        become(QueryStatus.State.RESTARTING, null);
    }

    /// Whether there is something to be secured. Looks afresh: a query that has just started can
    /// have given results already.
    boolean isUp() throws InterruptedException {
        JobID running;
        JobPlace at;
        synchronized (this) {
            running = job;
            at = place;
        }
        if (running == null || at == null) {
            return false;
        }
        try {
            JobSight sight = at.look(running);
            return sight.status() == JobStatus.RUNNING && sight.isUp();
        } catch (ExecutionException _) {
            return false;
        }
    }

    synchronized boolean hasFailed() {
        return state == QueryStatus.State.FAILED;
    }

    synchronized void end() {
        ended = true;
    }

    private synchronized boolean watches(JobID id) {
        return !ended && id.equals(job);
    }

    private void look(JobID id, JobPlace at) {
        try {
            while (watches(id) && !engine.isClosed()) {
                JobSight sight = at.look(id);
                if (watches(id)) {
                    seen(sight);
                    observer.accept(id, sight);
                }
                Thread.sleep(at.lookMillis());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            if (watches(id) && !engine.isClosed()) {
                LOG.warn("How the query {} is cannot be seen", name, e);
            }
        }
    }

    private synchronized void seen(JobSight sight) {
        QueryStatus.Checkpoints secured = sight.checkpoints();
        if (secured != null) {
            checkpoints = secured;
        }
        if (sight.stateBytes() >= 0) {
            stateBytes = sight.stateBytes();
        }
        QueryStatus.Failure known = error;
        String told = sight.failure();
        if (told != null && (known == null || !told.equals(known.message()))) {
            error = failure(told);
        }
        JobStatus status = sight.status();
        if (status == null) {
            become(QueryStatus.State.RESTARTING, null);
            return;
        }
        switch (status) {
            case INITIALIZING, CREATED -> become(QueryStatus.State.STARTING, progress);
            case RUNNING -> {
                if (sight.isUp()) {
                    become(QueryStatus.State.RUNNING, null);
                } else if (state != QueryStatus.State.STARTING) {
                    become(QueryStatus.State.RESTARTING, null);
                }
            }
            case FAILING, RESTARTING, SUSPENDED, RECONCILING -> {
                if (state != QueryStatus.State.RESTARTING) {
                    restarts++;
                }
                become(QueryStatus.State.RESTARTING, null);
            }
            case FAILED -> become(QueryStatus.State.FAILED, null);
            case CANCELLING, CANCELED, FINISHED -> {
                // Whoever has stopped it says what it is now.
            }
        }
        rates();
        bound();
    }

    /// A query that remembers more than it may is stopped before it takes the disk from others.
    private void bound() {
        QueryResource resource = query;
        JobID running = job;
        JobPlace at = place;
        if (at != null
                && resource != null
                && running != null
                && stateBytes > resource.stateMax().bytes()) {
            String message =
                    "it remembers %d bytes, more than stateMax allows (%s)"
                            .formatted(stateBytes, resource.stateMax());
            engine.executor()
                    .execute(() -> {
                        try {
                            at.cancel(running);
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                    });
            failed(message);
        }
    }

    private @Nullable JobMetrics metrics() {
        JobID running = job;
        JobPlace at = place;
        return running == null || at == null ? null : at.metrics(running);
    }

    private QueryStatus.Counts counts() {
        JobMetrics metrics = metrics();
        if (metrics == null) {
            return last;
        }
        long counted = (long) metrics.ofJob("counted");
        long corrected = (long) metrics.ofJob("corrected");
        long late = (long) metrics.ofJob("late");
        long invalid = (long) metrics.ofJob("invalid");
        return new QueryStatus.Counts(
                counted + corrected + late + invalid,
                counted,
                corrected,
                late,
                invalid,
                (long) metrics.ofJob("numRecordsSend"));
    }

    private void rates() {
        QueryStatus.Counts counts = counts();
        long nowMillis = engine.ground().clock().epochMillis();
        if (lastMillis > 0 && nowMillis > lastMillis) {
            double seconds = (nowMillis - lastMillis) / 1000.0;
            inputRate = smooth(inputRate, Math.max(0, counts.input() - last.input()) / seconds);
            outputRate = smooth(outputRate, Math.max(0, counts.output() - last.output()) / seconds);
        }
        last = counts;
        lastMillis = nowMillis;
    }

    private static double smooth(double before, double now) {
        double mixed = before * 0.6 + now * 0.4;
        return mixed < 0.05 ? 0 : mixed;
    }

    synchronized QueryStatus status() {
        JobMetrics metrics = metrics();
        double mark = metrics == null ? Double.NaN : metrics.leastOfJob("watermark");
        boolean marked = !Double.isNaN(mark) && mark > 0;
        long nowMillis = engine.ground().clock().epochMillis();
        boolean live = state == QueryStatus.State.RUNNING;
        return new QueryStatus(
                name,
                state,
                since,
                progress,
                error,
                restarts,
                live ? counts() : last,
                live ? new QueryStatus.Rates(inputRate, outputRate) : new QueryStatus.Rates(0, 0),
                marked ? Instant.ofEpochMilli((long) mark) : null,
                metrics == null ? 0 : (long) metrics.ofJob("lag"),
                marked ? nowMillis - (long) mark : -1,
                stateBytes,
                checkpoints,
                warnings,
                live && metrics != null ? withRates(metrics) : plan);
    }

    private PlanGraph withRates(JobMetrics metrics) {
        Map<String, Double> out = new HashMap<>();
        List<PlanGraph.Node> nodes = new ArrayList<>();
        for (PlanGraph.Node node : plan.nodes()) {
            int tasks = Math.max(1, node.parallelism());
            double outRate = metrics.ofVertex(node.id(), "numRecordsOutPerSecond");
            out.put(node.id(), outRate);
            nodes.add(
                    new PlanGraph.Node(
                            node.id(),
                            node.name(),
                            node.detail(),
                            node.parallelism(),
                            metrics.ofVertex(node.id(), "numRecordsInPerSecond"),
                            outRate,
                            share(metrics.ofVertex(node.id(), "busyTimeMsPerSecond") / tasks),
                            share(
                                    metrics.ofVertex(node.id(), "backPressuredTimeMsPerSecond")
                                            / tasks)));
        }
        List<PlanGraph.Edge> edges =
                plan.edges().stream()
                        .map(edge ->
                                new PlanGraph.Edge(
                                        edge.from(),
                                        edge.to(),
                                        out.getOrDefault(edge.from(), 0.0),
                                        edge.ship()))
                        .toList();
        return new PlanGraph(nodes, edges);
    }

    private static double share(double millisPerSecond) {
        return Double.isNaN(millisPerSecond) ? 0 : Math.clamp(millisPerSecond / 1000, 0, 1);
    }
}
