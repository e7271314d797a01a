package io.millrace.cli.http;

import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Quantity;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Sends a request again while the server is away or busy, for a limited time. For requests that
/// may come twice without harm.
///
/// Not thread-safe.
public final class PatientApi {
    private static final Duration WAIT_MAX = Duration.ofSeconds(15);

    private final Api api;
    private final Surroundings surroundings;
    private final Consumer<String> notice;
    private final Duration patience;
    private final Backoff backoff;
    private boolean everAnswered;

    /// @param notice told why and when a request is sent again
    /// @param patience how long to go on sending the same request
    public PatientApi(
            Api api, Surroundings surroundings, Consumer<String> notice, Duration patience) {
        this.api = api;
        this.surroundings = surroundings;
        this.notice = notice;
        this.patience = patience;
        this.backoff = new Backoff(WAIT_MAX, RandomGenerator.getDefault());
    }

    /// Begins and sends the requests.
    public Api api() {
        return api;
    }

    /// Sends a request until it is answered.
    ///
    /// @return empty if the process is to end
    /// @throws ServerProblem if the server refuses, not only for now
    /// @throws Unreachable if there is no answer within the patience, or no server at all from the
    ///   beginning
    public Optional<Answer> send(HttpRequest request) throws InterruptedException {
        long begun = surroundings.time().nanoTime();
        while (!surroundings.lifetime().stopping()) {
            Duration wait;
            String reason;
            try {
                Optional<Answer> answer =
                        api.send(request, () -> !surroundings.lifetime().stopping());
                backoff.reset();
                everAnswered = true;
                return answer;
            } catch (ServerProblem e) {
                wait = e.retryAfter().orElseGet(backoff::next);
                reason = String.valueOf(e.getMessage());
                if (!e.isTemporary() || isOver(begun, wait)) {
                    throw e;
                }
            } catch (Unreachable e) {
                wait = backoff.next();
                reason = e.reason();
                if (!everAnswered || isOver(begun, wait)) {
                    throw e;
                }
            }
            notice.accept("%s; trying again in %s.".formatted(reason, Quantity.duration(wait)));
            surroundings.time().pause(wait);
        }
        return Optional.empty();
    }

    private boolean isOver(long begunNanos, Duration wait) {
        long spent = surroundings.time().nanoTime() - begunNanos;
        return spent + wait.toNanos() > patience.toNanos();
    }
}
