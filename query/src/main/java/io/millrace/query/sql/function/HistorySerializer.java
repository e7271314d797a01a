package io.millrace.query.sql.function;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/// How a [History] is kept in checkpoints: the count of the window's values, the answer, the number
/// of values, the values.
public final class HistorySerializer extends TypeSerializerSingleton<History> {
    public static final HistorySerializer INSTANCE = new HistorySerializer();
    private static final long serialVersionUID = 1;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public History createInstance() {
        return new History();
    }

    @Override
    public History copy(History from) {
        History copy = new History();
        for (int i = 0; i < from.size(); i++) {
            copy.add(from.get(i));
        }
        copy.restore(from.inWindow());
        if (from.answered()) {
            copy.answer(from.score(), from.anomaly());
        }
        return copy;
    }

    @Override
    public History copy(History from, History reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(History history, DataOutputView target) throws IOException {
        target.writeLong(history.inWindow());
        target.writeBoolean(history.answered());
        target.writeBoolean(history.anomaly());
        target.writeDouble(history.score());
        target.writeInt(history.size());
        for (int i = 0; i < history.size(); i++) {
            target.writeDouble(history.get(i));
        }
    }

    @Override
    public History deserialize(DataInputView source) throws IOException {
        History history = new History();
        history.restore(source.readLong());
        boolean answered = source.readBoolean();
        boolean anomaly = source.readBoolean();
        double score = source.readDouble();
        if (answered) {
            history.answer(score, anomaly);
        }
        int size = source.readInt();
        for (int i = 0; i < size; i++) {
            history.add(source.readDouble());
        }
        return history;
    }

    @Override
    public History deserialize(History reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<History> snapshotConfiguration() {
        return new Snapshot();
    }

    /// Version 1 of the form above.
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<History> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
