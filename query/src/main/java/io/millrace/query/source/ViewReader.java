package io.millrace.query.source;

import io.millrace.broker.query.QueryViews;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.query.door.Doors;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/// Follows a view. Used by its task's thread.
final class ViewReader implements SourceReader<RowData, ViewSplit> {
    private static final int TAKE_MAX = 500;
    private static final long PAUSE_MILLIS = 20;

    /// They are in each checkpoint.
    private static final int KEYS_MAX = 200_000;

    private final QueryViews views;
    private final EntryRows rows;
    private final List<SourceColumn> columns;
    private final boolean ends;

    /// Whose rows have been given out.
    private final Set<String> keys = new HashSet<>();

    /// Of these, those that the view has not been seen to hold since it was followed anew.
    private final Set<String> unseen = new LinkedHashSet<>();

    private @Nullable String view;
    private @Nullable ViewFollower follower;
    private boolean noMoreSplits;
    private boolean idle;

    ViewReader(String door, List<SourceColumn> columns, boolean ends) {
        this.views = Doors.of(door).views();
        this.columns = columns;
        this.rows = new EntryRows(columns);
        this.ends = ends;
    }

    @Override
    public void start() {
        // It begins with its split.
    }

    @Override
    public void addSplits(List<ViewSplit> splits) {
        for (ViewSplit split : splits) {
            view = split.view();
            keys.addAll(split.keys());
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) throws InterruptedException {
        if (!idle) {
            // It has no time, and holds nobody up who has.
            idle = true;
            output.markIdle();
        }
        String name = view;
        if (name == null) {
            return noMoreSplits ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
        }
        ViewFollower following = follower;
        if (following == null) {
            following = views.follow(name);
            follower = following;
            unseen.addAll(keys);
        }
        List<ViewChange> changes;
        try {
            changes = following.next(TAKE_MAX, Duration.ZERO);
        } catch (MillraceException e) {
            followAnew(e);
            return InputStatus.MORE_AVAILABLE;
        }
        changes.forEach(change -> give(change, output));
        if (following.isLive() && !unseen.isEmpty()) {
            Set.copyOf(unseen).forEach(key -> take(key, output));
        }
        if (!changes.isEmpty()) {
            return InputStatus.MORE_AVAILABLE;
        }
        return ends && following.isLive()
                ? InputStatus.END_OF_INPUT
                : InputStatus.NOTHING_AVAILABLE;
    }

    /// What was missed is found out by reading all again.
    private void followAnew(MillraceException e) {
        if (e.code() != ErrorCode.SLOW_CONSUMER && e.code() != ErrorCode.RESOURCE_CONFLICT) {
            throw e;
        }
        close();
    }

    private void give(ViewChange change, ReaderOutput<RowData> output) {
        ViewEntry entry = change.entry();
        GenericRowData row = entry == null ? null : rows.row(entry);
        if (row == null) {
            // Gone, or nothing that the columns could show.
            take(change.key(), output);
            return;
        }
        unseen.remove(change.key());
        if (keys.add(change.key()) && keys.size() > KEYS_MAX) {
            throw new IllegalStateException(
                    ("the view %s has more than %d keys, which is too much to follow as a table; look"
                                    + " its rows up: JOIN … FOR SYSTEM_TIME AS OF proc_time")
                            .formatted(view, KEYS_MAX));
        }
        row.setRowKind(RowKind.UPDATE_AFTER);
        output.collect(row);
    }

    private void take(String key, ReaderOutput<RowData> output) {
        unseen.remove(key);
        if (keys.remove(key)) {
            GenericRowData row = new GenericRowData(RowKind.DELETE, columns.size());
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).kind() == SourceColumn.Kind.VIEW_KEY) {
                    row.setField(i, StringData.fromString(key));
                }
            }
            output.collect(row);
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return later(new CompletableFuture<>());
    }

    // Flink's futures of nothing are complete with null, which their type does not say.
    @SuppressWarnings("NullAway")
    private static CompletableFuture<Void> later(CompletableFuture<Void> future) {
        return future.completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public List<ViewSplit> snapshotState(long checkpoint) {
        String name = view;
        return name == null ? List.of() : List.of(new ViewSplit(name, Set.copyOf(keys)));
    }

    @Override
    public void close() {
        ViewFollower following = follower;
        follower = null;
        if (following != null) {
            following.close();
        }
    }
}
