package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An event is no safer than the names of the folders above its file. What a crash leaves of names
/// that are not durable is chance, so there are several.
final class FolderDurabilityTest {
    private static final Path DATA = Path.of("/data");

    private final SimulatedClock clock = new SimulatedClock();

    private record Machine(SimulatedThreads threads, Broker broker) {}

    private Machine start(SimulatedDisk disk, long seed) throws IOException {
        SimulatedThreads threads = new SimulatedThreads(new Random(seed), clock, () -> {});
        Broker broker =
                new Broker(
                        DATA,
                        BrokerConfig.forProcessors(2),
                        new OpenGuard(),
                        new Broker.Ground(disk, clock, threads));
        return new Machine(threads, broker);
    }

    private static List<Receipt> publish(Machine machine, String context) {
        List<Receipt> stored = new ArrayList<>();
        Event event =
                Event.builder().id(context).source("/test").type("t").data(Bytes.utf8("x")).build();
        machine.broker()
                .publish(
                        Principal.LOCAL,
                        List.of(new Publication(context, event)),
                        new PublishReply() {
                            @Override
                            public void stored(List<Receipt> receipts) {
                                stored.addAll(receipts);
                            }

                            @Override
                            public void failed(MillraceException problem) {
                                throw problem;
                            }
                        });
        machine.threads().drain();
        return stored;
    }

    private static List<String> read(Machine machine, String stream) throws InterruptedException {
        ReadRequest request =
                new ReadRequest(stream, null, new Start.First(), 100, Duration.ZERO, null);
        return machine.broker().read(Principal.LOCAL, request).events().stream()
                .map(StoredEvent::event)
                .map(Event::id)
                .toList();
    }

    private static void put(Machine machine, int partitions) {
        machine.broker()
                .administration()
                .put(
                        Principal.LOCAL,
                        new StreamResource(
                                "tickets",
                                Context.of("/tickets"),
                                partitions,
                                Durability.SYNCED,
                                null,
                                null,
                                Cleanup.DELETE),
                        Precondition.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anAcknowledgedEventOfAFirstStartSurvivesACrash(long seed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk(new Random(seed));
        assertThat(publish(start(disk, seed), "/a")).hasSize(1);
        disk.crash();
        assertThat(read(start(disk, seed), "events")).containsExactly("/a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anAcknowledgedEventOfANewStreamSurvivesACrash(long seed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk(new Random(seed));
        Machine machine = start(disk, seed);
        put(machine, 1);
        assertThat(publish(machine, "/tickets/1")).hasSize(1);
        disk.crash();
        assertThat(read(start(disk, seed), "tickets")).containsExactly("/tickets/1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void acknowledgedEventsOfNewPartitionsSurviveACrash(long seed) throws Exception {
        SimulatedDisk disk = new SimulatedDisk(new Random(seed));
        Machine machine = start(disk, seed);
        put(machine, 1);
        put(machine, 4);
        List<String> contexts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            contexts.add("/tickets/" + i);
            assertThat(publish(machine, "/tickets/" + i)).hasSize(1);
        }
        disk.crash();
        assertThat(read(start(disk, seed), "tickets"))
                .containsExactlyInAnyOrderElementsOf(contexts);
    }
}
