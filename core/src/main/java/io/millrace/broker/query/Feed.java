package io.millrace.broker.query;

import io.millrace.log.EventOrigin;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;

/// A partition as a query reads it. Thread-safe, but for [#read] of a partition that is
/// [watched][#watch], which is for one thread.
public interface Feed {
    /// Unique, also among earlier streams of the same name: `events.1/0`.
    String id();

    String stream();

    int partition();

    /// What the events of its records depend on besides the records.
    EventOrigin origin();

    /// Whether only the latest record of each key is kept in the long run.
    boolean isCompacted();

    /// The oldest offset that can be read.
    long startOffset();

    /// The offset that readers may read up to, exclusive.
    long readableOffset();

    /// The offset up to which everything is stored, exclusive: transactions may hide some of it.
    long storedOffset();

    /// The first readable offset whose record was recorded at that time or later.
    long offsetAt(long timestampMillis);

    /// The first readable offset behind damage that [#read] met.
    long nextIntactOffset(long offset);

    /// Reads whole batches, see `Log.read`. A partition of another process may keep the reader
    /// waiting.
    ///
    /// @throws io.millrace.error.MillraceException as there
    LogSlice read(long offset, ReadBuffer buffer);

    /// Has an action run whenever more has become readable, on a thread that must not be kept
    /// waiting.
    ///
    /// @param offset what is read next
    void watch(Runnable action, long offset);

    void unwatch(Runnable action);

    /// Up to when everything that was recorded is known here, as far as it is readable: what is
    /// recorded later than that lies at [#readableOffset] or behind it, if that is asked
    /// afterwards.
    ///
    /// @param nowMillis of the clock, taken before
    default long knownUntil(long nowMillis) {
        return nowMillis;
    }

    /// Learns the offsets anew, where they are those of another process.
    default void refresh() {
        // They are what they are.
    }
}
