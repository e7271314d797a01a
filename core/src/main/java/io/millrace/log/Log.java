package io.millrace.log;

import io.millrace.error.MillraceException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log of one partition: records in order, each with an offset that never changes and is never
/// given twice.
///
/// One thread, the partition's shard, appends, plans cleanings and closes. [#flush] and the steps
/// of a [Cleaning] may run on others beside it. Reading is open to every thread, waits for nobody
/// and holds nobody up.
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

    /// When the newest record was recorded: with [#append]'s time or, if that was earlier, the time
    /// of the record before it. 0 if there has never been one. For the thread that appends.
    long lastTimestampMillis();

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
    ///   PARTITION_CORRUPT naming file and position where a batch does not match its CRC;
    ///   DISK_READ_FAILED where the disk answers with an error
    LogSlice read(long offset, int bytesMax);

    /// The first readable offset, from this one on, whose record is whole; the readable offset if
    /// there is none. For going on behind the damage that [#read] reported.
    long nextIntactOffset(long offset);

    /// The first readable offset whose record was recorded at or after the time; the readable
    /// offset if there is none.
    long offsetAt(long timestampMillis);

    /// Begins to drop whole segments that are older or more than the policy wants, and to compact
    /// if it says so; the work itself is the [Cleaning]'s.
    ///
    /// @return `null` if there is nothing to do, or if the last one is not done
    @Nullable Cleaning plan(long nowMillis);

    /// Cleans at once, on the thread that appends, for whoever has nobody to do it beside.
    ///
    /// @return the bytes that were freed
    default long clean(long nowMillis) {
        long before = sizeBytes();
        Cleaning cleaning = plan(nowMillis);
        Cleaning.Next next = cleaning == null ? Cleaning.Next.DONE : cleaning.step();
        while (cleaning != null && next != Cleaning.Next.DONE) {
            if (next == Cleaning.Next.PUBLISH) {
                cleaning.publish();
            }
            next = cleaning.step();
        }
        return before - sizeBytes();
    }

    /// Takes a changed policy over; it holds from the next [#plan] or segment on.
    void configure(LogConfig config);

    /// Says from where on retention, by age or by size, drops nothing: a segment that may hold this
    /// offset or a later one stays. Compaction is not held up. [Long#MAX_VALUE], as after opening,
    /// lets everything go that the policy wants gone, so say it before the first [#plan].
    ///
    /// Any thread may say it. What a cleaning under way has chosen already goes all the same, so an
    /// offset that must stay must not lie below the one that was said before.
    void keepFrom(long offset);

    LogState state();

    /// Bytes on disk.
    long sizeBytes();

    /// Flushes and closes; a clean close makes the next opening quick.
    @Override
    void close();
}
