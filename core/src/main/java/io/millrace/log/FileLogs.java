package io.millrace.log;

import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.log.segment.LogParts;
import io.millrace.log.segment.OpenFiles;
import io.millrace.log.segment.Room;
import io.millrace.log.segment.WriteBuffers;
import java.io.IOException;
import java.nio.file.Path;

/// Opens logs that are files, and holds what they share: buffers for writing, and a limit on the
/// open files of old segments. Thread-safe.
public final class FileLogs {
    private static final int OPEN_FILES_MAX = 512;

    /// About two million keys in one pass of a compaction.
    private static final int COMPACTION_BYTES = 64 << 20;

    private final LogParts parts;
    private final Clock clock;

    public FileLogs(Disk disk, Clock clock) {
        this(disk, clock, OPEN_FILES_MAX);
    }

    /// @param openFilesMax how many files of sealed segments stay open between reads
    public FileLogs(Disk disk, Clock clock, int openFilesMax) {
        this(disk, clock, openFilesMax, COMPACTION_BYTES);
    }

    /// @param compactionBytes memory for the keys of one pass of a compaction; what does not fit
    ///   takes more passes
    public FileLogs(Disk disk, Clock clock, int openFilesMax, int compactionBytes) {
        this.parts =
                new LogParts(
                        disk,
                        new OpenFiles(openFilesMax),
                        new WriteBuffers(),
                        new Room(),
                        compactionBytes);
        this.clock = clock;
    }

    /// A log and what was found when it was opened.
    public record Opened(Log log, RecoveryReport report) {}

    /// Opens the log in a folder, or makes a new one; nobody else may have it open.
    ///
    /// @throws IOException if the disk refuses; a damaged log opens, and says so in the report
    public Opened open(Path folder, LogConfig config) throws IOException {
        Recovery.Outcome outcome = new Recovery(folder, config, parts).run(clock);
        return new Opened(new FileLog(folder, config, parts, outcome), outcome.report());
    }
}
