package io.millrace.router;

import io.millrace.event.ContextPattern;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.stream.Mounts;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The side of a [Relay] that lives on one shard. Owned by the shard's thread.
final class RelayPort implements LiveReader {
    private final Relay relay;
    private final RouterPort port;
    private final Supplier<Mounts> mounts;
    private final Map<Partition, PartitionName> names = new HashMap<>();

    /// Partitions of which the last event did not fit.
    private final Set<Partition> lossy = new HashSet<>();

    /// The last event that was offered: several patterns may cover it.
    private @Nullable Partition lastPartition;

    private long lastOffset = -1;

    RelayPort(Relay relay, RouterPort port, Supplier<Mounts> mounts) {
        this.relay = relay;
        this.port = port;
        this.mounts = mounts;
    }

    Shard shard() {
        return port.shard();
    }

    void attach(ContextPattern pattern) {
        port.router().attach(pattern, this);
    }

    void detach(ContextPattern pattern) {
        port.router().detach(pattern, this);
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void offer(Partition partition, StoredEvent event) {
        if (partition == lastPartition && event.offset() == lastOffset) {
            return;
        }
        lastPartition = partition;
        lastOffset = event.offset();
        if (relay.put(name(partition), event)) {
            if (!lossy.isEmpty()) {
                lossy.remove(partition);
            }
        } else {
            lose(partition, event.offset());
        }
    }

    @Override
    public void lose(Partition partition, long fromOffset) {
        if (lossy.add(partition)) {
            relay.putGap(name(partition), fromOffset);
        }
    }

    /// Says how far the partitions of this shard have been dispatched that the patterns reach.
    void mark(List<ContextPattern> patterns, Relay.Request request) {
        Map<PartitionName, Long> offsets = new HashMap<>();
        Mounts all = mounts.get();
        for (ContextPattern pattern : patterns) {
            for (Stream stream : all.reachedBy(pattern)) {
                for (Partition partition : stream.partitionsOn(shard())) {
                    offsets.put(name(partition), partition.dispatchedOffset());
                    // What does not fit behind the mark has to be told again.
                    lossy.remove(partition);
                }
            }
        }
        relay.putMark(offsets, request);
        if (names.size() > 2 * Math.max(64, offsets.size())) {
            // Streams come and go.
            names.clear();
        }
    }

    private PartitionName name(Partition partition) {
        return names.computeIfAbsent(partition, RelayPort::nameOf);
    }

    static PartitionName nameOf(Partition partition) {
        return new PartitionName(partition.stream(), partition.streamId(), partition.number());
    }
}
