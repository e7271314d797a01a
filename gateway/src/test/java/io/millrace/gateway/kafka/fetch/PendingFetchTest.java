package io.millrace.gateway.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Reply;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.ErrorCode;
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
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a fetch reads, where, and when it ends. Time goes by only where a test lets it.
final class PendingFetchTest {
    private static final String TOPIC = "t";
    private static final long LONG = 3_600_000;
    private static final long REST = 10;

    private final FakeTopics topics = new FakeTopics();

    /// What was asked of the connection's event loop, and of threads that may wait.
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();

    private final ArrayDeque<Runnable> elsewhere = new ArrayDeque<>();
    private final List<FetchReader.Result> results = new ArrayList<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<String> closed = new ArrayList<>();
    private boolean isGone;
    private Consumer<Runnable> whenTimed = _ -> {};

    @BeforeEach
    void create() throws InterruptedException {
        topics.add(TOPIC, 1);
        // Its one thread is busy to the end.
        CountDownLatch busy = new CountDownLatch(1);
        timer.execute(() -> awaitEnd(busy));
        busy.await();
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void awaitEnd(CountDownLatch busy) {
        busy.countDown();
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
            closed.add(reason);
        }

        @Override
        public void later(Runnable action) {
            loop.add(action);
        }

        @Override
        public Future<?> later(Runnable action, long millis) {
            whenTimed.accept(action);
            return timer.schedule(action, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public boolean isGone() {
            return isGone;
        }
    }

    private void fetch(long offset, int bytesMin) {
        fetch(offset, bytesMin, LONG);
    }

    private void fetch(long offset, int bytesMin, long waitMillis) {
        fetch(offset, bytesMin, waitMillis, elsewhere::add);
    }

    private void fetch(long offset, int bytesMin, long waitMillis, Executor waiting) {
        fetch(offset, bytesMin, waitMillis, waiting, results::add);
    }

    private void fetch(
            long offset,
            int bytesMin,
            long waitMillis,
            Executor waiting,
            Consumer<FetchReader.Result> done) {
        FetchReader reader =
                new FetchReader(topics, Principal.LOCAL, Isolation.READ_UNCOMMITTED, 1 << 20);
        reader.add(
                List.of(
                        new FetchTarget(
                                new PartitionKey(TOPIC, Uuid.ZERO_UUID, 0), offset, 1 << 20, -1)));
        new PendingFetch(reader, bytesMin, waiting, new Loop(), done).start(waitMillis);
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

    /// Does what is due within this time from now on, here.
    private void pass(long millis) {
        for (Runnable each : List.copyOf(timer.getQueue())) {
            if (((Delayed) each).getDelay(TimeUnit.MILLISECONDS) <= millis) {
                timer.remove(each);
                each.run();
            }
        }
    }

    /// Whatever came of it, nobody watches, no file is held and no timer runs.
    private void assertNothingIsLeft() {
        assertThat(topics.partition(TOPIC, 0).watches()).isZero();
        results.forEach(FetchReader.Result::close);
        assertThat(topics.partition(TOPIC, 0).openRegions()).isZero();
        assertThat(timer.getQueue()).allMatch(each -> ((Future<?>) each).isCancelled());
    }

    private void runLoop() {
        int rounds = 0;
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
            assertThat(++rounds).as("reads without an end").isLessThan(100);
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
        assertThat(loop).isEmpty();
        // What came meanwhile is looked at afterwards, though nobody calls for that any more.
        pass(REST);
        assertThat(loop).hasSize(1);
        runLoop();
        assertThat(results).isEmpty();
        assertThat(topics.partition(TOPIC, 0).openRegions()).isZero();
    }

    @Test
    void whoGotTooLittleAtFirstHearsOfMore() {
        append(1);
        fetch(0, 150);
        pass(REST);
        assertThat(loop).isEmpty();
        append(5);
        runLoop();
        assertThat(results).singleElement().matches(each -> each.bytes() >= 150);
        assertNothingIsLeft();
    }

    @Test
    void whoIsWokenTwiceIsReadOnce() {
        fetch(0, 1);
        append(1);
        append(1);
        runLoop();
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void whatCameBeforeTheWatchesBeganIsRead() {
        whenItsTimeBegins(_ -> append(1));
        runLoop();
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void timeThatIsUpBeforeTheWatchesBeganLeavesNone() {
        whenItsTimeBegins(expire -> {
            expire.run();
            runLoop();
        });
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    /// Fetches what is not there yet; something happens after that was found out.
    private void whenItsTimeBegins(Consumer<Runnable> action) {
        whenTimed = action;
        fetch(0, 1, LONG);
    }

    @Test
    void tooLittleIsNotHeld() {
        append(1_000);
        fetch(0, 1 << 20);
        elsewhere.remove().run();
        assertThat(results).isEmpty();
        assertThat(topics.partition(TOPIC, 0).openRegions()).isZero();
    }

    @Test
    void whatFailsIsToldToTheClient() {
        append(1);
        fetch(
                0,
                1,
                LONG,
                elsewhere::add,
                _ -> {
                    throw new IllegalStateException("it fails on purpose");
                });
        assertThat(closed).singleElement().asString().contains("it fails on purpose");
        assertNothingIsLeft();
    }

    @Test
    void afterItsTimeItEndsWithNothing() {
        fetch(0, 1);
        pass(LONG);
        runLoop();
        assertThat(results).singleElement().matches(each -> each.bytes() == 0);
        assertNothingIsLeft();
    }

    @Test
    void timeThatIsUpWhileItRestsEndsItWithWhatThereIs() {
        fetch(0, 100_000, 5);
        append(1);
        runLoop();
        assertThat(results).isEmpty();
        pass(5);
        runLoop();
        assertThat(results).singleElement().matches(each -> each.bytes() > 0);
        pass(REST);
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void timeThatIsUpWhileItReadsEndsItWithWhatThereIs() {
        append(50);
        fetch(0, 100_000);
        pass(LONG);
        elsewhere.remove().run();
        assertThat(results).singleElement().matches(each -> each.bytes() > 0);
        assertNothingIsLeft();
    }

    @Test
    void whoWantsNoBytesDoesNotWait() {
        fetch(0, 0);
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void whoHasNoTimeDoesNotWait() {
        fetch(0, 1, 0);
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void anErrorIsToldAtOnce() {
        fetch(0, 1);
        topics.failWith(TOPIC, new MillraceException(ErrorCode.STREAM_NOT_FOUND, "it is gone"));
        pass(LONG);
        fetch(0, 100_000);
        assertThat(results).singleElement().matches(FetchReader.Result::hasErrors);
    }

    @Test
    void nothingIsReadAgainForWhoIsGone() {
        isGone = true;
        append(1);
        fetch(0, 100_000);
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void aStoppingServerAnswersWithWhatThereIs() {
        timer.shutdownNow();
        fetch(0, 1);
        runLoop();
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void aServerThatStopsWhileItRestsAnswersWithWhatThereIs() {
        fetch(0, 100_000);
        timer.shutdownNow();
        append(1);
        runLoop();
        assertThat(results).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void aStoppingServerThatCannotReadClosesTheConnection() {
        append(50);
        Executor stopped =
                _ -> {
                    throw new RejectedExecutionException();
                };
        fetch(0, 1, LONG, stopped);
        assertThat(closed).hasSize(1);
        assertThat(results).isEmpty();
    }
}
