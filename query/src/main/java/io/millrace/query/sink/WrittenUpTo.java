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
public record WrittenUpTo(Map<String, Long> offsets, long sequence) {
    /// As it stands in checkpoints. Stateless.
    static final class Serializer implements SimpleVersionedSerializer<WrittenUpTo> {
        @Override
        public int getVersion() {
            return 1;
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
            return new WrittenUpTo(offsets, sequence);
        }
    }
}
