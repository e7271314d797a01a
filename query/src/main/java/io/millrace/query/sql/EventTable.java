package io.millrace.query.sql;

import io.millrace.query.source.SourceColumn;
import io.millrace.query.source.SourcePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/// A table of events as Flink's planner sees it: columns that nobody asks for are not decoded, and
/// events of other types or contexts are passed over in the log. Used by the planner's thread.
final class EventTable
        implements ScanTableSource,
                SupportsProjectionPushDown,
                SupportsFilterPushDown,
                SupportsSourceWatermark {
    private final Scans scans;
    private final SourcePlan whole;
    private SourcePlan plan;

    EventTable(SourcePlan whole, Scans scans) {
        this(whole, whole, scans);
    }

    private EventTable(SourcePlan whole, SourcePlan plan, Scans scans) {
        this.whole = whole;
        this.plan = plan;
        this.scans = scans;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
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
    public Result applyFilters(List<ResolvedExpression> filters) {
        PushedFilters pushed = new PushedFilters(plan);
        filters.forEach(pushed::take);
        plan = pushed.plan();
        // What was pushed is exact only for the table as a whole, so Flink looks at it again; that
        // costs nothing beside what is not decoded.
        return Result.of(pushed.taken(), filters);
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        return new EventScan(whole, plan, scans);
    }

    @Override
    public DynamicTableSource copy() {
        return new EventTable(whole, plan, scans);
    }

    @Override
    public String asSummaryString() {
        return "events of " + plan.pattern();
    }
}
