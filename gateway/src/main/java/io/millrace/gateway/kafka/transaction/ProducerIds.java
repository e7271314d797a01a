package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.DurableTable;
import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.serial.Serial;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands out producer ids, none ever twice: the end of a block is on disk before the first id of it
/// is given away. What a crash leaves of a block is never used. On the coordinator's thread.
final class ProducerIds {
    /// Where the end of the last block is kept in the table.
    static final String KEY = "producer-ids";

    private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);
    private static final int BLOCK = 1000;

    private final DurableTable table;
    private final Serial serial;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private long next;
    private long end;
    private boolean isReserving;

    /// Gets a new id, on the coordinator's thread.
    interface Waiting {
        void got(long producerId);

        /// The disk did not take it.
        void failed();
    }

    ProducerIds(DurableTable table, Serial serial) {
        this.table = table;
        this.serial = serial;
    }

    /// Takes what the table has at the start.
    void recover(Bytes stored) {
        long reserved = ByteBuffer.wrap(stored.toArray()).getLong();
        next = reserved;
        end = reserved;
    }

    void next(Waiting taker) {
        if (next < end) {
            taker.got(next++);
            return;
        }
        waiting.addLast(taker);
        if (!isReserving) {
            reserve();
        }
    }

    private void reserve() {
        isReserving = true;
        long until = end + BLOCK;
        Bytes value = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(until).array());
        var _ =
                table.write(List.of(new DurableTable.Change(KEY, value)))
                        .whenComplete((_, failure) -> serial.run(() -> reserved(until, failure)));
    }

    private void reserved(long until, @Nullable Throwable failure) {
        isReserving = false;
        if (failure == null) {
            next = end;
            end = until;
        } else {
            LOG.debug("producer ids cannot be reserved: {}", failure.toString());
        }
        int takers = waiting.size();
        for (int i = 0; i < takers; i++) {
            Waiting taker = waiting.removeFirst();
            if (failure == null) {
                next(taker);
            } else {
                taker.failed();
            }
        }
    }
}
