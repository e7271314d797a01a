package io.millrace.system.flink;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// Counts readings for each room, the first word of each value of topic `readings`, and writes
/// every count to topic `counts`, exactly once. Arguments: the server, and a folder for its
/// checkpoints.
public final class CountProgram {
    private CountProgram() {}

    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment flink = LocalFlink.environment(Path.of(arguments[1]));
        flink.fromSource(source(arguments[0]), WatermarkStrategy.noWatermarks(), "readings")
                .uid("readings")
                .map(value -> Tuple2.of(value.split(" ", 2)[0], 1L))
                .returns(Types.TUPLE(Types.STRING, Types.LONG))
                .keyBy(counted -> counted.f0)
                .sum(1)
                .uid("count")
                .sinkTo(sink(arguments[0]))
                .uid("counts");
        flink.execute("counts");
    }

    private static KafkaSource<String> source(String bootstrap) {
        return KafkaSource.<String>builder()
                .setBootstrapServers(bootstrap)
                .setTopics("readings")
                .setGroupId("flink")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setValueOnlyDeserializer(new SimpleStringSchema())
                .build();
    }

    private static KafkaSink<Tuple2<String, Long>> sink(String bootstrap) {
        return KafkaSink.<Tuple2<String, Long>>builder()
                .setBootstrapServers(bootstrap)
                .setRecordSerializer(
                        KafkaRecordSerializationSchema.<Tuple2<String, Long>>builder()
                                .setTopic("counts")
                                .setKeySerializationSchema(new Room())
                                .setValueSerializationSchema(new Count())
                                .build())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("counts")
                .setProperty("transaction.timeout.ms", "600000")
                .build();
    }

    // Classes, as Flink cannot see the types of lambdas.

    private static final class Room implements SerializationSchema<Tuple2<String, Long>> {
        private static final long serialVersionUID = 1;

        @Override
        public byte[] serialize(Tuple2<String, Long> counted) {
            return counted.f0.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Count implements SerializationSchema<Tuple2<String, Long>> {
        private static final long serialVersionUID = 1;

        @Override
        public byte[] serialize(Tuple2<String, Long> counted) {
            return Long.toString(counted.f1).getBytes(StandardCharsets.UTF_8);
        }
    }
}
