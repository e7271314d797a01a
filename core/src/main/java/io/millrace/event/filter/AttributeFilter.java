package io.millrace.event.filter;

import io.millrace.event.Quoted;
import io.millrace.event.filter.cesql.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialects `exact`, `prefix` and `suffix`: every named attribute is there, and its canonical
/// text is, begins with or ends with the expected one, with regard to case.
///
/// @param comparison the dialect
/// @param expectations at least one
public record AttributeFilter(Comparison comparison, List<Expectation> expectations)
        implements Filter {
    /// How the text of an attribute and the expected text are compared.
    public enum Comparison {
        EXACT("is"),
        PREFIX("begins with"),
        SUFFIX("ends with");

        private final String words;

        Comparison(String words) {
            this.words = words;
        }

        /// The name of the dialect.
        public String dialect() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean holds(String text, String expected) {
            return switch (this) {
                case EXACT -> text.equals(expected);
                case PREFIX -> text.startsWith(expected);
                case SUFFIX -> text.endsWith(expected);
            };
        }
    }

    /// What an attribute must have.
    ///
    /// @param attribute its name
    /// @param text not empty
    public record Expectation(String attribute, String text) {}

    public AttributeFilter {
        expectations = List.copyOf(expectations);
    }

    @Override
    public boolean matches(EventView event) {
        for (int i = 0; i < expectations.size(); i++) {
            if (!holds(expectations.get(i), event)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Expectation expectation, EventView event) {
        String text = Attributes.text(event.event(), expectation.attribute());
        return text != null && comparison.holds(text, expectation.text());
    }

    @Override
    public Explanation explain(EventView event, String path) {
        String inner = path + "." + comparison.dialect();
        List<Explanation> parts = new ArrayList<>(expectations.size());
        for (Expectation expectation : expectations) {
            parts.add(explain(expectation, event, inner + "." + expectation.attribute()));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : Explanation.all(inner, "all attributes must match", parts);
    }

    private Explanation explain(Expectation expectation, EventView event, String path) {
        @Nullable String text = Attributes.text(event.event(), expectation.attribute());
        String found = text == null ? null : Quoted.shortened(text);
        return Explanation.leaf(
                path,
                "%s %s \"%s\""
                        .formatted(
                                expectation.attribute(),
                                comparison.words,
                                Quoted.shortened(expectation.text())),
                holds(expectation, event),
                found,
                found == null ? "the event does not have it" : "it is \"%s\"".formatted(found));
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode attributes = json.putObject(comparison.dialect());
        for (Expectation expectation : expectations) {
            attributes.put(expectation.attribute(), expectation.text());
        }
        return json;
    }
}
