package io.millrace.system.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// `mosquitto_pub` and `mosquitto_sub`: a process for each message and for each subscriber. The
/// latter would connect again for ever, so each has a cable that lets it connect once.
///
/// @param version of MQTT, 3 or 5
/// @param folder for what they publish
record MosquittoClient(int version, Path folder, List<Process> processes) implements TestClient {
    private static final long PATIENCE_SECONDS = 20;
    private static final String MARK = "message\t";
    private static final String FORMAT = MARK + "%t\t%q\t%r\t%x\t%C\t%R\t%D\t%E\t%P";

    MosquittoClient(int version, Path folder) {
        this(version, folder, new ArrayList<>());
    }

    private Process start(List<String> command) throws IOException {
        // By way of a script, as an argument has no other letters than the locale.
        // To a pipe it would speak in blocks.
        StringBuilder script = new StringBuilder("exec stdbuf -oL");
        for (String each : command) {
            script.append(" '").append(each.replace("'", "'\\''")).append('\'');
        }
        Path file = Files.createTempFile(folder, "command", ".sh");
        Files.writeString(file, script.append('\n'));
        Process process =
                new ProcessBuilder("sh", file.toString()).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        processes.add(process);
        return process;
    }

    private List<String> command(String program, Endpoint server) {
        return new ArrayList<>(
                List.of(
                        program,
                        "-h",
                        server.host(),
                        "-p",
                        Integer.toString(server.port()),
                        "-V",
                        version == 5 ? "mqttv5" : "mqttv311"));
    }

    @Override
    public void publish(Endpoint server, List<Message> messages)
            throws IOException, InterruptedException {
        if (messages.size() > 1 && messages.stream().allMatch(each -> alike(each, messages))) {
            publishLines(server, messages);
            return;
        }
        for (Message message : messages) {
            List<String> command = command("mosquitto_pub", server);
            Path payload = Files.createTempFile(folder, "payload", ".bin");
            Files.write(payload, message.payload());
            command.addAll(options(message));
            command.addAll(
                    message.payload().length == 0
                            ? List.of("-n")
                            : List.of("-f", payload.toString()));
            addProperties(command, message.properties());
            await(start(command));
        }
    }

    private static boolean alike(Message message, List<Message> messages) {
        Message first = messages.getFirst();
        return message.topic().equals(first.topic())
                && message.qos() == first.qos()
                && message.properties().equals(Message.Properties.NONE)
                && !message.retain()
                && message.text().matches("\\p{Graph}+");
    }

    /// Many messages that differ in a line of text only, by one process.
    private void publishLines(Endpoint server, List<Message> messages)
            throws IOException, InterruptedException {
        List<String> command = command("mosquitto_pub", server);
        command.addAll(options(messages.getFirst()));
        command.add("-l");
        Process process = start(command);
        try (var lines = process.outputWriter(StandardCharsets.UTF_8)) {
            for (Message message : messages) {
                lines.write(message.text() + "\n");
            }
        }
        await(process);
    }

    private static List<String> options(Message message) {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("-t", message.topic(), "-q", Integer.toString(message.qos())));
        if (message.retain()) {
            options.add("-r");
        }
        return options;
    }

    private static void addProperties(List<String> command, Message.Properties given) {
        addProperty(command, "content-type", given.contentType());
        addProperty(command, "response-topic", given.responseTopic());
        byte[] correlation = given.correlation();
        addProperty(
                command,
                "correlation-data",
                correlation == null ? null : new String(correlation, StandardCharsets.UTF_8));
        Long expiry = given.expirySeconds();
        addProperty(command, "message-expiry-interval", expiry == null ? null : expiry.toString());
        for (Message.Pair each : given.user()) {
            command.addAll(List.of("-D", "publish", "user-property", each.name(), each.value()));
        }
    }

    private static void addProperty(List<String> command, String name, @Nullable String value) {
        if (value != null) {
            command.addAll(List.of("-D", "publish", name, value));
        }
    }

    private static void await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
                throw new AssertionError("mosquitto_pub failed: " + said.lines().toList());
            }
        }
    }

    @Override
    public Subscriber subscribe(Endpoint server, Session session, int qos, String... filters)
            throws IOException, InterruptedException {
        Cable cable = Cable.forOne(server);
        List<String> command = command("mosquitto_sub", cable.end());
        command.addAll(List.of("-d", "-F", FORMAT, "-q", Integer.toString(qos)));
        command.addAll(List.of("-i", session.clientId()));
        for (String filter : filters) {
            command.addAll(List.of("-t", filter));
        }
        if (session.persistent()) {
            command.add("-c");
            if (version == 5) {
                command.addAll(List.of("-x", Long.toString(Session.EXPIRY_SECONDS)));
            }
        }
        Message will = session.will();
        if (will != null) {
            command.addAll(List.of("--will-topic", will.topic(), "--will-payload", will.text()));
            command.addAll(List.of("--will-qos", Integer.toString(will.qos())));
        }
        Process process = start(command);
        cable.whenBroken(() -> end(process));
        Subscriber subscriber = new Subscriber(() -> process.toHandle().destroy());
        CountDownLatch subscribed = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> listen(process, subscriber, subscribed));
        if (!subscribed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("mosquitto_sub did not get its subscription");
        }
        return subscriber;
    }

    /// Lets it end by itself if it wants to, with what it still has to say.
    private static void end(Process process) {
        process.onExit()
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(_ -> {
                    process.toHandle().destroyForcibly();
                    return process;
                });
    }

    private static void listen(Process process, Subscriber subscriber, CountDownLatch subscribed) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("Subscribed")) {
                    subscribed.countDown();
                } else if (line.startsWith(MARK)) {
                    subscriber.arrived(message(line.substring(MARK.length()).split("\t", -1)));
                }
            }
        } catch (IOException | UncheckedIOException _) {
            // It was ended.
        }
        subscriber.closed();
    }

    private static Message message(String[] fields) {
        List<Message.Pair> user = new ArrayList<>();
        for (String each : fields[8].split(" ", -1)) {
            int colon = each.indexOf(':');
            if (colon > 0) {
                user.add(new Message.Pair(each.substring(0, colon), each.substring(colon + 1)));
            }
        }
        return new Message(
                fields[0],
                HexFormat.of().parseHex(fields[3]),
                Integer.parseInt(fields[1]),
                fields[2].equals("1"),
                new Message.Properties(
                        text(fields[4]),
                        text(fields[5]),
                        fields[6].isEmpty() ? null : fields[6].getBytes(StandardCharsets.UTF_8),
                        fields[7].isEmpty() ? null : Long.valueOf(fields[7]),
                        user));
    }

    private static @Nullable String text(String field) {
        return field.isEmpty() ? null : field;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
