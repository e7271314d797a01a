package io.millrace.cli.query;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Lifetime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads an answer line by line, and lets its user do something else when none comes.
///
/// Used by one thread; another one reads, which lets silence be noticed.
public final class LineFollower {
    /// The server sends an empty line every 15 s; three times that is silence.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int QUEUE_SIZE = 1024;

    private final InputStream body;
    private final Lifetime lifetime;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);

    private sealed interface Item {
        record Line(String text) implements Item {}

        record End(@Nullable IOException failure) implements Item {}
    }

    /// What is done with the lines; all on the thread that follows.
    public interface Listener {
        /// Takes a line; `false` ends the following.
        boolean line(String text);

        /// No line is there at the moment; `false` ends the following.
        boolean idle();
    }

    /// @param body read to its end, or closed
    public LineFollower(InputStream body, Lifetime lifetime) {
        this.body = body;
        this.lifetime = lifetime;
    }

    /// Follows until the listener has enough, the answer ends, or the process is asked to end.
    ///
    /// @return whether the listener has had enough or the process ends, and not the answer
    /// @throws CommandFailure if the connection breaks, or nothing comes for too long
    public boolean follow(Listener listener) throws InterruptedException {
        Thread reader = Thread.ofVirtual().name("lines").start(this::readAll);
        try {
            return consume(listener);
        } finally {
            close();
            reader.interrupt();
        }
    }

    private boolean consume(Listener listener) throws InterruptedException {
        long silent = 0;
        while (!lifetime.stopping()) {
            Item item = queue.poll();
            if (item == null) {
                if (!listener.idle()) {
                    return true;
                }
                item = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                silent = item == null ? silent + 1 : 0;
            }
            switch (item) {
                case null -> {
                    if (silent > SILENCE_MAX.dividedBy(PAUSE)) {
                        throw CommandFailure.failed(
                                "Nothing has come for %d s; the server seems to be gone."
                                        .formatted(SILENCE_MAX.toSeconds()));
                    }
                }
                case Item.Line(String text) -> {
                    if (!text.isEmpty() && !listener.line(text)) {
                        return true;
                    }
                }
                case Item.End(IOException failure) -> {
                    if (failure == null) {
                        return false;
                    }
                    throw CommandFailure.failed("The connection to the server broke.");
                }
            }
        }
        return true;
    }

    private void readAll() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                queue.put(new Item.Line(line));
            }
            queue.put(new Item.End(null));
        } catch (IOException e) {
            // Nobody waits for a connection that was closed on this side.
            if (!queue.offer(new Item.End(e))) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw CommandFailure.failed("The connection cannot be closed: " + e.getMessage());
        }
    }
}
