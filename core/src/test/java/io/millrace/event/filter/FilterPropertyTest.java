package io.millrace.event.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.RandomEvents;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Random filters over random events against a naive interpreter.
final class FilterPropertyTest {
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void agreesWithANaiveInterpreter() {
        int matched = 0;
        for (int i = 0; i < 15_000; i++) {
            String text = filter(random.nextInt(4));
            String data = value(3);
            boolean isJson = random.nextInt(10) > 0;
            Event event = event(data, isJson);
            Filter filter = FilterDocuments.filter(text);
            EventView view = new EventView(event);
            boolean matches = filter.matches(view);
            JsonNode tree = isJson ? FilterDocuments.json(data) : null;
            assertThat(matches)
                    .as("seed %d: %s over %s, data %s", seed, text, event, data)
                    .isEqualTo(new NaiveFilters(event, tree).matches(FilterDocuments.json(text)));
            assertThat(filter.explain(view, "f").matches())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(matches);
            assertThat(FilterDocuments.filter(filter.toJson().toString())).isEqualTo(filter);
            matched += matches ? 1 : 0;
        }
        assertThat(matched).as("seed %d", seed).isBetween(1_500, 13_500);
    }

    @Test
    void anyEventCanBeLookedAt() {
        RandomEvents events = new RandomEvents(seed);
        for (int i = 0; i < 3_000; i++) {
            Filter filter = FilterDocuments.filter(filter(2));
            EventView view = new EventView(events.next());
            assertThat(filter.explain(view, "f").matches())
                    .as("seed %d", seed)
                    .isEqualTo(filter.matches(view));
        }
    }

    private Event event(String data, boolean isJson) {
        EventBuilder event = Event.builder().id(word()).source("/" + word()).type(word());
        if (random.nextBoolean()) {
            event.extension("a", word());
        }
        event.dataContentType(isJson ? "application/json" : "text/plain");
        return event.data(Bytes.utf8(data)).build();
    }

    private String filter(int depth) {
        int kind = depth == 0 ? random.nextInt(6) : random.nextInt(9);
        return switch (kind) {
            case 0 -> "{\"%s\": {\"%s\": \"%s\"}}".formatted(dialect(), attribute(), word());
            case 1 ->
                    "{\"%s\": {\"a\": \"%s\", \"id\": \"%s\"}}"
                            .formatted(dialect(), word(), word());
            case 2 -> "{\"sql\": \"%s%s%s\"}".formatted(sql(), pick(" AND ", " OR "), sql());
            case 3, 4, 5 -> "{\"data\": {\"%s\": %s}}".formatted(path(), condition());
            case 6 -> "{\"not\": %s}".formatted(filter(depth - 1));
            default ->
                    "{\"%s\": [%s, %s]}"
                            .formatted(pick("all", "any"), filter(depth - 1), filter(depth - 1));
        };
    }

    private String dialect() {
        return pick("exact", "prefix", "suffix");
    }

    private String attribute() {
        return pick("id", "source", "type", "a", "subject");
    }

    private String sql() {
        return random.nextBoolean()
                ? "EXISTS " + attribute()
                : "%s = '%s'".formatted(attribute(), word());
    }

    private String path() {
        String path = pick("a", "b", "0");
        return random.nextBoolean() ? path : path + "." + pick("a", "b", "0", "1");
    }

    private String condition() {
        return switch (random.nextInt(8)) {
            case 0 -> scalar();
            case 1 -> "[%s, %s]".formatted(scalar(), scalar());
            case 2 -> "{\"anything-but\": %s}".formatted(scalar());
            case 3 ->
                    "{\"anything-but\": [%s, %s], \"exists\": true}".formatted(scalar(), scalar());
            case 4 -> "{\"exists\": %b}".formatted(random.nextBoolean());
            case 5 -> "{\"%s\": \"%s\"}".formatted(pick("prefix", "suffix", "contains"), word());
            case 6 -> "{\"%s\": %s}".formatted(pick("above", "at-least"), number());
            default ->
                    "{\"%s\": %s, \"anything-but\": %s}"
                            .formatted(pick("below", "at-most"), number(), scalar());
        };
    }

    private String value(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(6);
        return switch (kind) {
            case 0, 1 -> scalar();
            case 2, 3 -> "{\"a\": %s, \"b\": %s}".formatted(value(depth - 1), value(depth - 1));
            case 4 -> "{\"0\": %s}".formatted(value(depth - 1));
            default ->
                    random.nextInt(3) == 0
                            ? "[]"
                            : "[%s, %s]".formatted(value(depth - 1), value(depth - 1));
        };
    }

    private String scalar() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> "\"" + word() + "\"";
            case 2, 3 -> number();
            default -> pick("true", "false", "null");
        };
    }

    private String number() {
        return pick("0", "1", "1.0", "10e-1", "-1", "2", "1.5", "12345678901234567890", "1e400");
    }

    private String word() {
        return pick("a", "b", "ab", "ba", "ä", "x\uD83D\uDE00");
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }
}
