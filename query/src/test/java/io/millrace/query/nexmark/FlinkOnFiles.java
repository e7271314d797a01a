package io.millrace.query.nexmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/// Flink without anything of Millrace: its own connector reads the events from files of JSON lines,
/// in the order in which they were told, and its own rules say what time it is.
final class FlinkOnFiles {
    private static final Map<String, String> COLUMNS =
            Map.of(
                    "person",
                    "id BIGINT, name STRING, email STRING, city STRING, state STRING, extra STRING, data_id AS id",
                    "auction",
                    "id BIGINT, item STRING, description STRING, initial_bid BIGINT, reserve BIGINT,"
                            + " expires TIMESTAMP_LTZ(3), seller BIGINT, category BIGINT, extra STRING, data_id AS id",
                    "bid",
                    "auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, extra STRING");

    private final MiniCluster cluster;
    private final Path folder;

    FlinkOnFiles(Path folder, List<AuctionHouse.Happening> events) throws Exception {
        this.folder = folder;
        for (String type : COLUMNS.keySet()) {
            Files.write(
                    folder.resolve(type + ".jsonl"),
                    events.stream()
                            .filter(event -> event.type().equals(type))
                            .map(event ->
                                    "{\"event_time\":\"%s\",%s}"
                                            .formatted(event.time(), event.fields()))
                            .toList());
        }
        cluster = cluster();
    }

    private static MiniCluster cluster() throws Exception {
        Configuration flink = new Configuration();
        flink.setString("rest.address", "127.0.0.1");
        flink.setString("rest.bind-address", "127.0.0.1");
        flink.setString("rest.port", "0");
        flink.setString("rest.bind-port", "0");
        flink.setString("taskmanager.memory.managed.size", "64m");
        flink.setString("taskmanager.memory.network.min", "32m");
        flink.setString("taskmanager.memory.network.max", "32m");
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(flink)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(1)
                                .withRandomPorts()
                                .build());
        cluster.start();
        return cluster;
    }

    /// The rows that are left when all changes are applied.
    List<List<String>> rows(String sql) throws Exception {
        var address = cluster.getRestAddress().get();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment(
                        address.getHost(), address.getPort());
        environment.setParallelism(1);
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        tables.getConfig().set("table.local-time-zone", "UTC");
        for (Map.Entry<String, String> table : COLUMNS.entrySet()) {
            var _ = tables.executeSql(declaration(table.getKey(), table.getValue()));
        }
        List<String> statements = List.of(sql.strip().split(";", -1));
        for (String view : statements.subList(0, statements.size() - 1)) {
            var _ = tables.executeSql(view);
        }
        List<List<String>> left = new ArrayList<>();
        // It ends by itself, as every file has an end.
        tables.executeSql(statements.getLast()).collect().forEachRemaining(row -> apply(row, left));
        return left;
    }

    private String declaration(String table, String columns) throws IOException {
        return """
        CREATE TEMPORARY TABLE %s (
          %s, event_time TIMESTAMP_LTZ(3), WATERMARK FOR event_time AS event_time - INTERVAL '4' SECOND)
        WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json',
              'json.timestamp-format.standard' = 'ISO-8601')
        """
                .formatted(table, columns, folder.resolve(table + ".jsonl").toUri());
    }

    private static void apply(Row row, List<List<String>> left) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.getArity(); i++) {
            values.add(text(row.getField(i)));
        }
        switch (row.getKind()) {
            case INSERT, UPDATE_AFTER -> left.add(values);
            case UPDATE_BEFORE, DELETE -> {
                if (!left.remove(values)) {
                    throw new AssertionError("takes back what was not said: " + row);
                }
            }
        }
    }

    private static String text(@Nullable Object value) {
        return value instanceof LocalDateTime time
                ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time)
                : String.valueOf(value);
    }

    void close() throws Exception {
        cluster.close();
    }
}
