package io.millrace.broker.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Threading;
import io.millrace.resource.ViewCopy;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewRange;
import io.millrace.view.ViewTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a table of a database the same as a view, on a thread of its own.
///
/// Nothing is remembered of how far it came: after each start, and each loss of the connection, the
/// two are made the same again. All that the view holds is put, which changes only rows that
/// differ; what the view does not hold is removed; then every change follows. So whatever was
/// written twice, or by somebody else meanwhile, the table says what the view says.
final class CopyFeed {
    private static final Logger LOG = LoggerFactory.getLogger(CopyFeed.class);
    private static final int BATCH = 500;
    private static final Duration TICK = Duration.ofMillis(200);
    private static final long BACKOFF_MIN_MILLIS = 200;
    private static final long BACKOFF_MAX_MILLIS = 30_000;

    private final String view;
    private final ViewTable source;
    private final ViewCopy to;
    private final CopyTables tables;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private long backoff = BACKOFF_MIN_MILLIS;
    private volatile boolean current;
    private volatile long written;
    private volatile @Nullable String problem;

    CopyFeed(String view, ViewTable source, ViewCopy to, CopyTables tables) {
        this.view = view;
        this.source = source;
        this.to = to;
        this.tables = tables;
    }

    void start(Threading threading) {
        threading.after("copy-" + view, Duration.ZERO, this::run);
    }

    /// Ends it, and waits until it has ended.
    void stop(Threading threading) {
        stopping.countDown();
        threading.await(done);
    }

    ViewStatus.Copy status() {
        return new ViewStatus.Copy(current, written, problem);
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        try {
            while (!isStopping() && !source.hasEnded()) {
                try {
                    copy();
                } catch (IOException e) {
                    failed(String.valueOf(e.getMessage()));
                } catch (MillraceException e) {
                    if (e.code() != ErrorCode.SLOW_CONSUMER
                            && e.code() != ErrorCode.RESOURCE_CONFLICT) {
                        failed(e.getMessage());
                    }
                }
            }
        } catch (InterruptedException _) {
            // The server stops.
        } catch (RuntimeException e) {
            problem = "a fault in the server: " + e;
            LOG.error("The copy of the view {} does not go on", view, e);
        } finally {
            current = false;
            done.complete(null);
        }
    }

    private void failed(@Nullable String why) throws InterruptedException {
        current = false;
        if (!isStopping() && !source.hasEnded()) {
            problem = why;
            LOG.warn("The view {} is not copied for {} ms: {}", view, backoff, why);
            var _ = stopping.await(backoff, TimeUnit.MILLISECONDS);
            backoff = Math.min(2 * backoff, BACKOFF_MAX_MILLIS);
        }
    }

    private void copy() throws IOException, InterruptedException {
        try (CopyTables.Table table = tables.open(to);
                ViewFollower follower = source.follow(ViewRange.ALL, _ -> true)) {
            while (!follower.isLive() && !isStopping()) {
                write(table, follower.next(BATCH, Duration.ZERO));
            }
            removeStrangers(table);
            while (!isStopping()) {
                current = true;
                problem = null;
                backoff = BACKOFF_MIN_MILLIS;
                write(table, follower.next(BATCH, TICK));
            }
        }
    }

    private void write(CopyTables.Table table, List<ViewChange> changes) throws IOException {
        if (!changes.isEmpty()) {
            table.write(changes);
            // One thread writes: a plain sum, published by the volatile write.
            long before = written;
            written = before + changes.size();
        }
    }

    /// What comes into the view after this look at it has been heard of by the follower, and is
    /// written behind it.
    private void removeStrangers(CopyTables.Table table) throws IOException {
        String after = null;
        List<String> keys = table.keys(null, BATCH);
        while (!keys.isEmpty() && !isStopping()) {
            List<ViewChange> gone = new ArrayList<>();
            for (String key : keys) {
                if (source.get(key) == null) {
                    gone.add(ViewChange.delete(key, 0));
                }
            }
            write(table, gone);
            after = keys.getLast();
            keys = table.keys(after, BATCH);
        }
    }
}
