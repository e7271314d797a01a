package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.shard.Append;
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
import io.millrace.stream.Start;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A tail over one shard; what happens between two of its steps is told.
final class TailTest {
    private static final Context CONTEXT = Context.of("/a");

    private final SimulatedClock clock = new SimulatedClock();
    private final FileLogs logs = new FileLogs(new SimulatedDisk(new Random(1)), clock);
    private final SimulatedThreads threads = new SimulatedThreads(new Random(2), clock, () -> {});
    private final Router router = new Router(new ContextTable(100, 100));
    private final Flusher flusher = new Flusher("flusher");
    private final Shard shard =
            new Shard("shard", clock, List.of(flusher), router, ShardConfig.DEFAULT);

    private final List<Stream> streams = new ArrayList<>();

    /// What happens behind a tail's back when it looks at the mounts.
    private final List<Runnable> behindMounts = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        shard.wakeup(threads.run(shard));
        flusher.wakeup(threads.run(flusher));
        streams.add(stream("events", 1, "/"));
    }

    private Stream stream(String name, int incarnation, String mount) throws IOException {
        StreamId id = new StreamId(name, incarnation);
        Path folder = Path.of("/data/" + id);
        Partition partition =
                new Partition(
                        id,
                        0,
                        logs.open(folder, LogConfig.DEFAULT).log(),
                        Durability.SYNCED,
                        new ReadSignal());
        return new Stream(
                name,
                Context.of(mount),
                false,
                List.of(partition),
                List.of(shard),
                name,
                new java.util.UUID(0, 1),
                1 << 20);
    }

    private void publish(Stream stream, String id) {
        Event event = Event.builder().id(id).source("/s").type("t").build();
        Append.Entry entry =
                new Append.Entry(CONTEXT, event, EventRecords.encode(event, CONTEXT, false));
        List<Long> stored = new ArrayList<>();
        Append.Reply reply =
                new Append.Reply() {
                    @Override
                    public void stored(Append append, long baseOffset) {
                        stored.add(baseOffset);
                    }

                    @Override
                    public void failed(Append append, MillraceException problem) {
                        throw problem;
                    }
                };
        shard.offer(new Append(stream.partitions().getFirst(), List.of(entry), reply));
        threads.drain();
        assertThat(stored).hasSize(1);
    }

    private Mounts mounts() {
        Mounts now = new Mounts(streams);
        if (!behindMounts.isEmpty()) {
            behindMounts.removeFirst().run();
        }
        return now;
    }

    private Tail tail(Start start) {
        return new Tail(
                ContextPattern.of("/a"),
                start,
                this::mounts,
                List.of(new RouterPort(shard, router)),
                threads,
                TailConfig.DEFAULT,
                _ -> {});
    }

    private static List<String> take(Tail tail) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        List<Tail.Item> items = tail.next(Duration.ZERO);
        while (!items.isEmpty()) {
            items.forEach(item -> ids.add(item.event().event().id()));
            items = tail.next(Duration.ZERO);
        }
        return ids;
    }

    /// Its first event is recorded while the tail goes over to live events, after it has looked at
    /// the streams.
    @Test
    void aStreamThatIsCreatedAtTheSeamIsGivenOutFromItsFirstEventOn() throws Exception {
        Stream created = stream("a", 2, "/a");
        behindMounts.add(() -> {});
        behindMounts.add(() -> {
            streams.add(created);
            publish(created, "1");
        });
        try (Tail tail = tail(new Start.First())) {
            assertThat(take(tail)).containsExactly("1");
            publish(created, "2");
            assertThat(take(tail)).containsExactly("2");
            assertThat(tail.position()).isEqualTo("a.2:2;events.1:0");
        }
    }

    @Test
    void eventsBeforeATailOfTheNewestAreNotGivenOut() throws Exception {
        publish(streams.getFirst(), "1");
        try (Tail tail = tail(new Start.Next())) {
            assertThat(take(tail)).isEmpty();
            publish(streams.getFirst(), "2");
            assertThat(take(tail)).containsExactly("2");
        }
    }
}
