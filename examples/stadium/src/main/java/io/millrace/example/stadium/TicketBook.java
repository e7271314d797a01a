package io.millrace.example.stadium;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tickets that a program knows of, in memory and in a file. Hearing of something twice changes
/// nothing, and a cancellation that arrives before its sale is remembered. Thread-safe.
final class TicketBook implements AutoCloseable {
    private final Journal journal;
    private final List<TicketEvent> events = new ArrayList<>();
    private final Map<String, Entry> tickets = new LinkedHashMap<>();

    /// @param sold whether its sale is known
    /// @param cancelled whether its cancellation is known
    record Entry(Ticket ticket, boolean sold, boolean cancelled) {
        String state() {
            return cancelled ? "cancelled" : "sold";
        }
    }

    TicketBook(Path file) {
        journal = new Journal(file);
        for (String line : journal.fresh()) {
            String[] parts = line.split(" ", 2);
            note(new TicketEvent(TicketEvent.Kind.valueOf(parts[0]), Ticket.of(parts[1])));
        }
    }

    /// Notes an event; it is on disk when this returns.
    ///
    /// @return whether it was news
    synchronized boolean add(TicketEvent event) {
        Entry known = tickets.get(event.ticket().id());
        if (known != null && knows(known, event.kind())) {
            return false;
        }
        journal.append(event.kind() + " " + event.ticket().toJson());
        note(event);
        return true;
    }

    private static boolean knows(Entry entry, TicketEvent.Kind kind) {
        return switch (kind) {
            case SOLD -> entry.sold();
            case CANCELLED -> entry.cancelled();
        };
    }

    private void note(TicketEvent event) {
        Ticket ticket = event.ticket();
        Entry old = tickets.getOrDefault(ticket.id(), new Entry(ticket, false, false));
        tickets.put(
                ticket.id(),
                switch (event.kind()) {
                    case SOLD -> new Entry(ticket, true, old.cancelled());
                    case CANCELLED -> new Entry(ticket, old.sold(), true);
                });
        events.add(event);
    }

    /// What happened, in the order in which it was noted.
    synchronized List<TicketEvent> events(int from, int max) {
        int begin = Math.min(from, events.size());
        return List.copyOf(events.subList(begin, Math.min(events.size(), begin + max)));
    }

    /// One ticket, `null` if it is not known.
    synchronized @Nullable Entry find(String id) {
        return tickets.get(id);
    }

    /// All that were sold, one a line: id, state, price.
    synchronized String list() {
        StringBuilder list = new StringBuilder();
        tickets.values().stream()
                .filter(Entry::sold)
                .forEach(entry ->
                        list.append(entry.ticket().id())
                                .append(' ')
                                .append(entry.state())
                                .append(' ')
                                .append(entry.ticket().cents())
                                .append('\n'));
        return list.toString();
    }

    /// What was earned, in cents: sold and not cancelled.
    synchronized long earned() {
        return tickets.values().stream()
                .filter(entry -> entry.sold() && !entry.cancelled())
                .mapToLong(entry -> entry.ticket().cents())
                .sum();
    }

    /// How many tickets are sold and not cancelled, by something of theirs.
    synchronized Map<String, Long> count(Function<Ticket, String> by) {
        Map<String, Long> counts = new TreeMap<>();
        tickets.values().stream()
                .filter(entry -> entry.sold() && !entry.cancelled())
                .forEach(entry -> counts.merge(by.apply(entry.ticket()), 1L, Long::sum));
        return counts;
    }

    @Override
    public synchronized void close() {
        journal.close();
    }
}
