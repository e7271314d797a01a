package io.millrace.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Publication;
import io.millrace.broker.query.InferredSchema;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.query.job.QueryRoom;
import io.millrace.resource.QueryInput;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Types of data, learned from events.
class SchemaInferenceTest {
    private static Publication event(String context, int number, String json) {
        return new Publication(
                context,
                Event.builder()
                        .id("e" + number)
                        .source("/test")
                        .type("measured")
                        .dataContentType("application/json")
                        .data(Bytes.utf8(json))
                        .build());
    }

    private static InferredSchema infer(QueryRoom room, String pattern) {
        return room.broker()
                .queries()
                .infer(Principal.LOCAL, QueryInput.of(ContextPattern.of(pattern)), 1_000);
    }

    @Test
    void rareEventsAreFoundBehindMany(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            room.publish(
                    List.of(
                            event("/quiet", 1, "{\"a\": 1, \"b\": true, \"s\": \"x\"}"),
                            event("/quiet", 2, "{\"a\": 1.5, \"b\": null, \"s\": 2}"),
                            event("/quiet", 3, "{\"a\": 2, \"n\": {\"x\": 1}}")));
            List<Publication> loud = new ArrayList<>();
            for (int i = 0; i < 9_000; i++) {
                loud.add(event("/loud/" + i % 20, 10 + i, "{\"z\": " + i + "}"));
            }
            room.publish(loud);
            InferredSchema quiet = infer(room, "/quiet");
            assertThat(quiet.samples()).isEqualTo(3);
            assertThat(quiet.types())
                    .isEqualTo(Map.of("a", "DOUBLE", "b", "BOOLEAN", "s", "STRING", "n", "STRING"));
            assertThat(quiet.optional()).containsExactlyInAnyOrder("s", "b", "n");
            assertThat(infer(room, "/loud/**").types()).isEqualTo(Map.of("z", "BIGINT"));
            assertThat(infer(room, "/nothing").types()).isEmpty();
        }
    }
}
