package io.millrace.router;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.PatternTrie;
import io.millrace.group.Connector;
import io.millrace.group.GroupCursor;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.Retain;
import io.millrace.shard.Append;
import io.millrace.shard.ContextCount;
import io.millrace.shard.Partition;
import io.millrace.shard.Readers;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Hands the events of one shard to everyone who wants them, as soon as they are readable: one walk
/// over a trie of patterns for each event. Owned by the shard's thread.
public final class Router implements Readers {
    private final ContextTable contexts;
    private final PatternTrie<LiveReader> feeds = new PatternTrie<>();

    /// Whether one of the feeds' patterns reaches a stream.
    private final FollowedPatterns patterns = new FollowedPatterns();

    /// Cursors by their partitions: each counts what its own partition brought.
    private final Map<Partition, InterestIndex<GroupCursor>> indexes = new HashMap<>();

    /// The same cursors, to ask all of one partition.
    private final Map<Partition, List<GroupCursor>> cursors = new HashMap<>();

    public Router(ContextTable contexts) {
        this.contexts = contexts;
    }

    @Override
    public void readable(Append append) {
        Partition partition = append.partition();
        long offset = append.baseOffset();
        for (ContextCount each : append.contexts()) {
            count(each, append);
        }
        InterestIndex<GroupCursor> index = indexes.isEmpty() ? null : indexes.get(partition);
        for (Append.Entry entry : append.entries()) {
            hand(
                    partition,
                    new StoredEvent(
                            partition.stream(),
                            partition.number(),
                            offset++,
                            append.recordedMillis(),
                            entry.context(),
                            entry.event(),
                            entry.marks()),
                    index);
        }
    }

    private void count(ContextCount each, Append append) {
        Retain retain = each.retain();
        if (each.decisiveDelta() != each.lastDelta()) {
            contexts.recorded(each.context(), 0, place(append, each.decisiveDelta()), retain);
            retain = Retain.PASS;
        }
        contexts.recorded(each.context(), each.count(), place(append, each.lastDelta()), retain);
    }

    private static ContextNode.Place place(Append append, int delta) {
        Partition partition = append.partition();
        long offset = append.baseOffset() + delta;
        return new ContextNode.Place(
                new Receipt(partition.stream(), partition.number(), offset),
                append.recordedMillis());
    }

    private void hand(
            Partition partition, StoredEvent event, @Nullable InterestIndex<GroupCursor> index) {
        contexts.recorded(event);
        if (index != null) {
            index.match(event.context(), event.event(), each -> each.value().offer(event));
        }
        if (!feeds.isEmpty()) {
            feeds.match(event.context(), feed -> feed.offer(partition, event));
        }
    }

    /// Cursors for which nobody waits fall behind, and read for themselves when somebody comes.
    @Override
    public boolean wants(Partition partition, long fromOffset) {
        if (isFollowed(partition)) {
            return true;
        }
        List<GroupCursor> all = cursors.getOrDefault(partition, List.of());
        for (GroupCursor cursor : all) {
            if (cursor.isAwaited()) {
                return true;
            }
        }
        all.forEach(cursor -> cursor.passBy(fromOffset));
        return false;
    }

    private boolean isFollowed(Partition partition) {
        return patterns.reach(partition.origin().mount());
    }

    @Override
    public void readable(Partition partition, LogRecord record) {
        InterestIndex<GroupCursor> index = indexes.get(partition);
        if (index == null && !isFollowed(partition)) {
            Context context = EventRecords.context(record, partition.origin());
            Receipt place = new Receipt(partition.stream(), partition.number(), record.offset());
            contexts.recorded(
                    context,
                    1,
                    new ContextNode.Place(place, record.timestampMillis()),
                    EventRecords.retain(record));
            return;
        }
        EventRecords.Recorded recorded = EventRecords.decode(record, partition.origin());
        hand(
                partition,
                new StoredEvent(
                        partition.stream(),
                        partition.number(),
                        record.offset(),
                        record.timestampMillis(),
                        recorded.context(),
                        recorded.event(),
                        recorded.marks()),
                index);
    }

    @Override
    public void missed(Partition partition, long fromOffset) {
        cursors.getOrDefault(partition, List.of()).forEach(cursor -> cursor.passBy(fromOffset));
        patterns.forEachReaching(
                partition.origin().mount(), feed -> feed.lose(partition, fromOffset));
    }

    void attach(ContextPattern pattern, LiveReader feed) {
        feeds.add(pattern, feed);
        patterns.add(pattern, feed);
    }

    void detach(ContextPattern pattern, LiveReader feed) {
        if (feeds.remove(pattern, feed)) {
            patterns.remove(pattern, feed);
        }
    }

    /// Has a cursor offered what its interest wants of its partition.
    public Connector.Connection connect(Interest interest, GroupCursor cursor) {
        Partition partition = cursor.partition();
        InterestIndex<GroupCursor> index =
                indexes.computeIfAbsent(partition, _ -> new InterestIndex<>());
        Attachment<GroupCursor> attachment = index.add(interest, cursor);
        List<GroupCursor> neighbours = cursors.computeIfAbsent(partition, _ -> new ArrayList<>());
        neighbours.add(cursor);
        return new Connector.Connection() {
            @Override
            public long notWanted() {
                return attachment.filtered();
            }

            @Override
            public void close() {
                if (index.remove(attachment)) {
                    neighbours.remove(cursor);
                }
                if (index.isEmpty()) {
                    cursors.remove(partition, neighbours);
                    indexes.remove(partition, index);
                }
            }
        };
    }
}
