package io.millrace.bench.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;

/// Share consumers drain a topic of four partitions; each record is acknowledged by itself, each
/// poll's acknowledgements are waited for. Every round is a new group that begins at the first
/// record; its time runs from the first record that comes.
///
/// @param records how many there are, of 200 bytes
/// @param consumers each with a thread and a connection of its own
/// @param groups a number for each group
record ShareLoad(int records, int consumers, AtomicInteger groups) implements Load {
    private static final String TOPIC = "shared";
    private static final int BYTES = 200;
    private static final int PARTITIONS = 4;
    private static final Duration POLL = Duration.ofMillis(500);

    @Override
    public String name() {
        return "share group, %,d records of %d bytes, %d consumers, explicit acknowledgement"
                .formatted(records, BYTES, consumers);
    }

    @Override
    public void prepare(KafkaSide side) throws Exception {
        side.create(KafkaSide.Topics.one(TOPIC, PARTITIONS));
        ProduceLoad.fill(side, TOPIC, records, BYTES);
    }

    @Override
    public Outcome run(KafkaSide side, Duration duration) throws Exception {
        String group = "group-" + groups.incrementAndGet();
        beginAtTheFirst(side, group);
        Progress progress = new Progress(side);
        try (ExecutorService threads = Executors.newFixedThreadPool(consumers)) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < consumers; i++) {
                work.add(threads.submit(() -> drain(side, group, progress)));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
        return progress.outcome();
    }

    private static void beginAtTheFirst(KafkaSide side, String group) throws Exception {
        ConfigEntry entry = new ConfigEntry("share.auto.offset.reset", "earliest");
        try (Admin admin = Admin.create(Client.settings(side, Map.of()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.GROUP, group),
                                    List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private void drain(KafkaSide side, String group, Progress progress) {
        try (KafkaShareConsumer<byte[], byte[]> consumer =
                Client.sharer(
                        side,
                        Map.of("group.id", group, "share.acknowledgement.mode", "explicit"))) {
            consumer.subscribe(Set.of(TOPIC));
            while (progress.count() < records) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
                if (batch.isEmpty()) {
                    continue;
                }
                progress.begin();
                for (ConsumerRecord<byte[], byte[]> each : batch) {
                    consumer.acknowledge(each, AcknowledgeType.ACCEPT);
                }
                if (!consumer.commitSync().values().stream().allMatch(each -> each.isEmpty())) {
                    throw new IllegalStateException("an acknowledgement was refused");
                }
                progress.add(batch.count(), records);
            }
        }
    }

    /// How far all consumers of a round have come together. Thread-safe.
    private static final class Progress {
        private final KafkaSide side;
        private final AtomicLong count = new AtomicLong();
        private volatile Clock clock;
        private volatile Outcome outcome;

        Progress(KafkaSide side) {
            this.side = side;
            this.clock = Clock.start(side);
            this.outcome = clock.stop(0);
        }

        synchronized void begin() {
            if (count.get() == 0) {
                clock = Clock.start(side);
            }
        }

        synchronized void add(int records, int total) {
            if (count.addAndGet(records) >= total) {
                outcome = clock.stop(count.get());
            }
        }

        long count() {
            return count.get();
        }

        Outcome outcome() {
            return outcome;
        }
    }
}
