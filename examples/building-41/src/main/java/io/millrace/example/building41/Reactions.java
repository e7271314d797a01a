package io.millrace.example.building41;

import io.millrace.example.building41.MillraceClient.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What happens when the building reports an alarm or somebody at night: bells ring, and the fire
/// department and security get jobs. Sets the resources up for that, on a thread of its own, as
/// soon as the server is there.
final class Reactions implements AutoCloseable {
    private static final String RESOURCES = "resources.yaml";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PrintStream out;
    private final MillraceClient millrace;
    private final Webhook webhook;
    private final List<Thread> threads;

    /// @param port of the webhook; 0 for any
    /// @throws IOException if the webhook cannot listen there
    Reactions(URI server, int port, PrintStream out) throws IOException {
        this.out = out;
        webhook = new Webhook(port, out);
        millrace = new MillraceClient(server);
        String resources = resources(webhook.port());
        threads =
                List.of(
                        Thread.ofPlatform().name("fire-department").unstarted(firemen()),
                        Thread.ofPlatform().name("security").unstarted(guards()));
        Thread.ofVirtual().start(() -> begin(resources));
    }

    /// The documents, with the port at which the webhook listens.
    static String resources(int port) throws IOException {
        try (InputStream in = Reactions.class.getResourceAsStream(RESOURCES)) {
            if (in == null) {
                throw new IOException(RESOURCES + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${port}", Integer.toString(port));
        }
    }

    private Worker firemen() {
        return new Worker(millrace, "fire-department", Reactions::alarm, out);
    }

    private static String alarm(Map<String, Object> job) {
        boolean isFire = Json.textIn(job, "type").contains(".fire.");
        return "%s to %s"
                .formatted(
                        isFire ? "the ladder goes" : "the gas team goes",
                        Json.textIn(job, "subject"));
    }

    private Worker guards() {
        return new Worker(millrace, "security", Reactions::visit, out);
    }

    private static String visit(Map<String, Object> job) {
        return "looks who came into %s at %s"
                .formatted(Json.textIn(job, "subject"), Json.textIn(job, "time"));
    }

    private void begin(String resources) {
        try {
            while (!isSetUp(resources)) {
                Thread.sleep(PAUSE);
            }
            threads.forEach(Thread::start);
        } catch (Refused e) {
            out.println("building-41: does not react, as this was refused: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isSetUp(String resources) throws InterruptedException, Refused {
        try {
            millrace.apply(resources);
            return true;
        } catch (IOException _) {
            // The publisher says that the server is away.
            return false;
        }
    }

    /// Waits for the workers to stop, for a second at most each.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (thread.isAlive()) {
                    var _ = thread.join(PAUSE);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        millrace.close();
        webhook.close();
    }
}
