package io.millrace.letter;

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

/// How often events have been sent again, by who had failed and by their source and id: what is
/// sent again carries no mark, so that it arrives unchanged, and a letter of it says so all the
/// same if it fails once more. Thread-safe.
final class ResubmissionLog {
    private static final int FORGET_MAX = 1000;
    private static final int READS_MAX = 64;

    private final KeyedLog log;

    ResubmissionLog(KeyedLog log) {
        this.log = log;
    }

    /// Each part ends with a character that names and attributes cannot have.
    private static String key(String group, Event event) {
        try {
            String parts = group + '\0' + event.source() + '\0' + event.id();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Bytes.utf8(parts).toArray());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// How often the event has been sent to that group again; 0 without a look at the disk for
    /// almost all.
    int count(String group, Event event) {
        String key = key(group, event);
        Bytes count = log.contains(key) ? log.get(key) : null;
        return count == null ? 0 : Integer.parseInt(count.toUtf8());
    }

    /// Counts events that are about to be sent again.
    CompletableFuture<@Nullable Void> sending(List<Sending> sendings) {
        List<KeyedChange> changes = new ArrayList<>();
        for (Sending each : sendings) {
            DeadLetter letter = each.letter();
            int count = Math.max(letter.resubmissions(), count(letter.group(), each.event())) + 1;
            changes.add(
                    KeyedChange.put(
                            key(letter.group(), each.event()),
                            Bytes.utf8(Integer.toString(count)),
                            List.of()));
        }
        return log.write(changes);
    }

    /// Forgets some that were sent before that time.
    CompletableFuture<@Nullable Void> forget(long beforeMillis) {
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
}
