package io.millrace.gateway.http.door;

import io.millrace.router.Tail;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gateway asks of a [Tail]; its methods mean the same there.
public interface Follower extends AutoCloseable {
    List<Tail.Item> next(Duration wait) throws InterruptedException;

    boolean overrun();

    boolean resumable();

    @Nullable String position();

    @Override
    void close();

    static Follower of(Tail tail) {
        return new Following(tail);
    }

    /// Passes everything on.
    record Following(Tail tail) implements Follower {
        @Override
        public List<Tail.Item> next(Duration wait) throws InterruptedException {
            return tail.next(wait);
        }

        @Override
        public boolean overrun() {
            return tail.overrun();
        }

        @Override
        public boolean resumable() {
            return tail.resumable();
        }

        @Override
        public @Nullable String position() {
            return tail.position();
        }

        @Override
        public void close() {
            tail.close();
        }
    }
}
