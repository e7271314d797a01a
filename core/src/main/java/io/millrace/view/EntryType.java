package io.millrace.view;

import io.millrace.event.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// How entries lie in the file, without their keys: when they were updated, the origin, the value.
/// Stateless.
final class EntryType extends BasicDataType<StoredEntry> {
    static final EntryType INSTANCE = new EntryType();

    /// Objects beside the bytes of texts and value.
    private static final int OVERHEAD_BYTES = 120;

    @Override
    public int getMemory(StoredEntry entry) {
        ViewOrigin origin = entry.origin();
        return OVERHEAD_BYTES
                + entry.value().length()
                + (origin == null ? 0 : 96 + origin.context().length());
    }

    @Override
    public void write(WriteBuffer out, StoredEntry entry) {
        out.putVarLong(entry.updatedMillis());
        ViewOrigin origin = entry.origin();
        out.put((byte) (origin == null ? 0 : 1));
        if (origin != null) {
            text(out, origin.context());
            text(out, origin.stream());
            out.putVarInt(origin.partition());
            out.putVarLong(origin.offset());
        }
        Bytes value = entry.value();
        out.putVarInt(value.length());
        out.put(value.backingArray(), value.backingStart(), value.length());
    }

    private static void text(WriteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putVarInt(bytes.length);
        out.put(bytes);
    }

    @Override
    public StoredEntry read(ByteBuffer in) {
        long updatedMillis = DataUtils.readVarLong(in);
        ViewOrigin origin = null;
        if (in.get() == 1) {
            String context = text(in);
            String stream = text(in);
            int partition = DataUtils.readVarInt(in);
            origin = new ViewOrigin(context, stream, partition, DataUtils.readVarLong(in));
        }
        return new StoredEntry(Bytes.wrap(bytes(in)), updatedMillis, origin);
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[DataUtils.readVarInt(in)];
        in.get(bytes);
        return bytes;
    }

    @Override
    public StoredEntry[] createStorage(int size) {
        return new StoredEntry[size];
    }
}
