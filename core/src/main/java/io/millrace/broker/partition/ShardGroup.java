package io.millrace.broker.partition;

import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.router.Router;
import io.millrace.router.RouterPort;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import io.millrace.shard.ShardConfig;
import io.millrace.stream.ContextTable;
import java.util.ArrayList;
import java.util.List;

/// The shards with their flushers and routers, and the cleaner that they share.
public final class ShardGroup {
    /// For each shard. More of them make the groups smaller that are flushed together, and cost
    /// more than they win (ADR 0003).
    private static final int FLUSHERS = 2;

    private final List<RouterPort> ports = new ArrayList<>();
    private final Cleaner cleaner = new Cleaner("cleaner");

    public ShardGroup(
            int count,
            ShardConfig config,
            Clock clock,
            ContextTable contexts,
            Threading threading) {
        for (int i = 0; i < count; i++) {
            List<Flusher> flushers = new ArrayList<>();
            for (int k = 0; k < FLUSHERS; k++) {
                flushers.add(new Flusher("flusher-" + i + "-" + k));
            }
            Router router = new Router(contexts);
            Shard shard = new Shard("shard-" + i, clock, flushers, router, config);
            // Closing goes in this order too: the shard's last flushes are still heard of by the
            // flusher.
            shard.wakeup(threading.run(shard));
            flushers.forEach(flusher -> flusher.wakeup(threading.run(flusher)));
            ports.add(new RouterPort(shard, router));
        }
        cleaner.wakeup(threading.run(cleaner));
    }

    /// Cleans partitions of all shards.
    public Cleaner cleaner() {
        return cleaner;
    }

    public List<RouterPort> ports() {
        return ports;
    }

    /// The shard of a partition: neighbours are spread, and a stream's incarnation decides where it
    /// begins.
    public Shard of(int incarnation, int partition) {
        return ports.get(numberOf(incarnation, partition)).shard();
    }

    /// The number of that shard.
    public int numberOf(int incarnation, int partition) {
        return Math.floorMod(incarnation + partition, ports.size());
    }

    /// The port of a shard of this group.
    public RouterPort port(Shard shard) {
        for (RouterPort port : ports) {
            if (port.shard() == shard) {
                return port;
            }
        }
        throw new IllegalArgumentException("no shard of this server: " + shard.name());
    }
}
