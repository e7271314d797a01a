package io.millrace.event.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Filters from JSON for tests.
final class FilterDocuments {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private FilterDocuments() {}

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /// The one filter that the text is.
    static Filter filter(String text) {
        return filters("[" + text + "]").filters().getFirst();
    }

    static Filters filters(String list) {
        List<String> problems = new ArrayList<>();
        Filters filters =
                new FilterReader((path, detail) -> problems.add(path + ": " + detail))
                        .read(json(list), "filters");
        assertThat(problems).as(list).isEmpty();
        if (filters == null) {
            throw new AssertionError("neither filters nor problems");
        }
        return filters;
    }

    /// What is reported about a list of filters.
    static List<String> problems(String list) {
        List<String> problems = new ArrayList<>();
        Filters filters =
                new FilterReader((path, detail) -> problems.add(path + ": " + detail))
                        .read(json(list), "filters");
        assertThat(filters == null).as(list).isEqualTo(!problems.isEmpty());
        return problems;
    }
}
