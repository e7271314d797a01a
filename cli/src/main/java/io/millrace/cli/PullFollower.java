package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.Lease;
import io.millrace.cli.consume.Settlements;
import io.millrace.cli.http.Answer;
import io.millrace.cli.http.PatientApi;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Receives from a pull subscription, shows each event, and acknowledges it once it has been shown.
///
/// Not thread-safe.
final class PullFollower {
    private static final int BATCH_MAX = 100;
    private static final String WAIT = "20s";

    private final Millrace millrace;
    private final PatientApi patient;
    private final Consumed subscription;
    private final EnvelopePrinter printer;
    private final Settlements settlements;

    PullFollower(
            Millrace millrace, PatientApi patient, Consumed subscription, EnvelopePrinter printer) {
        this.millrace = millrace;
        this.patient = patient;
        this.subscription = subscription;
        this.printer = printer;
        this.settlements = new Settlements(subscription, millrace.json());
    }

    /// Follows until so many events have been shown, nobody reads any more, or the process ends.
    ///
    /// @param keepAlive called each time that `every` has passed
    void follow(long max, Duration every, Runnable keepAlive) throws InterruptedException {
        long shown = 0;
        long kept = millrace.surroundings().time().nanoTime();
        while (shown < max && !millrace.outputClosed()) {
            Optional<Answer> answer = patient.send(receive(Math.min(BATCH_MAX, max - shown)));
            if (answer.isEmpty()) {
                return;
            }
            shown += show(answer.get());
            long now = millrace.surroundings().time().nanoTime();
            if (now - kept >= every.toNanos()) {
                kept = now;
                keepAlive.run();
            }
        }
    }

    private HttpRequest receive(long max) {
        return patient.api()
                .request(subscription.path("receive?max=" + max + "&wait=" + WAIT))
                .POST(BodyPublishers.noBody())
                .build();
    }

    /// What nobody has read is given back, so that it comes again.
    private int show(Answer answer) throws InterruptedException {
        List<String> shown = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (JsonNode document : answer.json(millrace.json()).path("leases")) {
            Lease lease = new Lease(document);
            if (unread.isEmpty() && !millrace.outputClosed()) {
                printer.print(lease.envelope(millrace.json()));
            }
            (millrace.outputClosed() ? unread : shown).add(lease.token());
        }
        settle(settlements.done(), shown);
        settle(settlements.action("release"), unread);
        return shown.size();
    }

    private void settle(ObjectNode action, List<String> tokens) throws InterruptedException {
        if (!tokens.isEmpty()) {
            HttpRequest request = settlements.request(patient.api(), action, tokens);
            // Also at the end of the process: what was shown is not to come again.
            if (patient.send(request).isEmpty()) {
                patient.api().send(request);
            }
        }
    }
}
