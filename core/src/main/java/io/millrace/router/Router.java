package io.millrace.router;

import io.millrace.event.ContextPattern;
import io.millrace.event.PatternTrie;
import io.millrace.shard.Append;
import io.millrace.shard.Readers;
import io.millrace.stream.ContextTable;
import io.millrace.stream.StoredEvent;

/// Hands the events of one shard to everyone who wants them, as soon as they are readable: one walk
/// over a trie of patterns for each event. Owned by the shard's thread.
public final class Router implements Readers {
    private final ContextTable contexts;
    private final PatternTrie<LiveFeed> feeds = new PatternTrie<>();

    public Router(ContextTable contexts) {
        this.contexts = contexts;
    }

    @Override
    public void readable(Append append) {
        String stream = append.partition().stream();
        int partition = append.partition().number();
        long offset = append.baseOffset();
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
}
