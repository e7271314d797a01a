package io.millrace.broker.letter;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.keyed.KeyedChange;
import io.millrace.keyed.KeyedLog;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Which events have become jobs of a queue, so that one that is delivered or read again does not
/// become another. Thread-safe.
///
/// An event is noted when its job is stored. A crash in between is covered by the queue's own
/// window, in which the second job is known as a duplicate of the first. What is noted is forgotten
/// after a time, in which streams have mostly lost the event too.
public record CauseLog(KeyedLog log) {
    /// How long an event is remembered.
    public static final long AGE_MILLIS = 30L * 24 * 60 * 60 * 1000;

    private static final int READS_MAX = 64;
    private static final int FORGET_MAX = 1_000;

    /// @param queue its incarnation
    public boolean contains(int queue, Event event) {
        return log.contains(key(queue, event));
    }

    /// @return done once it is on disk
    public CompletableFuture<@Nullable Void> add(int queue, Event event) {
        return log.put(key(queue, event), Bytes.EMPTY);
    }

    /// Forgets some that are older; to be called now and then.
    public CompletableFuture<@Nullable Void> forget(long beforeMillis) {
        List<KeyedChange> changes = new ArrayList<>();
        log.scan(
                0,
                READS_MAX,
                record -> {
                    Bytes key = record.key();
                    boolean isOld = record.timestampMillis() < beforeMillis;
                    if (isOld && key != null) {
                        changes.add(KeyedChange.delete(key.toUtf8(), List.of()));
                    }
                    return isOld && changes.size() < FORGET_MAX;
                });
        return changes.isEmpty() ? CompletableFuture.completedFuture(null) : log.write(changes);
    }

    /// Each part ends with a character that attributes cannot have.
    private static String key(int queue, Event event) {
        try {
            String parts = queue + "\0" + event.source() + '\0' + event.id();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Bytes.utf8(parts).toArray());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
