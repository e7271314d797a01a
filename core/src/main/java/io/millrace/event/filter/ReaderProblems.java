package io.millrace.event.filter;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What is wrong with the filters of one document, and how much of them there is. Owned by one
/// thread.
final class ReaderProblems {
    private final BiConsumer<String, String> sink;
    private int reported;
    private int clauses;

    ReaderProblems(BiConsumer<String, String> sink) {
        this.sink = sink;
    }

    void add(String path, String detail) {
        reported++;
        sink.accept(path, detail);
    }

    boolean any() {
        return reported > 0;
    }

    /// Counts one clause; the first one too many is reported.
    void count(String path) {
        if (++clauses == FilterReader.CLAUSES_MAX + 1) {
            add(path, "is clause %d, one more than allowed".formatted(clauses));
        }
    }

    /// Whether the number of clauses is within its bound.
    boolean mayGoOn() {
        return clauses <= FilterReader.CLAUSES_MAX;
    }

    /// The node's text; `null` if it is none, or empty or too long, which is reported.
    @Nullable String text(JsonNode node, String path) {
        if (!node.isString()) {
            add(path, "must be text" + (node.isContainer() ? "" : "; put it in quotes"));
            return null;
        }
        String text = node.stringValue();
        if (text.isEmpty()) {
            add(path, "must not be empty");
            return null;
        }
        if (text.length() > FilterReader.TEXT_MAX) {
            add(path, "is longer than %d characters".formatted(FilterReader.TEXT_MAX));
            return null;
        }
        return text;
    }
}
