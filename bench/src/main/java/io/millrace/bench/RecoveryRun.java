package io.millrace.bench;

import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.RecordBody;
import java.io.IOException;
import java.util.List;

/// Writes a log of 10 GB (or as many as the argument says), leaves it without closing, as a killed
/// process does, and times how long opening it takes. Needs that much room; deletes it afterwards.
public final class RecoveryRun {
    private static final int BATCH = 512;
    private static final int FLUSH_EVERY = 64;

    private RecoveryRun() {}

    public static void main(String[] arguments) throws IOException {
        long gigabytes = arguments.length == 0 ? 10 : Long.parseLong(arguments[0]);
        try (BenchFolder folder = BenchFolder.create()) {
            FileLogs logs = new FileLogs(new FileDisk(), Clock.system());
            Log log = logs.open(folder.path(), LogConfig.DEFAULT).log();
            List<RecordBody> bodies = SampleEvents.bodies(BATCH);
            long batches = 0;
            while (log.sizeBytes() < gigabytes * 1_000_000_000L) {
                log.append(bodies, System.currentTimeMillis());
                if (++batches % FLUSH_EVERY == 0) {
                    log.flush();
                }
            }
            long end = log.endOffset();
            for (int i = 1; i <= 3; i++) {
                long started = System.nanoTime();
                FileLogs.Opened opened =
                        new FileLogs(new FileDisk(), Clock.system())
                                .open(folder.path(), LogConfig.DEFAULT);
                long millis = (System.nanoTime() - started) / 1_000_000;
                System.out.printf(
                        "opening %d: %d ms for %d bytes, %d of %d events, %s%n",
                        i,
                        millis,
                        opened.log().sizeBytes(),
                        opened.log().endOffset(),
                        end,
                        opened.report());
            }
        }
    }
}
