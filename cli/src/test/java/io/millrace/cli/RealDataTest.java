package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real files, where they are at hand: the system property or environment variable `MILLRACE_DATA`
/// names their folder.
class RealDataTest {
    private Path data = Path.of("");

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void findData() {
        String named =
                Optional.ofNullable(System.getProperty("MILLRACE_DATA"))
                        .or(() -> Optional.ofNullable(System.getenv("MILLRACE_DATA")))
                        .orElse("");
        data = named.isEmpty() ? Path.of("../../shared/data") : Path.of(named);
        Assumptions.assumeTrue(
                Files.isDirectory(data.resolve("room-occupancy")),
                () ->
                        "no folder room-occupancy under "
                                + data.toAbsolutePath().normalize()
                                + "; MILLRACE_DATA names another place");
    }

    private CommandRun dryRun(String file, String... more) {
        String[] args =
                Stream.concat(
                                Stream.of(
                                        "replay",
                                        data.resolve(file).toAbsolutePath().toString(),
                                        "--dry-run"),
                                Stream.of(more))
                        .toArray(String[]::new);
        CommandRun run = new CommandRun().run(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    @Test
    void allRowsOfTheRoomAreRead() {
        String[] options = {"--context", "/org/room/4", "--time-column", "date"};
        CommandRun training = dryRun("room-occupancy/datatraining.txt", options);
        assertThat(training.err()).contains("8,143 rows");
        assertThat(training.out())
                .contains(
                        "\"time\":\"2015-02-04T17:51:00Z\"",
                        "\"rownumber\":1,\"date\":\"2015-02-04 17:51:00\",\"Temperature\":23.18");
        assertThat(dryRun("room-occupancy/datatest.txt", options).err()).contains("2,665 rows");
        assertThat(dryRun("room-occupancy/datatest2.txt", options).err()).contains("9,752 rows");
    }

    @Test
    void rawRowsAreByteEqualToTheFile() throws IOException {
        try (FakeServer server = new FakeServer()) {
            StoredEvents stored = new StoredEvents();
            server.on("/events", stored);
            for (String name : new String[] {"datatraining.txt", "datatest.txt", "datatest2.txt"}) {
                Path file = folder.resolve(name);
                Files.copy(data.resolve("room-occupancy").resolve(name), file);
                CommandRun run =
                        CommandRun.at(server)
                                .run(
                                        "replay",
                                        file.toString(),
                                        "--context",
                                        "/org/room/4",
                                        "--raw");
                assertThat(run.exitCode()).as(run.err()).isZero();
            }
            Stream<String> written =
                    Stream.of("datatraining.txt", "datatest.txt", "datatest2.txt")
                            .map(folder::resolve)
                            .flatMap(RealDataTest::rows);
            assertThat(
                            stored.events().stream()
                                    .map(e -> e.event().path("data").asString())
                                    .toList())
                    .hasSize(20_560)
                    .isEqualTo(written.toList());
        }
    }

    private static Stream<String> rows(Path file) {
        try {
            return Files.readAllLines(file).stream().skip(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void otherFilesAreReadToo() {
        assertThat(
                        dryRun(
                                        "trades/btc_trades.csv",
                                        "--context",
                                        "/markets/{symbol}/{side}",
                                        "--time-column",
                                        "timestamp")
                                .err())
                .contains("5,882 rows", "2 contexts");
        assertThat(
                        dryRun(
                                        "vehicle-openxc/trace.json",
                                        "--context",
                                        "/car/{name}",
                                        "--time-column",
                                        "timestamp",
                                        "--time-format",
                                        "epoch-seconds")
                                .out())
                .contains(
                        "\"time\":\"2013-03-26T18:52:19.012Z\"", "\"timestamp\":1364323939.012000");
        assertThat(dryRun("asa-toll/Registration.json", "--context", "/toll/{LicensePlate}").err())
                .contains("10,000 rows");
        assertThatCode(() ->
                        dryRun(
                                "nab/machine_temperature_system_failure.csv",
                                "--context",
                                "/machine",
                                "--time-column",
                                "timestamp"))
                .doesNotThrowAnyException();
    }
}
