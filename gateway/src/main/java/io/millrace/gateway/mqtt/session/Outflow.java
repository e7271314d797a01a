package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client was sent with QoS 1 or 2 and has not acknowledged to the end: packet identifiers
/// with the places of their events. Belongs to the session, so it outlives connections (section
/// 4.1). Owned by the session's thread.
///
/// Identifiers are given in turn, so one comes back as late as possible. Nothing of an event is
/// kept but its place; who has to send it again reads it from the log.
public final class Outflow {
    private static final int IDENTIFIER_MAX = 65_535;
    private static final int SLOTS_MIN = 16;

    /// By the low bits of their identifiers; `null` until something is sent.
    private @Nullable Sent @Nullable [] slots;

    private int size;
    private int lastIdentifier;
    private long sequence;

    /// How far one has come.
    public enum Stage {
        /// Waits until it is written down that it is sent; QoS 2 in durable sessions.
        NOTED,
        /// Sent; waits for PUBACK or PUBREC.
        SENT,
        /// PUBREC has come; PUBREL waits until that is written down, or for PUBCOMP.
        RELEASED
    }

    /// One of them.
    public static final class Sent {
        private final int identifier;
        private final PartitionName partition;
        private final long offset;
        private final int qos;
        private final boolean isRetained;
        private final long sequence;
        Stage stage;

        /// Whether the connection that there is now was sent it.
        boolean isUnderWay;

        /// Settles it where it is leased, as events of shared subscriptions are.
        final @Nullable Settling settling;

        Sent(
                int identifier,
                PartitionName partition,
                long offset,
                int qos,
                boolean isRetained,
                long sequence,
                Stage stage,
                @Nullable Settling settling) {
            this.identifier = identifier;
            this.partition = partition;
            this.offset = offset;
            this.qos = qos;
            this.isRetained = isRetained;
            this.sequence = sequence;
            this.stage = stage;
            this.settling = settling;
        }

        public int identifier() {
            return identifier;
        }

        public PartitionName partition() {
            return partition;
        }

        public long offset() {
            return offset;
        }

        public int qos() {
            return qos;
        }

        /// Whether it was sent as a retained message.
        public boolean isRetained() {
            return isRetained;
        }

        public Stage stage() {
            return stage;
        }
    }

    public int size() {
        return size;
    }

    /// Takes the next identifier for an event.
    ///
    /// @param windowMax how many may be under way; there must be room, see [#size]
    Sent add(
            PartitionName partition,
            long offset,
            int qos,
            boolean isRetained,
            Stage stage,
            @Nullable Settling settling,
            int windowMax) {
        if (size >= windowMax) {
            throw new IllegalStateException("the window is full");
        }
        int identifier = lastIdentifier;
        do {
            identifier = identifier == IDENTIFIER_MAX ? 1 : identifier + 1;
        } while (!hasSlot(identifier));
        lastIdentifier = identifier;
        Sent sent =
                new Sent(
                        identifier,
                        partition,
                        offset,
                        qos,
                        isRetained,
                        sequence++,
                        stage,
                        settling);
        put(sent);
        return sent;
    }

    private boolean hasSlot(int identifier) {
        @Nullable Sent[] all = slots;
        if (all == null || size * 2 >= all.length) {
            grow();
            return hasSlot(identifier);
        }
        return all[identifier & (all.length - 1)] == null;
    }

    private void grow() {
        @Nullable Sent[] before = slots;
        slots = new @Nullable Sent[before == null ? SLOTS_MIN : before.length * 2];
        size = 0;
        if (before != null) {
            for (Sent sent : before) {
                if (sent != null) {
                    put(sent);
                }
            }
        }
    }

    private void put(Sent sent) {
        @Nullable Sent[] all = slots;
        if (all == null || all[sent.identifier & (all.length - 1)] != null) {
            // Two whose low bits are the same: only what is restored can meet so.
            grow();
            put(sent);
            return;
        }
        all[sent.identifier & (all.length - 1)] = sent;
        size++;
    }

    /// What has that identifier, or `null`.
    @Nullable Sent find(int identifier) {
        @Nullable Sent[] all = slots;
        if (all == null) {
            return null;
        }
        Sent sent = all[identifier & (all.length - 1)];
        return sent != null && sent.identifier == identifier ? sent : null;
    }

    /// It is done, or will not be.
    void remove(Sent sent) {
        @Nullable Sent[] all = slots;
        if (all != null && find(sent.identifier) != null) {
            all[sent.identifier & (all.length - 1)] = null;
            size--;
        }
    }

    /// In the order in which they were sent first, as they are sent again (section 4.6).
    public List<Sent> inOrder() {
        List<Sent> sorted = new ArrayList<>(size);
        @Nullable Sent[] all = slots;
        if (all != null) {
            for (Sent sent : all) {
                if (sent != null) {
                    sorted.add(sent);
                }
            }
        }
        sorted.sort(Comparator.comparingLong(sent -> sent.sequence));
        return sorted;
    }

    /// The identifier that was given last.
    public int lastIdentifier() {
        return lastIdentifier;
    }

    /// Brings back what was written down; in the order of [#inOrder].
    public void restore(
            int identifier,
            PartitionName partition,
            long offset,
            int qos,
            boolean isRetained,
            Stage stage) {
        put(new Sent(identifier, partition, offset, qos, isRetained, sequence++, stage, null));
    }

    /// Brings back the identifier that was given last.
    public void restoreLast(int identifier) {
        lastIdentifier = identifier;
    }
}
