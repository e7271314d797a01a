package io.millrace.bench.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// One consumer without a group reads a topic of four partitions from its beginning to its end.
///
/// @param records how many there are, of 200 bytes
record ReplayLoad(int records) implements Load {
    private static final String TOPIC = "replay";
    private static final int BYTES = 200;
    private static final int PARTITIONS = 4;
    private static final Duration POLL = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "replay of %,d records of %d bytes".formatted(records, BYTES);
    }

    @Override
    public void prepare(KafkaSide side) throws Exception {
        side.create(KafkaSide.Topics.one(TOPIC, PARTITIONS));
        ProduceLoad.fill(side, TOPIC, records, BYTES);
    }

    @Override
    public Floor.Work floor() {
        return new Floor.Moving(false, BYTES + ProduceLoad.RECORD_OVERHEAD, 1);
    }

    @Override
    public Outcome run(KafkaSide side, Duration duration) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                Client.consumer(side, Map.of("auto.offset.reset", "earliest"))) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new TopicPartition(TOPIC, i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Clock clock = Clock.start(side);
            long read = 0;
            while (read < records) {
                read += consumer.poll(POLL).count();
            }
            return clock.stop(read);
        }
    }
}
