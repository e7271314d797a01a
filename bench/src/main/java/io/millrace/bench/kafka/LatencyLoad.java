package io.millrace.bench.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// A steady rate from one producer with `linger.ms=0` to one consumer. The time runs from the
/// moment at which a record is due, so that a server that falls behind does not hide what waits.
///
/// @param rate records a second, of 1 KiB
record LatencyLoad(int rate) implements Load {
    private static final String TOPIC = "latency";
    private static final int BYTES = 1024;
    private static final long SECOND = 1_000_000_000;
    private static final double MILLI = 1e6;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);
    static final double HALF = 0.5;
    static final double MOST = 0.99;

    @Override
    public String name() {
        return "publish to receive, %,d/s of %d bytes".formatted(rate, BYTES);
    }

    @Override
    public Floor.Work floor() {
        return new Floor.Steady(rate, BYTES);
    }

    @Override
    public void prepare(KafkaSide side) throws Exception {
        side.create(KafkaSide.Topics.one(TOPIC, 1));
    }

    @Override
    public Outcome run(KafkaSide side, Duration duration) throws Exception {
        int records = (int) (duration.toMillis() * rate / 1000);
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = Client.consumer(side, Map.of());
                KafkaProducer<byte[], byte[]> producer =
                        Client.producer(side, Map.of("linger.ms", 0))) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            producer.partitionsFor(TOPIC);
            Clock clock = Clock.start(side);
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> send(producer, records));
            long[] nanos = receive(consumer, records);
            sent.join();
            Arrays.sort(nanos);
            return clock.stop(records, millis(nanos, HALF), millis(nanos, MOST));
        }
    }

    static double millis(long[] sorted, double share) {
        return sorted[(int) ((sorted.length - 1) * share)] / MILLI;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int records) {
        long start = System.nanoTime();
        for (int i = 0; i < records; i++) {
            long due = start + i * SECOND / rate;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            byte[] payload = Client.payload(BYTES);
            ByteBuffer.wrap(payload).putLong(due);
            Future<?> _ = producer.send(new ProducerRecord<>(TOPIC, payload));
        }
        producer.flush();
    }

    private static long[] receive(KafkaConsumer<byte[], byte[]> consumer, int records) {
        long[] nanos = new long[records];
        long last = System.nanoTime();
        for (int i = 0; i < records; ) {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                last = System.nanoTime();
                nanos[i++] = last - ByteBuffer.wrap(each.value()).getLong();
            }
            if (System.nanoTime() - last > SILENCE_MAX.toNanos()) {
                throw new IllegalStateException(i + " of " + records + " records came");
            }
        }
        return nanos;
    }
}
