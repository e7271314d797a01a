package io.millrace.example.stadium;

import io.millrace.example.stadium.MillraceClient.Lease;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Receives events or jobs, has each dealt with, and only then settles it. Killed in between, it is
/// given them again.
final class Receiver implements AutoCloseable {
    private static final int BATCH_MAX = 50;
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final MillraceClient millrace;
    private final String from;
    private final Consumer<TicketEvent> events;
    private final Insistent loop;

    /// @param from `queues/NAME` or `subscriptions/NAME`
    /// @param events called on the receiver's thread
    Receiver(MillraceClient millrace, String from, Consumer<TicketEvent> events, PrintStream out) {
        this.millrace = millrace;
        this.from = from;
        this.events = events;
        this.loop = new Insistent(from, this::receive, out, Duration.ofMillis(100));
    }

    private void receive() throws IOException, InterruptedException {
        List<String> settlements = new ArrayList<>();
        for (Lease lease : millrace.receive(from, BATCH_MAX, WAIT)) {
            try {
                events.accept(TicketEvent.of(lease.event()));
                settlements.add(MillraceClient.done(lease));
            } catch (IllegalArgumentException e) {
                settlements.add(MillraceClient.rejected(lease, String.valueOf(e.getMessage())));
            }
        }
        if (!settlements.isEmpty()) {
            millrace.settle(from, settlements);
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
