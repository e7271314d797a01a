package io.millrace.example.building41;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Publishes over HTTP, from a thread of its own.
final class HttpOutlet implements Outlet {
    private final Backlog backlog;
    private final Publisher publisher;
    private final Thread sender;

    /// @param backlogMax how many signals may wait
    HttpOutlet(URI server, int backlogMax, PrintStream out, Duration pauseMin) {
        backlog = new Backlog(backlogMax);
        publisher = new Publisher(server, backlog, out, pauseMin);
        sender = Thread.ofPlatform().name("publisher").start(publisher);
    }

    @Override
    public void add(List<Signal> signals) {
        backlog.add(signals);
    }

    @Override
    public void close(Duration patience) throws InterruptedException {
        backlog.close();
        if (!sender.join(patience)) {
            sender.interrupt();
        }
    }

    @Override
    public Tally tally() {
        return new Tally(
                backlog.added(), publisher.published(), publisher.refused(), backlog.dropped());
    }
}
