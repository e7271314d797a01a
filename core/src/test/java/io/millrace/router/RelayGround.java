package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.log.Marks;
import io.millrace.log.Produced;
import io.millrace.log.Retain;
import io.millrace.producer.Producers;
import io.millrace.security.OpenGuard;
import io.millrace.shard.Append;
import io.millrace.shard.ContextCount;
import io.millrace.shard.Flusher;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.shard.Shard;
import io.millrace.shard.ShardConfig;
import io.millrace.shard.StreamId;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Mounts;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// Two shards and the streams that a test wants, all on the test's own thread.
final class RelayGround {
    private static final int BATCH_MAX = 1 << 20;

    final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    final SimulatedThreads threads;
    final List<Stream> streams = new ArrayList<>();
    private final SimulatedClock clock = new SimulatedClock();
    private final FileLogs logs = new FileLogs(disk, clock);
    private final List<RouterPort> ports = new ArrayList<>();
    private final LogConfig config;

    RelayGround(long seed) {
        this(seed, LogConfig.DEFAULT);
    }

    RelayGround(long seed, LogConfig config) {
        this.config = config;
        threads = new SimulatedThreads(new Random(seed), clock, () -> {});
        for (int i = 0; i < 2; i++) {
            Router router = new Router(new ContextTable(100, 100));
            Flusher flusher = new Flusher("flusher-" + i);
            Shard shard =
                    new Shard("shard-" + i, clock, List.of(flusher), router, ShardConfig.DEFAULT);
            shard.wakeup(threads.run(shard));
            flusher.wakeup(threads.run(flusher));
            ports.add(new RouterPort(shard, router));
        }
    }

    /// Mounts a stream with a partition on each shard.
    Stream mount(String name, int incarnation, String mount) {
        StreamId id = new StreamId(name, incarnation);
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            partitions.add(
                    Partition.ofProducers(
                            id,
                            i,
                            open(Path.of("/data/" + id + "/" + i)),
                            Durability.SYNCED,
                            new ReadSignal(),
                            Context.of(mount),
                            new Producers()));
        }
        Stream stream =
                new Stream(
                        name,
                        Context.of(mount),
                        false,
                        partitions,
                        ports.stream().map(RouterPort::shard).toList(),
                        name,
                        new UUID(0, incarnation),
                        BATCH_MAX);
        streams.add(stream);
        return stream;
    }

    private io.millrace.log.Log open(Path folder) {
        try {
            return logs.open(folder, config).log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Relay relay(long bytesMax) {
        return new Relay(
                new RelayConfig(bytesMax),
                new OpenGuard(),
                () -> new Mounts(streams),
                ports,
                () -> {});
    }

    /// Says nothing of what was stored.
    static final class Silent implements Append.Reply {
        @Override
        public void stored(Append append, long baseOffset) {
            // As wanted.
        }

        @Override
        public void failed(Append append, MillraceException problem) {
            throw problem;
        }
    }

    /// Hands an event to its shard, which has yet to work.
    void offer(Stream stream, int partition, String context, String id) {
        offer(stream, partition, context, id, null, 0);
    }

    /// @param publisher of its marks
    void offer(
            Stream stream,
            int partition,
            String context,
            String id,
            @Nullable String publisher,
            long number) {
        Event event = Event.builder().id(id).source("/s").type("t").build();
        Context where = Context.of(context);
        Marks marks = new Marks(Retain.LATEST, 2, publisher, number);
        Append.Entry entry =
                new Append.Entry(
                        where, event, EventRecords.encode(event, where, false, marks), marks);
        put(
                stream,
                partition,
                new Append(stream.partitions().get(partition), List.of(entry), new Silent()));
    }

    /// Hands a producer's batch of values to the shard; they are in the context of the mount.
    void produce(Stream stream, int partition, int count) {
        List<SimpleRecord> records =
                IntStream.range(0, count).mapToObj(i -> Produced.record(i, null, "v" + i)).toList();
        Append append =
                Append.ofBatch(
                        stream.partitions().get(partition),
                        Produced.batch(CompressionType.NONE, Produced.By.ANYONE, records),
                        List.of(new ContextCount(stream.mount(), count, count - 1)),
                        new Silent());
        put(stream, partition, append);
    }

    private void put(Stream stream, int partition, Append append) {
        assertThat(stream.shards().get(partition).offer(append)).isTrue();
    }

    /// The same, and waits until it is stored and dispatched.
    void publish(Stream stream, int partition, String context, String id) {
        offer(stream, partition, context, id);
        threads.drain();
    }

    static PartitionName name(Stream stream, int partition) {
        return RelayPort.nameOf(stream.partitions().get(partition));
    }

    /// Writes down what a relay hands over.
    static final class Recorder implements RelayReader {
        final List<String> told = new ArrayList<>();

        @Override
        public void live(PartitionName partition, StoredEvent event) {
            told.add("live %s:%d".formatted(partition, event.offset()));
        }

        @Override
        public void gap(PartitionName partition, long fromOffset) {
            told.add("gap %s:%d".formatted(partition, fromOffset));
        }

        @Override
        public void dispatched(PartitionName partition, long offset) {
            told.add("dispatched %s:%d".formatted(partition, offset));
        }
    }
}
