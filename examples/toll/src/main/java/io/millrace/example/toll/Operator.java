package io.millrace.example.toll;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Runs the road: publishes what happens, and compares the views with the ledger. One thread.
final class Operator {
    private static final int BATCH_MAX = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BEAT = Duration.ofMillis(200);

    private final MillraceClient millrace;
    private final PrintStream out;

    Operator(MillraceClient millrace, PrintStream out) {
        this.millrace = millrace;
        this.out = out;
    }

    /// Lets cars pass beside the clock until the thread is interrupted.
    void open(Road road) throws IOException, InterruptedException {
        publish(road.registrations());
        out.println("toll: the road is open");
        Happening next = road.next();
        while (true) {
            List<Happening> due = new ArrayList<>();
            for (Instant now = Instant.now(); next.time().isBefore(now); next = road.next()) {
                due.add(next);
            }
            publish(due);
            Thread.sleep(BEAT);
        }
    }

    /// Publishes everything at once, waits until the views agree, and prints some of it.
    ///
    /// @return the exit code of the program: 0 if all agree
    int replay(List<Happening> happenings) throws IOException, InterruptedException {
        publish(happenings);
        out.printf("toll: %d events are published%n", happenings.size());
        Ledger ledger = Ledger.of(happenings);
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> wrong;
        do {
            Thread.sleep(Duration.ofMillis(300));
            wrong = compare(ledger);
        } while (!wrong.isEmpty() && System.nanoTime() < end);
        wrong.forEach(each -> out.println("WRONG: " + each));
        if (!wrong.isEmpty()) {
            return 1;
        }
        ledger.booths().forEach((key, sum) -> out.printf("booth %s: %s%n", key, sum));
        ledger.expired().forEach((key, number) -> out.printf("expired: %s, no. %s%n", key, number));
        out.printf(
                "%d windows, %d passages, %d expired registrations agree%n",
                ledger.booths().size(), ledger.passages().size(), ledger.expired().size());
        return 0;
    }

    private List<String> compare(Ledger ledger) throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        wrong.addAll(
                Ledger.differences("booths", ledger.booths(), view("booths", Ledger::booth), true));
        wrong.addAll(
                Ledger.differences(
                        "passages", ledger.passages(), view("passages", "seconds"), false));
        wrong.addAll(
                Ledger.differences(
                        "expired", ledger.expired(), view("expired", "registration"), false));
        return wrong;
    }

    private Map<String, String> view(String name, String column)
            throws IOException, InterruptedException {
        return view(name, row -> Json.textIn(row, column));
    }

    private Map<String, String> view(String name, Function<Map<String, Object>, String> text)
            throws IOException, InterruptedException {
        Map<String, String> rows = new TreeMap<>();
        millrace.entries(name).forEach((key, row) -> rows.put(key, text.apply(row)));
        return rows;
    }

    private void publish(List<? extends Happening> happenings)
            throws IOException, InterruptedException {
        for (int from = 0; from < happenings.size(); from += BATCH_MAX) {
            int until = Math.min(from + BATCH_MAX, happenings.size());
            List<String> events =
                    happenings.subList(from, until).stream().map(Happening::toCloudEvent).toList();
            millrace.publishBatch("[" + String.join(",\n", events) + "]");
        }
    }
}
