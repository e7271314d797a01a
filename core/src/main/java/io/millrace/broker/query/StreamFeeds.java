package io.millrace.broker.query;

import io.millrace.broker.stream.StreamSet;
import io.millrace.event.ContextPattern;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams of this process.
public final class StreamFeeds implements Feeds {
    private final StreamSet streams;

    public StreamFeeds(StreamSet streams) {
        this.streams = streams;
    }

    @Override
    public List<Feed> of(ContextPattern pattern, @Nullable String stream) {
        List<Feed> feeds = new ArrayList<>();
        for (Stream each : streams.mounts().reachedBy(pattern)) {
            if (stream == null || stream.equals(each.name())) {
                each.partitions()
                        .forEach(partition ->
                                feeds.add(new PartitionFeed(partition, each.compacted())));
            }
        }
        return feeds;
    }

    @Override
    public boolean has(String stream) {
        return streams.named(stream) != null;
    }
}
