package io.millrace.bench.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Producers send as fast as they are let, to a topic of four partitions: idempotent, `acks=all`,
/// as is the client's default.
///
/// @param bytes of a record
/// @param producers each with a thread and a connection of its own
/// @param batch `batch.size` in bytes
/// @param synced whether each append is to be on disk before it is answered
/// @param keptBytes of each partition; 0 for all
record ProduceLoad(int bytes, int producers, int batch, boolean synced, long keptBytes)
        implements Load {
    /// What a record has besides its value, with its share of the batch's header.
    static final int RECORD_OVERHEAD = 10;

    private static final int PARTITIONS = 4;
    private static final long BUFFER = 32L << 20;

    @Override
    public String name() {
        return "produce, %d bytes, %d producers, batches of %d bytes%s"
                .formatted(bytes, producers, batch, synced ? ", each on disk" : "");
    }

    private String topic() {
        return "produce-" + bytes + "-" + batch + (synced ? "-synced" : "");
    }

    @Override
    public void prepare(KafkaSide side) throws Exception {
        side.create(new KafkaSide.Topics(topic(), 1, PARTITIONS, synced, keptBytes));
    }

    @Override
    public Floor.@Nullable Work floor() {
        return synced ? null : new Floor.Moving(true, bytes + RECORD_OVERHEAD, producers);
    }

    @Override
    public Outcome run(KafkaSide side, Duration duration) throws Exception {
        LongAdder stored = new LongAdder();
        Clock clock = Clock.start(side);
        long end = System.nanoTime() + duration.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(producers)) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < producers; i++) {
                work.add(threads.submit(() -> send(side, end, stored)));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
        return clock.stop(stored.sum());
    }

    private void send(KafkaSide side, long end, LongAdder stored) {
        byte[] payload = Client.payload(bytes);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                Client.producer(side, Map.of("batch.size", batch, "buffer.memory", BUFFER))) {
            while (System.nanoTime() < end) {
                Future<?> _ =
                        producer.send(
                                new ProducerRecord<>(topic(), payload),
                                (_, problem) -> count(problem, stored, failure));
            }
            producer.flush();
        }
        check(failure);
    }

    /// The client would only log what a callback throws.
    private static void count(
            @Nullable Exception problem,
            LongAdder stored,
            AtomicReference<@Nullable Exception> failure) {
        if (problem == null) {
            stored.increment();
        } else {
            failure.compareAndSet(null, problem);
        }
    }

    private static void check(AtomicReference<@Nullable Exception> failure) {
        if (failure.get() != null) {
            throw new IllegalStateException("a record was not stored", failure.get());
        }
    }

    /// Fills a topic that is there, and waits until all is stored.
    static void fill(KafkaSide side, String topic, long records, int bytes) {
        byte[] payload = Client.payload(bytes);
        LongAdder stored = new LongAdder();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                Client.producer(side, Map.of("batch.size", 1 << 16))) {
            for (long i = 0; i < records; i++) {
                Future<?> _ =
                        producer.send(
                                new ProducerRecord<>(topic, payload),
                                (_, problem) -> count(problem, stored, failure));
            }
            producer.flush();
        }
        check(failure);
        if (stored.sum() != records) {
            throw new IllegalStateException(stored.sum() + " of " + records + " were stored");
        }
    }
}
