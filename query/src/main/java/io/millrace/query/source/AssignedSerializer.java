package io.millrace.query.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/// The partitions that were given to readers, as they stand in checkpoints. Stateless.
final class AssignedSerializer implements SimpleVersionedSerializer<Set<String>> {
    @Override
    public int getVersion() {
        return 1;
    }

    @Override
    public byte[] serialize(Set<String> assigned) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(assigned.size());
        for (String feed : assigned) {
            out.writeUTF(feed);
        }
        return bytes.toByteArray();
    }

    @Override
    public Set<String> deserialize(int version, byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Set<String> assigned = new LinkedHashSet<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            assigned.add(in.readUTF());
        }
        return assigned;
    }
}
