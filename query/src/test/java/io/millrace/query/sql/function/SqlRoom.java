package io.millrace.query.sql.function;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/// A small streaming environment that knows Millrace's functions, for tests. Each query runs on a
/// cluster of its own within this process.
final class SqlRoom {
    private static final LocalDateTime MIDNIGHT = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final StreamExecutionEnvironment streams;
    private final StreamTableEnvironment environment;

    SqlRoom() {
        this(new Configuration());
    }

    SqlRoom(Configuration configuration) {
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(8));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(8));
        streams = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        environment = StreamTableEnvironment.create(streams);
        environment.getConfig().set("table.exec.resource.default-parallelism", "1");
        environment.getConfig().set("table.local-time-zone", "UTC");
        MillraceFunctions.register(environment);
    }

    StreamTableEnvironment environment() {
        return environment;
    }

    /// A table of one sensor's numbers, one a minute, with `event_time` as its time attribute.
    void series(String name, List<String> columns, List<Double[]> values) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Row row = new Row(columns.size() + 2);
            row.setField(0, "s");
            row.setField(1, MIDNIGHT.plusMinutes(i));
            for (int c = 0; c < columns.size(); c++) {
                row.setField(c + 2, values.get(i)[c]);
            }
            rows.add(row);
        }
        Schema.Builder schema = Schema.newBuilder();
        schema.column("sensor", DataTypes.STRING());
        schema.column("event_time", DataTypes.TIMESTAMP(3));
        columns.forEach(column -> schema.column(column, DataTypes.DOUBLE()));
        schema.watermark("event_time", "event_time");
        environment.createTemporaryView(
                name,
                environment.fromDataStream(
                        streams.fromData(rows, rowType(columns)), schema.build()));
    }

    /// A table whose values the planner cannot see, other than those of VALUES.
    void table(String name, TypeInformation<Row> type, List<Row> rows) {
        environment.createTemporaryView(
                name, environment.fromDataStream(streams.fromData(rows, type)));
    }

    private static TypeInformation<Row> rowType(List<String> columns) {
        List<String> names = new ArrayList<>(List.of("sensor", "event_time"));
        names.addAll(columns);
        List<TypeInformation<?>> types =
                new ArrayList<>(List.of(Types.STRING, Types.LOCAL_DATE_TIME));
        columns.forEach(_ -> types.add(Types.DOUBLE));
        return Types.ROW_NAMED(
                names.toArray(String[]::new), types.toArray(TypeInformation<?>[]::new));
    }

    /// The table that examples of the reference read; [FunctionExamples#READINGS] describes it.
    void readings() {
        series(
                "readings",
                List.of("celsius", "humidity"),
                IntStream.range(0, 40)
                        .mapToObj(i ->
                                new Double[] {
                                    i == 30 ? 35.0 : 20 + i % 3 / 10.0,
                                    (i < 20 ? 40.0 : 60.0) + i % 2
                                })
                        .toList());
    }

    /// The rows that a query gives, in the order in which they come.
    List<Row> rows(String query) {
        List<Row> all = new ArrayList<>();
        // It ends by itself, as every table of these tests has an end.
        environment.executeSql(query).collect().forEachRemaining(all::add);
        return all;
    }

    /// The rows that are left when all changes are applied, columns between commas.
    List<String> texts(String query) {
        List<String> left = new ArrayList<>();
        for (Row row : rows(query)) {
            String text =
                    IntStream.range(0, row.getArity())
                            .mapToObj(i -> String.valueOf(row.getField(i)))
                            .collect(Collectors.joining(", "));
            switch (row.getKind()) {
                case INSERT, UPDATE_AFTER -> left.add(text);
                case DELETE, UPDATE_BEFORE -> left.remove(text);
            }
        }
        return left;
    }

    /// The one row of a query without a table.
    Row row(String... expressions) {
        return rows("SELECT " + String.join(", ", expressions)).getFirst();
    }
}
