package io.millrace.bench.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka's client as it comes, but for what a load says. Thread-safe.
final class Client {
    private static final int PATIENCE_MILLIS = 20_000;

    private Client() {}

    static KafkaProducer<byte[], byte[]> producer(KafkaSide side, Map<String, Object> more) {
        Map<String, Object> settings = settings(side, more);
        // So that a client which stands still is noticed soon.
        settings.put("request.timeout.ms", PATIENCE_MILLIS / 2);
        settings.put("delivery.timeout.ms", PATIENCE_MILLIS);
        settings.put("max.block.ms", PATIENCE_MILLIS);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(KafkaSide side, Map<String, Object> more) {
        return new KafkaConsumer<>(
                settings(side, more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static KafkaShareConsumer<byte[], byte[]> sharer(KafkaSide side, Map<String, Object> more) {
        return new KafkaShareConsumer<>(
                settings(side, more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Map<String, Object> settings(KafkaSide side, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", side.bootstrap());
        settings.put("enable.metrics.push", false);
        return settings;
    }

    /// Bytes that do not compress, the same in each record.
    static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        long state = 88_172_645_463_325_252L;
        for (int i = 0; i < bytes; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            payload[i] = (byte) state;
        }
        return payload;
    }
}
