package io.millrace.resource;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The kinds of resources, in the order in which they are set up: whatever refers to others comes
/// behind them.
public enum ResourceKind {
    STREAM("Stream", "streams", ErrorCode.STREAM_NOT_FOUND),
    QUEUE("Queue", "queues", ErrorCode.QUEUE_NOT_FOUND),
    SUBSCRIPTION("Subscription", "subscriptions", ErrorCode.SUBSCRIPTION_NOT_FOUND),
    SCHEDULE("Schedule", "schedules", ErrorCode.SCHEDULE_NOT_FOUND),
    VIEW("View", "views", ErrorCode.VIEW_NOT_FOUND),
    QUERY("Query", "queries", ErrorCode.QUERY_NOT_FOUND);

    private final String word;
    private final String plural;
    private final ErrorCode notFound;

    ResourceKind(String word, String plural, ErrorCode notFound) {
        this.word = word;
        this.plural = plural;
        this.notFound = notFound;
    }

    /// As documents have it, such as `Stream`.
    public String word() {
        return word;
    }

    /// As addresses have it, such as `streams`.
    public String plural() {
        return plural;
    }

    /// As sentences and types of events have it, such as `stream`.
    public String noun() {
        return word.toLowerCase(Locale.ROOT);
    }

    /// That there is none of that name.
    public MillraceException notFound(String name) {
        return new MillraceException(notFound, "there is no %s %s".formatted(noun(), name));
    }

    /// The kind of a document, `null` if there is no such kind.
    public static @Nullable ResourceKind of(String word) {
        for (ResourceKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        return null;
    }
}
