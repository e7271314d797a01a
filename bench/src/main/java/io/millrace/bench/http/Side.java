package io.millrace.bench.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One side of a comparison: a server and the load that is put on it, in several rounds. The sides
/// of a comparison take turns, so that a machine that slows down slows both.
public final class Side implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private final String name;
    private final ServerUnderTest server;
    private final HttpLoad load;
    private final Requests requests;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpuMicros = new ArrayList<>();

    public Side(String name, ServerUnderTest server, int connections, Requests requests)
            throws IOException {
        this.name = name;
        this.server = server;
        this.requests = requests;
        this.load = new HttpLoad(server.address(), connections);
    }

    void warmUp() throws IOException {
        load.closedLoop(requests, WARM_UP);
    }

    void round(Duration duration) throws IOException {
        long cpu = server.cpuMillis();
        HttpLoad.Outcome outcome = load.closedLoop(requests, duration);
        rates.add(outcome.perSecond());
        cpuMicros.add((server.cpuMillis() - cpu) * 1000.0 / outcome.answers());
    }

    /// Requests a second, the median round.
    double rate() {
        return median(rates);
    }

    /// Warms both sides up, lets them take turns, and prints how they compare.
    public static void compare(String title, Side subject, Side peer, int rounds, Duration duration)
            throws IOException {
        subject.warmUp();
        peer.warmUp();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            subject.round(duration);
            peer.round(duration);
            ratios.add(subject.rates.getLast() / peer.rates.getLast());
        }
        System.out.println(title);
        subject.print();
        peer.print();
        System.out.printf(
                Locale.ROOT,
                "  ratio of rates, round by round: median %.2f, lowest %.2f, highest %.2f%n",
                median(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow());
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                "  %-28s %,9.0f/s  %6.1f us of server CPU each%n",
                name,
                rate(),
                median(cpuMicros));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    @Override
    public void close() throws IOException {
        load.close();
    }
}
