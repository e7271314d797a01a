package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The examples with queries, as their READMEs tell people to run them, against a real server. Each
/// compares what Millrace says with what it has computed itself, and ends with 0 if that agrees.
@Tag("slow")
@Timeout(400)
final class QueryExamplesTest {
    private static final int PATIENCE_SECONDS = 300;

    @TempDir Path folder;

    @Test
    void bothTablesOfTheRetailerAgreeWithThreeSuppliers() throws Exception {
        String kafka = Integer.toString(freePort());
        try (ServerProcess server =
                ServerProcess.start(folder.resolve("data"), "--kafka-port", kafka)) {
            assertThat(
                            run(
                                    server,
                                    "retail",
                                    "--kafka",
                                    "127.0.0.1:" + kafka,
                                    "--articles",
                                    "40",
                                    "--probes",
                                    "12"))
                    .contains("both tables agree with the suppliers")
                    .containsPattern("westkauf to webshop-stock +4 ")
                    .doesNotContain("WRONG");
        }
    }

    @Test
    void candlesAndTheWorthOfSignalsAreWhatPlainJavaComputes() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
            assertThat(run(server, "markets", "--data", "", "--minutes", "20"))
                    .containsPattern("\\d\\d candles and \\d{3} values of signals agree")
                    .doesNotContain("WRONG");
        }
    }

    @Test
    void candlesOfRealTradesAreWhatPlainJavaComputes() throws Exception {
        Path data = realData("trades/btc_trades.csv");
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
            assertThat(run(server, "markets", "--data", data.toString()))
                    .containsPattern("59 candles and \\d{3} values of signals agree")
                    .doesNotContain("WRONG");
        }
    }

    @Test
    void entriesExitsAndRegistrationsAreJoinedAsPlainJavaDoes() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
            assertThat(run(server, "toll", "--data", "", "--minutes", "30"))
                    .containsPattern("1\\d windows, \\d{3} passages, \\d+ expired .* agree")
                    .doesNotContain("WRONG");
        }
    }

    @Test
    void realEntriesExitsAndRegistrationsAreJoinedAsPlainJavaDoes() throws Exception {
        Path data = realData("asa-toll/Entry.json");
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
            assertThat(run(server, "toll", "--data", data.toString()))
                    .contains("10 windows, 23 passages, 2 expired registrations agree")
                    .doesNotContain("WRONG");
        }
    }

    /// The folder of real data, if it is at hand with this file in it.
    private static Path realData(String file) {
        String named = Objects.requireNonNullElse(System.getenv("MILLRACE_DATA"), "");
        Path data = Path.of(named.isEmpty() ? "../../shared/data" : named);
        assumeThat(data.resolve(file)).exists();
        return data.toAbsolutePath();
    }

    /// Runs an example to its end, which has to be good.
    ///
    /// @return what it said
    private String run(ServerProcess server, String name, String... options)
            throws IOException, InterruptedException {
        Path output = folder.resolve(name);
        List<String> command = new JavaCommand("io.millrace.example." + name + ".Main").with();
        command.addAll(List.of("--server", server.address().toString()));
        command.addAll(List.of(options));
        Process example =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            boolean ended = example.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            assertThat(ended).as(said).isTrue();
            assertThat(example.exitValue()).as(said).isZero();
            return said;
        } finally {
            example.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
