package io.millrace.router;

import java.util.List;

/// An interest in an [InterestIndex], with what has come by since it was added. Owned by the
/// index's thread.
public final class Attachment<T> {
    private final Interest interest;
    private final T value;
    private final InterestGroup<T> group;
    private final long passedBefore;
    private List<InterestBucket.Slot<T>> slots = List.of();
    private long given;

    /// Counted until the end once it is removed; -1 before.
    private long matchedInAll = -1;

    Attachment(Interest interest, T value, InterestGroup<T> group) {
        this.interest = interest;
        this.value = value;
        this.group = group;
        this.passedBefore = group.passed();
    }

    public Interest interest() {
        return interest;
    }

    public T value() {
        return value;
    }

    /// Events whose context the interest's pattern covered.
    public long matchedContexts() {
        return matchedInAll >= 0 ? matchedInAll : group.passed() - passedBefore;
    }

    /// Those of them that were given out.
    public long given() {
        return given;
    }

    /// Those of them that types, source or filters kept back.
    public long filtered() {
        return matchedContexts() - given;
    }

    InterestGroup<T> group() {
        return group;
    }

    void placed(List<InterestBucket.Slot<T>> places) {
        slots = places;
    }

    void countGiven() {
        given++;
    }

    /// Takes it out of all its buckets.
    ///
    /// @return where it was; empty if it had been removed before
    List<InterestBucket.Slot<T>> removed() {
        List<InterestBucket.Slot<T>> left = slots;
        if (matchedInAll < 0) {
            matchedInAll = matchedContexts();
        }
        slots = List.of();
        return left;
    }
}
