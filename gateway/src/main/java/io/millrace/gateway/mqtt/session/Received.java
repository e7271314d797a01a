package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages with QoS 2 that a client has sent and not released (MQTT 5.0, section 4.3.3): one that
/// comes again is known by its packet identifier, and not recorded a second time.
///
/// In a durable session each is written down before its event is recorded, with a number that the
/// record carries too, and the place behind which the record would be. So after a crash at any
/// moment it can be told whether it was recorded. Owned by the session's thread.
public final class Received {
    private final Map<Integer, Entry> entries = new LinkedHashMap<>();
    private long lastNumber;

    /// One message.
    public static final class Entry {
        private final int identifier;
        private final long number;
        private final @Nullable PartitionName partition;
        private final long fromOffset;
        private boolean isRecorded;
        private List<Acks.Ack> waiting = List.of();

        Entry(
                int identifier,
                long number,
                @Nullable PartitionName partition,
                long fromOffset,
                boolean isRecorded) {
            this.identifier = identifier;
            this.number = number;
            this.partition = partition;
            this.fromOffset = fromOffset;
            this.isRecorded = isRecorded;
        }

        public int identifier() {
            return identifier;
        }

        /// Unique in its session.
        public long number() {
            return number;
        }

        /// Where its event is or would be recorded; `null` if the session is not durable.
        public @Nullable PartitionName partition() {
            return partition;
        }

        /// Its event is not before this offset.
        public long fromOffset() {
            return fromOffset;
        }

        /// Whether its event is known to be stored.
        public boolean isRecorded() {
            return isRecorded;
        }

        /// Answers that wait until its event is stored, where the client has sent it again.
        List<Acks.Ack> waiting() {
            return waiting;
        }

        void waiting(Acks.Ack ack) {
            if (waiting.isEmpty()) {
                waiting = new ArrayList<>(1);
            }
            waiting.add(ack);
        }

        /// Its event is stored.
        public void recorded() {
            isRecorded = true;
        }
    }

    Entry add(int identifier, @Nullable PartitionName partition, long fromOffset) {
        Entry entry = new Entry(identifier, ++lastNumber, partition, fromOffset, false);
        entries.put(identifier, entry);
        return entry;
    }

    @Nullable Entry find(int identifier) {
        return entries.get(identifier);
    }

    /// Released, or refused.
    ///
    /// @return whether it was there
    boolean remove(int identifier) {
        return entries.remove(identifier) != null;
    }

    /// It was never recorded, so if it comes again it is a new one.
    public void forget(int identifier) {
        entries.remove(identifier);
    }

    public Collection<Entry> all() {
        return entries.values();
    }

    public long lastNumber() {
        return lastNumber;
    }

    /// Brings back what was written down.
    public void restore(
            int identifier,
            long number,
            @Nullable PartitionName partition,
            long fromOffset,
            boolean isRecorded) {
        entries.put(identifier, new Entry(identifier, number, partition, fromOffset, isRecorded));
        lastNumber = Math.max(lastNumber, number);
    }

    public void restoreLast(long number) {
        lastNumber = Math.max(lastNumber, number);
    }
}
