package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.ReceiveRequest;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.Produced.By;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues as topics for producers.
@Timeout(60)
final class QueueTopicTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int PARTITIONS = 10;

    @TempDir Path data;
    private TopicGround ground;

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data);
        ground.apply("Queue", "jobs", "{\"kind\":\"Queue\",\"name\":\"jobs\"}");
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

    private static SimpleRecord job(int priority, String id) {
        List<Header> headers = new ArrayList<>();
        String[][] attributes = {
            {"specversion", "1.0"},
            {"id", id},
            {"source", "/s"},
            {"type", "t"},
            {"priority", Integer.toString(priority)}
        };
        for (String[] each : attributes) {
            headers.add(
                    new RecordHeader("ce_" + each[0], each[1].getBytes(StandardCharsets.UTF_8)));
        }
        return new SimpleRecord(
                1, null, id.getBytes(StandardCharsets.UTF_8), headers.toArray(Header[]::new));
    }

    /// All jobs that are there, as they are given out.
    private List<String> jobs(int count) throws InterruptedException {
        List<String> all = new ArrayList<>();
        Duration wait = WAIT;
        while (true) {
            var some =
                    ground.broker()
                            .queues()
                            .receiveAndDelete(
                                    Principal.LOCAL, "jobs", new ReceiveRequest(100, wait, null));
            if (some.isEmpty()) {
                return all;
            }
            some.forEach(job -> all.add(TopicGround.text(job.event())));
            wait = all.size() < count ? WAIT : Duration.ZERO;
        }
    }

    @Test
    void aQueueTakesRecordsAsJobs() throws Exception {
        assertThat(ground.topic("jobs").partitions()).isEqualTo(PARTITIONS);
        assertThat(ground.append("jobs", of(By.idempotent(7, 0), "a", "b"))).isEqualTo(-1);
        assertThat(ground.append("jobs", of(By.idempotent(7, 0), "a", "b"))).isEqualTo(-1);
        assertThat(ground.append("jobs", of(By.ANYONE, "c"))).isEqualTo(-1);
        assertThat(jobs(3)).containsExactly("a", "b", "c");
        ErrorCode code =
                catchThrowableOfType(
                                MillraceException.class,
                                () -> ground.append("jobs", of(By.transaction(7, 2), "d")))
                        .code();
        assertThat(code).isEqualTo(ErrorCode.TRANSACTION_INVALID);
    }

    @Test
    void aProducerHasASeriesOfSequenceNumbersForEachPartition() throws Exception {
        List<String> sent = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            if (round == 2) {
                ground.reopen();
            }
            for (int i = 0; i < PARTITIONS; i++) {
                for (int sequence = 0; sequence < 4; sequence += 2) {
                    String[] values = {i + ":" + sequence, i + ":" + (sequence + 1)};
                    TopicGround.await(
                            ground.appended("jobs", i, of(By.idempotent(7, sequence), values)));
                    if (round == 0) {
                        Collections.addAll(sent, values);
                    }
                }
            }
        }
        assertThat(jobs(sent.size())).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aProducerAfterAnotherHasItsOwnSeries() throws Exception {
        ground.append("jobs", of(By.idempotent(7, 0), "a"));
        ground.append("jobs", of(new By(7, (short) 1, 0, false), "b"));
        ground.append("jobs", of(By.idempotent(8, 0), "c"));
        assertThat(jobs(3)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void whatIsBehindABatchThatOpensLanesStaysThere() throws Exception {
        List<CompletableFuture<Long>> stored = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        for (int priority = 0; priority < PARTITIONS; priority++) {
            By by = By.idempotent(7, 3 * priority);
            String name = "first " + priority;
            List<SimpleRecord> both = List.of(job(priority, priority + "!"), job(4, name));
            stored.add(ground.appended("jobs", 0, batch(CompressionType.NONE, by, both)));
            By next = By.idempotent(7, 3 * priority + 2);
            String behind = "second " + priority;
            List<SimpleRecord> one = List.of(job(4, behind));
            stored.add(ground.appended("jobs", 0, batch(CompressionType.NONE, next, one)));
            sent.add(name);
            sent.add(behind);
        }
        stored.forEach(TopicGround::await);
        assertThat(jobs(3 * PARTITIONS).stream().filter(job -> !job.endsWith("!")))
                .containsExactlyElementsOf(sent);
    }
}
