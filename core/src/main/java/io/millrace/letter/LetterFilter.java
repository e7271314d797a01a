package io.millrace.letter;

import io.millrace.event.ContextPattern;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Tells which records a search is for, from their headers, so that only those that are found are
/// decoded. Used by one thread.
final class LetterFilter {
    private final LetterSearch search;
    private final BiPredicate<String, String> isVisible;

    /// @param isVisible whether letters of that kind and name may be shown
    LetterFilter(LetterSearch search, BiPredicate<String, String> isVisible) {
        this.search = search;
        this.isVisible = isVisible;
    }

    boolean matches(LogRecord record) {
        if (!LetterRecords.isLetter(record)) {
            return false;
        }
        String kind = LetterRecords.text(record, LetterRecords.KIND);
        String name = LetterRecords.text(record, LetterRecords.NAME);
        DeadLetter.Reason reason = search.reason();
        return isSame(search.kind(), kind)
                && isSame(search.name(), name)
                && (reason == null
                        || LetterRecords.slug(reason)
                                .equals(LetterRecords.text(record, LetterRecords.REASON)))
                && isInTime(record)
                && isEvent(record)
                && hasText(record)
                && isVisible.test(kind, name);
    }

    private static boolean isSame(@Nullable String wanted, String is) {
        return wanted == null || wanted.equals(is);
    }

    private boolean isInTime(LogRecord record) {
        Long since = search.sinceMillis();
        Long until = search.untilMillis();
        if (since == null && until == null) {
            return true;
        }
        long last = LetterRecords.number(record, LetterRecords.LAST);
        return (since == null || last >= since) && (until == null || last < until);
    }

    private boolean isEvent(LogRecord record) {
        ContextPattern pattern = search.context();
        if (pattern != null && !pattern.matches(EventRecords.ownContext(record))) {
            return false;
        }
        String wanted = search.type();
        if (wanted == null) {
            return true;
        }
        String type = attribute(record, "type");
        return wanted.endsWith("*")
                ? type.startsWith(wanted.substring(0, wanted.length() - 1))
                : type.equals(wanted);
    }

    private boolean hasText(LogRecord record) {
        String text = search.text();
        return text == null
                || LetterRecords.text(record, LetterRecords.DETAIL).contains(text)
                || attribute(record, "id").contains(text)
                || attribute(record, "subject").contains(text);
    }

    private static String attribute(LogRecord record, String name) {
        String value = EventRecords.attribute(record, name);
        return value == null ? "" : value;
    }
}
