package io.millrace.log.segment;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What was certain about a log at some moment: everything before the mark had been flushed.
///
/// Recovery looks only at what comes after it. The file `checkpoint` has two slots that are written
/// in turn, so that a torn write leaves the older one, and so that writing needs no new room on a
/// full disk.
///
/// @param sequence rises with every write
/// @param flushed where the flushed part ended
/// @param startOffset the oldest offset that may be read
/// @param sparseBelow offsets before this one may be missing, because compaction has been there
/// @param cleanedBelow offsets before this one have been compacted against each other
public record Checkpoint(
        long sequence, Mark flushed, long startOffset, long sparseBelow, long cleanedBelow) {
    public static final String FILE = "checkpoint";

    private static final int MAGIC = 0x4D524350;
    private static final int SLOT_BYTES = 4096;
    private static final int CONTENT_BYTES = 68;

    /// @return the newest sound slot, or `null` if there is none
    public static @Nullable Checkpoint read(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.open(path)) {
            Checkpoint first = read(file, 0);
            Checkpoint second = read(file, SLOT_BYTES);
            if (first == null || second == null) {
                return first == null ? second : first;
            }
            return first.sequence > second.sequence ? first : second;
        }
    }

    private static @Nullable Checkpoint read(DiskFile file, long at) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(CONTENT_BYTES);
        while (slot.hasRemaining()) {
            if (file.read(slot, at + slot.position()) < 0) {
                return null;
            }
        }
        slot.flip();
        if (slot.getInt() != MAGIC || slot.getInt() != crc(slot)) {
            return null;
        }
        long sequence = slot.getLong();
        Mark flushed = new Mark(slot.getLong(), slot.getLong(), slot.getInt(), slot.getLong());
        return new Checkpoint(sequence, flushed, slot.getLong(), slot.getLong(), slot.getLong());
    }

    /// Writes the slot whose turn it is, and flushes it.
    public void write(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        boolean isNew = !disk.exists(path);
        ByteBuffer slot = ByteBuffer.allocate(CONTENT_BYTES);
        slot.putInt(MAGIC).putInt(0).putLong(sequence);
        slot.putLong(flushed.offset()).putLong(flushed.segmentBase()).putInt(flushed.position());
        slot.putLong(flushed.timestampMillis()).putLong(startOffset);
        slot.putLong(sparseBelow).putLong(cleanedBelow);
        slot.position(2 * Integer.BYTES);
        slot.putInt(Integer.BYTES, crc(slot.limit(CONTENT_BYTES)));
        slot.position(0);
        try (DiskFile file = disk.open(path)) {
            if (isNew) {
                // Both slots get their room now, because later the disk may be full.
                file.write(ByteBuffer.allocate(2 * SLOT_BYTES), 0);
            }
            file.write(slot, (sequence & 1) * SLOT_BYTES);
            file.flush();
        }
        if (isNew) {
            disk.syncFolder(folder);
        }
    }

    private static int crc(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.duplicate());
        return (int) crc.getValue();
    }
}
