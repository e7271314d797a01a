package io.millrace.example.stadium;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The programs, each in a process of its own, and a watchman who starts again whichever has ended:
/// killed by [#kill], or by the reader of the README. Thread-safe.
final class Crew implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(100);

    /// A program that ended stays away for so long.
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final Options options;
    private final PrintStream out;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Thread watchman =
            Thread.ofPlatform().daemon().name("watchman").unstarted(this::watch);
    private int restarts;
    private boolean closed;

    /// @param name also the name of its log
    /// @param role the program
    record Member(String name, String role, int port, Process process, long endedNanos) {
        boolean isAway() {
            return endedNanos != 0;
        }
    }

    /// Starts them all.
    Crew(Options options, PrintStream out) throws IOException {
        this.options = options;
        this.out = out;
        try {
            int port = options.port();
            for (String role : List.of("portal", "erp", "profiles", "reporting")) {
                add(role, role, port++);
            }
            add("north", "gate", port++);
            add("south", "gate", port);
        } catch (IOException e) {
            close();
            throw e;
        }
        watchman.start();
    }

    private void add(String name, String role, int port) throws IOException {
        members.put(name, new Member(name, role, port, start(name, role, port), 0));
    }

    private Process start(String name, String role, int port) throws IOException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        role,
                        "--server",
                        options.server().toString(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        options.data().toString(),
                        "--name",
                        name);
        Path log = options.data().resolve(name + ".log");
        Process process =
                new ProcessBuilder(new ArrayList<>(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        out.println("stadium: %s runs as process %d".formatted(name, process.pid()));
        return process;
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(GLANCE);
                look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            out.println("stadium: a program cannot be started again: " + e);
        }
    }

    private synchronized void look() throws IOException {
        long now = System.nanoTime();
        for (Member member : List.copyOf(members.values())) {
            if (closed || member.process().isAlive()) {
                continue;
            }
            String name = member.name();
            int port = member.port();
            if (!member.isAway()) {
                out.println("stadium: %s has ended".formatted(name));
                members.put(name, new Member(name, member.role(), port, member.process(), now | 1));
            } else if (now - member.endedNanos() > AWAY.toNanos()) {
                restarts++;
                add(name, member.role(), port);
            }
        }
    }

    /// Kills a program as `kill -9` does.
    synchronized void kill(String name) {
        Member member = members.get(name);
        if (member != null) {
            member.process().destroyForcibly();
        }
    }

    /// The address of a program.
    synchronized String address(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return "http://127.0.0.1:" + member.port();
    }

    /// How often a program had to be started again.
    synchronized int restarts() {
        return restarts;
    }

    @Override
    public synchronized void close() {
        closed = true;
        members.values().forEach(member -> member.process().destroy());
        watchman.interrupt();
    }
}
