package io.millrace.event.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import org.junit.jupiter.api.Test;

/// Which clause decided, and why.
final class ExplanationTest {
    private final Event event =
            Event.builder()
                    .id("1")
                    .source("/rooms/4")
                    .type("alarm")
                    .dataContentType("application/json")
                    .data(Bytes.utf8("{\"level\": [3, 8]}"))
                    .build();

    private Explanation explained(String filters) {
        return FilterDocuments.filters(filters.replace('\'', '"'))
                .explain(new EventView(event), "filters");
    }

    @Test
    void namesTheClauseThatDecided() {
        assertThat(
                        explained(
                                        """
                                        [{'exact': {'type': 'alarm'}},
                                         {'all': [{'data': {'level': {'above': 5}}},
                                                  {'not': {'prefix': {'id': '1'}}}]},
                                         {'sql': 'EXISTS subject AND id = 1'}]\
                                        """)
                                .toText())
                .isEqualTo(
                        """
                          no   filters: all filters must match; filters[1].all does not match
                            yes  filters[0].exact.type: type is "alarm"; it is "alarm"
                          > no   filters[1].all: all of 2 filters must match; filters[1].all[1].not does not match
                              yes  filters[1].all[0].data.level: {"above":5}; it is [3,8]
                            > no   filters[1].all[1].not: must not match; filters[1].all[1].not.prefix.id matches
                              > yes  filters[1].all[1].not.prefix.id: id begins with "1"; it is "1"
                            no   filters[2].sql: EXISTS subject AND id = 1; it is false
                            > no   filters[2].sql: EXISTS subject; it is false
                                no   filters[2].sql: subject; the event has no attribute "subject"
                        """);
    }

    @Test
    void tellsWhatIsMissing() {
        assertThat(explained("[{'exact': {'subject': 'a'}}]").parts().getFirst().reason())
                .isEqualTo("the event does not have it");
        assertThat(explained("[{'data': {'x': 1}}]").parts().getFirst().reason())
                .isEqualTo("the data does not have it");
        assertThat(explained("[{'sql': 'subject = 1'}]").parts().getFirst().reason())
                .isEqualTo("the event has no attribute \"subject\"");
        Explanation any = explained("[{'any': [{'sql': 'FALSE'}, {'exact': {'id': '2'}}]}]");
        assertThat(any.parts().getFirst().reason()).isEqualTo("none of them matches");
        assertThat(any.parts().getFirst().parts()).allMatch(Explanation::decisive);
    }

    @Test
    void isJsonToo() {
        assertThat(explained("[{'exact': {'id': '2'}}]").toJson())
                .isEqualTo(
                        FilterDocuments.json(
                                """
                                {"path": "filters", "clause": "all filters must match", "matches": false,
                                 "decisive": true, "reason": "filters[0].exact.id does not match",
                                 "parts": [{"path": "filters[0].exact.id", "clause": "id is \\"2\\"",
                                   "matches": false, "decisive": true, "found": "1",
                                   "reason": "it is \\"1\\""}]}\
                                """));
    }
}
