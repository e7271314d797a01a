package io.millrace.query.job;

import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.QueryStatus;
import io.millrace.broker.query.RowReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.query.sql.PlannedStatement;
import io.millrace.query.sql.StatementProblems;
import io.millrace.query.sql.Statements;
import io.millrace.resource.QueryCluster;
import io.millrace.resource.QueryResource;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One query on a Flink cluster. Its job goes on there when this server stops, and is found again
/// by its id when the server is back. Thread-safe: what changes it holds its lock, and happens on a
/// thread of the engine where it takes time.
final class ClusterQuery implements PlacedQuery.JobQuery {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterQuery.class);
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");
    private static final long ADDRESS_SECONDS = 60;
    private static final long RETRY_MILLIS = 2_000;

    private final FlinkEngine engine;
    private final QueryCluster cluster;
    private final ClusterFlink flink;
    private final QueryFiles files;
    private final int incarnation;
    private final QueryWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile QueryResource resource;
    private volatile boolean ended;

    /// Guarded by the lock.
    private @Nullable JobID job;

    ClusterQuery(
            FlinkEngine engine, QueryResource resource, QueryCluster cluster, int incarnation) {
        this.engine = engine;
        this.resource = resource;
        this.cluster = cluster;
        this.incarnation = incarnation;
        this.flink = new ClusterFlink(cluster.address());
        this.files = new QueryFiles(engine.ground().folder(), resource.name(), incarnation);
        this.watch = new QueryWatch(engine, resource.name(), this::seen);
    }

    @Override
    public void begin() {
        if (files.isPaused()) {
            watch.paused();
            return;
        }
        watch.starting("asking the Flink cluster");
        engine.executor().execute(this::startPatiently);
    }

    /// Until the cluster can be reached.
    private void startPatiently() {
        try {
            while (!ended && !engine.isClosed() && !startQuietly()) {
                Thread.sleep(RETRY_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether there is nothing more to try
    private boolean startQuietly() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!ended && job == null && !files.isPaused()) {
                start();
            }
        } catch (MillraceException e) {
            watch.failed(e.problems().getFirst().detail());
        } catch (IOException e) {
            watch.troubled(
                    "the Flink cluster at %s cannot be reached: %s"
                            .formatted(cluster.address(), e.getMessage()));
            return false;
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn("The query {} could not be started", resource.name(), e);
            watch.failed(StatementProblems.text(e));
        } finally {
            lock.unlock();
        }
        return true;
    }

    private void start() throws IOException, ExecutionException, InterruptedException {
        flink.requireVersion();
        QueryResource query = resource;
        String server = server();
        watch.starting("planning the statement");
        PlannedStatement planned = plan(query, server);
        JobGraph graph = FlinkEngine.job(planned, query.name());
        ClusterJob known = files.job();
        JobID going = known == null ? null : going(known, server);
        if (going == null) {
            known = files.job();
            going = submit(graph, server, known == null ? null : known.latest());
        } else {
            LOG.info("The query {} goes on as job {}", query.name(), going);
        }
        job = going;
        watch.running(flink, going, PlannedStatement.graph(graph), planned.warnings(), query);
    }

    private String server() throws InterruptedException {
        URI address = engine.ground().address().await(ADDRESS_SECONDS);
        if (address == null) {
            throw new MillraceException(
                    ErrorCode.QUERY_FAILED,
                    "the address of this server is not known, so a cluster cannot reach it");
        }
        return address.toString();
    }

    private PlannedStatement plan(QueryResource query, String server) throws IOException {
        QueryFiles.Begin begin = files.begin();
        if (begin == null) {
            begin =
                    new QueryFiles.Begin(
                            engine.starts(query.start(), EVERYTHING), engine.stored(EVERYTHING));
            files.begin(begin);
        }
        Outputs outputs = new Outputs(server, query, incarnation, begin.written());
        PlannedStatement planned =
                engine.plan(
                        server,
                        new Statements.Purpose(
                                query.sql(),
                                query.inputs(),
                                query.eventTime(),
                                query.parallelism(),
                                begin.starts(),
                                null,
                                outputs.late()),
                        JobSettings.onCluster(folder("checkpoints"), query.checkpointEvery()),
                        outputs::sink);
        FlinkEngine.requireReadable(query, planned);
        return planned;
    }

    /// As the cluster sees it; `null` for the cluster's own.
    private @Nullable String folder(String of) {
        URI savepoints = cluster.savepoints();
        return savepoints == null ? null : savepoints + "/" + files.name() + "/" + of;
    }

    /// The job that still goes on; one that would look for this server where it was is stopped.
    private @Nullable JobID going(ClusterJob known, String server)
            throws IOException, InterruptedException {
        JobID id = known.id();
        if (id == null) {
            return null;
        }
        JobSight sight = flink.look(id);
        if (sight.status() == JobStatus.SUSPENDED) {
            throw new IOException(String.valueOf(sight.failure()));
        }
        if (!sight.isAlive()) {
            return null;
        }
        if (known.server().equals(server)) {
            return id;
        }
        LOG.info("The job {} was told another address of this server; it is started anew", id);
        String latest = sight.checkpoint() == null ? known.latest() : sight.checkpoint();
        flink.cancel(id);
        files.job(known.stopped(latest));
        return null;
    }

    private JobID submit(JobGraph graph, String server, @Nullable String latest)
            throws IOException, ExecutionException, InterruptedException {
        if (latest != null) {
            watch.starting("restoring what it remembers");
            graph.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(latest, false, RecoveryClaimMode.CLAIM));
        }
        JobID id = new JobID();
        graph.setJobID(id);
        files.job(new ClusterJob(cluster.address(), server, id, latest));
        watch.starting("sending the job to the cluster");
        flink.submit(graph, engine.artifact().jars());
        LOG.info("The query {} is job {} on {}", resource.name(), id, cluster.address());
        return id;
    }

    /// On the thread that looks.
    private void seen(JobID id, JobSight sight) {
        lock.lock();
        try {
            if (ended || !id.equals(job)) {
                return;
            }
            JobStatus status = sight.status();
            ClusterJob known = files.job();
            String place = sight.checkpoint();
            if (known != null && place != null && !place.equals(known.latest())) {
                files.job(known.with(place));
            }
            if (status == null) {
                LOG.warn("The job {} of the query {} is lost", id, resource.name());
                job = null;
                engine.executor().execute(this::startPatiently);
            } else if (status == JobStatus.CANCELED || status == JobStatus.FINISHED) {
                job = null;
                watch.failed("somebody has ended its job on the cluster; resume starts it again");
            }
        } catch (IOException e) {
            LOG.warn("Where the query {} is cannot be noted: {}", resource.name(), e.toString());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public QueryStatus status() {
        return watch.status();
    }

    /// None: the cluster cannot ask for them.
    @Override
    public Set<String> views() {
        return Set.of();
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
        } catch (InterruptedException _) {
            throw stopping();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it has stopped with everything secured.
    private void stopAtSavepoint() throws IOException, InterruptedException {
        JobID running = job;
        ClusterJob known = files.job();
        if (running == null || known == null) {
            return;
        }
        if (!watch.isUp()) {
            flink.requireVersion();
            flink.cancel(running);
            files.job(known.stopped(known.latest()));
        } else {
            String place = flink.stop(running, folder("stopped"));
            LOG.info("The query {} has stopped at {}", resource.name(), place);
            files.job(known.stopped(place));
        }
        job = null;
    }

    private static MillraceException failed(String what, Exception e) {
        return new MillraceException(
                ErrorCode.QUERY_FAILED,
                "the query %s: %s".formatted(what, StatementProblems.text(e)));
    }

    private static MillraceException stopping() {
        Thread.currentThread().interrupt();
        return new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            files.pause(false);
            if (watch.hasFailed()) {
                // Its job has ended, or goes on and is found again.
                job = null;
            }
            if (job == null) {
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
            return flink.savepoint(running, folder("savepoints"));
        } catch (IOException e) {
            throw failed("cannot be secured", e);
        } catch (InterruptedException _) {
            throw stopping();
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
            secureOrCancel();
            if (engine.explain(after, before, false).state() == QueryExplanation.State.LOST) {
                files.forgetState();
            }
        } catch (IOException | MillraceException e) {
            watch.failed(StatementProblems.text(e));
            return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        begin();
    }

    private void secureOrCancel() throws IOException, InterruptedException {
        ClusterJob known = files.job();
        JobID running = job;
        if (running == null || known == null) {
            return;
        }
        try {
            String place = flink.stop(running, folder("stopped"));
            files.job(known.stopped(place));
        } catch (MillraceException e) {
            LOG.warn(
                    "The query {} goes on from its last checkpoint: {}",
                    resource.name(),
                    e.getMessage());
            flink.cancel(running);
            files.job(known.stopped(known.latest()));
        }
        job = null;
    }

    /// The job goes on.
    @Override
    public void close() {
        ended = true;
        watch.end();
    }

    @Override
    public void delete() {
        engine.executor().execute(this::forget);
    }

    @Override
    public void forget() {
        ended = true;
        watch.end();
        lock.lock();
        try {
            ClusterJob known = files.job();
            if (known != null && known.id() != null) {
                flink.cancel(known.id());
            }
            job = null;
            files.delete();
        } catch (IOException e) {
            LOG.warn("Files of the deleted query {} stay: {}", resource.name(), e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
