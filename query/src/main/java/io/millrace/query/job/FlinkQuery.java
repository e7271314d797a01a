package io.millrace.query.job;

import io.millrace.broker.query.QueryStatus;
import io.millrace.broker.query.RowReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.query.sql.PlannedStatement;
import io.millrace.query.sql.StatementProblems;
import io.millrace.query.sql.Statements;
import io.millrace.resource.QueryResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One query on the Flink of this process. Thread-safe: what changes it holds its lock, and happens
/// on a thread of the engine where it takes time.
final class FlinkQuery implements PlacedQuery.JobQuery {
    private static final Logger LOG = LoggerFactory.getLogger(FlinkQuery.class);
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");

    private final FlinkEngine engine;
    private final QueryFiles files;
    private final int incarnation;
    private final QueryWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile QueryResource resource;
    private volatile Set<String> views = Set.of();
    private @Nullable JobID job;
    private boolean ended;

    FlinkQuery(FlinkEngine engine, QueryResource resource, int incarnation) {
        this.engine = engine;
        this.resource = resource;
        this.incarnation = incarnation;
        this.files = new QueryFiles(engine.ground().folder(), resource.name(), incarnation);
        this.watch = new QueryWatch(engine, resource.name());
    }

    @Override
    public void begin() {
        if (files.isPaused()) {
            watch.paused();
            return;
        }
        watch.starting("waiting for the query engine");
        engine.executor().execute(this::startQuietly);
    }

    private void startQuietly() {
        lock.lock();
        try {
            if (!ended && job == null && !files.isPaused()) {
                start();
            }
        } catch (MillraceException e) {
            watch.failed(e.problems().getFirst().detail());
        } catch (ExecutionException | IOException | RuntimeException e) {
            LOG.warn("The query {} could not be started", resource.name(), e);
            watch.failed(StatementProblems.text(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void start() throws IOException, ExecutionException, InterruptedException {
        QueryResource query = resource;
        engine.requireSlots(query.parallelism());
        QueryFiles.Begin begin = files.begin();
        if (begin == null) {
            begin =
                    new QueryFiles.Begin(
                            engine.starts(query.start(), EVERYTHING), engine.stored(EVERYTHING));
            files.begin(begin);
        }
        EmbeddedFlink flink = engine.flink();
        watch.starting("planning the statement");
        Outputs outputs = new Outputs(engine.name(), query, incarnation, begin.written());
        PlannedStatement planned =
                engine.plan(
                        engine.name(),
                        new Statements.Purpose(
                                query.sql(),
                                query.inputs(),
                                query.eventTime(),
                                query.parallelism(),
                                begin.starts(),
                                null,
                                outputs.late()),
                        JobSettings.lasting(
                                files.checkpoints().toUri().toString(), query.checkpointEvery()),
                        outputs::sink);
        views = planned.views();
        JobGraph graph = FlinkEngine.job(planned, query.name());
        Path latest = files.latest();
        if (latest != null) {
            watch.starting("restoring what it remembers");
            graph.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(
                            latest.toUri().toString(), false, RecoveryClaimMode.CLAIM));
        }
        Files.createDirectories(files.checkpoints());
        job = flink.submit(graph);
        watch.running(flink, job, PlannedStatement.graph(graph), planned.warnings(), query);
    }

    @Override
    public QueryStatus status() {
        return watch.status();
    }

    @Override
    public Set<String> views() {
        return views;
    }

    @Override
    public void replay(Instant time, RowReader reader) throws InterruptedException {
        PastRun.of(engine, resource, files, time).run(reader);
    }

    @Override
    public void pause() {
        lock.lock();
        try {
            stopAtSavepoint();
            files.pause(true);
            watch.paused();
        } catch (IOException e) {
            throw failed("cannot be paused", e);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it has stopped with everything secured.
    private void stopAtSavepoint() {
        JobID running = job;
        try {
            if (running == null || !watch.isUp()) {
                cancel();
                return;
            }
            String place = engine.flink().stop(running, files.paused());
            LOG.info("The query {} has stopped at {}", resource.name(), place);
            job = null;
        } catch (ExecutionException | TimeoutException e) {
            throw failed("cannot be stopped where it is", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        }
    }

    private static MillraceException failed(String what, Exception e) {
        return new MillraceException(
                ErrorCode.QUERY_FAILED,
                "the query %s: %s".formatted(what, StatementProblems.text(e)));
    }

    private void cancel() {
        JobID running = job;
        job = null;
        if (running != null && !engine.isClosed()) {
            try {
                engine.flink().cancel(running);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            files.pause(false);
            if (job == null || watch.hasFailed()) {
                cancel();
                begin();
            }
        } catch (IOException e) {
            throw failed("cannot be resumed", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String savepoint() {
        lock.lock();
        try {
            JobID running = job;
            if (running == null) {
                throw new MillraceException(
                        ErrorCode.QUERY_FAILED,
                        "the query does not run, so there is nothing to secure");
            }
            return engine.flink().savepoint(running, files.savepoints());
        } catch (ExecutionException | TimeoutException e) {
            throw failed("cannot be secured", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void change(QueryResource after) {
        QueryResource before = resource;
        resource = after;
        watch.starting("taking over the change");
        engine.executor().execute(() -> carryOut(before, after));
    }

    private void carryOut(QueryResource before, QueryResource after) {
        lock.lock();
        try {
            try {
                stopAtSavepoint();
            } catch (MillraceException e) {
                LOG.warn(
                        "The query {} goes on from its last checkpoint: {}",
                        after.name(),
                        e.getMessage());
                cancel();
            }
            boolean kept =
                    engine.explain(after, before, false).state()
                            != io.millrace.broker.query.QueryExplanation.State.LOST;
            if (!kept) {
                files.forgetState();
            }
        } catch (IOException | MillraceException e) {
            watch.failed(StatementProblems.text(e));
            return;
        } finally {
            lock.unlock();
        }
        begin();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                watch.end();
                if (job != null && !files.isPaused()) {
                    stopAtSavepoint();
                }
            }
        } catch (MillraceException e) {
            LOG.info(
                    "The query {} will go on from its last checkpoint: {}",
                    resource.name(),
                    e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete() {
        engine.executor().execute(this::forget);
    }

    @Override
    public void forget() {
        lock.lock();
        try {
            ended = true;
            watch.end();
            cancel();
            files.delete();
        } catch (IOException e) {
            LOG.warn("Files of the deleted query {} stay: {}", resource.name(), e.toString());
        } finally {
            lock.unlock();
        }
    }
}
