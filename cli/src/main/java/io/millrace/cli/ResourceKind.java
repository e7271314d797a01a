package io.millrace.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The kinds of resources as the server and the commands name them.
enum ResourceKind {
    STREAM("Stream", "mount", "and all its events"),
    QUEUE("Queue", null, "and all its jobs"),
    SUBSCRIPTION("Subscription", "pattern", "and what waits for it"),
    SCHEDULE("Schedule", null, ""),
    VIEW("View", "key", "and what it holds"),
    QUERY("Query", null, "and what it has in memory");

    private final String word;
    private final @Nullable String keyField;
    private final String contents;

    ResourceKind(String word, @Nullable String keyField, String contents) {
        this.word = word;
        this.keyField = keyField;
        this.contents = contents;
    }

    /// As documents have it, such as `Stream`.
    String word() {
        return word;
    }

    /// As commands have it, such as `stream`.
    String noun() {
        return word.toLowerCase(Locale.ROOT);
    }

    /// As addresses and commands have it, such as `streams`.
    String plural() {
        return switch (this) {
            case QUERY -> "queries";
            case STREAM, QUEUE, SUBSCRIPTION, SCHEDULE, VIEW -> noun() + "s";
        };
    }

    /// The field of its document that lists have a column for, if any.
    @Nullable String keyField() {
        return keyField;
    }

    /// What is deleted with one of them, such as `stream and all its events`.
    String withContents() {
        return contents.isEmpty() ? noun() : noun() + " " + contents;
    }

    /// The same with its name, such as `stream tickets and all its events`.
    String withContents(String name) {
        return noun() + " " + name + withContents().substring(noun().length());
    }
}
