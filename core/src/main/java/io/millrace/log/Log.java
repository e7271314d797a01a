package io.millrace.log;

import io.millrace.error.MillraceException;
import java.util.List;

/// The log of one partition: records in order, each with an offset that never changes and is never
/// given twice.
///
/// One thread, the partition's shard, appends, retains, compacts and closes. [#flush] may run on
/// one other thread beside it. Reading is open to every thread, waits for nobody and holds nobody
/// up.
///
/// A record is *readable* once it is stored as its stream promises: a synced log shows what has
/// been flushed, a buffered one what has been written. So a reader never sees a record that a crash
/// could take back.
public interface Log extends AutoCloseable {
    /// The oldest offset that can be read; equals [#readableOffset] when there is nothing.
    long startOffset();

    /// The offset that readers may read up to, exclusive.
    long readableOffset();

    /// The offset that the next record gets.
    long endOffset();

    /// When the newest record was recorded, in milliseconds since 1970: the time that its append
    /// was given, or a later one if the clock had gone backwards. For the thread that appends.
    long lastTimestampMillis();

    /// Writes the records as one batch, which is found whole or not at all after a crash.
    ///
    /// If it throws, nothing was appended: what had been written of it is cut off again, and if
    /// even that fails, the log is [LogState.Failed] from then on.
    ///
    /// @param bodies at least one
    /// @param timestampMillis when the records are recorded; a clock that went backwards is raised
    ///   to the last record's
    /// @return the offset of the first record
    /// @throws MillraceException DISK_FULL, DISK_READ_ONLY, PARTITION_FAILED
    long append(List<RecordBody> bodies, long timestampMillis);

    /// Makes durable what was appended before the call, and readable.
    ///
    /// A flush that fails leaves the log [LogState.Failed]: the system may have dropped the pages,
    /// so no later flush can vouch for them. Only a restart, which reads back what the disk holds,
    /// ends that state.
    ///
    /// @return the offset up to which everything is on disk
    /// @throws MillraceException PARTITION_FAILED
    long flush();

    /// Reads whole batches, the first being the one that holds `offset`, as many as fit into
    /// `bytesMax` but at least one.
    ///
    /// @return an empty slice at the readable offset
    /// @throws MillraceException OFFSET_OUT_OF_RANGE below the start or above the readable offset;
    ///   PARTITION_CORRUPT naming file and position where a batch does not match its CRC
    LogSlice read(long offset, int bytesMax);

    /// The first readable offset, from this one on, whose record is whole; the readable offset if
    /// there is none. For going on behind the damage that [#read] reported.
    long nextIntactOffset(long offset);

    /// The first readable offset whose record was recorded at or after the time; the readable
    /// offset if there is none.
    long offsetAt(long timestampMillis);

    /// Drops whole segments that are older or more than the policy wants, and compacts if it says
    /// so.
    ///
    /// @return the bytes that were freed
    long clean(long nowMillis);

    /// Takes a changed policy over; it holds from the next [#clean] or segment on.
    void configure(LogConfig config);

    LogState state();

    /// Bytes on disk.
    long sizeBytes();

    /// Flushes and closes; a clean close makes the next opening quick.
    @Override
    void close();
}
