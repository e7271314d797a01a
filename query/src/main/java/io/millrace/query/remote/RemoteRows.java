package io.millrace.query.remote;

import io.millrace.broker.query.QueryViews;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.log.RecordBody;
import io.millrace.log.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows of a query into a view.
final class RemoteRows implements QueryViews.Writer {
    private static final long PAUSE_MILLIS = 5;

    private final Outbox outbox;

    /// Takes the name of the query in that view over.
    RemoteRows(ServerCalls calls, String view, String query) {
        String parameters =
                "&view=%s&query=%s"
                        .formatted(ServerCalls.encoded(view), ServerCalls.encoded(query));
        this.outbox = new Outbox(calls, "view.%s.%s".formatted(view, query), "rows", parameters);
    }

    @Override
    public void upsert(String key, Bytes json, long timeMillis) {
        add(key, json, timeMillis);
    }

    @Override
    public void delete(String key, long timeMillis) {
        add(key, null, timeMillis);
    }

    private void add(String key, @Nullable Bytes json, long timeMillis) {
        RecordHeader time = new RecordHeader("time", Bytes.utf8(Long.toString(timeMillis)));
        RecordBody record = RecordBody.of(Bytes.utf8(key), json, List.of(time));
        while (true) {
            try {
                outbox.add(record, _ -> {});
                return;
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.OVERLOADED) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException _) {
            throw stopped();
        }
    }

    private static IllegalStateException stopped() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the query is being stopped");
    }

    @Override
    public void flush() {
        try {
            outbox.flush();
        } catch (InterruptedException _) {
            throw stopped();
        }
    }

    @Override
    public void close() {
        outbox.close();
    }
}
