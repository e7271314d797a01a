package io.millrace.query.sql;

import io.millrace.query.sink.LateSink;
import io.millrace.query.source.LateEvent;
import io.millrace.query.source.LateGate;
import io.millrace.query.source.LogSource;
import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
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
                .returns(type(scan))
                .name("columns")
                .uid("columns-" + table + "-" + number);
    }

    private DataStream<RowData> read(SourcePlan plan, StreamExecutionEnvironment environment) {
        InternalTypeInfo<RowData> type = type(plan);
        String table = plan.table();
        DataStream<RowData> source =
                environment
                        .fromSource(
                                new LogSource(plan),
                                WatermarkStrategy.noWatermarks(),
                                "read " + table,
                                type)
                        .uid("read-" + table);
        SingleOutputStreamOperator<RowData> gate =
                source.process(new LateGate()).returns(type).name("time").uid("time-" + table);
        late.put(table, gate.getSideOutput(LateGate.LATE));
        return gate;
    }

    private static InternalTypeInfo<RowData> type(SourcePlan plan) {
        LogicalType[] types =
                plan.columns().stream().map(SourceColumn::type).toArray(LogicalType[]::new);
        String[] names = plan.columns().stream().map(SourceColumn::name).toArray(String[]::new);
        return InternalTypeInfo.of(RowType.of(types, names));
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
