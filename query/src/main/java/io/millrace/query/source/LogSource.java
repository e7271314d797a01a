package io.millrace.query.source;

import java.util.Set;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/// The logs of streams as a source of Flink (FLIP-27): a split for each partition, read in this
/// process straight from the log.
public final class LogSource implements Source<RowData, PartitionSplit, Set<String>> {
    private static final long serialVersionUID = 1;

    private final SourcePlan plan;

    public LogSource(SourcePlan plan) {
        this.plan = plan;
    }

    @Override
    public Boundedness getBoundedness() {
        return plan.ends() == null ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<RowData, PartitionSplit> createReader(SourceReaderContext context) {
        return new PartitionReader(plan, context);
    }

    @Override
    public SplitEnumerator<PartitionSplit, Set<String>> createEnumerator(
            SplitEnumeratorContext<PartitionSplit> context) {
        return new PartitionEnumerator(plan, context, Set.of());
    }

    @Override
    public SplitEnumerator<PartitionSplit, Set<String>> restoreEnumerator(
            SplitEnumeratorContext<PartitionSplit> context, @Nullable Set<String> assigned) {
        return new PartitionEnumerator(plan, context, assigned == null ? Set.of() : assigned);
    }

    @Override
    public SimpleVersionedSerializer<PartitionSplit> getSplitSerializer() {
        return new SplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Set<String>> getEnumeratorCheckpointSerializer() {
        return new AssignedSerializer();
    }
}
