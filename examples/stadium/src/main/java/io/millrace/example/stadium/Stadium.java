package io.millrace.example.stadium;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All programs together, matches that are played with them, and the reckoning after each.
final class Stadium {
    /// Who is killed, in turn.
    private static final List<String> VICTIMS = List.of("north", "portal", "south");

    private static final List<String> GATES = List.of("north", "south");
    private static final List<String> LEARNERS = List.of("portal", "erp", "profiles", "reporting");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Options options;
    private final PrintStream out;

    /// While people buy and come; the reckoning is done in peace.
    private volatile boolean busy;

    Stadium(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /// Plays the matches.
    ///
    /// @return 0 if everything agreed after each of them, else 1
    int run() throws IOException, InterruptedException {
        try (MillraceClient millrace = new MillraceClient(options.server());
                Crowd crowd = new Crowd(PATIENCE)) {
            try {
                millrace.apply(resources(options.port()));
            } catch (IOException e) {
                out.println("stadium: the resources cannot be set up: " + e.getMessage());
                return 1;
            }
            try (Crew crew = new Crew(options, out)) {
                Runtime.getRuntime().addShutdownHook(new Thread(crew::close));
                Thread killer = Thread.ofPlatform().daemon().name("killer").start(() -> kill(crew));
                boolean agreed = true;
                String series = Long.toString(System.currentTimeMillis() / 1000, 36);
                int matches = options.play().matches();
                for (int n = 1; matches == 0 || n <= matches; n++) {
                    Match match = new Match(series + "-" + n, options.play().tickets());
                    agreed &= play(match, crowd, crew);
                }
                killer.interrupt();
                ledger(millrace);
                return agreed ? 0 : 1;
            }
        }
    }

    /// The documents, with the ports at which the programs listen.
    static String resources(int port) throws IOException {
        try (InputStream in = Stadium.class.getResourceAsStream("resources.yaml")) {
            if (in == null) {
                throw new IOException("resources.yaml is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${erp}", Integer.toString(port + 1))
                    .replace("${profiles}", Integer.toString(port + 2));
        }
    }

    private void kill(Crew crew) {
        int seconds = options.play().killEvery();
        if (seconds == 0) {
            return;
        }
        try {
            int victim = 0;
            while (true) {
                Thread.sleep(Duration.ofSeconds(seconds));
                if (busy) {
                    crew.kill(VICTIMS.get(victim));
                    victim = (victim + 1) % VICTIMS.size();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean play(Match match, Crowd crowd, Crew crew) throws InterruptedException {
        int rate = options.play().rate();
        busy = true;
        match.sell(crowd, crew.address("portal"), rate);
        busy = false;
        Reconciliation sales =
                settled(() -> {
                    Reconciliation now = match.sales();
                    LEARNERS.forEach(name -> add(now, match, crowd, crew, name));
                    return now;
                });
        Reconciliation list =
                settled(() -> {
                    Reconciliation now = match.accessList();
                    add(now, match, crowd, crew, "north");
                    return now;
                });
        busy = true;
        match.play(crowd, n -> crew.address(GATES.get(n % GATES.size())), rate);
        busy = false;
        Reconciliation admissions =
                settled(() -> {
                    Reconciliation now = match.admissions();
                    add(now, match, crowd, crew, "south");
                    return now;
                });
        boolean agreed = sales.agrees() && list.agrees() && admissions.agrees();
        out.println(
                "match %s: %s; programs were started again %d times so far"
                        .formatted(match.id(), agreed ? "all agree" : "WRONG", crew.restarts()));
        sales.report().forEach(out::println);
        if (!list.agrees()) {
            list.report().forEach(out::println);
        }
        admissions.report().forEach(out::println);
        return agreed;
    }

    /// Waits until everything agrees, or for two minutes.
    private static Reconciliation settled(Supplier<Reconciliation> comparing)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Reconciliation now = comparing.get();
        while (!now.agrees() && System.nanoTime() < end) {
            Thread.sleep(LOOK);
            now = comparing.get();
        }
        return now;
    }

    private static void add(
            Reconciliation to, Match match, Crowd crowd, Crew crew, String program) {
        try {
            // At which gate somebody came in makes no difference.
            String list =
                    crowd.read(crew.address(program) + "/tickets")
                            .replaceAll("(?m) admitted .*$", " admitted");
            to.add(program, list, match.id() + "-");
        } catch (IOException e) {
            to.problem(program + " does not answer", List.of(String.valueOf(e.getMessage())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What Millrace itself says: nothing is missing there either.
    private void ledger(MillraceClient millrace) throws InterruptedException {
        try {
            for (Map<String, Object> status : millrace.ledger()) {
                String name = String.valueOf(status.get("name"));
                if (name.startsWith("arena-")) {
                    out.println(
                            "%s %s: %s"
                                    .formatted(
                                            status.get("kind"),
                                            name,
                                            Json.objectIn(status, "ledger")));
                }
            }
        } catch (IOException e) {
            out.println("stadium: the ledger cannot be read: " + e.getMessage());
        }
    }
}
