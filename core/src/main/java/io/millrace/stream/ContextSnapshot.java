package io.millrace.stream;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The contexts that have events, with the place of each one's newest, and how far that was known
/// of every partition: what a start reads instead of the whole log. Immutable.
///
/// It only saves time: whatever is missing or not sound is found in the log again.
///
/// @param streams what is covered, by name
/// @param entries in no order
public record ContextSnapshot(Map<String, Covered> streams, List<Entry> entries) {
    public static final String FILE = "contexts.snapshot";

    private static final int MAGIC = 0x4D524358;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;

    /// How far one stream is covered.
    ///
    /// @param incarnation tells it from earlier streams of its name
    /// @param offsets by partition, exclusive
    public record Covered(int incarnation, long[] offsets) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Covered that
                    && incarnation == that.incarnation
                    && Arrays.equals(offsets, that.offsets);
        }

        @Override
        public int hashCode() {
            return 31 * incarnation + Arrays.hashCode(offsets);
        }
    }

    /// One context.
    public record Entry(String path, ContextNode.Place place) {}

    /// Writes the snapshot so that a crash leaves this one or the one before.
    public void write(Disk disk, Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 64 * entries.size());
        encode(new DataOutputStream(bytes));
        byte[] content = bytes.toByteArray();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC).putInt(content.length).putInt(crc(content)).flip();
        Path next = folder.resolve(FILE + ".new");
        try (DiskFile file = disk.open(next)) {
            file.truncate(0);
            file.write(header, 0);
            file.write(ByteBuffer.wrap(content), HEADER_BYTES);
            file.flush();
        }
        disk.rename(next, folder.resolve(FILE));
        disk.syncFolder(folder);
    }

    private void encode(DataOutputStream out) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        out.writeInt(streams.size());
        for (Map.Entry<String, Covered> stream : streams.entrySet()) {
            numbers.put(stream.getKey(), numbers.size());
            out.writeUTF(stream.getKey());
            out.writeInt(stream.getValue().incarnation());
            out.writeInt(stream.getValue().offsets().length);
            for (long offset : stream.getValue().offsets()) {
                out.writeLong(offset);
            }
        }
        for (Entry entry : entries) {
            Receipt receipt = entry.place().receipt();
            Integer number = numbers.get(receipt.stream());
            if (number != null) {
                out.writeInt(number);
                out.writeInt(receipt.partition());
                out.writeLong(receipt.offset());
                out.writeLong(entry.place().recordedMillis());
                out.writeUTF(entry.path());
            }
        }
        out.writeInt(-1);
    }

    /// @return `null` if there is none, or none that is sound
    public static @Nullable ContextSnapshot read(Disk disk, Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!disk.exists(path)) {
            return null;
        }
        long size = disk.size(path);
        try (DiskFile file = disk.open(path)) {
            ByteBuffer header = load(file, 0, HEADER_BYTES);
            if (header.remaining() < HEADER_BYTES || header.getInt() != MAGIC) {
                return null;
            }
            int length = header.getInt();
            int crc = header.getInt();
            if (length < 0 || length != size - HEADER_BYTES) {
                return null;
            }
            byte[] content = new byte[length];
            load(file, HEADER_BYTES, length).get(content);
            return crc(content) == crc ? decode(content) : null;
        }
    }

    private static ByteBuffer load(DiskFile file, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) > 0) {
            // until all is there
        }
        return buffer.flip();
    }

    private static ContextSnapshot decode(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        List<String> names = new ArrayList<>();
        Map<String, Covered> streams = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            String name = in.readUTF();
            int incarnation = in.readInt();
            long[] offsets = new long[in.readInt()];
            for (int k = 0; k < offsets.length; k++) {
                offsets[k] = in.readLong();
            }
            names.add(name);
            streams.put(name, new Covered(incarnation, offsets));
        }
        List<Entry> entries = new ArrayList<>();
        for (int number = in.readInt(); number >= 0; number = in.readInt()) {
            Receipt receipt = new Receipt(names.get(number), in.readInt(), in.readLong());
            ContextNode.Place place = new ContextNode.Place(receipt, in.readLong());
            entries.add(new Entry(in.readUTF(), place));
        }
        return new ContextSnapshot(streams, entries);
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
