package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.log.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class QueueResourceTest {
    private static final String FULL =
            """
            kind: Queue
            name: orders
            durability: buffered
            lease: 90s
            deliveriesMax: 3
            retry: [0s, 10s, 1m]
            duplicateWindow: 0s
            ordered: true
            expiry: 7d
            lengthMax: 1000
            overflow: drop-oldest
            """;

    private final ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);

    private @Nullable QueueResource read(String text) {
        List<ResourceDocument> documents =
                new ResourceReader().read(Bytes.utf8(text), Format.YAML, problems);
        return documents.isEmpty() ? null : QueueResource.read(documents.getFirst(), problems);
    }

    private QueueResource queue(String text) {
        QueueResource queue = read(text);
        assertThat(problems.problems()).isEmpty();
        return Objects.requireNonNull(queue);
    }

    @Test
    void readsEveryField() {
        assertThat(queue(FULL))
                .isEqualTo(
                        new QueueResource(
                                "orders",
                                Durability.BUFFERED,
                                new LeasePolicy(
                                        Duration.ofSeconds(90),
                                        3,
                                        List.of(
                                                Duration.ZERO,
                                                Duration.ofSeconds(10),
                                                Duration.ofMinutes(1))),
                                Duration.ZERO,
                                true,
                                Duration.ofDays(7),
                                1000L,
                                Overflow.DROP_OLDEST));
    }

    @Test
    void canonicalDocumentsHaveEveryDefaultAndReadBackEqual() {
        QueueResource minimal = queue("{kind: Queue, name: a}");
        assertThat(minimal.toJson())
                .hasToString(
                        "{\"kind\":\"Queue\",\"name\":\"a\",\"durability\":\"synced\",\"lease\":\"1m\","
                                + "\"deliveriesMax\":10,\"retry\":[\"0s\"],\"duplicateWindow\":\"10m\","
                                + "\"ordered\":false,\"expiry\":\"forever\",\"lengthMax\":\"unlimited\","
                                + "\"overflow\":\"refuse\"}");
        for (QueueResource queue : List.of(minimal, queue(FULL))) {
            QueueResource again = queue(queue.toJson().toString());
            assertThat(again).isEqualTo(queue);
            assertThat(again.etag()).isEqualTo(queue.etag());
            assertThat(again.references()).isEmpty();
        }
        assertThat(queue(FULL).etag()).isNotEqualTo(minimal.etag());
    }

    @Test
    void everyProblemIsReportedWithItsPath() {
        assertThat(
                        read(
                                """
                                kind: Queue
                                name: a
                                durability: often
                                lease: 1ms
                                deliveriesMax: 0
                                retry: [1s, soon, 400d]
                                duplicateWindow: 8d
                                ordered: yes please
                                expiry: 0s
                                lengthMax: -1
                                overflow: drop-newest
                                color: red
                                """))
                .isNull();
        assertThat(problems.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "durability",
                        "lease",
                        "deliveriesMax",
                        "retry[1]",
                        "retry[2]",
                        "duplicateWindow",
                        "ordered",
                        "expiry",
                        "lengthMax",
                        "overflow",
                        "color");
    }
}
