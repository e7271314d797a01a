package io.millrace.bench.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Many topics of four partitions and many groups, each with one consumer of as many topics as are
/// its share. A steady rate goes to all topics in turn; a round ends when all has been received,
/// and begins when every group has received something.
///
/// @param topics how many
/// @param groups how many
/// @param rate records a second, of 200 bytes
record ManyLoad(int topics, int groups, int rate) implements Load {
    private static final int BYTES = 200;
    private static final int PARTITIONS = 4;
    private static final long SECOND = 1_000_000_000;
    private static final long MILLION = 1_000_000;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "%,d topics of %d partitions, %d groups, %,d/s of %d bytes"
                .formatted(topics, PARTITIONS, groups, rate, BYTES);
    }

    private KafkaSide.Topics wanted() {
        return new KafkaSide.Topics("many", topics, PARTITIONS, false, 0);
    }

    @Override
    public void prepare(KafkaSide side) throws Exception {
        long start = System.nanoTime();
        side.create(wanted());
        System.out.printf(
                "  %s: %,d topics created in %,d ms, %,d MB resident%n",
                side.name(),
                topics,
                (System.nanoTime() - start) / MILLION,
                side.residentMegabytes());
    }

    @Override
    public Outcome run(KafkaSide side, Duration duration) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<AtomicLong> received = new ArrayList<>();
        List<Future<?>> consumers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(groups)) {
            for (int i = 0; i < groups; i++) {
                int group = i;
                AtomicLong count = new AtomicLong();
                received.add(count);
                consumers.add(threads.submit(() -> receive(side, group, count, enough)));
            }
            Outcome outcome;
            try {
                outcome = steady(side, received, duration);
            } finally {
                enough.set(true);
            }
            for (Future<?> each : consumers) {
                each.get();
            }
            return outcome;
        }
    }

    private Outcome steady(KafkaSide side, List<AtomicLong> received, Duration duration)
            throws IOException {
        try (KafkaProducer<byte[], byte[]> producer = Client.producer(side, Map.of())) {
            long before = warm(producer, received);
            Clock clock = Clock.start(side);
            long sent = before + send(producer, duration.toMillis() * rate / 1000);
            awaitCount(received, sent);
            Outcome outcome = clock.stop(sent - before);
            System.out.printf("  %s: %,d MB resident%n", side.name(), side.residentMegabytes());
            return outcome;
        }
    }

    /// Sends to each topic until each group has got something, and then waits for the rest.
    private long warm(KafkaProducer<byte[], byte[]> producer, List<AtomicLong> received) {
        long sent = 0;
        long end = System.nanoTime() + 2 * SILENCE_MAX.toNanos();
        while (received.stream().anyMatch(each -> each.get() == 0)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("some groups receive nothing");
            }
            sent += send(producer, topics);
        }
        awaitCount(received, sent);
        return sent;
    }

    private long send(KafkaProducer<byte[], byte[]> producer, long records) {
        byte[] payload = Client.payload(BYTES);
        long start = System.nanoTime();
        for (long i = 0; i < records; i++) {
            long due = start + i * SECOND / rate;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            String topic = wanted().topic((int) (i % topics));
            Future<?> _ = producer.send(new ProducerRecord<>(topic, payload));
        }
        producer.flush();
        return records;
    }

    private static void awaitCount(List<AtomicLong> received, long wanted) {
        long end = System.nanoTime() + SILENCE_MAX.toNanos();
        while (received.stream().mapToLong(AtomicLong::get).sum() < wanted) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        received.stream().mapToLong(AtomicLong::get).sum()
                                + " of "
                                + wanted
                                + " came");
            }
            LockSupport.parkNanos(MILLION);
        }
    }

    private void receive(KafkaSide side, int group, AtomicLong count, AtomicBoolean enough) {
        List<String> share = new ArrayList<>();
        for (int i = group; i < topics; i += groups) {
            share.add(wanted().topic(i));
        }
        Map<String, Object> settings =
                Map.of("group.id", "many-" + group, "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = Client.consumer(side, settings)) {
            consumer.subscribe(share);
            while (!enough.get()) {
                count.addAndGet(consumer.poll(POLL).count());
            }
        }
    }
}
