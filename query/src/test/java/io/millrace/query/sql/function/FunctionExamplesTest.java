package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example of the reference runs, and gives what the reference says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionExamplesTest {
    private final SqlRoom room = new SqlRoom();

    @BeforeAll
    void readings() {
        room.readings();
    }

    /// All of them in one query, as each query starts a cluster.
    @Test
    void expressionsGiveTheirResults() {
        List<DocumentedFunction> expressions =
                MillraceFunctions.documented().stream().filter(f -> !f.isQuery()).toList();
        Row row =
                room.row(
                        expressions.stream()
                                .map(DocumentedFunction::example)
                                .toArray(String[]::new));
        List<String> results =
                IntStream.range(0, expressions.size())
                        .mapToObj(i ->
                                expressions.get(i).example()
                                        + " = "
                                        + String.valueOf(row.getField(i)))
                        .toList();
        assertThat(results)
                .containsExactlyElementsOf(
                        expressions.stream().map(f -> f.example() + " = " + f.result()).toList());
    }

    static List<DocumentedFunction> queries() {
        return MillraceFunctions.documented().stream().filter(DocumentedFunction::isQuery).toList();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queriesGiveTheirResults(DocumentedFunction function) {
        assertThat(room.texts(function.example()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.asList(function.result().split("\n", -1)));
    }

    @Test
    void everyFunctionIsDocumented() {
        assertThat(
                        MillraceFunctions.documented().stream()
                                .filter(f -> f.group() != DocumentedFunction.Group.JSON)
                                .map(DocumentedFunction::name)
                                .collect(Collectors.toSet()))
                .isEqualTo(MillraceFunctions.classes().keySet());
    }
}
