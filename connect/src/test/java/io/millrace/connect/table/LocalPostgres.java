package io.millrace.connect.table;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL of this machine, with a data folder of its own, for a test. It does not run for
/// root, who starts it as `nobody`.
final class LocalPostgres implements AutoCloseable {
    private final Path folder;
    private final int port;

    LocalPostgres(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        if (isRoot()) {
            run("chown", "nobody", folder.toString());
        }
        asServer(program("initdb"), "-D", data(), "-U", "millrace", "-A", "trust", "-E", "UTF8");
        start();
    }

    /// Why there is none on this machine; `null` if there is.
    static @Nullable String missing() {
        if (find("initdb") == null || find("pg_ctl") == null) {
            return "there is no initdb and pg_ctl in the PATH or in /usr/lib/postgresql";
        }
        return isRoot() && find("setpriv") == null ? "root needs setpriv to start it" : null;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static @Nullable String find(String program) {
        List<String> places = new ArrayList<>();
        String path = System.getenv("PATH");
        places.addAll(Arrays.asList((path == null ? "" : path).split(File.pathSeparator, -1)));
        for (int version = 30; version >= 12; version--) {
            places.add("/usr/lib/postgresql/" + version + "/bin");
        }
        for (String place : places) {
            Path file = Path.of(place, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    private static String program(String name) {
        String found = find(name);
        if (found == null) {
            throw new AssertionError("there is no " + name);
        }
        return found;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private static void asServer(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(
                    List.of(
                            program("setpriv"),
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups"));
        }
        all.addAll(List.of(command));
        run(all.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("postgres", ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + Files.readString(log));
        }
        Files.delete(log);
    }

    void start() throws IOException, InterruptedException {
        String options =
                "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
                        .formatted(port);
        asServer(
                program("pg_ctl"),
                "-D",
                data(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                options,
                "start");
    }

    /// As a crash would: connections break.
    void crash() throws IOException, InterruptedException {
        asServer(program("pg_ctl"), "-D", data(), "-w", "-m", "immediate", "stop");
    }

    String url() {
        return "postgresql://127.0.0.1:%d/postgres".formatted(port);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:" + url() + "?sslmode=disable", "millrace", "");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first two columns of a result, by the first.
    TreeMap<String, String> rows(String sql) throws SQLException {
        TreeMap<String, String> found = new TreeMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        try {
            crash();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
