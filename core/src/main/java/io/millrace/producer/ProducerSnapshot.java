package io.millrace.producer;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The producers of a partition up to an offset, as a file beside its segments: what a start reads
/// instead of the whole log. Immutable.
///
/// It only saves time: whatever is missing or not sound is found in the log again.
public final class ProducerSnapshot {
    public static final String FILE = "producers.snapshot";

    private static final int MAGIC = 0x4D525053;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;

    private final byte[] content;

    private ProducerSnapshot(byte[] content) {
        this.content = content;
    }

    /// A snapshot and what it was read from.
    ///
    /// @param offset everything below is in the snapshot
    public record Restored(Producers producers, long offset) {}

    /// @param offset everything below is known to the producers
    public static ProducerSnapshot of(Producers producers, long offset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            encode(producers, offset, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return new ProducerSnapshot(bytes.toByteArray());
    }

    private static void encode(Producers producers, long offset, DataOutputStream out)
            throws IOException {
        out.writeLong(offset);
        for (ProducerState state : producers.states()) {
            out.writeLong(state.id);
            out.writeShort(state.epoch);
            out.writeInt(state.coordinatorEpoch);
            out.writeLong(state.lastMillis);
            out.writeLong(state.transactionStart);
            out.writeByte(state.batches());
            for (int i = 0; i < state.batches(); i++) {
                out.writeInt(state.firstSequence(i));
                out.writeInt(state.count(i));
                out.writeLong(state.offset(i));
            }
        }
        out.writeLong(-1);
        int[] count = new int[1];
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        DataOutputStream aborted = new DataOutputStream(list);
        producers
                .aborted()
                .forEach((id, first, marker, stable) -> {
                    count[0]++;
                    writeLongs(aborted, id, first, marker, stable);
                });
        out.writeInt(count[0]);
        out.write(list.toByteArray());
    }

    private static void writeLongs(DataOutputStream out, long... numbers) {
        try {
            for (long number : numbers) {
                out.writeLong(number);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /// Writes it in place of the one before.
    ///
    /// @param isSafe whether a power cut leaves this one or the one before, and not perhaps half
    public void write(Disk disk, Path folder, boolean isSafe) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(HEADER_BYTES + content.length);
        all.putInt(MAGIC).putInt(content.length).putInt(crc(content)).put(content).flip();
        Path next = folder.resolve(FILE + ".new");
        try (DiskFile file = disk.open(next)) {
            file.truncate(0);
            file.write(all, 0);
            if (isSafe) {
                file.flush();
            }
        }
        disk.rename(next, folder.resolve(FILE));
        if (isSafe) {
            disk.syncFolder(folder);
        }
    }

    /// @param endOffset of the log: a snapshot that knows more than that is none
    /// @return `null` if there is none, or none that is sound
    public static @Nullable Restored read(Disk disk, Path folder, long endOffset)
            throws IOException {
        Path path = folder.resolve(FILE);
        if (!disk.exists(path)) {
            return null;
        }
        int size = (int) Math.min(Integer.MAX_VALUE - 16, disk.size(path));
        ByteBuffer all = ByteBuffer.allocate(size);
        try (DiskFile file = disk.open(path)) {
            while (all.hasRemaining() && file.read(all, all.position()) > 0) {
                // until all is there
            }
        }
        all.flip();
        if (all.remaining() < HEADER_BYTES || all.getInt() != MAGIC) {
            return null;
        }
        int length = all.getInt();
        int crc = all.getInt();
        if (length != all.remaining()) {
            return null;
        }
        byte[] content = new byte[length];
        all.get(content);
        Restored restored = crc(content) == crc ? decode(content) : null;
        return restored == null || restored.offset > endOffset ? null : restored;
    }

    private static Restored decode(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        Producers producers = new Producers();
        long offset = in.readLong();
        for (long id = in.readLong(); id >= 0; id = in.readLong()) {
            ProducerState state = new ProducerState(id, in.readShort());
            state.coordinatorEpoch = in.readInt();
            state.lastMillis = in.readLong();
            state.transactionStart = in.readLong();
            for (int left = in.readByte(); left > 0; left--) {
                state.add(in.readInt(), in.readInt(), in.readLong());
            }
            producers.restore(state);
        }
        for (int left = in.readInt(); left > 0; left--) {
            producers.aborted().add(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        }
        return new Restored(producers, offset);
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
