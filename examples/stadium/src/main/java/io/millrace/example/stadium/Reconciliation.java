package io.millrace.example.stadium;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares what the crowd did with what the programs know of it, ticket by ticket.
final class Reconciliation {
    private static final int EXAMPLES_MAX = 5;

    private final Map<String, String> expected = new TreeMap<>();
    private final Map<String, Map<String, String>> known = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /// Says what a ticket's state must be everywhere.
    ///
    /// @param state such as `sold 4500`
    void expect(String ticket, String state) {
        expected.put(ticket, state);
    }

    /// Says what one program knows.
    ///
    /// @param list one ticket a line, and its state; those of other matches are left out
    /// @param match how the ids of this match begin
    void add(String program, String list, String match) {
        Map<String, String> states = new TreeMap<>();
        list.lines()
                .filter(line -> line.startsWith(match))
                .map(line -> line.split(" ", 2))
                .forEach(parts -> states.put(parts[0], parts[1]));
        known.put(program, states);
        compare(program, states);
    }

    private void compare(String program, Map<String, String> states) {
        TreeSet<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(states.keySet());
        problem(program + " never heard of", missing);
        TreeSet<String> surplus = new TreeSet<>(states.keySet());
        surplus.removeAll(expected.keySet());
        problem(program + " made up", surplus);
        TreeSet<String> wrong = new TreeSet<>();
        expected.forEach((ticket, state) -> {
            String is = states.get(ticket);
            if (is != null && !is.equals(state)) {
                wrong.add(ticket + " (" + is + ", not " + state + ")");
            }
        });
        problem(program + " has wrong", wrong);
    }

    /// Adds a problem, if there are any tickets that have it.
    void problem(String what, Collection<String> tickets) {
        if (!tickets.isEmpty()) {
            problems.add(
                    "%s %d: %s%s"
                            .formatted(
                                    what,
                                    tickets.size(),
                                    tickets.stream()
                                            .limit(EXAMPLES_MAX)
                                            .collect(Collectors.joining(", ")),
                                    tickets.size() > EXAMPLES_MAX ? ", ..." : ""));
        }
    }

    /// Whether everything agrees.
    boolean agrees() {
        return problems.isEmpty();
    }

    /// A line for each program with how many tickets it has in which state, then the problems.
    List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(line("expected", expected));
        known.forEach((program, states) -> lines.add(line(program, states)));
        problems.forEach(problem -> lines.add("  WRONG: " + problem));
        return lines;
    }

    private static String line(String program, Map<String, String> states) {
        Map<String, Long> counts =
                states.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        state -> state.split(" ", 2)[0],
                                        TreeMap::new,
                                        Collectors.counting()));
        return "  %-10s %s"
                .formatted(
                        program,
                        counts.entrySet().stream()
                                .map(entry -> "%6d %s".formatted(entry.getValue(), entry.getKey()))
                                .collect(Collectors.joining(" ")));
    }
}
