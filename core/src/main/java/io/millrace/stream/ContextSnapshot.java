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

/// The contexts that have events, with the places of each one's newest and retained one, and how
/// far they were known of every partition: what a start reads instead of the whole log. Immutable.
///
/// It only saves time: whatever is missing or not sound is found in the log again.
///
/// @param streams what is covered, by name
/// @param entries in no order
public record ContextSnapshot(Map<String, Covered> streams, List<Entry> entries) {
    public static final String FILE = "contexts.snapshot";

    private static final int MAGIC = 0x4D524359;

    /// Of files from before events could pass by: every newest one is retained.
    private static final int MAGIC_OF_ONE = 0x4D524358;

    /// What follows an entry's newest event.
    private static final int SAME = 0;

    private static final int NOTHING = 1;
    private static final int RETAINED = 2;
    private static final int CLEARED = 3;
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
    ///
    /// @param place of its newest event
    /// @param retained of its retained one, which may be the same; `null` if there is none
    /// @param cleared of the event that made it so, if one is known
    public record Entry(
            String path,
            ContextNode.Place place,
            ContextNode.@Nullable Place retained,
            ContextNode.@Nullable Place cleared) {
        /// One whose newest event is retained.
        public Entry(String path, ContextNode.Place place) {
            this(path, place, place, null);
        }
    }

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
            encode(entry, numbers, out);
        }
        out.writeInt(-1);
    }

    /// Events of streams that are gone are left out.
    private static void encode(Entry entry, Map<String, Integer> numbers, DataOutputStream out)
            throws IOException {
        ContextNode.Place retained = ifThere(entry.retained(), numbers);
        ContextNode.Place cleared = ifThere(entry.cleared(), numbers);
        ContextNode.Place newest = ifThere(entry.place(), numbers);
        newest = newest == null ? retained : newest;
        if (newest == null) {
            return;
        }
        encode(newest, numbers, out);
        out.writeUTF(entry.path());
        if (newest.equals(retained)) {
            out.writeByte(SAME);
        } else if (retained != null) {
            out.writeByte(RETAINED);
            encode(retained, numbers, out);
        } else if (cleared != null) {
            out.writeByte(CLEARED);
            encode(cleared, numbers, out);
        } else {
            out.writeByte(NOTHING);
        }
    }

    private static ContextNode.@Nullable Place ifThere(
            ContextNode.@Nullable Place place, Map<String, Integer> numbers) {
        return place != null && numbers.containsKey(place.receipt().stream()) ? place : null;
    }

    private static void encode(
            ContextNode.Place place, Map<String, Integer> numbers, DataOutputStream out)
            throws IOException {
        Receipt receipt = place.receipt();
        out.writeInt(numbers.getOrDefault(receipt.stream(), -1));
        out.writeInt(receipt.partition());
        out.writeLong(receipt.offset());
        out.writeLong(place.recordedMillis());
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
            int magic = header.remaining() < HEADER_BYTES ? 0 : header.getInt();
            if (magic != MAGIC && magic != MAGIC_OF_ONE) {
                return null;
            }
            int length = header.getInt();
            int crc = header.getInt();
            if (length < 0 || length != size - HEADER_BYTES) {
                return null;
            }
            byte[] content = new byte[length];
            load(file, HEADER_BYTES, length).get(content);
            return crc(content) == crc ? decode(content, magic == MAGIC_OF_ONE) : null;
        }
    }

    private static ByteBuffer load(DiskFile file, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) > 0) {
            // until all is there
        }
        return buffer.flip();
    }

    private static ContextSnapshot decode(byte[] content, boolean isOfOne) throws IOException {
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
            ContextNode.Place newest = place(names.get(number), in);
            String path = in.readUTF();
            int kind = isOfOne ? SAME : in.readByte();
            ContextNode.Place retained =
                    kind == RETAINED ? place(names.get(in.readInt()), in) : null;
            ContextNode.Place cleared = kind == CLEARED ? place(names.get(in.readInt()), in) : null;
            entries.add(new Entry(path, newest, kind == SAME ? newest : retained, cleared));
        }
        return new ContextSnapshot(streams, entries);
    }

    private static ContextNode.Place place(String stream, DataInputStream in) throws IOException {
        Receipt receipt = new Receipt(stream, in.readInt(), in.readLong());
        return new ContextNode.Place(receipt, in.readLong());
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
