package io.millrace.broker.partition;

import io.millrace.group.Connector;
import io.millrace.group.GroupCursor;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.shard.Readers;
import io.millrace.shard.Shard;
import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// A partition of a queue or subscription alone: nobody else hears of what is in it.
public final class Lane implements Readers {
    private final Shard shard;
    private @Nullable Partition partition;

    /// The shard's thread.
    private @Nullable GroupCursor cursor;

    Lane(Shard shard) {
        this.shard = shard;
    }

    public void partition(Partition opened) {
        partition = opened;
    }

    public Partition partition() {
        if (partition == null) {
            throw new IllegalStateException("the lane is not open yet");
        }
        return partition;
    }

    public Shard shard() {
        return shard;
    }

    /// The shard's thread: its cursor, once it has one.
    public @Nullable GroupCursor cursor() {
        return cursor;
    }

    /// Has its one cursor offered everything.
    public Connector.Connection connect(GroupCursor connected) {
        cursor = connected;
        return new Connector.Connection() {
            @Override
            public long notWanted() {
                return 0;
            }

            @Override
            public void close() {
                if (cursor == connected) {
                    cursor = null;
                }
            }
        };
    }

    @Override
    public void readable(Append append) {
        GroupCursor connected = cursor;
        if (connected == null) {
            return;
        }
        long offset = append.baseOffset();
        for (Append.Entry entry : append.entries()) {
            connected.offer(
                    new StoredEvent(
                            append.partition().stream(),
                            append.partition().number(),
                            offset++,
                            append.recordedMillis(),
                            entry.context(),
                            entry.event(),
                            entry.marks()));
        }
    }

    /// The shard's thread, now and then: lets the log drop what is settled.
    void release() {
        GroupCursor connected = cursor;
        if (connected != null) {
            connected.tellNeeded(partition().log()::keepFrom);
        }
    }
}
