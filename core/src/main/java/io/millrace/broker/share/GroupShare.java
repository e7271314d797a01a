package io.millrace.broker.share;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.Group;
import io.millrace.group.GroupCursor;
import io.millrace.group.LeasedOffsets;
import io.millrace.group.OffsetLeases;
import io.millrace.group.SettleRange;
import io.millrace.log.LogRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What a group has of one stream, or of its own lanes.
///
/// @param stream incarnation of the stream or queue
/// @param isSeekable whether its cursors may be moved
public record GroupShare(Group group, int stream, boolean isSeekable) implements Share {
    @Override
    public Duration lease() {
        return group.config().lease();
    }

    @Override
    public boolean isGone() {
        return group.offsets().isClosed();
    }

    @Override
    public OffsetLeases.Place standBy(Runnable called) {
        return group.offsets().standBy(called);
    }

    @Override
    public CompletableFuture<OffsetLeases.Tried> lease(
            Collection<Integer> partitions, Demand demand) {
        List<GroupCursor> cursors = new ArrayList<>();
        for (GroupCursor cursor : group.cursors()) {
            if (cursor.id().stream() == stream && partitions.contains(cursor.id().partition())) {
                cursors.add(cursor);
            }
        }
        return group.offsets()
                .lease(
                        cursors,
                        new OffsetLeases.Terms(
                                demand.max(), demand.bytesMax(), lease(), demand.throughBatch()));
    }

    @Override
    public CompletableFuture<Boolean> settle(int partition, List<SettleRange> ranges) {
        GroupCursor cursor = group.find(stream, partition);
        return cursor == null
                ? CompletableFuture.completedFuture(false)
                : group.offsets().settle(cursor, ranges);
    }

    @Override
    public CompletableFuture<Boolean> release(int partition, List<SettleRange> ranges) {
        GroupCursor cursor = group.find(stream, partition);
        return cursor == null
                ? CompletableFuture.completedFuture(false)
                : group.offsets().settleHeld(cursor, ranges);
    }

    private GroupCursor cursor(int partition) {
        GroupCursor cursor = group.find(stream, partition);
        if (cursor == null) {
            throw new MillraceException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "%s %s has no partition %d"
                            .formatted(group.config().kind(), group.config().name(), partition));
        }
        return cursor;
    }

    @Override
    public LogRegion batches(int partition, List<LeasedOffsets.Run> runs) {
        return new StoredBatches(cursor(partition).partition().log(), runs).find();
    }

    @Override
    public List<Progress> progress() {
        List<Progress> all = new ArrayList<>();
        for (GroupCursor cursor : group.cursors()) {
            if (cursor.id().stream() == stream) {
                OffsetLeases.Progress now = group.offsets().progress(cursor);
                all.add(new Progress(cursor.id().partition(), now.floor(), now.pending()));
            }
        }
        return all;
    }

    @Override
    public void seek(int partition, long offset) {
        if (!isSeekable) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "%s is a queue: each job is settled once, and no offset brings it back"
                            .formatted(group.config().name()));
        }
        group.offsets().seek(cursor(partition), offset);
    }
}
