package io.millrace.router;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attachments that are looked at together. Each place knows its position, so that taking one away
/// costs nothing of the others. Owned by the index's thread.
final class InterestBucket<T> {
    private final @Nullable Condition condition;
    private final List<Slot<T>> slots = new ArrayList<>(1);

    /// One attachment's place in one bucket.
    static final class Slot<T> {
        final Attachment<T> attachment;
        final InterestBucket<T> bucket;
        private int position;

        private Slot(Attachment<T> attachment, InterestBucket<T> bucket, int position) {
            this.attachment = attachment;
            this.bucket = bucket;
            this.position = position;
        }
    }

    /// @param condition that an event fulfils if the bucket is to be looked at; `null` if every
    ///   event does
    InterestBucket(@Nullable Condition condition) {
        this.condition = condition;
    }

    @Nullable Condition condition() {
        return condition;
    }

    int size() {
        return slots.size();
    }

    Attachment<T> get(int position) {
        return slots.get(position).attachment;
    }

    Slot<T> add(Attachment<T> attachment) {
        Slot<T> slot = new Slot<>(attachment, this, slots.size());
        slots.add(slot);
        return slot;
    }

    /// The last one takes its place.
    void remove(Slot<T> slot) {
        Slot<T> last = slots.removeLast();
        if (last != slot) {
            slots.set(slot.position, last);
            last.position = slot.position;
        }
    }
}
