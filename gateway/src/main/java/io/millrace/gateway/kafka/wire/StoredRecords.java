package io.millrace.gateway.kafka.wire;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.LogRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/// Stored batches in an answer, for the `setRecords` of Kafka's messages: `new
/// StoredRecords(region)`.
///
/// The region is closed when the answer has been sent or is given up. Small ones are read at once,
/// as one write to the socket is cheaper than two.
public final class StoredRecords implements BaseRecords {
    /// Up to here a copy costs less than another system call, for the server and for the client
    /// that is woken twice.
    public static final int COPIED_MAX = 16 << 10;

    private final int size;
    private final @Nullable LogRegion region;
    private final byte[] bytes;

    /// Takes a region over. May wait for the disk.
    public StoredRecords(LogRegion region) {
        this.size = region.size();
        if (size > COPIED_MAX) {
            this.region = region;
            this.bytes = new byte[0];
        } else {
            this.region = null;
            this.bytes = read(region);
        }
    }

    private StoredRecords(byte[] bytes) {
        this.size = bytes.length;
        this.region = null;
        this.bytes = bytes;
    }

    /// Records that are in memory.
    public static StoredRecords of(byte[] bytes) {
        return new StoredRecords(bytes);
    }

    private static byte[] read(LogRegion region) {
        byte[] bytes = new byte[region.size()];
        try (region) {
            if (bytes.length > 0) {
                region.read(ByteBuffer.wrap(bytes), 0);
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DISK_READ_FAILED, "stored records cannot be read: " + e, e);
        }
        return bytes;
    }

    /// What is to be sent from the file; `null` if it is in [#bytes].
    public @Nullable LogRegion region() {
        return region;
    }

    /// The records; empty if they are in [#region].
    public byte[] bytes() {
        return bytes;
    }

    /// Lets the file go, if there is one.
    public void close() {
        if (region != null) {
            region.close();
        }
    }

    @Override
    public int sizeInBytes() {
        return size;
    }

    /// Only Kafka's own network code would ask for this.
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("stored records are sent as a part of an answer");
    }
}
