package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the functions do on four series of the Numenta Anomaly Benchmark, with one setting for all
/// of them. The folder is the one that the system property or environment variable `MILLRACE_DATA`
/// names.
///
/// A window is hit if something is told within it. Windows are long, so alarms thrown at random hit
/// them too: what counts is how much more often something is told inside of windows than outside.
class LabelledAnomaliesTest {
    private static final Pattern TIME =
            Pattern.compile("\"(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)[.\\d]*\"");

    private Path data = Path.of("");

    @BeforeEach
    void findData() {
        String named =
                Optional.ofNullable(System.getProperty("MILLRACE_DATA"))
                        .or(() -> Optional.ofNullable(System.getenv("MILLRACE_DATA")))
                        .orElse("");
        data = (named.isEmpty() ? Path.of("../../shared/data") : Path.of(named)).resolve("nab");
        Assumptions.assumeTrue(
                Files.isDirectory(data),
                () ->
                        "no folder "
                                + data.toAbsolutePath().normalize()
                                + "; MILLRACE_DATA names another place");
    }

    /// A series and the windows that people have marked in it, as positions.
    private record Series(double[] values, List<int[]> windows) {
        boolean isMarked(int at) {
            return windows.stream().anyMatch(w -> w[0] <= at && at <= w[1]);
        }

        /// Counts as text, so that a change of any of them is seen.
        String outcome(List<Integer> alarms) {
            long hit =
                    windows.stream()
                            .filter(w -> alarms.stream().anyMatch(a -> w[0] <= a && a <= w[1]))
                            .count();
            long inside = alarms.stream().filter(this::isMarked).count();
            long marked = IntStream.range(0, values.length).filter(this::isMarked).count();
            return "%d/%d windows; inside %d, outside %d; per 1000 %.1f, %.1f"
                    .formatted(
                            hit,
                            windows.size(),
                            inside,
                            alarms.size() - inside,
                            1000.0 * inside / marked,
                            1000.0 * (alarms.size() - inside) / (values.length - marked));
        }
    }

    private Series series(String name) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve(name + ".csv"));
        List<String[]> rows = lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
        String labels = Files.readString(data.resolve("combined_windows.json"));
        int from = labels.indexOf('[', labels.indexOf("/" + name + ".csv\""));
        int to = labels.indexOf(".csv\"", from);
        List<String> times = new ArrayList<>();
        Matcher matcher = TIME.matcher(labels.substring(from, to < 0 ? labels.length() : to));
        while (matcher.find()) {
            times.add(matcher.group(1));
        }
        List<int[]> windows = new ArrayList<>();
        for (int i = 0; i < times.size(); i += 2) {
            String first = times.get(i);
            String last = times.get(i + 1);
            int[] marked =
                    IntStream.range(0, rows.size())
                            .filter(r -> rows.get(r)[0].compareTo(first) >= 0)
                            .filter(r -> rows.get(r)[0].compareTo(last) <= 0)
                            .toArray();
            windows.add(new int[] {marked[0], marked[marked.length - 1]});
        }
        return new Series(
                rows.stream().mapToDouble(row -> Double.parseDouble(row[1])).toArray(), windows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ambient_temperature_system_failure|1/2 windows; inside 6, outside 0; per 1000 8.3, 0.0",
                "machine_temperature_system_failure|4/4 windows; inside 304, outside 925; per 1000 134.0, 45.3",
                "occupancy_6005|1/1 windows; inside 7, outside 4; per 1000 29.3, 1.9",
                "speed_7578|4/4 windows; inside 28, outside 14; per 1000 241.4, 13.8"
            })
    void spikes(String name, String expected) throws IOException {
        Series series = series(name);
        assertThat(series.outcome(Detections.spikes(series.values(), 99.9999, 288)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ambient_temperature_system_failure|1/2 windows; inside 4, outside 27; per 1000 5.5, 4.1",
                "machine_temperature_system_failure|4/4 windows; inside 14, outside 139; per 1000 6.2, 6.8",
                "occupancy_6005|1/1 windows; inside 3, outside 17; per 1000 12.6, 7.9",
                "speed_7578|1/4 windows; inside 1, outside 2; per 1000 8.6, 2.0"
            })
    void changes(String name, String expected) throws IOException {
        Series series = series(name);
        assertThat(series.outcome(Detections.changes(series.values(), 99.9, 288)))
                .isEqualTo(expected);
    }
}
