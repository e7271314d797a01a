package io.millrace.gateway.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Reply;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.log.Isolation;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a fetch reads, and where. No time goes by here: nothing that is due later ever happens.
final class PendingFetchTest {
    private static final String TOPIC = "t";
    private static final long LONG = 3_600_000;

    private final FakeTopics topics = new FakeTopics();

    /// What was asked of the connection's event loop, and of threads that may wait.
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();

    private final ArrayDeque<Runnable> elsewhere = new ArrayDeque<>();
    private final List<FetchReader.Result> results = new ArrayList<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    @BeforeEach
    void create() {
        topics.add(TOPIC, 1);
        // Its one thread is busy to the end.
        timer.execute(this::awaitEnd);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void awaitEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Loop implements Answer {
        @Override
        public void send(ApiMessage response) {}

        @Override
        public void none() {}

        @Override
        public void close(String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void later(Runnable action) {
            loop.add(action);
        }

        @Override
        public boolean isGone() {
            return false;
        }
    }

    private void fetch(long offset, int bytesMin) {
        FetchReader reader =
                new FetchReader(topics, Principal.LOCAL, Isolation.READ_UNCOMMITTED, 1 << 20);
        reader.add(
                List.of(
                        new FetchTarget(
                                new PartitionKey(TOPIC, Uuid.ZERO_UUID, 0), offset, 1 << 20, -1)));
        new PendingFetch(
                        reader,
                        bytesMin,
                        new PendingFetch.Means(elsewhere::add, timer),
                        new Loop(),
                        results::add)
                .start(LONG);
    }

    private void append(int records) {
        SimpleRecord[] all = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            all[i] = new SimpleRecord(1_000, null, new byte[10]);
        }
        ByteBuffer buffer = MemoryRecords.withRecords(Compression.NONE, all).buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        topics.append(Principal.LOCAL, TOPIC, 0, new ProducedBatch(bytes, 0), new Ignored());
    }

    private static final class Ignored implements Reply {
        @Override
        public void stored(long baseOffset, long startOffset) {}

        @Override
        public void failed(MillraceException problem) {
            throw problem;
        }
    }

    /// Those who wait hear of it, but there is nothing to read.
    private void wakeForNothing() {
        topics.mark(TOPIC, 0, new TransactionMarker(7, (short) 0, 0, true), new Ignored());
    }

    private void runLoop() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    @Test
    void whatWasStoredAMomentAgoIsReadOnTheEventLoop() {
        fetch(0, 1);
        append(1);
        assertThat(results).isEmpty();
        runLoop();
        assertThat(results).singleElement().matches(each -> each.bytes() > 0);
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void whatIsThereIsReadAtOnceIfItIsNew() {
        append(1);
        fetch(0, 1);
        assertThat(results).hasSize(1);
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void whatIsOldIsReadWhereReadingMayWait() {
        append(50);
        append(1);
        fetch(0, 1);
        assertThat(results).isEmpty();
        assertThat(elsewhere).hasSize(1);
        elsewhere.remove().run();
        assertThat(results).hasSize(1);
    }

    @Test
    void whoIsWokenForNothingHearsOfTheNextAtOnce() {
        fetch(0, 1);
        wakeForNothing();
        runLoop();
        assertThat(results).isEmpty();
        append(1);
        runLoop();
        assertThat(results).hasSize(1);
    }

    @Test
    void whoGotTooLittleRestsBeforeItIsReadAgain() {
        fetch(0, 100_000);
        append(1);
        runLoop();
        append(1);
        runLoop();
        assertThat(results).isEmpty();
        assertThat(loop).isEmpty();
    }
}
