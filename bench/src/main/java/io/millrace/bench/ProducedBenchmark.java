package io.millrace.bench;

import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.BatchCheck;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.LogRegion;
import io.millrace.log.ProducedBatch;
import io.millrace.log.RecordBody;
import io.millrace.log.batch.BatchWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a produced batch of plain 200-byte records costs: its check, its append to a buffered log,
/// and finding and reading regions. Scores are microseconds a batch or region.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 2)
public class ProducedBenchmark {
    private static final int VALUE_BYTES = 200;
    private static final BatchCheck.Rules RULES =
            new BatchCheck.Rules(2 << 20, false, Long.MAX_VALUE);
    private static final long CLEAN_BYTES = 32 << 20;

    /// 5,000 are about 1 MiB.
    @Param({"1", "80", "5000"})
    int records;

    private final BenchFolder folder = BenchFolder.create();
    private final Log log;
    private final FileChannel nowhere;
    private byte[] batch = {};
    private long bytes;
    private long cursor;

    public ProducedBenchmark() {
        LogConfig config =
                new LogConfig(
                        Durability.BUFFERED,
                        64 << 20,
                        Duration.ofDays(1),
                        null,
                        128L << 20,
                        false,
                        Duration.ofDays(1));
        try {
            log = new FileLogs(new FileDisk(), Clock.system()).open(folder.path(), config).log();
            nowhere = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void make() {
        List<RecordBody> bodies =
                Collections.nCopies(records, RecordBody.of(new byte[VALUE_BYTES]));
        ByteBuffer buffer = ByteBuffer.allocate((int) BatchWriter.size(bodies));
        new BatchWriter().write(buffer, bodies, new BatchWriter.Place(0, 1, 0));
        batch = buffer.array();
        while (log.sizeBytes() < CLEAN_BYTES) {
            log.append(new ProducedBatch(batch, 0));
        }
    }

    @TearDown
    public void delete() throws IOException {
        nowhere.close();
        log.close();
        folder.close();
    }

    @Benchmark
    public ProducedBatch check() {
        return BatchCheck.check(batch, 0, batch.length, RULES, _ -> {});
    }

    @Benchmark
    public long append() {
        bytes += batch.length;
        if (bytes > CLEAN_BYTES) {
            bytes = 0;
            log.clean(0);
        }
        return log.append(new ProducedBatch(batch, 0));
    }

    @Benchmark
    public int regionAtTheEnd() {
        try (LogRegion region = log.region(log.endOffset() - records, 1 << 20, Long.MAX_VALUE)) {
            return region.size();
        }
    }

    @Benchmark
    public int regionInHistory() {
        cursor = (cursor + 7919L * records) % (log.endOffset() - records);
        try (LogRegion region = log.region(cursor, 1 << 20, Long.MAX_VALUE)) {
            return region.size();
        }
    }

    @Benchmark
    public long regionOfMebibyteSent() throws IOException {
        try (LogRegion region = log.region(0, 1 << 20, Long.MAX_VALUE)) {
            return region.transferTo(0, nowhere);
        }
    }
}
