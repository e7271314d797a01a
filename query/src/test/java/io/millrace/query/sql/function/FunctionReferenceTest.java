package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the list of functions and its page in the reference together.
class FunctionReferenceTest {
    private static final String PAGE = "docs/reference/sql-functions.md";

    @Test
    void thePageListsTheFunctions() {
        SourceText page = Objects.requireNonNull(Repository.here().file(PAGE));
        String text = String.join("\n", page.lines());
        assertThat(text).contains(FunctionExamples.READINGS);
        for (DocumentedFunction.Group group : DocumentedFunction.Group.values()) {
            assertThat(text).contains(section(group));
        }
        assertThat(page.lines().stream().filter(line -> line.startsWith("### `")).toList())
                .hasSize(MillraceFunctions.documented().size());
    }

    private static String section(DocumentedFunction.Group group) {
        return MillraceFunctions.documented().stream()
                .filter(function -> function.group() == group)
                .map(FunctionReferenceTest::entry)
                .collect(Collectors.joining("\n", "## " + group.title() + "\n\n", ""));
    }

    private static String entry(DocumentedFunction function) {
        return """
        ### `%s`

        %s

        ```sql
        %s
        ```

        ```text
        %s
        ```
        """
                .formatted(
                        function.signature(),
                        function.meaning(),
                        function.example(),
                        function.result());
    }
}
