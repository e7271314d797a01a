package io.millrace.query.job;

import io.millrace.broker.query.QueryStatus;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A Flink session cluster, over its REST endpoint. Thread-safe.
final class ClusterFlink implements JobPlace {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterFlink.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final long SUBMIT_SECONDS = 60;
    private static final long SAVEPOINT_SECONDS = 60;
    private static final long POLL_MILLIS = 100;
    private static final long METRICS_MILLIS = 3_000;
    private static final String VERSION = "2.3.";
    private static final String NOWHERE = "execution.checkpointing.savepoint-dir";

    private final URI address;
    private final ClusterCalls calls;
    private final Map<JobID, Measured> measured = new ConcurrentHashMap<>();

    private record Measured(ClusterMetrics metrics, long nanos) {}

    ClusterFlink(URI address) {
        this.address = address;
        this.calls = new ClusterCalls(address);
    }

    @Override
    public long lookMillis() {
        return LOOK_MILLIS;
    }

    /// Jobs are made with this version of Flink, and mean something else to another.
    ///
    /// @throws IOException if it does not answer
    /// @throws MillraceException QUERY_FAILED for another version
    void requireVersion() throws IOException, InterruptedException {
        String version = calls.get("/config").path("flink-version").asString("unknown");
        if (!version.startsWith(VERSION)) {
            throw new MillraceException(
                    ErrorCode.QUERY_FAILED,
                    "the Flink cluster at %s has version %s; it must be %sx"
                            .formatted(address, version, VERSION));
        }
    }

