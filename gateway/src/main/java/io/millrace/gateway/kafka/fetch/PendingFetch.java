package io.millrace.gateway.kafka.fetch;

import io.millrace.broker.Topics.Watch;
import io.millrace.gateway.kafka.request.Answer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A fetch that waits until there is enough, or long enough. No thread waits for it: it is woken by
/// what is stored or by the time, and reads on its connection's event loop what was stored a moment
/// ago, all else on a thread that may wait for the disk.
final class PendingFetch {
    /// Who wants more than there is waits so long at least before it is read again.
    private static final long REST_MILLIS = 10;

    private final FetchReader reader;
    private final Answer answer;
    private final Consumer<FetchReader.Result> done;
    private final Executor waiting;
    private final long bytesMin;

    private enum State {
        WAITING,
        READING,
        RESTING,
        DONE
    }

    /// All guarded by this.
    private State state = State.WAITING;

    private boolean expired;
    private List<Watch> watches = List.of();
    private @Nullable Future<?> deadline;

    /// @param waiting for what may wait
    /// @param done takes what was found, once
    PendingFetch(
            FetchReader reader,
            long bytesMin,
            Executor waiting,
            Answer answer,
            Consumer<FetchReader.Result> done) {
        this.reader = reader;
        this.bytesMin = bytesMin;
        this.waiting = waiting;
        this.answer = answer;
        this.done = done;
    }

    /// On the connection's event loop.
    void start(long waitMillis) {
        if (bytesMin <= 0 || waitMillis <= 0) {
            synchronized (this) {
                expired = true;
                state = State.READING;
            }
            readHereOrThere();
            return;
        }
        if (reader.isReady()) {
            // It may be too little, which is found out by reading.
            synchronized (this) {
                state = State.READING;
            }
            begin(waitMillis, false);
            readHereOrThere();
        } else {
            begin(waitMillis, true);
            // What came before the watches began woke nobody.
            if (reader.isReady()) {
                signal();
            }
        }
    }

    private void begin(long waitMillis, boolean watches) {
        Future<?> timed;
        try {
            timed = answer.later(this::expire, waitMillis);
        } catch (RejectedExecutionException _) {
            // The server is stopping.
            expire();
            return;
        }
        List<Watch> opened = watches ? reader.watch(this::signal) : List.of();
        synchronized (this) {
            if (state != State.DONE) {
                this.deadline = timed;
                this.watches = opened;
                return;
            }
        }
        timed.cancel(false);
        opened.forEach(Watch::close);
    }

    private void expire() {
        synchronized (this) {
            expired = true;
            if (state == State.RESTING) {
                state = State.WAITING;
            }
        }
        signal();
    }

    /// There may be something to read.
    private void signal() {
        synchronized (this) {
            if (state != State.WAITING) {
                return;
            }
            state = State.READING;
        }
        // Not within the work of whoever stored it.
        answer.later(this::readHereOrThere);
    }

    /// On the connection's event loop.
    private void readHereOrThere() {
        if (reader.isQuick()) {
            read();
            return;
        }
        try {
            waiting.execute(this::read);
        } catch (RejectedExecutionException _) {
            answer.close("the server is stopping");
        }
    }

    private void read() {
        try {
            FetchReader.Result result = reader.read();
            boolean last;
            synchronized (this) {
                last = expired || result.hasErrors() || result.bytes() >= bytesMin;
                state = last ? State.DONE : State.RESTING;
            }
            if (last || answer.isGone()) {
                finish();
                done.accept(result);
            } else {
                result.close();
                if (result.bytes() == 0) {
                    // It was woken for what an earlier fetch has read already.
                    rested();
                } else {
                    rest();
                }
            }
        } catch (RuntimeException e) {
            finish();
            answer.fail(e);
        }
    }

    /// Nothing is read again until there is more, and not at once even then, or each small batch
    /// that comes would have all of it read.
    private void rest() {
        try {
            var _ = answer.later(this::rested, REST_MILLIS);
        } catch (RejectedExecutionException _) {
            expire();
        }
    }

    private void rested() {
        boolean watch;
        synchronized (this) {
            if (state != State.RESTING && state != State.WAITING) {
                return;
            }
            state = State.WAITING;
            watch = watches.isEmpty();
        }
        if (watch) {
            List<Watch> opened = reader.watch(this::signal);
            synchronized (this) {
                if (state != State.DONE) {
                    watches = opened;
                    opened = List.of();
                }
            }
            opened.forEach(Watch::close);
        }
        boolean ends;
        synchronized (this) {
            ends = expired;
        }
        if (ends || reader.hasMore()) {
            signal();
        }
    }

    private void finish() {
        List<Watch> opened;
        synchronized (this) {
            state = State.DONE;
            opened = watches;
            watches = List.of();
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
        opened.forEach(Watch::close);
    }
}
