package io.millrace.query.source;

import io.millrace.broker.query.Feed;

/// A partition that is being read. Used by the reader's thread.
final class OpenSplit {
    final Feed feed;
    final long endOffset;
    final EventClock clock;
    long offset;
    long counted;
    long corrected;
    long late;
    long invalid;

    OpenSplit(PartitionSplit split, Feed feed, EventClock.Rules rules) {
        this.feed = feed;
        this.offset = split.offset();
        this.endOffset = split.endOffset();
        this.clock = new EventClock(rules, split.clock());
        PartitionSplit.Tally tally = split.tally();
        this.counted = tally.counted();
        this.corrected = tally.corrected();
        this.late = tally.late();
        this.invalid = tally.invalid();
    }

    PartitionSplit split() {
        return new PartitionSplit(feed.id(), offset, endOffset, clock.state(), tally());
    }

    PartitionSplit.Tally tally() {
        return new PartitionSplit.Tally(counted, corrected, late, invalid);
    }

    /// Whether there is nothing to read now.
    boolean isAtEnd() {
        return offset >= Math.min(endOffset, feed.readableOffset());
    }

    /// Time goes on while nothing is recorded.
    ///
    /// @param nowMillis of the clock, taken before anybody asked whether there is more
    void advance(long nowMillis) {
        long known = feed.knownUntil(nowMillis);
        // Asked again, since a partition elsewhere may have told of more in between.
        if (isAtEnd()) {
            clock.advance(known);
        }
    }

    /// Whether there will never be more to read.
    boolean isFinished() {
        return offset >= endOffset;
    }

    /// Stored events that were not read.
    long lag() {
        return Math.max(0, Math.min(endOffset, feed.readableOffset()) - offset);
    }
}
