package io.millrace.broker.view;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.Selection;
import io.millrace.shard.Partition;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import io.millrace.view.ViewEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Computes from the log what a view held for a key at a time. Used once, by one thread.
final class PastReader {
    private static final int TAKE_MAX = 1_000;
    private static final Duration TIME_MAX = Duration.ofSeconds(30);

    private final StreamSet streams;
    private final Clock clock;
    private final Selection from;
    private final EventEntries entries;
    private final String key;
    private final long begun;
    private @Nullable StoredEvent last;
    private boolean isWhole = true;

    PastReader(StreamSet streams, Clock clock, Selection from, KeyTemplate template, String key) {
        this.streams = streams;
        this.clock = clock;
        this.from = from;
        this.entries = new EventEntries(from, template);
        this.key = key;
        this.begun = clock.nanoTime();
    }

    /// @throws MillraceException VIEW_PAST_UNKNOWN if an event that counts may be gone from the
    ///   log; OVERLOADED if there is more to read than can be read in time
    @Nullable ViewEntry at(Instant time) {
        for (Stream stream : streams.mounts().reachedBy(from.pattern())) {
            if (from.allows(stream.name())) {
                for (Partition partition : stream.partitions()) {
                    isWhole &= !stream.compacted() && partition.log().startOffset() == 0;
                    read(partition, partition.log().offsetAt(time.toEpochMilli() + 1));
                }
            }
        }
        StoredEvent found = last;
        if (found != null) {
            return entries.change(key, found).entry();
        }
        if (!isWhole) {
            throw new MillraceException(
                    ErrorCode.VIEW_PAST_UNKNOWN,
                    "asOf",
                    "events from before %s are not kept any more, and one of this key may have been among them"
                            .formatted(time));
        }
        return null;
    }

    private void read(Partition partition, long end) {
        HistoryReader history = new HistoryReader();
        history.add(partition, partition.log().startOffset(), from.pattern());
        while (history.next(partition) < end) {
            requireTime();
            List<StoredEvent> events = history.next(TAKE_MAX);
            for (StoredEvent event : events) {
                if (event.offset() < end && key.equals(entries.key(event)) && isLater(event)) {
                    last = event;
                }
            }
        }
    }

    private boolean isLater(StoredEvent event) {
        StoredEvent known = last;
        return known == null || event.recordedMillis() >= known.recordedMillis();
    }

    private void requireTime() {
        if (clock.nanoTime() - begun > TIME_MAX.toNanos()) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED,
                    "there is more history than can be read in %d s; narrow the pattern of the view"
                            .formatted(TIME_MAX.toSeconds()));
        }
    }
}
