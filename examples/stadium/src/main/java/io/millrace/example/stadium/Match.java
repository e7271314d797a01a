package io.millrace.example.stadium;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// One match: its tickets, who bought and cancelled them, and who was welcomed at the gates.
final class Match {
    private static final List<String> STANDS = List.of("north", "east", "south", "west");
    private static final int CANCELLED_OF = 10;
    private static final int COPIED_OF = 7;

    private final String id;
    private final List<Ticket> tickets = new ArrayList<>();
    private final Map<String, Integer> welcomes = new ConcurrentHashMap<>();

    /// @param id the beginning of the tickets' ids
    Match(String id, int tickets) {
        this.id = id;
        for (int i = 0; i < tickets; i++) {
            String stand = STANDS.get(i % STANDS.size());
            long cents = 2_500 + 500L * (i % STANDS.size());
            this.tickets.add(
                    new Ticket("%s-%05d".formatted(id, i), stand, "customer-" + i / 3, cents));
        }
    }

    /// What somebody does, which takes its time.
    private interface Step {
        void run() throws InterruptedException;
    }

    /// All buy, at a rate, and every tenth cancels; returns when the portal has confirmed it all.
    void sell(Crowd crowd, String portal, int rate) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < tickets.size(); i++) {
            Ticket ticket = tickets.get(i);
            boolean cancels = isCancelled(i);
            steps.add(() -> {
                crowd.buy(portal, ticket);
                if (cancels) {
                    crowd.cancel(portal, ticket);
                }
            });
        }
        all(steps, Duration.ofNanos(1_000_000_000L / rate));
    }

    /// All come, those with cancelled tickets too, and every seventh has given a copy to a friend
    /// who comes at the same time.
    ///
    /// @param gates the address to try in an attempt
    void play(Crowd crowd, IntFunction<String> gates, int rate) throws InterruptedException {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < tickets.size(); i++) {
            int visitor = i;
            Ticket ticket = tickets.get(i);
            steps.add(() -> visit(crowd, attempt -> gates.apply(visitor + attempt), ticket));
            if (i % COPIED_OF == 0) {
                steps.add(
                        () -> visit(crowd, attempt -> gates.apply(visitor + 1 + attempt), ticket));
            }
        }
        all(steps, Duration.ofNanos(1_000_000_000L / rate));
    }

    private void visit(Crowd crowd, IntFunction<String> gates, Ticket ticket)
            throws InterruptedException {
        if (crowd.visit(gates, ticket) == 200) {
            welcomes.merge(ticket.id(), 1, Integer::sum);
        }
    }

    private static boolean isCancelled(int ticket) {
        return ticket % CANCELLED_OF == 3;
    }

    /// Begins the steps one after the other, and waits for them all.
    private static void all(List<Step> steps, Duration between) throws InterruptedException {
        List<Future<Boolean>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Step step : steps) {
                running.add(
                        threads.submit(() -> {
                            step.run();
                            return true;
                        }));
                Thread.sleep(between);
            }
            for (Future<Boolean> each : running) {
                var _ = each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    String id() {
        return id;
    }

    /// Begins to compare, with what the portal and those who learn of it must know.
    Reconciliation sales() {
        Reconciliation reconciliation = new Reconciliation();
        for (int i = 0; i < tickets.size(); i++) {
            String state = isCancelled(i) ? "cancelled " : "sold ";
            reconciliation.expect(tickets.get(i).id(), state + tickets.get(i).cents());
        }
        return reconciliation;
    }

    /// Begins to compare, with what the gates must know before anybody has come.
    Reconciliation accessList() {
        Reconciliation reconciliation = new Reconciliation();
        for (int i = 0; i < tickets.size(); i++) {
            reconciliation.expect(tickets.get(i).id(), isCancelled(i) ? "cancelled" : "listed");
        }
        return reconciliation;
    }

    /// Begins to compare, with what the gates must know when all are in.
    Reconciliation admissions() {
        Reconciliation reconciliation = new Reconciliation();
        for (int i = 0; i < tickets.size(); i++) {
            reconciliation.expect(tickets.get(i).id(), isCancelled(i) ? "cancelled" : "admitted");
        }
        reconciliation.problem(
                "welcomed twice",
                welcomes.entrySet().stream()
                        .filter(entry -> entry.getValue() > 1)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList());
        return reconciliation;
    }
}
