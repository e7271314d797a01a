package io.millrace.query.sink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/// Up to where the partitions that results go to hold what a checkpoint knows of. Immutable.
///
/// @param offsets by feed, exclusive
/// @param sequence of the next result
/// @param published what lies before the offsets and is still to be made again, how often each: a
///   checkpoint may come while a query makes up for what it lost
public record WrittenUpTo(
        Map<String, Long> offsets, long sequence, Map<String, Integer> published) {
    /// As it stands in checkpoints. Stateless.
    static final class Serializer implements SimpleVersionedSerializer<WrittenUpTo> {
        @Override
        public int getVersion() {
            return 2;
        }

        @Override
        public byte[] serialize(WrittenUpTo state) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(state.sequence);
            out.writeInt(state.offsets.size());
            for (Map.Entry<String, Long> each : state.offsets.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeLong(each.getValue());
            }
            out.writeInt(state.published.size());
            for (Map.Entry<String, Integer> each : state.published.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeInt(each.getValue());
            }
            return bytes.toByteArray();
        }

        @Override
        public WrittenUpTo deserialize(int version, byte[] bytes) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            long sequence = in.readLong();
            Map<String, Long> offsets = new HashMap<>();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                offsets.put(in.readUTF(), in.readLong());
            }
            Map<String, Integer> published = new HashMap<>();
            int marks = version < 2 ? 0 : in.readInt();
            for (int i = 0; i < marks; i++) {
                published.put(in.readUTF(), in.readInt());
            }
            return new WrittenUpTo(offsets, sequence, published);
        }
    }
}
