package io.millrace.query.job;

import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryStatus;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Flink in this process, for all queries of a server. Thread-safe; starting takes seconds.
final class EmbeddedFlink implements JobPlace, AutoCloseable {
    private static final long LOOK_MILLIS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFlink.class);
    private static final long STOP_SECONDS = 20;

    /// A bound for the buffers of windows, taken from the system as they are filled. Operators have
    /// half of it, and each window takes 2 to 4 MiB, or its query fails.
    private static final long MANAGED_BYTES_PER_SLOT = 64L << 20;

    private final MiniCluster cluster;
    private final String engine;
    private final URL classes;

    /// @param temporary folder for what Flink needs while it runs; emptied
    /// @throws IOException if Flink does not start
    EmbeddedFlink(String engine, Path temporary, QueryCapacity capacity) throws IOException {
        this.engine = engine;
        QueryFiles.deleteAll(temporary);
        Path none = Files.createDirectories(temporary.resolve("classes"));
        classes = none.toUri().toURL();
        Configuration flink = new Configuration();
        flink.setString("io.tmp.dirs", temporary.toString());
        flink.setString("blob.storage.directory", temporary.resolve("blobs").toString());
        flink.setString("classloader.resolve-order", "parent-first");
        flink.setString("rest.address", "127.0.0.1");
        flink.setString("rest.bind-address", "127.0.0.1");
        flink.setString("rest.port", "0");
        flink.setString("rest.bind-port", "0");
        flink.setString("web.submit.enable", "false");
        flink.setString("web.cancel.enable", "false");
        // One cache and one set of write buffers for the state of all queries. What else Flink
        // manages is per slot, and little.
        flink.setString("state.backend.rocksdb.memory.fixed-per-tm", capacity.stateBytes() + "b");
        flink.setString(
                "taskmanager.memory.managed.size",
                (capacity.slots() * MANAGED_BYTES_PER_SLOT) + "b");
        flink.setString("taskmanager.memory.network.min", "64m");
        flink.setString("taskmanager.memory.network.max", "64m");
        flink.setString("jobmanager.execution.failover-strategy", "region");
        flink.setString("jobstore.max-capacity", "100");
        flink.setString("metrics.reporters", "millrace");
        flink.setString(
                "metrics.reporter.millrace.factory.class", MetricTableFactory.class.getName());
        flink.setString("metrics.reporter.millrace." + MetricTableFactory.ENGINE, engine);
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(flink)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(capacity.slots())
                                .withRandomPorts()
                                .build());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(EmbeddedFlink.class.getClassLoader());
        try {
            cluster.start();
        } catch (Exception e) {
            throw new IOException("Flink does not start: " + e.getMessage(), e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    JobID submit(JobGraph job) throws ExecutionException, InterruptedException {
        // A job without a class path of its own gets the system's classes, where Flink may not be.
        // With an empty one it gets those beside Flink's own.
        job.setClasspaths(List.of(classes));
        return cluster.submitJob(job).get().getJobID();
    }

    AccessExecutionGraph graph(JobID job) throws ExecutionException, InterruptedException {
        return cluster.getExecutionGraph(job).get();
    }

    @Override
    public long lookMillis() {
        return LOOK_MILLIS;
    }

    @Override
    public JobMetrics metrics(JobID job) {
        return MetricTable.of(engine).ofJob(job);
    }

    @Override
    public JobSight look(JobID job) throws ExecutionException, InterruptedException {
        AccessExecutionGraph graph = graph(job);
        ErrorInfo failure = graph.getFailureInfo();
        CheckpointStatsSnapshot stats = graph.getCheckpointStatsSnapshot();
        AbstractCheckpointStats latest =
                stats == null ? null : stats.getHistory().getLatestCompletedCheckpoint();
        return new JobSight(
                graph.getState(),
                graph.getAllExecutionVertices().iterator().hasNext() && allRun(graph),
                failure == null ? null : Failures.text(failure.getExceptionAsString()),
                stats == null ? null : checkpoints(stats, latest),
                latest == null ? -1 : latest.getStateSize(),
                null);
    }

    private static boolean allRun(AccessExecutionGraph graph) {
        for (var vertex : graph.getAllExecutionVertices()) {
            switch (vertex.getExecutionState()) {
                case RUNNING, FINISHED -> {}
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private static QueryStatus.Checkpoints checkpoints(
            CheckpointStatsSnapshot stats, @Nullable AbstractCheckpointStats latest) {
        long completed = stats.getCounts().getNumberOfCompletedCheckpoints();
        long failed = stats.getCounts().getNumberOfFailedCheckpoints();
        return latest == null
                ? new QueryStatus.Checkpoints(null, 0, 0, completed, failed)
                : new QueryStatus.Checkpoints(
                        Instant.ofEpochMilli(latest.getLatestAckTimestamp()),
                        latest.getEndToEndDuration(),
                        latest.getCheckpointedSize(),
                        completed,
                        failed);
    }

    /// Stops a job at a savepoint; waits for it.
    ///
    /// @return where the savepoint is
    String stop(JobID job, Path folder)
            throws ExecutionException, InterruptedException, TimeoutException {
        return cluster.stopWithSavepoint(
                        job, folder.toUri().toString(), false, SavepointFormatType.NATIVE)
                .get(STOP_SECONDS, TimeUnit.SECONDS);
    }

    String savepoint(JobID job, Path folder)
            throws ExecutionException, InterruptedException, TimeoutException {
        return cluster.triggerSavepoint(
                        job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(STOP_SECONDS, TimeUnit.SECONDS);
    }

    /// Waits for it.
    @Override
    public void cancel(JobID job) throws InterruptedException {
        try {
            cluster.cancelJob(job).get(STOP_SECONDS, TimeUnit.SECONDS);
            cluster.requestJobResult(job).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("A job did not end as it should: {}", e.toString());
        }
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Flink did not stop as it should: {}", e.toString());
        }
    }
}
