package io.millrace.system.flink;

import java.nio.file.Path;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/// Copies what is in topic `celsius` now to topic `fahrenheit` with SQL, in transactions, and ends.
/// Arguments: the server, and a folder for its checkpoints.
public final class SqlProgram {
    private SqlProgram() {}

    public static void main(String[] arguments) throws Exception {
        StreamTableEnvironment flink =
                StreamTableEnvironment.create(LocalFlink.environment(Path.of(arguments[1])));
        flink.executeSql(
                """
                CREATE TABLE celsius (
                  room STRING,
                  celsius DOUBLE,
                  measured TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'
                ) WITH (
                  'connector' = 'kafka',
                  'topic' = 'celsius',
                  'properties.bootstrap.servers' = '%s',
                  'scan.startup.mode' = 'earliest-offset',
                  'scan.bounded.mode' = 'latest-offset',
                  'key.format' = 'raw',
                  'key.fields' = 'room',
                  'value.format' = 'json',
                  'value.fields-include' = 'EXCEPT_KEY'
                )
                """
                        .formatted(arguments[0]));
        flink.executeSql(
                """
                CREATE TABLE fahrenheit (
                  room STRING,
                  fahrenheit DOUBLE,
                  measured TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'
                ) WITH (
                  'connector' = 'kafka',
                  'topic' = 'fahrenheit',
                  'properties.bootstrap.servers' = '%s',
                  'properties.transaction.timeout.ms' = '600000',
                  'key.format' = 'raw',
                  'key.fields' = 'room',
                  'value.format' = 'json',
                  'value.fields-include' = 'EXCEPT_KEY',
                  'sink.delivery-guarantee' = 'exactly-once',
                  'sink.transactional-id-prefix' = 'fahrenheit',
                  'sink.transaction-naming-strategy' = 'pooling'
                )
                """
                        .formatted(arguments[0]));
        flink.executeSql(
                        """
                        INSERT INTO fahrenheit
                        SELECT room, celsius * 1.8 + 32, measured FROM celsius WHERE celsius < 25
                        """)
                .await();
    }
}
