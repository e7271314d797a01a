package io.millrace.gateway.http.status;

import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.LoopCounters;
import java.util.List;

/// How long publishes take, from the request's headers to its answer, in the Prometheus text
/// format. Written by hand, because the buckets are counted by the event loops and not by a
/// registry.
final class PublishHistogram {
    private static final String NAME = "millrace_publish_duration_seconds";
    private static final double NANOS = 1e9;

    private PublishHistogram() {}

    static String text(List<HttpLoop> loops) {
        StringBuilder text = new StringBuilder(1024);
        text.append("# HELP ").append(NAME).append(" From a publish's headers to its answer\n");
        text.append("# TYPE ").append(NAME).append(" histogram\n");
        long count = 0;
        for (int bucket = 0; bucket <= LoopCounters.bounds(); bucket++) {
            int index = bucket;
            count += loops.stream().mapToLong(loop -> loop.counters().durations(index)).sum();
            String bound =
                    bucket < LoopCounters.bounds()
                            ? Double.toString(LoopCounters.boundNanos(bucket) / NANOS)
                            : "+Inf";
            text.append(NAME)
                    .append("_bucket{le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(count)
                    .append('\n');
        }
        long nanos = loops.stream().mapToLong(loop -> loop.counters().publishNanos()).sum();
        text.append(NAME).append("_sum ").append(nanos / NANOS).append('\n');
        text.append(NAME).append("_count ").append(count).append('\n');
        return text.toString();
    }
}
