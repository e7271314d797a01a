package io.millrace.gateway.kafka.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.Utils;

/// Writes an answer's fields into a buffer and notes where records belong.
final class AnswerWriter extends ByteBufferAccessor {
    private final List<EncodedAnswer.Splice> splices = new ArrayList<>(2);

    AnswerWriter(ByteBuffer buffer) {
        super(buffer);
    }

    List<EncodedAnswer.Splice> splices() {
        return splices;
    }

    @Override
    public void writeRecords(BaseRecords records) {
        StoredRecords stored =
                switch (records) {
                    case StoredRecords own -> own;
                    case MemoryRecords memory -> StoredRecords.of(Utils.toArray(memory.buffer()));
                    default -> throw new IllegalArgumentException("records of an unknown kind");
                };
        splices.add(new EncodedAnswer.Splice(buffer().position(), stored));
    }
}
