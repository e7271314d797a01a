package io.millrace.query.sql;

import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import io.millrace.query.source.ViewLookup;
import io.millrace.query.source.ViewSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/// A view as Flink's planner sees it: rows with a key, looked up as they are at the moment, or read
/// as a changelog. The changelog of a view that is made of events is made of them again, with their
/// times; that of one that a query fills is what it holds and what follows. Used by the planner's
/// thread.
final class KeyedTable
        implements ScanTableSource,
                LookupTableSource,
                SupportsProjectionPushDown,
                SupportsSourceWatermark {
    private final String view;
    private final boolean isOfEvents;
    private final Scans scans;
    private final SourcePlan whole;
    private SourcePlan plan;

    /// @param isOfEvents whether the plan reads the events that the view is made of
    KeyedTable(String view, boolean isOfEvents, SourcePlan whole, Scans scans) {
        this(view, isOfEvents, whole, whole, scans);
    }

    private KeyedTable(
            String view, boolean isOfEvents, SourcePlan whole, SourcePlan plan, Scans scans) {
        this.view = view;
        this.whole = whole;
        this.isOfEvents = isOfEvents;
        this.plan = plan;
        this.scans = scans;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        // A row that is taken back has its time too: then it ceased to be true.
        return ChangelogMode.upsert(!isOfEvents);
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] projected, DataType produced) {
        List<SourceColumn> columns = new ArrayList<>();
        Arrays.stream(projected).forEach(path -> columns.add(plan.columns().get(path[0])));
        plan = plan.with(columns);
    }

    @Override
    public void applySourceWatermark() {
        // The reader knows the partitions, and gives watermarks in any case.
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        return isOfEvents ? new EventScan(whole, plan, scans) : new Following(plan, view, scans);
    }

    @Override
    public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
        List<Integer> asked = new ArrayList<>();
        for (int[] path : context.getKeys()) {
            asked.add(path[0]);
        }
        boolean byKey =
                asked.stream()
                        .anyMatch(
                                at -> plan.columns().get(at).kind() == SourceColumn.Kind.VIEW_KEY);
        if (!byKey) {
            throw new ValidationException(
                    ("the view %s is looked up by its key: say ON %s.%s = …; for another column make a"
                                    + " view that has it as its key")
                            .formatted(view, plan.table(), EventColumns.VIEW_KEY));
        }
        scans.readsCurrent(view);
        return LookupFunctionProvider.of(new ViewLookup(plan.door(), view, plan.columns(), asked));
    }

    @Override
    public DynamicTableSource copy() {
        return new KeyedTable(view, isOfEvents, whole, plan, scans);
    }

    @Override
    public String asSummaryString() {
        return "view " + view;
    }

    /// The operator that follows a view.
    private record Following(SourcePlan plan, String view, Scans scans)
            implements DataStreamScanProvider {
        @Override
        public boolean isBounded() {
            return false;
        }

        @Override
        public DataStream<RowData> produceDataStream(
                ProviderContext provider, StreamExecutionEnvironment environment) {
            scans.readsCurrent(view);
            return environment
                    .fromSource(
                            new ViewSource(plan.door(), view, plan.columns(), plan.ends() != null),
                            WatermarkStrategy.noWatermarks(),
                            "follow " + plan.table(),
                            EventScan.type(plan.columns()))
                    .uid("follow-" + scans.name(plan.table()))
                    .setParallelism(1);
        }
    }
}
