package io.millrace.queue;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.group.EventRules;
import io.millrace.group.KeyHash;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a queue treats jobs, by their extensions.
///
/// @param isOrdered whether jobs of one `partitionkey` are given out one at a time and in order
/// @param expiry of jobs without an `expirytime`, from when they were put in; `null` for never
public record JobRules(boolean isOrdered, @Nullable Duration expiry) implements EventRules {
    /// The lanes, one for each priority.
    public static final int LANES = 10;

    private static final int PRIORITY_DEFAULT = 4;
    private static final String PRIORITY = "priority";
    private static final String SCHEDULED = "scheduledtime";
    private static final String EXPIRY = "expirytime";

    /// The priority of a job, which is its lane.
    ///
    /// @throws MillraceException EVENT_INVALID
    public static int priority(Event job) {
        AttributeValue value = job.extensions().get(PRIORITY);
        int priority =
                switch (value) {
                    case null -> PRIORITY_DEFAULT;
                    case IntegerValue(int number) -> number;
                    case StringValue(String text) when text.matches("[0-9]") ->
                            Integer.parseInt(text);
                    default -> -1;
                };
        if (priority < 0 || priority >= LANES) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID, PRIORITY, "must be 0 to 9; 9 goes first");
        }
        return priority;
    }

    /// Checks the extensions that say when.
    ///
    /// @throws MillraceException EVENT_INVALID
    public static void check(Event job) {
        checkTime(job, SCHEDULED);
        checkTime(job, EXPIRY);
    }

    private static void checkTime(Event job, String name) {
        if (job.extensions().containsKey(name) && millis(job, name) < 0) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID, name, "must be a time such as 2026-12-24T18:00:00Z");
        }
    }

    /// @return -1 if it is not there or no time
    private static long millis(Event job, String name) {
        AttributeValue value = job.extensions().get(name);
        try {
            return switch (value) {
                case TimestampValue(Timestamp time) -> ceilingMillis(time);
                case StringValue(String text) -> ceilingMillis(Timestamp.parse(name, text));
                case null, default -> -1;
            };
        } catch (MillraceException _) {
            return -1;
        }
    }

    /// Never early, not by a part of a millisecond either.
    private static long ceilingMillis(Timestamp time) {
        return time.instant().plusNanos(999_999).toEpochMilli();
    }

    @Override
    public @Nullable ContextPattern pattern() {
        return null;
    }

    @Override
    public @Nullable List<String> decisiveExtensions() {
        return isOrdered || expiry != null ? null : List.of(SCHEDULED, EXPIRY);
    }

    @Override
    public boolean wants(StoredEvent event) {
        return true;
    }

    @Override
    public long key(StoredEvent event) {
        String key = isOrdered ? event.event().partitionKey() : null;
        return key == null ? 0 : KeyHash.of(key);
    }

    @Override
    public long dueMillis(StoredEvent event) {
        return Math.max(0, millis(event.event(), SCHEDULED));
    }

    @Override
    public long expiryMillis(StoredEvent event) {
        long own = millis(event.event(), EXPIRY);
        if (own >= 0) {
            return own;
        }
        return expiry == null ? Long.MAX_VALUE : event.recordedMillis() + expiry.toMillis();
    }
}
