package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.filter.AttributeFilter;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.EventView;
import io.millrace.event.filter.Explanation;
import io.millrace.event.filter.Filters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InterestTest {
    private static final Filters ABOUT_A_DOOR =
            new Filters(
                    List.of(
                            new AttributeFilter(
                                    Comparison.PREFIX,
                                    List.of(new Expectation("subject", "door")))));
    private static final Interest DOORS =
            new Interest(
                    ContextPattern.of("/building/**"),
                    List.of("com.example.alarm", "com.example.door.*"),
                    "/sensors",
                    ABOUT_A_DOOR);

    @ParameterizedTest
    @CsvSource({
        "/building/41, com.example.alarm, /sensors, door 1, true, ''",
        "/building/41, com.example.door.open, /sensors, door 1, true, ''",
        "/building/41, com.example.door., /sensors, door 1, true, ''",
        "/yard, com.example.alarm, /sensors, door 1, false, pattern",
        "/building/41, com.example.alarms, /sensors, door 1, false, types",
        "/building/41, com.example.door, /sensors, door 1, false, types",
        "/building/41, com.example.alarm, /sensors/1, door 1, false, source",
        "/building/41, com.example.alarm, /sensors, gate, false, filters",
        "/yard, com.example.alarm, /sensors, gate, false, pattern"
    })
    void allClausesMustLetTheEventThrough(
            String context,
            String type,
            String source,
            String subject,
            boolean wanted,
            String decided) {
        Event event = Event.builder().id("1").source(source).type(type).subject(subject).build();
        EventView view = new EventView(event);
        assertThat(DOORS.wants(Context.of(context), view)).isEqualTo(wanted);
        Explanation why = DOORS.explain(Context.of(context), view);
        assertThat(why.matches()).isEqualTo(wanted);
        assertThat(why.parts())
                .extracting(Explanation::path)
                .containsExactly("pattern", "types", "source", "filters");
        List<String> decisive =
                why.parts().stream().filter(Explanation::decisive).map(Explanation::path).toList();
        if (wanted) {
            assertThat(decisive).hasSize(4);
        } else {
            assertThat(decisive).containsExactly(decided);
        }
    }

    @Test
    void whatIsNotAskedForIsExplainedToo() {
        Event event = Event.builder().id("1").source("/s").type("t").build();
        EventView view = new EventView(event);
        Interest all = Interest.of(ContextPattern.of("/**"));
        assertThat(all.wants(Context.ROOT, view)).isTrue();
        assertThat(all.explain(Context.ROOT, view).toText())
                .isEqualTo(
                        """
                          yes  subscription: pattern, types, source and filters must match; all of them match
                          > yes  pattern: the context is covered by "/**"; it is "/"
                          > yes  types: any type; no types are named
                          > yes  source: any source; no source is named
                          > yes  filters: all filters must match; there is nothing that could say no
                        """);
    }

    @Test
    void theTypeThatDecidedIsNamed() {
        Event event = Event.builder().id("1").source("/s").type("com.example.door.open").build();
        Explanation types =
                DOORS.explain(Context.of("/building"), new EventView(event)).parts().get(1);
        assertThat(types.parts()).extracting(Explanation::decisive).containsExactly(false, true);
        assertThat(types.parts())
                .extracting(Explanation::clause)
                .containsExactly(
                        "type is \"com.example.alarm\"", "type begins with \"com.example.door.\"");
    }
}
