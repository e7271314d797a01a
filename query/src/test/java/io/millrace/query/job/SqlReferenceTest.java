package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.ContextPattern;
import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import io.millrace.resource.QueryInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every shape of statement that the reference shows runs over the reference's events, gives the
/// rows that stand below it, and changes them only if the reference says so.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class SqlReferenceTest {
    private static final Duration DELAY = Duration.ofSeconds(10);
    private static final Map<String, QueryInput> INPUTS =
            Map.of(
                    "readings", input("reading", Map.of("room", "STRING", "celsius", "DOUBLE")),
                    "badges", input("badge", Map.of("room", "STRING", "person", "STRING")));

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private QueryRoom room;

    /// A statement with its title and what it gives, columns between blanks.
    record Shape(String title, String sql, List<String> table) {
        boolean onlyAdds() {
            return title.contains(": added");
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static QueryInput input(String type, Map<String, String> schema) {
        return new QueryInput(ContextPattern.of("/site/**"), null, List.of(type), null, schema);
    }

    private static List<String> page() {
        SourceText page = Objects.requireNonNull(Repository.here().file("docs/reference/sql.md"));
        List<String> lines = page.lines();
        return lines.subList(lines.indexOf("## Shapes of statements"), lines.indexOf("## Results"));
    }

    private static List<String> fence(List<String> lines, String language) {
        int start = lines.indexOf("```" + language) + 1;
        assertThat(start).as("a fence of " + language + " in " + lines).isPositive();
        List<String> rest = lines.subList(start, lines.size());
        return rest.subList(0, rest.indexOf("```"));
    }

    static List<Shape> shapes() {
        List<String> lines = page();
        List<Shape> shapes = new ArrayList<>();
        int end = lines.size();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("### ")) {
                List<String> section = lines.subList(i, end);
                shapes.addFirst(
                        new Shape(
                                section.getFirst().substring(4),
                                String.join("\n", fence(section, "sql")),
                                fence(section, "text")));
                end = i;
            }
        }
        return shapes;
    }

    @BeforeAll
    void open(@TempDir Path data) throws IOException {
        room = new QueryRoom(data);
        for (String line : fence(page(), "csv").subList(1, fence(page(), "csv").size())) {
            String[] columns = line.split(",", 4);
            room.publish(
                    columns[1],
                    columns[2],
                    Instant.parse("2026-03-01T" + columns[0] + "Z"),
                    columns[3]);
        }
    }

    @AfterAll
    void close() {
        room.close();
    }

    @Test
    void theInputsAreThoseOfThePage() {
        assertThat(String.join("\n", fence(page(), "yaml")))
                .contains(
                        "readings: {pattern: \"/site/**\", types: [reading], schema: {room: STRING,")
                .contains("celsius: DOUBLE}}")
                .contains("badges: {pattern: \"/site/**\", types: [badge], schema: {room: STRING,")
                .contains("person: STRING}}");
        assertThat(shapes()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theShapeGivesItsRows(Shape shape) {
        Rows rows = room.run(shape.sql(), INPUTS, DELAY);
        List<List<String>> table = new ArrayList<>();
        shape.table().forEach(line -> table.add(Arrays.asList(line.strip().split(" {2,}", -1))));
        assertThat(rows.columns()).isEqualTo(table.getFirst());
        assertThat(rows.left()).containsExactlyInAnyOrderElementsOf(table.subList(1, table.size()));
        assertThat(rows.onlyAdded()).as("only adds rows").isEqualTo(shape.onlyAdds());
    }
}
