package io.millrace.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs snippets with bash in a folder of their own, against a server at any address: where a
/// document says `http://127.0.0.1:8080` the server's address is put, and the other way round in
/// what comes out; `http://127.0.0.1:9000` is a webhook of the document's, for which a free port is
/// found, and so it is for `127.0.0.1:9092`, where Kafka's clients are listened to, and for
/// `127.0.0.1 -p 1883`, where MQTT clients are. `bin/millrace` is the `millrace` of a folder on the
/// `PATH`.
///
/// @param programs the folder of `millrace`
/// @param folder where the snippets run, and their home; files that they write are left there
/// @param server the server's address, as `http://127.0.0.1:4711`
/// @param webhook where a document's webhook is to listen, as `http://127.0.0.1:4712`
/// @param kafka the server's address for Kafka's clients, as `127.0.0.1:4713`
/// @param mqttPort the server's port for MQTT clients
/// @param patience how long a snippet may take
public record SnippetRunner(
        Path programs,
        Path folder,
        String server,
        String webhook,
        String kafka,
        int mqttPort,
        Duration patience) {
    private static final String DOCUMENTED = "http://127.0.0.1:8080";
    private static final String DOCUMENTED_KAFKA = "127.0.0.1:9092";
    private static final String DOCUMENTED_MQTT = "127.0.0.1 -p 1883";
    private static final String DOCUMENTED_WEBHOOK = "http://127.0.0.1:9000";

    /// What a snippet did.
    ///
    /// @param exitCode of its last command
    /// @param output what it wrote to standard output and standard error
    public record Outcome(int exitCode, String output) {}

    /// @throws AssertionError if the snippet fails, does not end, or writes something else than was
    ///   promised
    public void check(DocsSnippets.Snippet snippet) throws IOException, InterruptedException {
        Outcome outcome = run(snippet.command());
        if (outcome.exitCode != 0 && !mayFail(snippet)) {
            throw new AssertionError(
                    "%s: exit code %d, output:%n%s"
                            .formatted(snippet, outcome.exitCode, outcome.output));
        }
        if (snippet.output() != null) {
            snippet.output()
                    .mismatch(outcome.output)
                    .ifPresent(mismatch -> {
                        throw new AssertionError(snippet + ": " + mismatch);
                    });
        }
    }

    /// Where a document shows a message of `millrace`, failing may be what it wants to show.
    private static boolean mayFail(DocsSnippets.Snippet snippet) {
        return snippet.output() != null
                && snippet.output().lines().getFirst().startsWith("millrace: ");
    }

    /// Runs a command and waits for its end.
    ///
    /// @throws AssertionError if it does not end in time
    public Outcome run(String command) throws IOException, InterruptedException {
        String adapted =
                command.replace(DOCUMENTED, server)
                        .replace(DOCUMENTED_WEBHOOK, webhook)
                        .replace(DOCUMENTED_KAFKA, kafka)
                        .replace(DOCUMENTED_MQTT, "127.0.0.1 -p " + mqttPort)
                        .replace("bin/millrace", "millrace");
        ProcessBuilder builder = new ProcessBuilder("bash", "-eu", "-c", adapted);
        builder.directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("MILLRACE_SERVER", server);
        environment.put("PATH", programs + ":" + environment.get("PATH"));
        environment.put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> output =
                CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("did not end within " + patience + ": " + command);
        }
        String said =
                output.join()
                        .replace(server, DOCUMENTED)
                        .replace(webhook, DOCUMENTED_WEBHOOK)
                        .replace(kafka, DOCUMENTED_KAFKA);
        return new Outcome(process.exitValue(), said);
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(the output could not be read: " + e.getMessage() + ")";
        }
    }
}
