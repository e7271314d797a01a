package io.millrace.log;

/// Retention and compaction of one log, done beside its writer in small steps.
///
/// [Log#plan] begins one on the writer's thread. [#step] belongs to one other thread, a cleaner's,
/// and does all the reading, writing and deleting; it needs the writer only to [#publish], which
/// touches memory alone. Closing the log ends it; so does a step that fails.
public interface Cleaning {
    /// What has to happen next.
    enum Next {
        /// Another step.
        STEP,
        /// The writer has to publish what the step made; then another step.
        PUBLISH,
        /// Nothing.
        DONE
    }

    /// Does a bounded piece of the work: about a megabyte read or written, or one group of segments
    /// replaced on the disk.
    ///
    /// @throws io.millrace.error.MillraceException DISK_FULL, DISK_READ_ONLY, DISK_READ_FAILED,
    ///   PARTITION_FAILED, PARTITION_CORRUPT; what was done so far is kept or undone as a whole
    Next step();

    /// Shows readers the segments that the last step made. On the writer's thread.
    void publish();
}
