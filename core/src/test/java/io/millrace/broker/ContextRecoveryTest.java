package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.ContextSnapshot;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The tree of contexts after a start: from the snapshot, and from what is in the log behind it.
@Timeout(120)
final class ContextRecoveryTest {
    private static final int MANY = 100_000;
    private static final int BATCH = 1000;

    @TempDir Path folder;
    private Path data;
    private Broker broker;

    @BeforeEach
    void begin() throws IOException {
        data = folder.resolve("first");
        broker = open(data);
    }

    private static Broker open(Path data) throws IOException {
        return new Broker(
                data,
                BrokerConfig.forProcessors(8),
                new OpenGuard(),
                new Broker.Ground(new FileDisk(), Clock.system(), new AgentThreads()));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void reopen(Path at) throws IOException {
        broker.close();
        broker = open(at);
        await().until(() -> !broker.isLoadingContexts());
    }

    /// The folder as a crash at this moment leaves it.
    private Path crashed() throws IOException {
        Path copy = folder.resolve("crashed");
        try (Stream<Path> all = Files.walk(data)) {
            for (Path from : (Iterable<Path>) all::iterator) {
                Path to = copy.resolve(data.relativize(from));
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                }
            }
        }
        return copy;
    }

    private void publish(int from, int to, String text) throws Exception {
        List<CompletableFuture<List<Receipt>>> answers = new ArrayList<>();
        for (int i = from; i < to; i += BATCH) {
            List<Publication> batch = new ArrayList<>();
            for (int k = i; k < Math.min(to, i + BATCH); k++) {
                batch.add(new Publication("/org/" + k % 100 + "/" + k, event(text + k)));
            }
            CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
            broker.publish(Principal.LOCAL, batch, new Answer(answer));
            answers.add(answer);
        }
        for (CompletableFuture<List<Receipt>> answer : answers) {
            answer.get();
        }
    }

    private record Answer(CompletableFuture<List<Receipt>> answer) implements PublishReply {
        @Override
        public void stored(List<Receipt> receipts) {
            answer.complete(receipts);
        }

        @Override
        public void failed(MillraceException problem) {
            answer.completeExceptionally(problem);
        }
    }

    private static Event event(String id) {
        return Event.builder().id(id).source("/test").type("t").data(Bytes.utf8(id)).build();
    }

    private @Nullable String latest(int number) {
        StoredEvent event =
                broker.latest()
                        .newest(Principal.LOCAL, Context.of("/org/" + number % 100 + "/" + number));
        return event == null ? null : event.event().id();
    }

    private Path snapshot(Path at) {
        return at.resolve(ContextSnapshot.FILE);
    }

    @Test
    void aHundredThousandContextsAreBackAfterARestart() throws Exception {
        publish(0, MANY, "a");
        int count = broker.contextCount();
        reopen(data);
        assertThat(snapshot(data)).exists();
        assertThat(broker.contextCount()).isEqualTo(count).isGreaterThanOrEqualTo(MANY);
        assertThat(latest(0)).isEqualTo("a0");
        assertThat(latest(77_777)).isEqualTo("a77777");
        publish(77_777, 77_778, "b");
        assertThat(latest(77_777)).isEqualTo("b77777");
        assertThat(broker.contextCount()).isEqualTo(count);
    }

    @Test
    void aCrashLosesNothingThatCameBehindTheSnapshot() throws Exception {
        publish(0, 1000, "a");
        reopen(data);
        publish(500, 1500, "b");
        reopen(crashed());
        assertThat(latest(499)).isEqualTo("a499");
        assertThat(latest(500)).isEqualTo("b500");
        assertThat(latest(1499)).isEqualTo("b1499");
        assertThat(
                        broker.latest()
                                .children(Principal.LOCAL, Context.of("/org/7"), 100, null)
                                .total())
                .isEqualTo(15);
    }

    @Test
    void aDamagedSnapshotIsNotBelieved() throws Exception {
        publish(0, 300, "a");
        // A broker that is still loading writes no snapshot.
        Awaitility.await().until(() -> !broker.isLoadingContexts());
        broker.close();
        byte[] bytes = Files.readAllBytes(snapshot(data));
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot(data), bytes);
        reopen(data);
        assertThat(latest(0)).isEqualTo("a0");
        assertThat(latest(299)).isEqualTo("a299");
    }

    @Test
    void theSnapshotAloneIsEnoughForWhatItCovers() throws Exception {
        publish(0, 300, "a");
        // A broker that is still loading writes no snapshot.
        Awaitility.await().until(() -> !broker.isLoadingContexts());
        broker.close();
        ContextSnapshot snapshot =
                Objects.requireNonNull(ContextSnapshot.read(new FileDisk(), data));
        // A context that no log has shows that the logs were not read again.
        ContextSnapshot.Entry entry = snapshot.entries().getFirst();
        List<ContextSnapshot.Entry> entries = new ArrayList<>(snapshot.entries());
        entries.add(new ContextSnapshot.Entry("/only/here", entry.place()));
        entries.removeIf(each -> each.path().equals("/org/5/5"));
        new ContextSnapshot(snapshot.streams(), entries).write(new FileDisk(), data);
        reopen(data);
        assertThat(broker.latest().children(Principal.LOCAL, Context.of("/only"), 9, null).total())
                .isOne();
        assertThat(latest(5)).isNull();
        assertThat(latest(6)).isEqualTo("a6");
    }
}
