package io.millrace.cli.http;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Follows server-sent events over broken connections: it comes back with the last position it has
/// seen, so that nothing is lost and nothing comes twice.
///
/// Used by one thread; each connection is read by a thread of its own, which lets silence be
/// noticed.
public final class SseFollower {
    /// The server shows every 15 s that it is alive; three times that is silence.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final int QUEUE_SIZE = 256;

    private final Api api;
    private final Surroundings surroundings;
    private final Listener listener;
    private final Backoff backoff;
    private @Nullable String position;
    private boolean everConnected;
    private boolean resumable = true;

    /// What the follower tells; all on its own thread.
    public interface Listener {
        /// Takes an event; `false` ends the following.
        boolean event(SseEvent event);

        /// A sentence about the connection.
        void notice(String sentence);
    }

    public SseFollower(
            Api api, Surroundings surroundings, Listener listener, RandomGenerator random) {
        this.api = api;
        this.surroundings = surroundings;
        this.listener = listener;
        this.backoff = new Backoff(WAIT_MAX, random);
    }

    /// Follows until the listener has enough or the process is asked to end.
    ///
    /// @param path the path, encoded
    /// @param from where to begin, as the API has it, encoded; `null` for its default
    /// @throws Unreachable if the first connection cannot be made
    /// @throws ServerProblem if the server refuses, not only for now
    public void follow(String path, @Nullable String from) throws InterruptedException {
        while (!surroundings.lifetime().stopping()) {
            String reason;
            Duration wait = null;
            try {
                Optional<String> end = connection(request(path, from));
                if (end.isEmpty()) {
                    return;
                }
                reason = end.get();
            } catch (Unreachable e) {
                if (!everConnected) {
                    throw e;
                }
                reason = e.reason();
            } catch (ServerProblem e) {
                if (!everConnected || !e.isTemporary()) {
                    throw e;
                }
                reason = String.valueOf(e.getMessage());
                wait = e.retryAfter().orElse(null);
            }
            wait = wait == null ? backoff.next() : wait;
            listener.notice(
                    "%s; connecting again in %s%s"
                            .formatted(reason, Quantity.duration(wait), continuation()));
            surroundings.time().pause(wait);
        }
    }

    private String continuation() {
        return position != null
                ? " after the last event shown."
                : resumable ? "." : ". Events that come meanwhile will be missing.";
    }

    private HttpRequest request(String path, @Nullable String from) {
        boolean query = from != null && position == null;
        HttpRequest.Builder request = api.get(query ? path + "?from=" + from : path);
        request.header("Accept", "text/event-stream");
        if (position != null) {
            request.header("Last-Event-ID", position);
        }
        return request.build();
    }

    private sealed interface Item {
        record Event(SseEvent event) implements Item {}

        record End(String reason) implements Item {}
    }

    /// Reads one connection to its end. Empty if the listener has enough, else why it ended.
    private Optional<String> connection(HttpRequest request) throws InterruptedException {
        HttpResponse<InputStream> response = api.open(request);
        if (everConnected) {
            listener.notice("connected again.");
        }
        everConnected = true;
        resumable = !response.headers().firstValue("Millrace-Resume").orElse("").equals("none");
        BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE_SIZE);
        Thread reader =
                Thread.ofVirtual().name("tail").start(() -> readAll(response.body(), queue));
        try {
            return consume(queue);
        } finally {
            close(response.body());
            reader.interrupt();
        }
    }

    private Optional<String> consume(BlockingQueue<Item> queue) throws InterruptedException {
        while (true) {
            Item item = queue.poll(SILENCE_MAX.toSeconds(), TimeUnit.SECONDS);
            switch (item) {
                case null -> {
                    return Optional.of("nothing came for " + SILENCE_MAX.toSeconds() + "s");
                }
                case Item.End(String reason) -> {
                    return Optional.of(reason);
                }
                case Item.Event(SseEvent event) -> {
                    if (event.event().equals("comment")) {
                        continue;
                    }
                    boolean more = listener.event(event);
                    // Only what has been shown moves the position.
                    position = event.id() == null ? position : event.id();
                    if (event.event().equals("message")) {
                        backoff.reset();
                    }
                    if (!more) {
                        return Optional.empty();
                    }
                }
            }
        }
    }

    private static void readAll(InputStream body, BlockingQueue<Item> queue) {
        try (SseReader events = new SseReader(body)) {
            for (var event = events.next(); event != null; event = events.next()) {
                queue.put(new Item.Event(event));
            }
            queue.put(new Item.End("the server ended the connection"));
        } catch (IOException e) {
            // A closed connection that nobody waits for any more needs no word.
            if (!queue.offer(new Item.End("the connection broke"))) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw CommandFailure.failed("The connection cannot be closed: " + e.getMessage());
        }
    }
}
