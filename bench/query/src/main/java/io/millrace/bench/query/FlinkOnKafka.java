package io.millrace.bench.query;

import io.millrace.bench.kafka.ApacheKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The same Flink in this process, with its own connector and format, on an Apache Kafka that is a
/// process of its own. Its settings are those of Millrace's. For one thread.
final class FlinkOnKafka implements Side {
    private static final String TOPIC = "readings";

    private final ApacheKafka kafka;
    private final MiniCluster cluster;
    private final String sql;
    private final int parallelism;

    FlinkOnKafka(Path folder, Path libraries, String sql, int partitions, int parallelism)
            throws Exception {
        this.sql = sql;
        this.parallelism = parallelism;
        kafka = ApacheKafka.start(folder, libraries);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(TOPIC, partitions, (short) 1)
                                            .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
        }
        Configuration flink = new Configuration();
        flink.setString("rest.address", "127.0.0.1");
        flink.setString("rest.bind-address", "127.0.0.1");
        flink.setString("rest.port", "0");
        flink.setString("rest.bind-port", "0");
        flink.setString("taskmanager.memory.managed.size", "256m");
        flink.setString("taskmanager.memory.network.min", "64m");
        flink.setString("taskmanager.memory.network.max", "64m");
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(flink)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(32)
                                .withRandomPorts()
                                .build());
        cluster.start();
    }

    /// The records of Millrace's events: attributes in headers, as CloudEvents has it for Kafka.
    void fill(Readings readings, long events) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "linger.ms",
                        20,
                        "batch.size",
                        256 << 10);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < events; i++) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(
                                TOPIC,
                                null,
                                readings.millis(i),
                                utf8(readings.sensor(i)),
                                readings.bytes(i));
                attributes(record.headers(), readings, i);
                Future<?> _ = producer.send(record, FlinkOnKafka::sent);
            }
        }
    }

    private static void sent(RecordMetadata record, @Nullable Exception failure) {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private static void attributes(Headers headers, Readings readings, long number) {
        var event = readings.event(number);
        headers.add("ce_specversion", utf8("1.0"));
        headers.add("ce_id", utf8(event.id()));
        headers.add("ce_source", utf8(event.source()));
        headers.add("ce_type", utf8(event.type()));
        headers.add("ce_time", utf8(String.valueOf(event.time())));
        headers.add("ce_context", utf8(Millrace.CONTEXT + "/sensor/" + readings.sensor(number)));
        headers.add("content-type", utf8("application/json"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name() {
        return "Flink on Apache Kafka";
    }

    @Override
    public Answer answer() throws Exception {
        int port = cluster.getRestAddress().get().getPort();
        Configuration flink = new Configuration();
        flink.setString("execution.buffer-timeout.interval", "5 ms");
        flink.setString("pipeline.object-reuse", "true");
        flink.setString("restart-strategy.type", "none");
        flink.setString("state.backend.type", "hashmap");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", port, flink);
        environment.setParallelism(parallelism);
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        tables.getConfig().set("table.local-time-zone", "UTC");
        tables.executeSql(
                """
                CREATE TABLE readings (
                  sensor STRING, celsius DOUBLE, humidity INT,
                  event_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
                  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
                ) WITH ('connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
                  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
                  'format' = 'json')
                """
                        .formatted(TOPIC, kafka.bootstrap()));
        long rows = 0;
        long counted = 0;
        double averages = 0;
        CloseableIterator<Row> result = tables.executeSql(sql).collect();
        try {
            while (result.hasNext()) {
                Row row = result.next();
                rows++;
                counted += (Long) row.getFieldAs("counted");
                averages += (Double) row.getFieldAs("average");
            }
        } finally {
            result.close();
        }
        return new Answer(rows, counted, averages);
    }

    @Override
    public long cpuMillis() {
        return kafka.cpuMillis();
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get();
            kafka.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
