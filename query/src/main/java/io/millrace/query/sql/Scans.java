package io.millrace.query.sql;

import io.millrace.query.sink.LateSink;
import io.millrace.query.source.LateEvent;
import io.millrace.query.source.LateGate;
import io.millrace.query.source.LogSource;
import io.millrace.query.source.OpenGate;
import io.millrace.query.source.SourcePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.jspecify.annotations.Nullable;

/// The scans of tables in one statement. However often a statement scans a table, the log is read
/// once for all of them, so that each event is counted once and all scans agree on the time. Used
/// by the planner's thread.
///
/// Flink's planner makes the operators of a statement more than once, and on a stand-in for the
/// job's environment; only those of the last time are run. What the scans of a table need together
/// is known from the times before.
final class Scans {
    private final StreamExecutionEnvironment job;
    private final @Nullable LateSink sink;
    private final Map<String, SourcePlan> together = new HashMap<>();
    private final Map<String, Integer> expected = new HashMap<>();
    private final Map<String, Integer> scans = new HashMap<>();
    private final Map<String, DataStream<RowData>> readings = new HashMap<>();
    private final Map<String, DataStream<LateEvent>> late = new LinkedHashMap<>();
    private final List<SourcePlan> read = new ArrayList<>();
    private final Set<String> current = new LinkedHashSet<>();

    /// @param sink where late events go; `null` for nowhere
    Scans(StreamExecutionEnvironment job, @Nullable LateSink sink) {
        this.job = job;
        this.sink = sink;
    }

    /// What was made before is not run, but tells what will be scanned.
    void anew() {
        expected.clear();
        expected.putAll(scans);
        scans.clear();
        readings.clear();
        late.clear();
        read.clear();
        current.clear();
    }

    /// The rows of a scan.
    ///
    /// @param whole the table with all its columns
    /// @param scan the part that is wanted
    DataStream<RowData> rows(
            SourcePlan whole, SourcePlan scan, StreamExecutionEnvironment environment) {
        String table = whole.table();
        int number = scans.merge(table, 1, Integer::sum);
        SourcePlan known = together.get(table);
        SourcePlan all = known == null ? scan : known.and(scan, whole);
        if (!all.equals(known)) {
            together.put(table, all);
            readings.remove(table);
        }
        if (expected.getOrDefault(table, 1) == 1 && all.columns().equals(scan.columns())) {
            return read(all, environment);
        }
        // Flink names what it is given after the scan, so each gets something of its own.
        return readings.computeIfAbsent(table, _ -> read(all, environment))
                .map(new ColumnChoice(all.columns(), scan.columns()))
                .returns(EventScan.type(scan.columns()))
                .name("columns")
                .uid("columns-" + table + "-" + number);
    }

    /// The name of the next scan of what is not read from the log.
    String name(String table) {
        int number = scans.merge(table, 1, Integer::sum);
        return number == 1 ? table : table + "-" + number;
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

    private DataStream<RowData> read(SourcePlan plan, StreamExecutionEnvironment environment) {
        InternalTypeInfo<RowData> type = EventScan.type(plan.columns());
        String table = plan.table();
        read.add(plan);
        DataStream<RowData> source =
                environment
                        .fromSource(
                                new LogSource(plan),
                                WatermarkStrategy.noWatermarks(),
                                "read " + table,
                                type)
                        .uid("read-" + table);
        SourcePlan.Ends ends = plan.ends();
        if (ends != null && !ends.isComplete()) {
            return source.transform("time", type, new OpenGate()).uid("time-" + table);
        }
        SingleOutputStreamOperator<RowData> gate =
                source.process(new LateGate()).returns(type).name("time").uid("time-" + table);
        late.put(table, gate.getSideOutput(LateGate.LATE));
        return gate;
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
