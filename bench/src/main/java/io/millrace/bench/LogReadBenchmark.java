package io.millrace.bench;

import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.LogSlice;
import io.millrace.log.RecordBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One thread reads a log of 200-byte events from the first to the last, checks every CRC and looks
/// at one header of each. A score is events a second.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LogReadBenchmark {
    private static final int EVENTS = 1 << 20;
    private static final int BATCH = 256;
    private static final int READ_BYTES = 256 << 10;

    private final BenchFolder folder = BenchFolder.create();
    private Log log;

    public LogReadBenchmark() {
        try {
            FileLogs logs = new FileLogs(new FileDisk(), Clock.system());
            log = logs.open(folder.path(), LogConfig.DEFAULT).log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void fill() {
        List<RecordBody> bodies = SampleEvents.bodies(BATCH);
        for (int i = 0; i < EVENTS / BATCH; i++) {
            log.append(bodies, i);
        }
        log.flush();
    }

    @TearDown
    public void delete() {
        log.close();
        folder.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long read() {
        long[] sum = {0};
        long offset = 0;
        while (offset < EVENTS) {
            LogSlice slice = log.read(offset, READ_BYTES);
            slice.forEach(record -> {
                var type = record.header("ce_type");
                sum[0] += type == null ? 0 : type.length();
            });
            offset = slice.nextOffset();
        }
        return sum[0];
    }
}
