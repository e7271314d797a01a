package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.query.QueryCapacity;
import io.millrace.broker.query.QueryStatus;
import io.millrace.error.MillraceException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server runs as many tasks as it may, and says so to whoever wants more.
class CapacityTest {
    private static final String QUERY =
            """
            kind: Query
            name: all
            inputs: {sales: {pattern: "/sales", schema: {n: BIGINT}}}
            sql: SELECT n FROM sales
            output: {context: /out}
            parallelism: %d
            """;

    @Test
    void aQueryThatWantsMoreSlotsThanThereAreIsRefused(@TempDir Path data) throws Exception {
        try (QueryRoom room = new QueryRoom(data, new QueryCapacity(2, 64L << 20))) {
            room.apply(QUERY.formatted(2));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> room.status("all").state() == QueryStatus.State.RUNNING);
            assertThatThrownBy(() -> room.apply(QUERY.formatted(3)))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("parallelism")
                    .hasMessageContaining("queries.slots");
        }
        // With fewer slots than when it was created.
        try (QueryRoom room = new QueryRoom(data, new QueryCapacity(1, 64L << 20))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> room.status("all").state() == QueryStatus.State.FAILED);
            assertThat(String.valueOf(room.status("all").error())).contains("queries.slots");
        }
    }
}
