package io.millrace.bench;

import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.RecordBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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

/// One thread appends encoded 200-byte events to a buffered log, in the batches that group commit
/// makes. Retention keeps the log at 128 MB, so that the page cache is warm. A score is batches a
/// second: times `batch` it is events.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LogAppendBenchmark {
    @Param({"64", "512"})
    int batch;

    private final BenchFolder folder = BenchFolder.create();
    private List<RecordBody> bodies = List.of();
    private Log log;
    private long bytes;

    public LogAppendBenchmark() {
        log = open();
    }

    private Log open() {
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
            return new FileLogs(new FileDisk(), Clock.system()).open(folder.path(), config).log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void encode() {
        bodies = SampleEvents.bodies(batch);
    }

    @TearDown
    public void delete() {
        log.close();
        folder.close();
    }

    @Benchmark
    public long append() {
        bytes += batch * 210L;
        if (bytes > 32 << 20) {
            bytes = 0;
            log.clean(0);
        }
        return log.append(bodies, 1);
    }
}
