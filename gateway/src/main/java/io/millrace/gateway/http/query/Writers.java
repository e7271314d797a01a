package io.millrace.gateway.http.query;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Who of the writers outside writes in which name: the one who took it last.
///
/// A query that is started anew on a cluster may have a predecessor there that still sends, or
/// whose request has not arrived yet. Whoever takes a name over waits until what is being written
/// in it is stored, and nothing of an earlier one is accepted after that. Tokens do not live longer
/// than the process. Thread-safe.
final class Writers {
    private static final int WRITERS_MAX = 10_000;
    private static final int RADIX = 36;

    private final Map<String, Writer> known = new LinkedHashMap<>(16, 0.75f, true);
    private final String process;
    private final AtomicLong tokens = new AtomicLong();

    Writers(Clock clock) {
        process = Long.toString(clock.epochMillis(), RADIX);
    }

    private static final class Writer {
        final ReentrantLock lock = new ReentrantLock();

        /// Guarded by the lock.
        String token = "";
    }

    /// What is done in a name.
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    /// Takes a name over.
    ///
    /// @return what has to be shown from now on
    String take(String name) throws InterruptedException {
        Writer writer = writer(name);
        writer.lock.lockInterruptibly();
        try {
            writer.token = process + "." + Long.toString(tokens.incrementAndGet(), RADIX);
            return writer.token;
        } finally {
            writer.lock.unlock();
        }
    }

    private synchronized Writer writer(String name) {
        Writer writer = known.computeIfAbsent(name, _ -> new Writer());
        Iterator<Writer> eldest = known.values().iterator();
        while (known.size() > WRITERS_MAX && eldest.hasNext()) {
            Writer idle = eldest.next();
            if (idle != writer && !idle.lock.isLocked()) {
                eldest.remove();
            }
        }
        return writer;
    }

    private synchronized boolean isKnown(String name) {
        return known.containsKey(name);
    }

    /// Does something in a name, if it is still the caller's.
    ///
    /// @throws MillraceException RESOURCE_CONFLICT if it is not
    void with(String name, String token, Action action) throws InterruptedException {
        if (!isKnown(name)) {
            throw lost(name);
        }
        Writer writer = writer(name);
        writer.lock.lockInterruptibly();
        try {
            if (!writer.token.equals(token)) {
                throw lost(name);
            }
            action.run();
        } finally {
            writer.lock.unlock();
        }
    }

    private static MillraceException lost(String name) {
        return new MillraceException(
                ErrorCode.RESOURCE_CONFLICT,
                "%s is written by another now, or the server was started anew; take it again"
                        .formatted(name));
    }
}
