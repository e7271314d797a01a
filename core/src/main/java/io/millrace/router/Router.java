package io.millrace.router;

import io.millrace.event.ContextPattern;
import io.millrace.event.PatternTrie;
import io.millrace.group.Connector;
import io.millrace.group.GroupCursor;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.shard.Readers;
import io.millrace.stream.ContextTable;
import io.millrace.stream.StoredEvent;
import java.util.HashMap;
import java.util.Map;

/// Hands the events of one shard to everyone who wants them, as soon as they are readable: one walk
/// over a trie of patterns for each event. Owned by the shard's thread.
public final class Router implements Readers {
    private final ContextTable contexts;
    private final PatternTrie<LiveFeed> feeds = new PatternTrie<>();

    /// Cursors by their partitions: each counts what its own partition brought.
    private final Map<Partition, InterestIndex<GroupCursor>> indexes = new HashMap<>();

    public Router(ContextTable contexts) {
        this.contexts = contexts;
    }

    @Override
    public void readable(Append append) {
        String stream = append.partition().stream();
        int partition = append.partition().number();
        long offset = append.baseOffset();
        InterestIndex<GroupCursor> index =
                indexes.isEmpty() ? null : indexes.get(append.partition());
        for (Append.Entry entry : append.entries()) {
            StoredEvent event =
                    new StoredEvent(
                            stream,
                            partition,
                            offset++,
                            append.recordedMillis(),
                            entry.context(),
                            entry.event());
            contexts.recorded(event);
            if (index != null) {
                index.match(entry.context(), entry.event(), each -> each.value().offer(event));
            }
            if (!feeds.isEmpty()) {
                feeds.match(entry.context(), feed -> feed.offer(append.partition(), event));
            }
        }
    }

    void attach(ContextPattern pattern, LiveFeed feed) {
        feeds.add(pattern, feed);
    }

    void detach(ContextPattern pattern, LiveFeed feed) {
        feeds.remove(pattern, feed);
    }

    /// Has a cursor offered what its interest wants of its partition.
    public Connector.Connection connect(Interest interest, GroupCursor cursor) {
        Partition partition = cursor.partition();
        InterestIndex<GroupCursor> index =
                indexes.computeIfAbsent(partition, _ -> new InterestIndex<>());
        Attachment<GroupCursor> attachment = index.add(interest, cursor);
        return new Connector.Connection() {
            @Override
            public long notWanted() {
                return attachment.filtered();
            }

            @Override
            public void close() {
                index.remove(attachment);
                if (index.isEmpty()) {
                    indexes.remove(partition, index);
                }
            }
        };
    }
}
