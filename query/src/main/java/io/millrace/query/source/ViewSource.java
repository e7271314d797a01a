package io.millrace.query.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

/// What a view holds that a query fills, and its changes, as a source of Flink: one split, which
/// follows the view. It has no event time.
public final class ViewSource implements Source<RowData, ViewSplit, Set<String>> {
    private static final long serialVersionUID = 1;

    private final String door;
    private final String view;
    private final List<SourceColumn> columns;
    private final boolean ends;

    /// @param ends whether it ends when all that the view held at first has been given out
    public ViewSource(String door, String view, List<SourceColumn> columns, boolean ends) {
        this.door = door;
        this.view = view;
        this.columns = List.copyOf(columns);
        this.ends = ends;
    }

    @Override
    public Boundedness getBoundedness() {
        return ends ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<RowData, ViewSplit> createReader(SourceReaderContext context) {
        return new ViewReader(door, columns, ends);
    }

    @Override
    public SplitEnumerator<ViewSplit, Set<String>> createEnumerator(
            SplitEnumeratorContext<ViewSplit> context) {
        return new Enumerator(context, List.of(new ViewSplit(view, Set.of())));
    }

    @Override
    public SplitEnumerator<ViewSplit, Set<String>> restoreEnumerator(
            SplitEnumeratorContext<ViewSplit> context, @Nullable Set<String> assigned) {
        boolean isAssigned = assigned != null && assigned.contains(view);
        return new Enumerator(
                context, isAssigned ? List.of() : List.of(new ViewSplit(view, Set.of())));
    }

    @Override
    public SimpleVersionedSerializer<ViewSplit> getSplitSerializer() {
        return new ViewSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Set<String>> getEnumeratorCheckpointSerializer() {
        return new AssignedSerializer();
    }

    /// Gives the split to the first reader that comes. Used by the coordinator's thread.
    private final class Enumerator implements SplitEnumerator<ViewSplit, Set<String>> {
        private final SplitEnumeratorContext<ViewSplit> context;
        private final List<ViewSplit> waiting;

        Enumerator(SplitEnumeratorContext<ViewSplit> context, List<ViewSplit> waiting) {
            this.context = context;
            this.waiting = new ArrayList<>(waiting);
        }

        @Override
        public void start() {
            // Readers come by themselves.
        }

        @Override
        public void handleSplitRequest(int reader, @Nullable String host) {
            // Readers are given what there is.
        }

        @Override
        public void addSplitsBack(List<ViewSplit> splits, int reader) {
            waiting.addAll(splits);
        }

        @Override
        public void addReader(int reader) {
            waiting.forEach(split -> context.assignSplit(split, reader));
            waiting.clear();
            context.signalNoMoreSplits(reader);
        }

        @Override
        public Set<String> snapshotState(long checkpoint) {
            return waiting.isEmpty() ? Set.of(view) : Set.of();
        }

        @Override
        public void close() throws IOException {
            // Nothing is held.
        }
    }
}
