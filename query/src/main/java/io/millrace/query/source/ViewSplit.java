package io.millrace.query.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/// A view that is followed, and the keys whose rows have been given out. Immutable.
///
/// A view keeps no history, so after a restart it is read from its beginning again; of the keys
/// that it does not hold any more the rows are taken back.
record ViewSplit(String view, Set<String> keys) implements SourceSplit {
    @Override
    public String splitId() {
        return view;
    }

    /// As it stands in checkpoints. Stateless.
    static final class Serializer implements SimpleVersionedSerializer<ViewSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(ViewSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(split.view());
            out.writeInt(split.keys().size());
            for (String key : split.keys()) {
                out.writeUTF(key);
            }
            return bytes.toByteArray();
        }

        @Override
        public ViewSplit deserialize(int version, byte[] bytes) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            String view = in.readUTF();
            Set<String> keys = new LinkedHashSet<>();
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                keys.add(in.readUTF());
            }
            return new ViewSplit(view, keys);
        }
    }
}
