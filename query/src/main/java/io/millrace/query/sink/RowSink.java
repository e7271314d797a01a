package io.millrace.query.sink;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;

/// Hands rows to whoever runs a statement.
public final class RowSink implements Sink<RowData> {
    private static final long serialVersionUID = 1;

    private final String queue;
    private final ResultRows rows;

    /// @param queue see [RowQueue]
    public RowSink(String queue, ResultRows rows) {
        this.queue = queue;
        this.rows = rows;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(RowData row, Context written) throws IOException {
                RowQueue open = RowQueue.find(queue);
                if (open == null) {
                    return;
                }
                try {
                    open.put(new RowQueue.Row(row.getRowKind().shortString(), rows.json(row)));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("the statement is being stopped");
                }
            }

            @Override
            public void flush(boolean endOfInput) {
                // Rows are handed over at once.
            }

            @Override
            public void close() {
                // The queue belongs to the reader.
            }
        };
    }
}
