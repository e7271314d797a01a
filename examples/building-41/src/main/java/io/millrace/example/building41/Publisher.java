package io.millrace.example.building41;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Publishes the backlog in batches, one request at a time so that order is kept, and tries again
/// as long as the server is away or busy. Runs on a thread of its own.
///
/// An event names no context of its own: its source is one, and Millrace takes that.
final class Publisher implements Runnable {
    private static final int BATCH_MAX = 500;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final URI events;
    private final Backlog backlog;
    private final PrintStream out;
    private final Duration pauseMin;
    private final HttpClient client;
    private boolean away;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /// @param pauseMin before the first retry; doubles up to 32 times that
    Publisher(URI server, Backlog backlog, PrintStream out, Duration pauseMin) {
        this.events = server.resolve("/events");
        this.backlog = backlog;
        this.out = out;
        this.pauseMin = pauseMin;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(ANSWER_MAX)
                        .build();
    }

    /// Ends when the backlog is closed and empty, or by interruption.
    @Override
    public void run() {
        try (client) {
            for (List<Signal> batch = backlog.take(BATCH_MAX);
                    !batch.isEmpty();
                    batch = backlog.take(BATCH_MAX)) {
                publish(batch);
            }
        } catch (InterruptedException e) {
            client.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Events that the server has acknowledged.
    long published() {
        return published.get();
    }

    /// Events that the server will not take, however often they are sent.
    long refused() {
        return refused.get();
    }

    private void publish(List<Signal> batch) throws InterruptedException {
        HttpRequest request = request(batch);
        Duration pause = pauseMin;
        while (!attempt(request, batch.size())) {
            Thread.sleep(pause);
            pause = pause.compareTo(pauseMin.multipliedBy(32)) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    private HttpRequest request(List<Signal> batch) {
        String body =
                batch.stream()
                        .map(Signal::toCloudEvent)
                        .collect(Collectors.joining(",\n", "[", "]"));
        return HttpRequest.newBuilder(events)
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /// Tells whether the batch is settled: taken, or refused for good.
    private boolean attempt(HttpRequest request, int size) throws InterruptedException {
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            sayAway("nobody listens there");
            return false;
        } catch (IOException e) {
            sayAway(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            return false;
        }
        int status = response.statusCode();
        if (status == 429 || status >= 500) {
            sayAway("status " + status);
            return false;
        }
        if (away) {
            away = false;
            out.printf(
                    "building-41: the server is back; %d events wait, %d were dropped%n",
                    backlog.size(), backlog.dropped());
        }
        if (status / 100 == 2) {
            published.addAndGet(size);
        } else {
            refused.addAndGet(size);
            out.printf(
                    "building-41: %d events were refused: status %d %s%n",
                    size, status, response.body());
        }
        return true;
    }

    private void sayAway(String why) {
        if (!away) {
            away = true;
            out.printf(
                    "building-41: %s does not take events (%s); keeping them and trying again%n",
                    events, why);
        }
    }
}
