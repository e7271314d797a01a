package io.millrace.broker.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.broker.query.FakeQueryEngine;
import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.QueryViews;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.io.AgentThreads;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A view as the output of a query.
@Timeout(60)
final class ViewOfQueryTest {
    private static final String FILLED = "{\"kind\": \"View\", \"name\": \"floors\"}";
    private static final String QUERY =
            """
            {"kind": "Query", "name": "averages", "sql": "SELECT 1", "output": {"view": "floors"}}
            """;
    private static final String FED =
            """
            {"kind": "View", "name": "floors", "from": {"pattern": "/org/**"}, "key": "{context}"}
            """;

    @TempDir Path data;
    private final FakeQueryEngine engine = new FakeQueryEngine();
    private @Nullable QueryGround ground;
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        broker =
                new Broker(
                        data,
                        BrokerConfig.forProcessors(8),
                        new OpenGuard(),
                        new Broker.Ground(
                                new FileDisk(),
                                Clock.system(),
                                new AgentThreads(),
                                null,
                                stands -> {
                                    ground = stands;
                                    return engine;
                                }));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private void apply(String... documents) {
        broker.administration()
                .apply(
                        Principal.LOCAL,
                        new ResourceReader()
                                .read(
                                        Bytes.utf8("[" + String.join(",", documents) + "]"),
                                        DocumentReader.Format.JSON,
                                        new ProblemCollector(ErrorCode.RESOURCE_INVALID)),
                        false);
    }

    private QueryViews views() {
        return Objects.requireNonNull(ground).views();
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        views().read(
                        "floors",
                        (key, json) ->
                                rows.add(
                                        key
                                                + " "
                                                + new String(
                                                        json.toArray(), StandardCharsets.UTF_8)));
        return rows;
    }

    private static List<Problem> problems(ThrowingCallable of) {
        return Objects.requireNonNull(catchThrowableOfType(MillraceException.class, of)).problems();
    }

    @Test
    void aQueryPutsItsRowsThere() throws IOException {
        apply(QUERY, FILLED);
        assertThat(views().has("floors")).isTrue();
        assertThat(views().has("rooms")).isFalse();
        QueryViews.Writer writer = views().writer("floors", "averages");
        writer.upsert("1", Bytes.utf8("{\"average\":1}"), 1_000);
        writer.upsert("2", Bytes.utf8("{\"average\":2}"), 1_000);
        writer.upsert("3", Bytes.utf8("{\"average\":3}"), 1_000);
        writer.upsert("1", Bytes.utf8("{\"average\":4}"), 2_000);
        writer.delete("2", 2_000);
        writer.flush();
        assertThat(rows()).containsExactly("1 {\"average\":4}", "3 {\"average\":3}");
        assertThat(broker.views().status(Principal.LOCAL, "floors").query()).isEqualTo("averages");
        close();
        open();
        assertThat(rows()).containsExactly("1 {\"average\":4}", "3 {\"average\":3}");
        ViewEntry entry = broker.views().get(Principal.LOCAL, "floors", "1");
        assertThat(Objects.requireNonNull(entry).updatedMillis()).isEqualTo(2_000);
    }

    @Test
    void moreThanAPageIsReadToItsEnd() {
        apply(QUERY, FILLED);
        QueryViews.Writer writer = views().writer("floors");
        for (int i = 0; i < 2 * ViewQuery.LIMIT_MAX + 1; i++) {
            writer.upsert("%05d".formatted(i), Bytes.utf8("{}"), 1_000);
        }
        assertThat(rows()).hasSize(2 * ViewQuery.LIMIT_MAX + 1).doesNotHaveDuplicates();
    }

    @Test
    void aViewThatIsNotThereIsNoOutput() {
        assertThat(problems(() -> apply(QUERY)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT);
                    assertThat(problem.field()).endsWith("output.view");
                    assertThat(problem.detail()).startsWith("there is no view floors");
                });
    }

    @Test
    void aViewThatEventsFeedIsNoOutput() {
        apply(FED);
        assertThat(problems(() -> apply(QUERY)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.field()).endsWith("output.view");
                    assertThat(problem.detail())
                            .isEqualTo(
                                    "the view floors has a from: events feed it, so no query can"
                                            + " fill it");
                });
        assertThat(problems(() -> apply(FED, QUERY))).hasSize(1);
        apply(FILLED, QUERY);
    }

    @Test
    void anOutputStaysWhatItIsAsLongAsAQueryNeedsIt() {
        apply(FILLED, QUERY);
        assertThat(problems(() -> apply(FED)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.field()).endsWith("name");
                    assertThat(problem.detail()).startsWith("the query averages needs it: ");
                });
        assertThat(
                        problems(() ->
                                broker.administration()
                                        .delete(
                                                Principal.LOCAL,
                                                ResourceKind.VIEW,
                                                "floors",
                                                Precondition.NONE)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.detail()).contains("averages needs it"));
    }
}
