package io.millrace.broker.query;

import io.millrace.broker.stream.StreamSet;
import io.millrace.event.ContextPattern;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams as queries read them. Thread-safe.
public final class Feeds {
    private final StreamSet streams;

    public Feeds(StreamSet streams) {
        this.streams = streams;
    }

    /// All partitions that may hold events of a pattern, or of those only that one stream has.
    ///
    /// @param stream the only one that counts; `null` for all
    public List<Feed> of(ContextPattern pattern, @Nullable String stream) {
        List<Feed> feeds = new ArrayList<>();
        for (Stream each : streams.mounts().reachedBy(pattern)) {
            if (stream == null || stream.equals(each.name())) {
                each.partitions()
                        .forEach(partition -> feeds.add(new Feed(partition, each.compacted())));
            }
        }
        return feeds;
    }

    /// Whether there is a stream of that name.
    public boolean has(String stream) {
        return streams.named(stream) != null;
    }
}
