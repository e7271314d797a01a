package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.stream.LatestPage;
import io.millrace.broker.stream.LatestRequest;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Retain;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The newest and the retained event of each context, against plain maps, through restarts.
@Timeout(120)
final class LatestTest {
    private static final int MANY = 100_000;
    private static final List<Retain> RETAINS = List.of(Retain.values());
    private static final ContextPattern ALL = ContextPattern.of("/c/**");

    @TempDir Path folder;
    private Path data;
    private Broker broker;

    private final Map<String, String> newest = new TreeMap<>();
    private final Map<String, String> retained = new TreeMap<>();

    @BeforeEach
    void begin() throws IOException {
        data = folder.resolve("0");
        broker = open();
    }

    private Broker open() throws IOException {
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

    private void restart() throws IOException {
        broker.close();
        broker = open();
    }

    /// The folder as a crash at this moment leaves it.
    private void crash() throws IOException {
        Path copy = folder.resolve(Integer.toString(Integer.parseInt(data.getFileName() + "") + 1));
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
        broker.close();
        data = copy;
        broker = open();
    }

    private void publish(List<Publication> batch) throws Exception {
        CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
        broker.publish(
                Principal.LOCAL,
                batch,
                new PublishReply() {
                    @Override
                    public void stored(List<Receipt> receipts) {
                        answer.complete(receipts);
                    }

                    @Override
                    public void failed(MillraceException problem) {
                        answer.completeExceptionally(problem);
                    }
                });
        answer.get();
        for (Publication each : batch) {
            String context = String.valueOf(each.context());
            newest.put(context, each.event().id());
            switch (each.retain()) {
                case LATEST -> retained.put(context, each.event().id());
                case CLEAR -> retained.remove(context);
                case PASS -> {
                    // What is retained stays.
                }
            }
        }
    }

    private static Publication publication(String context, String id, int bytes, Retain retain) {
        Event event =
                Event.builder()
                        .id(id)
                        .source("/test")
                        .type("t")
                        .data(Bytes.wrap(new byte[bytes]))
                        .build();
        return new Publication(context, event, retain);
    }

    private List<StoredEvent> all(ContextPattern pattern, boolean isRetained, int limit) {
        List<StoredEvent> all = new ArrayList<>();
        Context after = null;
        do {
            LatestPage page =
                    broker.latest()
                            .page(
                                    Principal.LOCAL,
                                    new LatestRequest(pattern, isRetained, limit, after));
            assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.events().isEmpty() && page.next() != null).isFalse();
            all.addAll(page.events());
            after = page.next();
        } while (after != null);
        return all;
    }

    private static Map<String, String> ids(List<StoredEvent> events) {
        Map<String, String> ids = new TreeMap<>();
        for (StoredEvent event : events) {
            assertThat(ids.put(event.context().path(), event.event().id())).isNull();
        }
        return ids;
    }

    private void compare(int limit) {
        assertThat(ids(all(ALL, false, limit))).isEqualTo(newest);
        List<StoredEvent> kept = all(ALL, true, limit);
        assertThat(ids(kept)).isEqualTo(retained);
        assertThat(kept).allMatch(event -> event.retain() == Retain.LATEST);
    }

    @Test
    void itIsWhatPlainMapsSayThroughRestarts() throws Exception {
        long seed = Long.getLong("latest.seed", new Random().nextLong());
        Random random = new Random(seed);
        try {
            for (int i = 0; i < 400; i++) {
                List<Publication> batch = new ArrayList<>();
                for (int k = random.nextInt(20); k >= 0; k--) {
                    int number = random.nextInt(60);
                    String context = number < 5 ? "/c//" + number : "/c/" + number;
                    // Large ones are not kept in memory.
                    int bytes = random.nextInt(4) == 0 ? 5000 : random.nextInt(30);
                    Retain retain = RETAINS.get(random.nextInt(3));
                    batch.add(publication(context, i + "-" + k, bytes, retain));
                }
                publish(batch);
                switch (random.nextInt(50)) {
                    case 0, 1 -> restart();
                    case 2, 3 -> crash();
                    case 4, 5, 6, 7 -> compare(1 + random.nextInt(70));
                    default -> {
                        // More events.
                    }
                }
            }
            compare(7);
            restart();
            compare(1000);
            crash();
            compare(1);
        } catch (AssertionError | Exception e) {
            throw new AssertionError("-Dlatest.seed=" + seed, e);
        }
    }

    @Test
    void whatTheLogHasNoLongerIsNone() throws Exception {
        publish(List.of(publication("/c/1", "1", 1, Retain.LATEST)));
        publish(List.of(publication("/c/1", "2", 1, Retain.PASS)));
        publish(List.of(publication("/c/2", "3", 5000, Retain.LATEST)));
        compare(10);
        Principal me = Principal.LOCAL;
        for (StoredEvent event : all(ContextPattern.of("/c/1"), false, 10)) {
            broker.topics().deleteRecords(me, event.stream(), event.partition(), event.offset());
        }
        retained.remove("/c/1");
        await().untilAsserted(() -> compare(10));
        for (StoredEvent event : all(ALL, false, 10)) {
            long behind = event.offset() + 1;
            broker.topics().deleteRecords(me, event.stream(), event.partition(), behind);
        }
        newest.clear();
        retained.clear();
        await().untilAsserted(() -> compare(10));
        restart();
        compare(1);
    }

    @Test
    void aPageOfLargeEventsEndsEarlier() throws Exception {
        for (int i = 0; i < 30; i++) {
            publish(List.of(publication("/c/" + i, "" + i, 900_000, Retain.LATEST)));
        }
        LatestPage page =
                broker.latest().page(Principal.LOCAL, new LatestRequest(ALL, true, 1000, null));
        assertThat(page.events()).hasSizeBetween(1, 12);
        assertThat(page.next()).isEqualTo(page.events().getLast().context());
        compare(1000);
    }

    @Test
    void aHundredThousandContextsPageByPage() throws Exception {
        for (int i = 0; i < MANY; i += 1000) {
            List<Publication> batch = new ArrayList<>();
            for (int k = i; k < i + 1000; k++) {
                batch.add(publication("/c/" + k % 1000 + "/" + k, "" + k, 20, Retain.LATEST));
            }
            publish(batch);
        }
        assertThat(ids(all(ALL, true, 10_000))).isEqualTo(retained);
        restart();
        assertThat(ids(all(ALL, true, 1000))).isEqualTo(retained);
        assertThat(all(ContextPattern.of("/c/7/**"), true, 1000)).hasSize(100);
    }
}
