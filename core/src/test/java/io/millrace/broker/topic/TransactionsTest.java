package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.Isolation;
import io.millrace.log.Produced.By;
import io.millrace.log.ProducedBatch;
import io.millrace.router.Tail;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Idempotent and transactional producers, and who sees what of theirs.
@Timeout(60)
final class TransactionsTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir Path data;
    private TopicGround ground;

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data);
        ground.create("t", Map.of());
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private static ProducedBatch of(By by, String... values) {
        return batch(
                CompressionType.LZ4,
                by,
                IntStream.range(0, values.length)
                        .mapToObj(i -> record(1_000 + i, "k", values[i]))
                        .toList());
    }

    private static ErrorCode code(Runnable action) {
        return catchThrowableOfType(MillraceException.class, action::run).code();
    }

    private List<String> events() throws InterruptedException {
        return ground.events("t").stream().map(TopicGround::text).toList();
    }

    private static List<String> take(Tail tail, int count) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        while (taken.size() < count) {
            List<Tail.Item> items = tail.next(WAIT);
            assertThat(items).isNotEmpty();
            items.forEach(item -> taken.add(TopicGround.text(item.event())));
        }
        return taken;
    }

    @Test
    void aBatchThatComesAgainIsStoredOnce() throws Exception {
        assertThat(ground.append("t", of(By.idempotent(7, 0), "a", "b"))).isZero();
        assertThat(ground.append("t", of(By.idempotent(7, 2), "c"))).isEqualTo(2);
        assertThat(ground.append("t", of(By.idempotent(7, 0), "a", "b"))).isZero();
        assertThat(code(() -> ground.append("t", of(By.idempotent(7, 9), "x"))))
                .isEqualTo(ErrorCode.SEQUENCE_INVALID);
        ground.reopen();
        assertThat(ground.append("t", of(By.idempotent(7, 2), "c"))).isEqualTo(2);
        assertThat(ground.append("t", of(new By(7, (short) 1, 0, false), "d"))).isEqualTo(3);
        assertThat(code(() -> ground.append("t", of(By.idempotent(7, 3), "e"))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(events()).containsExactly("a", "b", "c", "d");
        assertThat(ground.topics().producers(Principal.LOCAL, "t", 0))
                .extracting(
                        Topics.Producer::id, Topics.Producer::epoch, Topics.Producer::lastSequence)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(7L, (short) 1, 0));
    }

    @Test
    void whatIsBehindAnOpenTransactionIsSeenWhenThatIsDecided() throws Exception {
        Tail tail =
                ground.broker()
                        .tail(Principal.LOCAL, ContextPattern.of("/topics/**"), new Start.Next());
        ground.append("t", of(By.transaction(7, 0), "in 7"));
        ground.append("t", of(By.transaction(8, 0), "in 8"));
        ground.append("t", of(By.ANYONE, "outside"));
        assertThat(events()).isEmpty();
        assertThat(ground.fetch("t", 0, Isolation.READ_COMMITTED)).isEmpty();
        assertThat(ground.fetch("t", 0, Isolation.READ_UNCOMMITTED))
                .containsExactly("0:in 7", "1:in 8", "2:outside");
        assertThat(ground.topics().offsets(Principal.LOCAL, "t", 0))
                .isEqualTo(new Topics.Offsets(0, 0, 3));
        ground.mark("t", 8, 0, false);
        assertThat(events()).isEmpty();
        ground.mark("t", 7, 0, true);
        assertThat(events()).containsExactly("in 7", "outside");
        assertThat(take(tail, 2)).containsExactly("in 7", "outside");
        ground.append("t", of(By.ANYONE, "later"));
        assertThat(take(tail, 1)).containsExactly("later");
        tail.close();
        Topics.Fetched fetched =
                ground.topics()
                        .fetch(Principal.LOCAL, "t", 0, 0, 1 << 20, Isolation.READ_COMMITTED);
        fetched.region().close();
        assertThat(fetched.aborted()).containsExactly(new io.millrace.log.AbortedTransaction(8, 1));
        assertThat(ground.topics().offsets(Principal.LOCAL, "t", 0).stable()).isEqualTo(6);
    }

    @Test
    void aSubscriptionGetsCommittedEventsOnceAlsoOverRestarts() throws Exception {
        ground.subscribe("s", "\"pattern\":\"/topics/**\",\"start\":\"earliest\"");
        ground.append("t", of(By.ANYONE, "first"));
        ground.append("t", of(By.transaction(7, 0), "in"));
        ground.append("t", of(By.ANYONE, "behind"));
        assertThat(ground.consume("s", 10, WAIT)).containsExactly("first");
        assertThat(ground.consume("s", 10, Duration.ZERO)).isEmpty();
        ground.reopen();
        assertThat(events()).containsExactly("first");
        assertThat(ground.consume("s", 10, Duration.ZERO)).isEmpty();
        ground.mark("t", 7, 0, true);
        List<String> got = new ArrayList<>();
        while (got.size() < 2) {
            got.addAll(ground.consume("s", 10, WAIT));
        }
        assertThat(got).containsExactly("in", "behind");
        ground.append("t", of(By.transaction(7, 1), "lost"));
        ground.mark("t", 7, 0, false);
        ground.reopen();
        ground.append("t", of(By.ANYONE, "last"));
        assertThat(ground.consume("s", 10, WAIT)).containsExactly("last");
        assertThat(events()).containsExactly("first", "in", "behind", "last");
    }

    @Test
    void contextsKnowWhatNobodyHasDecoded() throws Exception {
        ground.append("t", of(By.ANYONE, "a", "b"));
        ground.append("t", of(By.transaction(7, 0), "c"));
        ground.mark("t", 7, 0, true);
        Context context = Context.of("/topics/t");
        await().atMost(WAIT).until(() -> ground.broker().publishedCount() >= 3);
        StoredEvent latest =
                Objects.requireNonNull(ground.broker().latest().newest(Principal.LOCAL, context));
        assertThat(latest.offset()).isEqualTo(2);
        assertThat(TopicGround.text(latest)).isEqualTo("c");
    }

    @Test
    void aMarkerFencesAndIsFenced() {
        ground.append("t", of(By.transaction(7, 0), "a"));
        ground.mark("t", 7, 1, false);
        assertThat(code(() -> ground.append("t", of(By.transaction(7, 1), "b"))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(code(() -> ground.mark("t", 7, 0, true))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }
}
