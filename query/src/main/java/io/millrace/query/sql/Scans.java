package io.millrace.query.sql;

import io.millrace.query.sink.LateSink;
import io.millrace.query.source.LateEvent;
import io.millrace.query.source.SourcePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/// The scans of tables in one statement: their names, which have to be the same each time that the
/// statement is planned, and the late events beside them. Used by the planner's thread.
///
/// Flink's planner makes the operators of a statement more than once, and on a stand-in for the
/// job's environment; only those of the last time are run.
final class Scans {
    private final StreamExecutionEnvironment job;
    private final @Nullable LateSink sink;
    private final Map<String, Integer> scans = new HashMap<>();
    private final Map<String, DataStream<LateEvent>> late = new LinkedHashMap<>();
    private final List<SourcePlan> read = new ArrayList<>();
    private final Set<String> current = new LinkedHashSet<>();

    /// @param sink where late events go; `null` for nowhere
    Scans(StreamExecutionEnvironment job, @Nullable LateSink sink) {
        this.job = job;
        this.sink = sink;
    }

    /// What was made before is not run.
    void anew() {
        scans.clear();
        late.clear();
        read.clear();
        current.clear();
    }

    /// The name of the next scan of a table.
    String name(String table) {
        int number = scans.merge(table, 1, Integer::sum);
        return number == 1 ? table : table + "-" + number;
    }

    /// A table is read from the log.
    void reads(SourcePlan plan) {
        read.add(plan);
    }

    /// A view is read as it is at the moment, which is not in the log.
    void readsCurrent(String view) {
        current.add(view);
    }

    /// What is read from the log.
    List<SourcePlan> read() {
        return List.copyOf(read);
    }

    /// The views that are read as they are at the moment.
    Set<String> current() {
        return Set.copyOf(current);
    }

    /// The late events of a scan. A table that is scanned twice has them twice; once is enough.
    void late(String table, DataStream<LateEvent> events) {
        late.putIfAbsent(table, events);
    }

    /// Adds what becomes of late events to the job.
    void finish() {
        LateSink target = sink;
        if (target != null) {
            late.forEach((table, events) -> {
                var _ =
                        new DataStream<>(job, events.getTransformation())
                                .sinkTo(target)
                                .name("late events of " + table)
                                .uid("late-" + table)
                                .setParallelism(1);
            });
        }
    }
}
