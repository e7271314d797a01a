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
/// A record is *stored* once that is as durable as its stream promises: a synced log stores what
/// has been flushed, a buffered one what has been written. So a reader never sees a record that a
/// crash could take back. A stored record is *readable* unless a transaction hides it, see
/// [#hideFrom].
public interface Log extends AutoCloseable {
    /// The oldest offset that can be read; equals [#readableOffset] when there is nothing.
    long startOffset();

    /// The offset that readers of records may read up to, exclusive.
    long readableOffset();

    /// The offset up to which everything is stored, exclusive.
    long storedOffset();

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

    /// Writes batches of producers, or a transaction's marker, as they are: only their base
    /// offsets, leader epochs and the byte that the log has for itself are set in place. Records'
    /// times are the producers' and raise no later ones.
    ///
    /// As many are appended as go in one write, which costs less than a write for each. Their
    /// offsets follow each other from [#endOffset] on.
    ///
    /// @param batches at least one
    /// @return how many of them were appended, from the first on; at least one
    /// @throws MillraceException DISK_FULL, DISK_READ_ONLY, PARTITION_FAILED; as above, nothing was
    ///   appended then, and the batches may be appended again
    int append(List<ProducedBatch> batches);

    /// Writes one.
    ///
    /// @return the offset of the first record
    default long append(ProducedBatch batch) {
        long offset = endOffset();
        int _ = append(List.of(batch));
        return offset;
    }

    /// When the server itself recorded something last: [#append]'s time or, if that was earlier,
    /// the time of the one before it. 0 if it never has. For the thread that appends.
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

    /// Reads whole batches, the first being the one that holds `offset`, as many as fit into the
    /// buffer but at least one.
    ///
    /// @return an empty slice at the readable offset
    /// @throws MillraceException OFFSET_OUT_OF_RANGE below the start or above the readable offset;
    ///   PARTITION_CORRUPT naming file and position where a batch does not match its CRC;
    ///   DISK_READ_FAILED where the disk answers with an error
    LogSlice read(long offset, ReadBuffer buffer);

    /// The same with memory of its own.
    default LogSlice read(long offset, int bytesMax) {
        return read(offset, ReadBuffer.fresh(bytesMax));
    }

    /// The first readable offset, from this one on, whose record is whole; the readable offset if
    /// there is none. For going on behind the damage that [#read] reported.
    long nextIntactOffset(long offset);

    /// The first readable offset whose record has that time or a later one; the readable offset if
    /// there is none. Times need not be in order.
    long offsetAt(long timestampMillis);

    /// The first stored record, of no aborted transaction, that has that time or a later one.
    ///
    /// @param limitOffset records from it on do not count; [#readableOffset] or [#storedOffset]
    TimedOffset at(long timestampMillis, long limitOffset);

    /// The first of the stored records with the latest time; the limit is the same.
    TimedOffset latest(long limitOffset);

    /// Whether the batch that begins at an offset was among the last that were appended, so that
    /// reading it is not likely to wait for the disk. May say no at will. Any thread; never blocks.
    boolean isRecent(long offset);

    /// Stored batches as they lie in one file, not checked against their CRCs: from the one on that
    /// holds the offset (or the next, where compaction has been), aborted ones and markers
    /// included.
    ///
    /// @param bytesMax at most so many, but always the whole first batch; the last may be cut off
    /// @param limitOffset where the region ends at the latest: a batch's first offset
    /// @return without bytes if there is nothing between the two
    /// @throws MillraceException OFFSET_OUT_OF_RANGE below the start or above the stored offset;
    ///   PARTITION_CORRUPT where the batch cannot be found for damage; DISK_READ_FAILED
    LogRegion region(long offset, int bytesMax, long limitOffset);

    /// Walks over the headers of all batches that are written, stored or not, from the one on that
    /// holds an offset; what is damaged is left out. Once after opening, to learn what producers
    /// had done.
    ///
    /// @throws MillraceException DISK_READ_FAILED
    void forEachBatch(long fromOffset, BatchVisitor visitor);

    /// Hides records from an offset on from [#read], [#readableOffset] and [#offsetAt], because a
    /// transaction is open there. [Long#MAX_VALUE], as after opening, hides nothing. The thread
    /// that appends says it.
    ///
    /// @param offset a batch's first
    void hideFrom(long offset);

    /// Says which batches no reader of records sees. Once, after opening.
    void leaveOut(AbortedBatches aborted);

    /// Drops all records before an offset, durably; whole segments go with the next [Cleaning].
    /// Waits for the disk; any thread.
    ///
    /// @throws MillraceException OFFSET_OUT_OF_RANGE if it lies above the stored offset;
    ///   PARTITION_FAILED, DISK_FULL, DISK_READ_ONLY: nothing was dropped
    void deleteBefore(long offset);

    /// Begins to drop whole segments that are older or more than the policy wants or that have been
    /// [deleted][#deleteBefore], and to compact if it says so; the work itself is the [Cleaning]'s.
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

    /// Whether it has a segment more than the policy's size leaves room for: a [#plan] should not
    /// wait until it is time for the next. The appending thread's; quick.
    boolean isOversized();

    /// Flushes and closes; a clean close makes the next opening quick.
    @Override
    void close();
}
