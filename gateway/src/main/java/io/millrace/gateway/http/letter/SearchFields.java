package io.millrace.gateway.http.letter;

import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A search for dead letters while it is read. Owned by one thread.
final class SearchFields {
    static final List<String> NAMES =
            List.of("kind", "name", "reason", "since", "until", "context", "type", "text");

    private @Nullable String kind;
    private @Nullable String name;
    private DeadLetter.@Nullable Reason reason;
    private @Nullable Long since;
    private @Nullable Long until;
    private @Nullable ContextPattern context;
    private @Nullable String type;
    private @Nullable String text;

    /// What is wrong with a field, or `null`. Times are not set here.
    @Nullable String set(String field, String value) {
        switch (field) {
            case "kind" -> {
                if (!value.equals("Subscription") && !value.equals("Queue")) {
                    return "must be Subscription or Queue";
                }
                kind = value;
            }
            case "name" -> name = value;
            case "reason" -> {
                reason = Reasons.of(value);
                return reason == null ? Reasons.EXPECTED : null;
            }
            case "context" -> {
                try {
                    context = ContextPattern.of(value);
                } catch (MillraceException e) {
                    // It speaks of a field that is called otherwise here.
                    return e.problems().getFirst().detail();
                }
            }
            case "type" -> type = value;
            case "text" -> text = value;
            default -> throw new IllegalStateException("a field without a place: " + field);
        }
        return null;
    }

    static boolean isTime(String field) {
        return field.equals("since") || field.equals("until");
    }

    void setTime(String field, @Nullable Long millis) {
        if (field.equals("since")) {
            since = millis;
        } else {
            until = millis;
        }
    }

    LetterSearch search() {
        return new LetterSearch(kind, name, reason, since, until, context, type, text);
    }
}