    /// Sends a job with what it needs besides Flink.
    void submit(JobGraph job, List<Path> jars)
            throws IOException, ExecutionException, InterruptedException {
        for (Path jar : jars) {
            job.addJar(new org.apache.flink.core.fs.Path(jar.toUri()));
        }
        Configuration flink = new Configuration();
        flink.setString("rest.address", address.getHost());
        int port = address.getPort();
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        flink.setString("rest.port", Integer.toString(port < 0 ? (secure ? 443 : 80) : port));
        flink.setString("security.ssl.rest.enabled", Boolean.toString(secure));
        flink.setString("rest.retry.max-attempts", "3");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClusterFlink.class.getClassLoader());
        try (RestClusterClient<String> client = new RestClusterClient<>(flink, "millrace")) {
            JobID _ = client.submitJob(job).get(SUBMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the cluster does not take the job in time", e);
        } catch (ExecutionException | InterruptedException | IOException e) {
            throw e;
        } catch (Exception e) {
            // The client's constructor says no more of what it throws.
            throw new IOException("the cluster cannot be asked: " + e, e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Override
    public JobSight look(JobID job) throws InterruptedException {
        try {
            JsonNode details = calls.find("/jobs/" + job);
            if (details == null) {
                return JobSight.lost("the Flink cluster at %s has lost the job".formatted(address));
            }
            JobStatus status = JobStatus.valueOf(details.path("state").asString());
            boolean up = isUp(details);
            if (status == JobStatus.INITIALIZING) {
                // Flink has no answers to the rest then.
                return sight(status, false, null, null);
            }
            String failure = up ? null : failure(job);
            JsonNode stats = calls.find("/jobs/" + job + "/checkpoints");
            measure(job, details);
            return sight(status, up, failure, stats);
        } catch (IOException | MillraceException e) {
            return JobSight.unreachable(
                    "the Flink cluster at %s cannot be reached: %s"
                            .formatted(address, e.getMessage()));
        }
    }

    private static boolean isUp(JsonNode details) {
        boolean any = false;
        for (JsonNode vertex : details.path("vertices")) {
            any = true;
            JsonNode tasks = vertex.path("tasks");
            int running = tasks.path("RUNNING").asInt(0) + tasks.path("FINISHED").asInt(0);
            if (running < vertex.path("parallelism").asInt(1)) {
                return false;
            }
        }
        return any;
    }

    private @Nullable String failure(JobID job) throws IOException, InterruptedException {
        JsonNode found = calls.find("/jobs/" + job + "/exceptions?maxExceptions=1");
        if (found == null) {
            return null;
        }
        JsonNode entries = found.path("exceptionHistory").path("entries");
        String trace = entries.path(0).path("stacktrace").stringValue(null);
        if (trace == null) {
            trace = found.path("root-exception").stringValue(null);
        }
        return trace == null ? null : Failures.text(trace);
    }

    private static JobSight sight(
            JobStatus status, boolean up, @Nullable String failure, @Nullable JsonNode stats) {
        if (stats == null) {
            return new JobSight(status, up, failure, null, -1, null);
        }
        JsonNode counts = stats.path("counts");
        JsonNode latest = stats.path("latest").path("completed");
        long completed = counts.path("completed").asLong(0);
        long failed = counts.path("failed").asLong(0);
        if (!latest.isObject()) {
            var none = new QueryStatus.Checkpoints(null, 0, 0, completed, failed);
            return new JobSight(status, up, failure, none, -1, null);
        }
        String place = latest.path("external_path").asString("");
        return new JobSight(
                status,
                up,
                failure,
                new QueryStatus.Checkpoints(
                        Instant.ofEpochMilli(latest.path("latest_ack_timestamp").asLong(0)),
                        latest.path("end_to_end_duration").asLong(0),
                        latest.path("checkpointed_size").asLong(0),
                        completed,
                        failed),
                latest.path("state_size").asLong(0),
                // Otherwise it is in the memory of the cluster, and goes with it.
                place.contains(":/") ? place : null);
    }

    private void measure(JobID job, JsonNode details) throws IOException, InterruptedException {
        Measured known = measured.get(job);
        long now = System.nanoTime();
        if (known != null && now - known.nanos < TimeUnit.MILLISECONDS.toNanos(METRICS_MILLIS)) {
            return;
        }
        Map<String, JsonNode> values = new HashMap<>();
        for (JsonNode vertex : details.path("vertices")) {
            String id = vertex.path("id").asString();
            String path = "/jobs/%s/vertices/%s/subtasks/metrics".formatted(job, id);
            JsonNode names = calls.find(path);
            List<String> wanted = names == null ? List.of() : ClusterMetrics.wanted(names);
            if (!wanted.isEmpty()) {
                String list = ClusterCalls.encoded(String.join(",", wanted));
                JsonNode found = calls.find(path + "?agg=min,sum&get=" + list);
                if (found != null) {
                    values.put(id, found);
                }
            }
        }
        measured.put(job, new Measured(ClusterMetrics.of(values), now));
    }

    @Override
    public JobMetrics metrics(JobID job) {
        Measured known = measured.get(job);
        return known == null ? ClusterMetrics.NONE : known.metrics;
    }

    /// Stops a job at a savepoint; waits for it.
    ///
    /// @param folder `null` for the cluster's own
    /// @return where the savepoint is
    /// @throws MillraceException QUERY_FAILED if the cluster cannot
    String stop(JobID job, @Nullable String folder) throws IOException, InterruptedException {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("targetDirectory", folder).put("drain", false).put("formatType", "NATIVE");
        return savepoint(job, "stop", order);
    }

    /// The same without stopping it.
    String savepoint(JobID job, @Nullable String folder) throws IOException, InterruptedException {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("target-directory", folder).put("cancel-job", false);
        return savepoint(job, "savepoints", order.put("formatType", "CANONICAL"));
    }

    private String savepoint(JobID job, String what, ObjectNode order)
            throws IOException, InterruptedException {
        String request;
        try {
            request = calls.post("/jobs/" + job + "/" + what, order).path("request-id").asString();
        } catch (MillraceException e) {
            String said = String.valueOf(e.getMessage());
            throw said.contains(NOWHERE) || said.contains("state.savepoints.dir")
                    ? failed(
                            "the cluster has no folder for savepoints: name one with savepoints in the"
                                    + " query, or set %s on the cluster".formatted(NOWHERE))
                    : e;
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAVEPOINT_SECONDS);
        while (System.nanoTime() < until) {
            JsonNode answer = calls.get("/jobs/" + job + "/savepoints/" + request);
            if (answer.path("status").path("id").asString("").equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                String place = operation.path("location").stringValue(null);
                if (place == null) {
                    JsonNode cause = operation.path("failure-cause").path("stack-trace");
                    throw failed(Failures.text(cause.asString("it does not say why")));
                }
                return place;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw failed("no savepoint within %d seconds".formatted(SAVEPOINT_SECONDS));
    }

    private static MillraceException failed(String what) {
        return new MillraceException(ErrorCode.QUERY_FAILED, what);
    }

    @Override
    public void cancel(JobID job) throws InterruptedException {
        measured.remove(job);
        try {
            calls.cancel("/jobs/" + job);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAVEPOINT_SECONDS);
            while (System.nanoTime() < until) {
                JsonNode details = calls.find("/jobs/" + job);
                if (details == null
                        || JobStatus.valueOf(details.path("state").asString())
                                .isGloballyTerminalState()) {
                    return;
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException | MillraceException e) {
            LOG.warn("The job {} on {} could not be cancelled: {}", job, address, e.getMessage());
        }
    }
}
