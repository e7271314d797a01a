package io.millrace.log.clean;

import io.millrace.log.AbortedBatches;
import io.millrace.log.LogConfig;
import io.millrace.log.LogState;
import io.millrace.log.segment.CheckpointKeeper;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.SegmentList;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// What cleaning needs of the log that it cleans.
public interface CleanedLog {
    Path folder();

    LogConfig config();

    /// From where on retention drops nothing; any thread.
    long keepFrom();

    /// Where the first open transaction begins; any thread.
    long hiddenFrom();

    AbortedBatches aborted();

    CheckpointKeeper checkpoints();

    /// All segments of this moment; any thread.
    SegmentList segments();

    /// Puts other segments in place, given those of now.
    void change(UnaryOperator<SegmentList> change);

    /// Makes durable what was written before the call.
    ///
    /// @return the end of it
    Mark flushAll();

    LogState state();

    /// Takes no more records from now on.
    void failed(String reason);
}
