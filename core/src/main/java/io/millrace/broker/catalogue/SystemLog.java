package io.millrace.broker.catalogue;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.io.Threading;
import io.millrace.log.EventRecords;
import io.millrace.shard.Append;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// The server's own stream, of one partition, as the catalogue uses it. Used by one thread at a
/// time.
public final class SystemLog {
    private static final int READ_AT_ONCE = 1_000;

    private final Stream stream;
    private final Threading threading;

    public SystemLog(Stream stream, Threading threading) {
        this.stream = stream;
        this.threading = threading;
    }

    /// Reads everything that is there.
    void read(Consumer<StoredEvent> reader) {
        HistoryReader history = new HistoryReader();
        stream.partitions().forEach(p -> history.add(p, p.log().startOffset(), null));
        while (!history.atEnd()) {
            history.next(READ_AT_ONCE).forEach(reader);
        }
    }

    /// Writes events, together or not at all, and waits until they are on disk. The context of each
    /// is its source.
    ///
    /// @throws MillraceException if they are not, or it is not known; only OVERLOADED says that
    ///   nothing was written
    public void write(List<Event> events) {
        List<Append.Entry> entries = new ArrayList<>();
        for (Event event : events) {
            Context context = Context.of(event.source());
            entries.add(
                    new Append.Entry(context, event, EventRecords.encode(event, context, true)));
        }
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        Append append = new Append(stream.partitions().getFirst(), entries, reply(written));
        if (!stream.shards().getFirst().offer(append)) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED, "too much waits to be written; try again");
        }
        try {
            threading.await(written);
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    private static Append.Reply reply(CompletableFuture<Boolean> written) {
        return new Append.Reply() {
            @Override
            public void stored(Append append, long baseOffset) {
                written.complete(true);
            }

            @Override
            public void failed(Append append, MillraceException problem) {
                written.completeExceptionally(problem);
            }
        };
    }
}
