package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextFunctionsTest {
    private static final String DEEP = "/org/contoso/site/berlin/building/41/floor/3";

    private final SqlRoom room = new SqlRoom();

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "/org/contoso/site/berlin/building/41/floor/3, floor, 3",
                "/org/contoso/site/berlin/building/41/floor/3, org, contoso",
                "/org/contoso/site/berlin/building/41/floor/3, 3, NULL",
                "/org/contoso/site/berlin/building/41/floor/3, flo, NULL",
                "/org/contoso/site/berlin/building/41/floor/3, room, NULL",
                "/unit/a/unit/b, unit, a",
                "/floor, floor, NULL",
                "/floor/, floor, ''",
                "/, floor, NULL",
                "floor/3, floor, NULL",
                "'', floor, NULL",
                "NULL, floor, NULL",
                "/floor/3, NULL, NULL",
                "/stock/Müller/x, Müller, x"
            })
    void segmentBehindAName(String context, String name, String expected) {
        assertThat(new ContextSegment().eval(context, name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "/a/b/c, 1, a",
                "/a/b/c, 2, b",
                "/a/b/c, 3, c",
                "/a/b/c, 4, NULL",
                "/a/b/c, -1, c",
                "/a/b/c, -3, a",
                "/a/b/c, -4, NULL",
                "/a/b/c, 0, NULL",
                "/a//c, 2, ''",
                "/a/, -1, ''",
                "/, 1, NULL",
                "/, -1, NULL",
                "a/b, 1, NULL",
                "NULL, 1, NULL",
                "/a, NULL, NULL",
                "/a, -2147483648, NULL"
            })
    void segmentAtAPosition(String context, Integer position, String expected) {
        assertThat(new ContextSegment().eval(context, position)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "/a/b/c, 0, /a/b/c",
                "/a/b/c, 1, /a/b",
                "/a/b/c, 2, /a",
                "/a/b/c, 3, /",
                "/a/b/c, 4, NULL",
                "/a/b/c, -1, NULL",
                "/, 0, /",
                "/, 1, NULL",
                "a/b, 1, NULL",
                "NULL, 1, NULL",
                "/a, NULL, NULL"
            })
    void parents(String context, Integer levels, String expected) {
        assertThat(new ContextParent().eval(context, levels)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {"/, 0", "/a, 1", "/a/b/c, 3", "/a//c, 3", "a/b, NULL", "NULL, NULL"})
    void depth(String context, Integer expected) {
        assertThat(new ContextDepth().eval(context)).isEqualTo(expected);
    }

    @Test
    void matchesAsPatternsDo() {
        ContextMatches matches = new ContextMatches();
        assertThat(matches.eval(DEEP, "/org/*/site/**")).isTrue();
        assertThat(matches.eval("/org/contoso/site", "/org/*/site/**")).isTrue();
        assertThat(matches.eval("/org/site", "/org/*/site/**")).isFalse();
        assertThat(matches.eval("/", "/**")).isTrue();
        assertThat(matches.eval(DEEP, "/org/**/floor")).as("a pattern that is none").isNull();
        assertThat(matches.eval(DEEP, "/org/*/site/**")).as("after a wrong one").isTrue();
        assertThat(matches.eval("org", "/**")).isNull();
        assertThat(matches.eval(null, "/**")).isNull();
        assertThat(matches.eval(DEEP, null)).isNull();
    }

    /// NULL and wrong input beside what is right, as columns and not as constants.
    @Test
    void columnsMayHoldAnything() {
        room.table(
                "places",
                Types.ROW_NAMED(
                        new String[] {"context", "name", "n", "covering"},
                        Types.STRING,
                        Types.STRING,
                        Types.INT,
                        Types.STRING),
                List.of(
                        Row.of("/a/b", "a", 1, "/a/*"),
                        Row.of(null, "a", 1, "/**"),
                        Row.of("a", "a", 0, "/**"),
                        Row.of("/a/b", null, -1, "/a+")));
        assertThat(
                        room.rows(
                                "SELECT context_segment(context, name), context_segment(context, n), "
                                        + "context_depth(context), context_parent(context), "
                                        + "context_parent(context, n), context_matches(context, covering) FROM "
                                        + "places"))
                .containsExactlyInAnyOrder(
                        Row.of("b", "a", 2, "/a", "/a", true),
                        Row.of(null, null, null, null, null, null),
                        Row.of(null, null, null, null, null, null),
                        Row.of(null, "b", 2, "/a", null, null));
        assertThat(
                        room.rows(
                                "SELECT name, ancestor FROM places, LATERAL TABLE(ancestors(context, "
                                        + "name)) AS a (ancestor, depth, kind, segment)"))
                .containsExactly(Row.of("a", "/a/b"));
        assertThat(
                        room.texts(
                                "SELECT ancestor, COUNT(*) FROM places LEFT JOIN LATERAL "
                                        + "TABLE(ancestors(context)) AS a ON TRUE GROUP BY ancestor"))
                .containsExactlyInAnyOrder("/a/b, 2", "/a, 2", "/, 2", "null, 2");
    }

    @Test
    void wrongConstantsAreRefusedWithTheQuery() {
        assertRefused("context_segment('/a', 0)", "there is no position 0");
        assertRefused("context_segment('/a', 'a/b')", "'a/b' is no name of a segment");
        assertRefused("context_segment('/a', '')", "'' is no name of a segment");
        assertRefused("context_parent('/a', -1)", "must not be negative");
        assertRefused("context_matches('/a', '/a/**/b')", "** before its last segment");
        assertRefused("context_matches('/a', 'a')", "must begin with /");
        List<String> wrongLists = List.of("floor,,room", "a/b", "");
        for (String list : wrongLists) {
            assertThatThrownBy(() ->
                            room.environment()
                                    .explainSql(
                                            "SELECT * FROM (VALUES ('/a')) AS t (c), LATERAL TABLE(ancestors(c, '"
                                                    + list
                                                    + "'))"))
                    .isInstanceOf(ValidationException.class)
                    .hasStackTraceContaining("is no list of segment names");
        }
        assertThat(room.row("context_parent('/a', 0)")).isEqualTo(Row.of("/a"));
    }

    private void assertRefused(String call, String reason) {
        // explainSql plans and runs nothing.
        assertThatThrownBy(() -> room.environment().explainSql("SELECT " + call))
                .isInstanceOf(ValidationException.class)
                .hasStackTraceContaining(reason);
    }
}
