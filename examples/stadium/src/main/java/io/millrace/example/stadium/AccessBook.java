package io.millrace.example.stadium;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which tickets let their holders in, and who is in already. All gates share the file, as they
/// would share a table with a unique key; so it makes no difference which gate hears of a ticket,
/// and how often. Thread-safe, also between processes.
final class AccessBook implements AutoCloseable {
    /// What a gate says to a visitor.
    enum Answer {
        ADMITTED,
        ADMITTED_BEFORE,
        CANCELLED,
        UNKNOWN
    }

    private final Journal journal;
    private final Set<String> listed = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Map<String, String> admitted = new HashMap<>();
    private int admittedTwice;

    AccessBook(Path file) {
        journal = new Journal(file);
    }

    /// Hears of a ticket.
    synchronized void note(TicketEvent event) {
        String id = event.ticket().id();
        journal.locked(() -> {
            catchUp();
            Set<String> known =
                    switch (event.kind()) {
                        case SOLD -> listed;
                        case CANCELLED -> cancelled;
                    };
            if (!known.contains(id)) {
                write(event.kind() + " " + id);
            }
            return id;
        });
    }

    /// Lets a visitor in, once.
    ///
    /// @param gate where the visitor stands
    synchronized Answer admit(String id, String gate) {
        return journal.locked(() -> {
            catchUp();
            if (admitted.containsKey(id)) {
                return Answer.ADMITTED_BEFORE;
            }
            if (cancelled.contains(id)) {
                return Answer.CANCELLED;
            }
            if (!listed.contains(id)) {
                return Answer.UNKNOWN;
            }
            write("ADMITTED " + id + " " + gate);
            return Answer.ADMITTED;
        });
    }

    /// All tickets that are known, one a line: id, state, and the gate for who is in.
    synchronized String list() {
        return journal.locked(() -> {
            catchUp();
            StringBuilder list = new StringBuilder();
            Set<String> all = new HashSet<>(listed);
            all.addAll(cancelled);
            for (String id : all) {
                String gate = admitted.get(id);
                String state =
                        gate != null
                                ? "admitted " + gate
                                : cancelled.contains(id) ? "cancelled" : "listed";
                list.append(id).append(' ').append(state).append('\n');
            }
            return list.toString();
        });
    }

    /// How many are written down as admitted more than once: none, unless this class is wrong.
    synchronized int admittedTwice() {
        return admittedTwice;
    }

    private void write(String line) {
        journal.append(line);
        note(line);
    }

    private void catchUp() {
        journal.fresh().forEach(this::note);
    }

    private void note(String line) {
        String[] parts = line.split(" ", -1);
        switch (parts[0]) {
            case "SOLD" -> listed.add(parts[1]);
            case "CANCELLED" -> cancelled.add(parts[1]);
            default -> {
                if (admitted.put(parts[1], parts[2]) != null) {
                    admittedTwice++;
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        journal.close();
    }
}
