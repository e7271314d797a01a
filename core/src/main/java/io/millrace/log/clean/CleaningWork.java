package io.millrace.log.clean;

import io.millrace.log.Cleaning;
import io.millrace.log.segment.SegmentList;
import java.io.IOException;

/// One part of a [Cleaning]; not thread-safe.
public interface CleaningWork {
    /// As [Cleaning#step].
    Cleaning.Next step() throws IOException;

    /// The segments after the last step's change, given those of now: since the step, the writer
    /// may have begun new ones. Changes nothing else, and may be called again.
    SegmentList published(SegmentList now);

    /// Whether a step failed of which only a recovery can do the rest.
    boolean isCommitted();

    /// Lets go of files and memory, done or not.
    void end();
}
