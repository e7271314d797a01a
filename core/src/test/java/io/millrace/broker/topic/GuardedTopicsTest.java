package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.BatchCheck;
import io.millrace.log.Isolation;
import io.millrace.log.Produced.By;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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

/// Who may do what is asked of the guard, for each context that a batch has.
@Timeout(60)
final class GuardedTopicsTest {
    private static final Principal ALICE = new Principal("alice");

    private static final String LARGE =
            IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining());

    @TempDir Path data;
    private TopicGround ground;

    /// Lets Alice publish at and below `/topics/t`, but for what is secret there, and read the
    /// topic `open`.
    private static final class Fences implements Guard {
        private static final ContextPattern PUBLISHED = ContextPattern.of("/topics/t/**");
        private static final ContextPattern SECRET = ContextPattern.of("/topics/t/secret/**");

        @Override
        public void publish(Principal principal, Context context) {
            require(principal, PUBLISHED.matches(context) && !SECRET.matches(context));
        }

        @Override
        public void read(Principal principal, ContextPattern pattern) {
            require(principal, pattern.toString().startsWith("/topics/open"));
        }

        @Override
        public void manage(Principal principal, String kind, String name) {
            require(principal, false);
        }

        private static void require(Principal principal, boolean may) {
            if (principal.equals(ALICE) && !may) {
                throw new MillraceException(ErrorCode.FORBIDDEN, "not for alice");
            }
        }
    }

    @BeforeEach
    void open() throws IOException {
        ground = new TopicGround(data, new Fences());
        ground.create("t", Map.of());
        ground.create("open", Map.of());
        ground.create("closed", Map.of());
        ground.apply("Queue", "jobs", "{\"kind\":\"Queue\",\"name\":\"jobs\"}");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    private static SimpleRecord in(String context, String value) {
        Header[] headers = {new RecordHeader("context", context.getBytes(StandardCharsets.UTF_8))};
        return new SimpleRecord(1, null, value.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static ProducedBatch of(CompressionType type, SimpleRecord... records) {
        return batch(type, By.ANYONE, Arrays.asList(records));
    }

    private ErrorCode refusal(String topic, ProducedBatch batch) {
        CompletableFuture<Long> answer = ground.appended(ALICE, topic, 0, batch);
        return code(() -> TopicGround.await(answer));
    }

    private static ErrorCode code(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        return catchThrowableOfType(MillraceException.class, action).code();
    }

    @Test
    void aBatchIsRefusedForOneContextAmongMany() throws Exception {
        SimpleRecord may = in("/topics/t/a", "a");
        SimpleRecord mayNot = in("/topics/t/secret/b", "b");
        assertThat(refusal("t", of(CompressionType.NONE, may, mayNot)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        ProducedBatch large = of(CompressionType.ZSTD, may, in("/topics/t/secret", LARGE));
        assertThat(BatchCheck.mayTakeLong(large)).isTrue();
        assertThat(refusal("t", large)).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(ground.events("t")).isEmpty();
        ProducedBatch open = of(CompressionType.ZSTD, may, in("/topics/t", "c"));
        assertThat(TopicGround.await(ground.appended(ALICE, "t", 0, open))).isZero();
        assertThat(ground.append("t", of(CompressionType.NONE, mayNot))).isEqualTo(2);
    }

    @Test
    void aQueueIsAContextToo() {
        assertThat(refusal("jobs", of(CompressionType.NONE, in("/", "a"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void whoMayNotReadFetchesNothing() {
        ground.append("t", of(CompressionType.NONE, in("/topics/t", "a")));
        Topics topics = ground.topics();
        assertThat(code(() -> topics.fetch(ALICE, "t", 0, 0, 100, Isolation.READ_COMMITTED)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.offsets(ALICE, "t", 0))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.offsetAt(ALICE, "t", 0, 0))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.producers(ALICE, "t", 0))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.offsets(ALICE, "jobs", 0))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(topics.offsets(ALICE, "open", 0).end()).isZero();
    }

    @Test
    void whoMayNeitherReadNorWriteKnowsOfNoTopic() {
        assertThat(ground.topics().all(ALICE))
                .extracting(Topics.Topic::name)
                .isEqualTo(List.of("open", "t"));
        assertThat(ground.topics().find(ALICE, "closed")).isNull();
        assertThat(ground.topics().find(ALICE, ground.topic("closed").id())).isNull();
        assertThat(ground.topics().find(ALICE, ground.topic("jobs").id())).isNull();
    }

    @Test
    void whoMayNotManageChangesNothing() {
        Topics topics = ground.topics();
        assertThat(code(() -> topics.create(ALICE, new Topics.NewTopic("n", 1, Map.of()), true)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.delete(ALICE, "t"))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.deleteRecords(ALICE, "t", 0, -1)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(code(() -> topics.addPartitions(ALICE, "t", 9, false)))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }
}
