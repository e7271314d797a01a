package io.millrace.gateway.kafka.group.state;

import io.millrace.broker.DurableTable;
import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One turn of the coordinator: what a request or the time changes in the table, and the answers
/// that leave once that is on disk. Only for the coordinator's thread.
public final class Turn {
    private final long nowMillis;
    private final Map<String, @Nullable Bytes> rows = new LinkedHashMap<>();
    private final List<Outgoing<?>> outgoing = new ArrayList<>();

    public Turn(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    /// Milliseconds since 1970.
    public long now() {
        return nowMillis;
    }

    public void put(RowKey key, Bytes row) {
        rows.put(key.text(), row);
    }

    public void remove(RowKey key) {
        rows.put(key.text(), null);
    }

    public <T> void send(Reply<T> reply, T response) {
        outgoing.add(new Outgoing<>(reply, response, Errors.NONE));
    }

    public <T> void refuse(Reply<T> reply, Errors error) {
        outgoing.add(new Outgoing<>(reply, null, error));
    }

    /// The last change of each row.
    public List<DurableTable.Change> changes() {
        List<DurableTable.Change> changes = new ArrayList<>(rows.size());
        rows.forEach((key, row) -> changes.add(new DurableTable.Change(key, row)));
        return changes;
    }

    /// Whether a reply is among the answers.
    public boolean answers(Reply<?> reply) {
        return outgoing.stream().anyMatch(each -> each.reply.equals(reply));
    }

    public boolean hasReplies() {
        return !outgoing.isEmpty();
    }

    /// Lets the answers go.
    public void release() {
        outgoing.forEach(Outgoing::release);
        outgoing.clear();
    }

    /// Refuses everything: nothing of this turn holds.
    public void fail(Errors error) {
        outgoing.forEach(each -> each.reply.refuse(error));
        outgoing.clear();
    }

    private record Outgoing<T>(Reply<T> reply, @Nullable T response, Errors error) {
        void release() {
            if (response == null) {
                reply.refuse(error);
            } else {
                reply.send(response);
            }
        }
    }
}
