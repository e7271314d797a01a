package io.millrace.example.retail;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How long it took until a table knew of a change, by supplier and table. One thread.
final class Times {
    private final Map<String, List<Long>> nanos = new TreeMap<>();

    void add(String what, long took) {
        nanos.computeIfAbsent(what, _ -> new ArrayList<>()).add(took);
    }

    /// Prints a line for each, and forgets them.
    void print(PrintStream out) {
        out.printf("%-28s %5s %8s %8s %8s%n", "ms until visible", "n", "median", "95 %", "longest");
        nanos.forEach((what, all) -> {
            List<Long> sorted = all.stream().sorted().toList();
            out.printf(
                    Locale.ROOT,
                    "%-28s %5d %8.1f %8.1f %8.1f%n",
                    what,
                    sorted.size(),
                    at(sorted, 0.5),
                    at(sorted, 0.95),
                    at(sorted, 1));
        });
        nanos.clear();
    }

    /// The milliseconds that so large a share of all are not above.
    static double at(List<Long> sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(0, rank - 1)) / 1e6;
    }
}
