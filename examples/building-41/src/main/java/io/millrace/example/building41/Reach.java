package io.millrace.example.building41;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/// Says once that a server cannot be reached and once that it is back, however many connections
/// find that out. Thread-safe.
final class Reach {
    private final String server;
    private final PrintStream out;
    private final LongSupplier waiting;
    private final Set<String> away = new HashSet<>();
    private boolean said;

    /// @param waiting how many signals wait to be published
    Reach(String server, PrintStream out, LongSupplier waiting) {
        this.server = server;
        this.out = out;
        this.waiting = waiting;
    }

    synchronized void lost(String client, String why) {
        away.add(client);
        if (!said) {
            said = true;
            out.printf(
                    "building-41: %s does not take events (%s: %s); keeping them and trying again%n",
                    server, client, why);
        }
    }

    synchronized void back(String client) {
        away.remove(client);
        if (said && away.isEmpty()) {
            said = false;
            out.printf("building-41: the server is back; %d events wait%n", waiting.getAsLong());
        }
    }
}
