package io.millrace.example.stadium;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/// The customers: they buy, cancel and come, and try again when nobody answers. Thread-safe.
final class Crowd implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final Duration patience;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    /// @param patience for how long to try the same thing
    Crowd(Duration patience) {
        this.patience = patience;
    }

    /// Buys a ticket; returns when the portal has said that it is sold.
    void buy(String portal, Ticket ticket) throws InterruptedException {
        insist(
                _ ->
                        to(portal + "/tickets/" + ticket.id())
                                .PUT(BodyPublishers.ofString(ticket.toJson()))
                                .build(),
                status -> status / 100 == 2);
    }

    /// Cancels a ticket that was bought.
    void cancel(String portal, Ticket ticket) throws InterruptedException {
        insist(
                _ -> to(portal + "/tickets/" + ticket.id()).DELETE().build(),
                status -> status == 200);
    }

    /// Comes to the gates, now to one, now to another, until one has decided. A ticket that a gate
    /// has not heard of yet is no decision.
    ///
    /// @return the status: 200 for those who are in now, 409 and 410 for those who may not
    int visit(IntFunction<String> gates, Ticket ticket) throws InterruptedException {
        return insist(
                attempt ->
                        to(gates.apply(attempt) + "/scan/" + ticket.id())
                                .POST(BodyPublishers.noBody())
                                .build(),
                status -> status == 200 || status == 409 || status == 410);
    }

    /// What a program answers.
    ///
    /// @throws IOException if it does not, or with an error
    String read(String url) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(to(url).GET().build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(url + ": status " + response.statusCode());
        }
        return response.body();
    }

    private static HttpRequest.Builder to(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER_MAX);
    }

    private int insist(IntFunction<HttpRequest> requests, IntPredicate decided)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        String last = "";
        for (int attempt = 0; System.nanoTime() < end; attempt++) {
            HttpRequest request = requests.apply(attempt);
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (decided.test(response.statusCode())) {
                    return response.statusCode();
                }
                last = request.uri() + ": status " + response.statusCode();
            } catch (IOException e) {
                last = request.uri() + ": " + e;
            }
            Thread.sleep(PAUSE);
        }
        throw new IllegalStateException("gave up after " + patience + "; last was " + last);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
