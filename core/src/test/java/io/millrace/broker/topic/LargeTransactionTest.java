package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.ContextPattern;
import io.millrace.log.Produced.By;
import io.millrace.log.ProducedBatch;
import io.millrace.router.Tail;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A transaction that takes many pieces to read back once it is committed, interleaved with one
/// that is aborted and with batches outside of any.
@Timeout(120)
final class LargeTransactionTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String PADDING = "-".repeat(1000);
    private static final int ROUNDS = 60;
    private static final int COMMITTED = 100;
    private static final int OTHERS = 10;

    @TempDir Path data;
    private TopicGround ground;
    private final List<String> expected = new ArrayList<>();
    private final List<CompletableFuture<Long>> stored = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data);
        ground.create("t", Map.of("retention.ms", "-1"));
        ground.subscribe("s", "\"pattern\":\"/topics/**\",\"start\":\"earliest\"");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private void append(By by, String name, int count, boolean isSeen) {
        List<String> values =
                IntStream.range(0, count).mapToObj(i -> name + " " + i + PADDING).toList();
        ProducedBatch batch =
                batch(
                        CompressionType.NONE,
                        by,
                        values.stream().map(value -> record(1, "k", value)).toList());
        stored.add(ground.appended("t", 0, batch));
        if (isSeen) {
            expected.addAll(values);
        }
    }

    private void appendAll() {
        for (int round = 0; round < ROUNDS; round++) {
            append(By.transaction(7, round * COMMITTED), "in " + round, COMMITTED, true);
            append(By.transaction(8, round * OTHERS), "not " + round, OTHERS, false);
            append(By.ANYONE, "outside " + round, OTHERS, true);
        }
        stored.forEach(TopicGround::await);
    }

    private List<String> tailed(Tail tail) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        while (taken.size() < expected.size()) {
            List<Tail.Item> items = tail.next(WAIT);
            assertThat(items).as("after %d", taken.size()).isNotEmpty();
            items.forEach(item -> taken.add(TopicGround.text(item.event())));
        }
        return taken;
    }

    private List<String> consumed() throws InterruptedException {
        List<String> taken = new ArrayList<>();
        while (taken.size() < expected.size()) {
            List<String> some = ground.consume("s", 500, WAIT);
            assertThat(some).as("after %d", taken.size()).isNotEmpty();
            taken.addAll(some);
        }
        return taken;
    }

    private void check(Tail tail) throws Exception {
        // What comes behind everything shows that nothing is left.
        append(By.ANYONE, "last", 1, true);
        stored.forEach(TopicGround::await);
        assertThat(tailed(tail)).containsExactlyElementsOf(expected);
        assertThat(consumed()).containsExactlyElementsOf(expected);
        assertThat(ground.consume("s", 1, Duration.ZERO)).isEmpty();
        tail.close();
    }

    private Tail tail(Start start) {
        return ground.broker().tail(Principal.LOCAL, ContextPattern.of("/topics/**"), start);
    }

    @Test
    void allOfItIsSeenOnceAndInOrder() throws Exception {
        Tail tail = tail(new Start.Next());
        appendAll();
        assertThat(ground.events("t")).isEmpty();
        ground.mark("t", 8, 0, false);
        ground.mark("t", 7, 0, true);
        check(tail);
    }

    @Test
    void alsoIfTheServerWasStartedAnewBefore() throws Exception {
        appendAll();
        ground.reopen();
        Tail tail = tail(new Start.First());
        ground.mark("t", 7, 0, true);
        ground.mark("t", 8, 0, false);
        check(tail);
    }
}
