package io.millrace.log;

import io.millrace.simulator.SimulatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Random batches for [LogSimulation].
record SimulatedAppends(Random random, SimulatedClock clock, boolean isCompacted) {
    /// The producer all of whose transactions are aborted.
    static final int ABORTING = 66;

    /// A batch that has not been appended yet.
    ///
    /// @param append does it and gives its offset
    record Draft(List<LogModel.Entry> entries, LongSupplier append) {}

    /// The log's own.
    Draft own(LogModel model, Log log) {
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 40 : 4);
        int batch = model.nextBatch();
        long timestamp = model.raised(clock.epochMillis());
        List<LogModel.Entry> entries = new ArrayList<>();
        List<RecordBody> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = isCompacted ? "key" + random.nextInt(24) : null;
            String value = batch + "/" + i + "x".repeat(random.nextInt(120));
            if (isCompacted && random.nextInt(6) == 0) {
                value = null;
            }
            entries.add(new LogModel.Entry(key, value, timestamp, batch, LogModel.Kind.OWN));
            bodies.add(Bodies.of(key, value));
        }
        return new Draft(entries, () -> log.append(bodies, clock.epochMillis()));
    }

    /// A producer's, in any compression, with times in any order.
    Draft produced(LogModel model, Log log) {
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 40 : 4);
        int batch = model.nextBatch();
        LogModel.Kind kind =
                random.nextInt(4) == 0 ? LogModel.Kind.ABORTED : LogModel.Kind.PRODUCED;
        List<LogModel.Entry> entries = new ArrayList<>();
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = isCompacted ? "key" + random.nextInt(24) : null;
            String value = batch + "/" + i + "y".repeat(random.nextInt(120));
            if (isCompacted && random.nextInt(6) == 0) {
                value = null;
            }
            long time = Math.max(0, clock.epochMillis() + random.nextInt(100_000) - 90_000);
            entries.add(new LogModel.Entry(key, value, time, batch, kind));
            records.add(Produced.record(time, key, value));
        }
        Produced.By by =
                kind == LogModel.Kind.ABORTED
                        ? Produced.By.transaction(ABORTING, batch)
                        : Produced.By.idempotent(random.nextInt(3) - 1, batch);
        CompressionType type = CompressionType.forId(random.nextInt(5));
        ProducedBatch produced = Produced.batch(type, by, records);
        return new Draft(entries, () -> log.append(produced));
    }
}
