package io.millrace.query.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/// What Flink measures of the jobs of one engine. Thread-safe.
final class MetricTable implements MetricReporter {
    private static final Map<String, MetricTable> TABLES = new ConcurrentHashMap<>();

    private final Map<Metric, Place> metrics = new ConcurrentHashMap<>();

    /// Where a metric belongs.
    ///
    /// @param operator empty for a task as a whole
    private record Place(String job, String vertex, String operator, String name) {}

    /// The table of an engine, made if it is not there: Flink makes reporters by factories, so this
    /// one is found by a name, as with `Doors`.
    static MetricTable of(String engine) {
        return TABLES.computeIfAbsent(engine, _ -> new MetricTable());
    }

    static void forget(String engine) {
        TABLES.remove(engine);
    }

    @Override
    public void open(MetricConfig config) {
        // Nothing is sent anywhere.
    }

    @Override
    public void close() {
        metrics.clear();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        Map<String, String> variables = group.getAllVariables();
        String job = variables.get("<job_id>");
        String vertex = variables.get("<task_id>");
        if (job != null && vertex != null) {
            metrics.put(
                    metric,
                    new Place(job, vertex, variables.getOrDefault("<operator_name>", ""), name));
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        metrics.remove(metric);
    }

    /// Those of one job.
    JobMetrics ofJob(JobID job) {
        String id = job.toHexString();
        return new JobMetrics() {
            @Override
            public double ofJob(String name) {
                return MetricTable.this.ofJob(id, name);
            }

            @Override
            public double leastOfJob(String name) {
                return MetricTable.this.leastOfJob(id, name);
            }

            @Override
            public double ofVertex(String vertex, String name) {
                return MetricTable.this.ofVertex(id, vertex, name);
            }
        };
    }

    /// The sum over all operators and subtasks of a job.
    private double ofJob(String job, String name) {
        double sum = 0;
        for (Map.Entry<Metric, Place> each : metrics.entrySet()) {
            Place place = each.getValue();
            if (place.name.equals(name) && place.job.equals(job) && !place.operator.isEmpty()) {
                sum += value(each.getKey());
            }
        }
        return sum;
    }

    /// The smallest of a job; [Double#NaN] if there is none.
    private double leastOfJob(String job, String name) {
        double least = Double.NaN;
        for (Map.Entry<Metric, Place> each : metrics.entrySet()) {
            Place place = each.getValue();
            if (place.name.equals(name) && place.job.equals(job)) {
                double value = value(each.getKey());
                least = Double.isNaN(least) ? value : Math.min(least, value);
            }
        }
        return least;
    }

    /// The sum over the subtasks of a vertex, of the task as a whole.
    private double ofVertex(String job, String vertex, String name) {
        double sum = 0;
        for (Map.Entry<Metric, Place> each : metrics.entrySet()) {
            Place place = each.getValue();
            if (place.operator.isEmpty()
                    && place.name.equals(name)
                    && place.job.equals(job)
                    && place.vertex.equals(vertex)) {
                sum += value(each.getKey());
            }
        }
        return sum;
    }

    private static double value(Metric metric) {
        return switch (metric) {
            case Counter counter -> counter.getCount();
            case Meter meter -> meter.getRate();
            case Gauge<?> gauge -> gauge.getValue() instanceof Number n ? n.doubleValue() : 0;
            default -> 0;
        };
    }
}
