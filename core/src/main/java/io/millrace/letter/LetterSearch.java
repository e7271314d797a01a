package io.millrace.letter;

import io.millrace.event.ContextPattern;
import org.jspecify.annotations.Nullable;

/// Which dead letters are looked for; `null` means any.
///
/// @param kind Subscription or Queue
/// @param name of the subscription or queue
/// @param sinceMillis given up at or after this time
/// @param untilMillis given up before this time
/// @param type of the event; ending in `*`, any that begins so
/// @param text found in the detail or in the event's id or subject
public record LetterSearch(
        @Nullable String kind,
        @Nullable String name,
        DeadLetter.@Nullable Reason reason,
        @Nullable Long sinceMillis,
        @Nullable Long untilMillis,
        @Nullable ContextPattern context,
        @Nullable String type,
        @Nullable String text) {
    public static final LetterSearch ALL =
            new LetterSearch(null, null, null, null, null, null, null, null);
}
