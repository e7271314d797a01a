package io.millrace.router;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.filter.AllFilter;
import io.millrace.event.filter.AnyFilter;
import io.millrace.event.filter.AttributeFilter;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.Filter;
import io.millrace.event.filter.Filters;
import io.millrace.event.filter.NotFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Interests and events over so few words that they meet often.
final class RandomInterests {
    private static final List<String> WORDS = List.of("a", "b", "ab", "ba", "aab", "");
    private static final List<String> ATTRIBUTES =
            List.of("type", "source", "subject", "id", "x", "y");
    private static final List<String> PATTERNS =
            List.of("/**", "/a", "/a/**", "/*", "/*/b", "/a/*/**", "/");
    private static final List<String> CONTEXTS = List.of("/", "/a", "/b", "/a/b", "/b/b", "/a/b/c");

    private final Random random;

    RandomInterests(Random random) {
        this.random = random;
    }

    Context context() {
        return Context.of(oneOf(CONTEXTS));
    }

    Event event() {
        EventBuilder event =
                Event.builder().id(word() + "i").source("/" + word()).type("t" + word());
        if (random.nextBoolean()) {
            event.subject("s" + word());
        }
        for (String name : List.of("x", "y")) {
            if (random.nextBoolean()) {
                event.extension(name, "e" + word());
            }
        }
        // Enough lookups or enough attributes: both ways of finding buckets are taken.
        for (int i = random.nextInt(3); i > 0; i--) {
            event.extension("many" + i, "e");
        }
        return event.build();
    }

    Interest interest() {
        List<String> types = new ArrayList<>();
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            types.add(random.nextInt(8) == 0 ? "*" : "t" + word() + oneOf(List.of("", "*")));
        }
        List<Filter> filters = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            filters.add(filter(2));
        }
        return new Interest(
                ContextPattern.of(oneOf(PATTERNS)),
                types,
                random.nextInt(4) == 0 ? "/" + word() : null,
                new Filters(filters));
    }

    private Filter filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0, 1 -> new AttributeFilter(Comparison.EXACT, expectations(Comparison.EXACT));
            case 2 -> {
                Comparison comparison = oneOf(List.of(Comparison.PREFIX, Comparison.SUFFIX));
                yield new AttributeFilter(comparison, expectations(comparison));
            }
            case 3 -> new AllFilter(List.of(filter(depth - 1), filter(depth - 1)));
            case 4 -> new AnyFilter(List.of(filter(depth - 1), filter(depth - 1)));
            default -> new NotFilter(filter(depth - 1));
        };
    }

    private List<Expectation> expectations(Comparison comparison) {
        List<Expectation> expectations = new ArrayList<>();
        for (int i = random.nextInt(5) / 4; i >= 0; i--) {
            String attribute = oneOf(ATTRIBUTES);
            String first =
                    switch (attribute) {
                        case "type" -> "t";
                        case "source" -> "/";
                        case "subject" -> "s";
                        case "id" -> "";
                        default -> "e";
                    };
            String text =
                    switch (comparison) {
                        case EXACT -> first + word() + (first.isEmpty() ? "i" : "");
                        case PREFIX -> first + word();
                        case SUFFIX -> word();
                    };
            expectations.add(new Expectation(attribute, text.isEmpty() ? "a" : text));
        }
        return expectations;
    }

    private String word() {
        return oneOf(WORDS);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
