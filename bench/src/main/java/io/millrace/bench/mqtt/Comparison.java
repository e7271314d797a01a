package io.millrace.bench.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the rounds of one side have found.
final class Comparison {
    private final List<List<Measure>> rounds = new ArrayList<>();

    void add(List<Measure> round) {
        rounds.add(round);
    }

    void print(String name) {
        System.out.println("  " + name);
        for (int i = 0; i < rounds.getFirst().size(); i++) {
            Measure first = rounds.getFirst().get(i);
            List<Double> values = values(i);
            String format = values.getLast() >= 1_000 ? "%,.0f" : "%.3f";
            System.out.printf(
                    Locale.ROOT,
                    "    %-26s " + format + " %s (" + format + " to " + format + ")%n",
                    first.what(),
                    median(values),
                    first.unit(),
                    values.getFirst(),
                    values.getLast());
        }
    }

    /// Round by round, as the rounds of both were neighbours.
    void printRatios(String name, String peerName, Comparison peer) {
        System.out.printf("  %s has, beside %s%n", name, peerName);
        for (int i = 0; i < rounds.getFirst().size(); i++) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < rounds.size(); round++) {
                double theirs = peer.rounds.get(round).get(i).value();
                ratios.add(rounds.get(round).get(i).value() / Math.max(1e-9, theirs));
            }
            ratios.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "    %-26s %.2f times (%.2f to %.2f)%n",
                    rounds.getFirst().get(i).what(),
                    median(ratios),
                    ratios.getFirst(),
                    ratios.getLast());
        }
    }

    private List<Double> values(int measure) {
        return rounds.stream().map(round -> round.get(measure).value()).sorted().toList();
    }

    private static double median(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
